#include "hourglass/data/impl/table_images.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

#include "hourglass/base/error.h"
#include "hourglass/base/impl/printable.h"
#include "hourglass/base/mapped_file.h"
#include "hourglass/data/impl/array_images.h"
#include "hourglass/data/impl/image_parts.h"
#include "hourglass/data/impl/usual_names.h"
#include "hourglass/interop/labels.h"
#include "hourglass/interop/table.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

template <std::size_t n>
bool is_one_of(const std::array<const char*, n>& names, std::string name) {
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return std::ranges::any_of(names, [&](const char* known) { return name == known; });
}

/// Whether there may be as many pixels in a row, where no size is given.
bool is_square(std::int64_t pixels) {
  const auto side = static_cast<std::int64_t>(std::lround(std::sqrt(static_cast<double>(pixels))));
  return pixels > 0 && side * side == pixels;
}

class TableImages {
 public:
  TableImages(Table table, std::string source, Dataset& dataset)
      : table_(std::move(table)), source_(std::move(source)), dataset_(dataset) {}

  ImagePart part(std::optional<ImageSize> image_size) {
    ImagePart part;
    part.source = source_;
    use_text(part);
    const std::int64_t columns = table_.number_columns;
    const std::int64_t area = image_size ? image_size->height * image_size->width : 0;
    const bool one_more =
        part.text.empty() && (image_size ? columns == area + 1 : !is_square(columns));
    if (one_more && columns > 1) use_label_column(part);
    part.shape = shape_of_rows(table_.number_columns, image_size, source_);
    part.pixels = pixel_values(table_.numbers, table_.rows, source_);
    return part;
  }

 private:
  /// Columns of text: names of the images, labels, and what is neither.
  void use_text(ImagePart& part) {
    std::vector<TableColumn*> others;
    for (TableColumn& column : table_.columns) {
      if (column.kind != TableColumn::Kind::kText) continue;
      if (part.names.empty() && is_one_of(kRowNames, column.name)) {
        part.names = std::move(column.text);
      } else {
        others.push_back(&column);
      }
    }
    if (others.empty()) return;
    const auto named = std::ranges::find_if(
        others, [](const TableColumn* column) { return is_one_of(kLabelNames, column->name); });
    TableColumn* labels = named == others.end() ? others[0] : *named;
    if (named == others.end()) say_labels_from(labels->name);
    part.text = std::move(labels->text);
    if (others.size() == 1) return;
    dataset_.notes.push_back(
        fmt::format("{}: {} of its columns of text left out", source_, others.size() - 1));
  }

  /// Takes one column out of the numbers.
  void use_label_column(ImagePart& part) {
    const std::vector<std::string> names = table_.number_names();
    const auto named = std::ranges::find_if(
        names, [](const std::string& name) { return is_one_of(kLabelNames, name); });
    const std::int64_t label = named == names.end() ? 0 : named - names.begin();
    if (named == names.end()) say_labels_from(names[0]);
    std::vector<double> labels;
    auto to = table_.numbers.begin();
    for (std::size_t i = 0; i < table_.numbers.size(); ++i) {
      if (static_cast<std::int64_t>(i) % table_.number_columns == label) {
        labels.push_back(table_.numbers[i]);
      } else {
        *to++ = table_.numbers[i];
      }
    }
    table_.numbers.erase(to, table_.numbers.end());
    --table_.number_columns;
    if (auto whole = whole_numbers(labels)) {
      part.numbers = *std::move(whole);
    } else {
      dataset_.notes.push_back(
          fmt::format("{}: its labels are not whole numbers: they are left out", source_));
    }
  }

  void say_labels_from(const std::string& name) {
    dataset_.notes.push_back(
        fmt::format("{}: the labels are taken from its {}", source_,
                    table_.has_header ? "column " + printable(name) : printable(name)));
  }

  Table table_;
  std::string source_;
  Dataset& dataset_;
};

}  // namespace

Dataset read_table_images(const fs::path& file, std::optional<ImageSize> image_size) {
  Dataset dataset;
  dataset.name = file.stem().string();
  dataset.source = file.string();
  const MappedFile bytes(file);
  TableOptions options;
  options.format = table_format(dataset.source).value_or(TableFormat::kCsv);
  std::vector<ImagePart> parts;
  parts.push_back(
      TableImages(parse_table(bytes.bytes(), dataset.source, options), dataset.source, dataset)
          .part(image_size));
  set_images(std::move(parts), {}, dataset);
  return dataset;
}

}  // namespace hourglass
