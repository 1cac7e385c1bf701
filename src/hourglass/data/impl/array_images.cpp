#include "hourglass/data/impl/array_images.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>
#include <string_view>

#include "hourglass/base/error.h"
#include "hourglass/base/impl/printable.h"
#include "hourglass/data/impl/image_parts.h"
#include "hourglass/data/impl/usual_names.h"
#include "hourglass/interop/labels.h"
#include "hourglass/interop/npy.h"
#include "hourglass/interop/npz.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

/// Names of the arrays in a file: training images and labels, test images and labels.
using Halves = std::array<const char*, 4>;
constexpr Halves kHalves[] = {{"train_images", "train_labels", "test_images", "test_labels"},
                              {"x_train", "y_train", "x_test", "y_test"},
                              {"X_train", "y_train", "X_test", "y_test"}};

bool may_be_channels(std::int64_t size) {
  return size == 1 || size == 3;
}

bool has_channels_last(const Shape& shape) {
  return shape.rank() < 4 || may_be_channels(shape[3]);
}

/// Images whose height and width can be seen from the shape.
bool is_of_images(const Shape& shape) {
  return shape.rank() == 3 ||
         (shape.rank() == 4 && (has_channels_last(shape) || may_be_channels(shape[1])));
}

bool is_of_rows(const Shape& shape) {
  return shape.rank() == 2 && shape[1] > 1;
}

bool is_list(const Shape& shape, std::int64_t count) {
  return (shape.rank() == 1 || (shape.rank() == 2 && shape[1] == 1)) && shape[0] == count;
}

ImageShape image_shape(const Shape& shape, std::optional<ImageSize> image_size,
                       const std::string& source) {
  if (shape.rank() == 2) return shape_of_rows(shape[1], image_size, source);
  if (!is_of_images(shape)) {
    fail_file(
        "data",
        "{} has the shape {}: images are n x height x width, with 1 or 3 channels after or before "
        "height and width",
        source, shape.text());
  }
  ImageShape found{1, shape[1], shape[2]};
  if (shape.rank() == 4 && has_channels_last(shape)) found.channels = shape[3];
  if (!has_channels_last(shape)) found = {shape[1], shape[2], shape[3]};
  check_image_size({found.height, found.width});
  return found;
}

ImagePart part_of(const Array& array, std::optional<ImageSize> image_size, std::string source) {
  ImagePart part;
  part.source = std::move(source);
  part.shape = image_shape(array.shape, image_size, part.source);
  if (array.shape[0] == 0) fail_file("data", "{} has no images", part.source);
  part.pixels = pixel_values(array, array.shape[0], part.source);
  if (!has_channels_last(array.shape)) channels_last(part.pixels, part.shape);
  return part;
}

/// The arrays of an .npz and what they are used for.
class Archive {
 public:
  Archive(const fs::path& file, std::optional<ImageSize> image_size, Dataset& dataset)
      : arrays_(file), file_(file.string()), image_size_(image_size), dataset_(dataset) {}

  void read() {
    std::vector<ImagePart> parts;
    for (const Halves& names : kHalves) {
      if (arrays_.find(names[0]) == nullptr) continue;
      parts.push_back(half(names[0], names[1], "train_"));
      parts.push_back(half(names[2], names[3], "test_"));
      break;
    }
    if (parts.empty()) parts.push_back(whole());
    std::vector<std::string> class_names;
    if (const char* found = text_under(kClassNames, "")) class_names = text(found);
    set_images(std::move(parts), std::move(class_names), dataset_);
    note_unused();
  }

 private:
  ImagePart images(const std::string& name) {
    if (arrays_.find(name) == nullptr) fail_file("data", "{} has no array {}", file_, name);
    used_.insert(name);
    return part_of(arrays_.numbers(name), image_size_, source_of(name));
  }

  ImagePart half(const char* name, const char* labels, const std::string& prefix) {
    ImagePart part = images(name);
    if (arrays_.find(labels) != nullptr) set_labels(part, labels);
    set_names(part, prefix);
    return part;
  }

  /// One array of images, to be divided.
  ImagePart whole() {
    const std::string name = arrays_.find("images") != nullptr ? "images" : only_images();
    ImagePart part = images(name);
    const std::string labels = label_array(part, name == "images");
    if (!labels.empty()) set_labels(part, labels);
    set_names(part, "");
    if (name != "images") {
      dataset_.notes.push_back(fmt::format(
          "{}: the images are taken from its array {}{}", file_, printable(name),
          labels.empty() ? "" : fmt::format(", the labels from {}", printable(labels))));
    }
    return part;
  }

  /// The only array that can be images: with height and width, or else of rows of pixels.
  std::string only_images() const {
    for (const auto fits : {is_of_images, is_of_rows}) {
      std::vector<std::string> found;
      for (const NpzEntry& entry : arrays_.entries()) {
        if (entry.has_numbers() && fits(entry.kind->shape)) found.push_back(entry.name);
      }
      if (found.size() == 1) return found[0];
      if (found.size() > 1) {
        fail_file("data", "{} has several arrays that may be images ({}): name one of them images",
                  file_, name_list(found));
      }
    }
    fail_file("data",
              "{} has no array images: name its arrays images and labels, or train_images, "
              "train_labels, test_images and test_labels",
              file_);
  }

  /// The array of the labels, or "". Beside `images`, version 0.1.0 took numbers under the name
  /// `labels` only, and data sets stay what they were.
  std::string label_array(const ImagePart& part, bool only_text) const {
    if (arrays_.find("labels") != nullptr) return "labels";
    for (const char* name : kLabelNames) {
      const NpzEntry* entry = arrays_.find(name);
      if (entry != nullptr && (entry->has_text() || !only_text)) return name;
    }
    if (only_text) return "";
    std::vector<std::string> found;
    for (const NpzEntry& entry : arrays_.entries()) {
      if (!entry.has_numbers() || is_real(entry.kind->dtype)) continue;
      if (is_list(entry.kind->shape, part.count())) found.push_back(entry.name);
    }
    return found.size() == 1 ? found[0] : "";
  }

  void set_labels(ImagePart& part, const std::string& name) {
    const std::string source = source_of(name);
    used_.insert(name);
    auto content = arrays_.content(name);
    if (auto* text = std::get_if<TextArray>(&content)) {
      check_label_shape(text->shape, part.count(), source, "image");
      part.text = std::move(text->values);
      return;
    }
    const Array& array = std::get<Array>(content);
    check_label_shape(array.shape, part.count(), source, "image");
    auto numbers = whole_numbers(array, source);
    if (numbers) {
      part.numbers = *std::move(numbers);
    } else {
      dataset_.notes.push_back(source + " holds numbers that are not whole: it is left out");
    }
  }

  void set_names(ImagePart& part, const std::string& prefix) {
    const char* found = text_under(kRowNames, prefix);
    if (found == nullptr) return;
    const std::string name = prefix + found;
    if (!is_list(arrays_.find(name)->kind->shape, part.count())) return;
    part.names = text(name);
  }

  /// The first of these names under which there is text.
  template <std::size_t n>
  const char* text_under(const std::array<const char*, n>& names, const std::string& prefix) const {
    for (const char* name : names) {
      const NpzEntry* entry = arrays_.find(prefix + name);
      if (entry != nullptr && entry->has_text()) return name;
    }
    return nullptr;
  }

  std::vector<std::string> text(const std::string& name) {
    used_.insert(name);
    return std::get<TextArray>(arrays_.content(name)).values;
  }

  void note_unused() {
    std::vector<std::string> unused;
    for (const NpzEntry& entry : arrays_.entries()) {
      if (!used_.contains(entry.name)) unused.push_back(entry.name);
    }
    if (unused.empty()) return;
    dataset_.notes.push_back(fmt::format("{}: {} of its arrays {} left out ({})", file_,
                                         unused.size(), unused.size() == 1 ? "is" : "are",
                                         name_list(unused)));
  }

  std::string source_of(const std::string& name) const { return file_ + ":" + printable(name); }

  NpzReader arrays_;
  std::string file_;
  std::optional<ImageSize> image_size_;
  Dataset& dataset_;
  std::set<std::string> used_;
};

}  // namespace

ImageShape shape_of_rows(std::int64_t pixels, std::optional<ImageSize> image_size,
                         const std::string& source) {
  const auto side = static_cast<std::int64_t>(std::lround(std::sqrt(static_cast<double>(pixels))));
  if (!image_size) {
    fail_file("data", "{} has rows of {} numbers: give `image_size` HxW{}", source, pixels,
              side * side == pixels
                  ? fmt::format(", as {}x{}, for their height and width", side, side)
                  : " for their height and width");
  }
  check_image_size(*image_size);
  const std::int64_t area = image_size->height * image_size->width;
  if (area == pixels) return {1, image_size->height, image_size->width};
  fail_file("data", "{} has rows of {} numbers, but `image_size` {} is of {} pixels{}", source,
            pixels, image_size->text(), area,
            pixels == 3 * area ? ": reshape coloured images to n x height x width x 3" : "");
}

Dataset read_array_images(const fs::path& file, std::optional<ImageSize> image_size) {
  Dataset dataset;
  dataset.name = file.stem().string();
  dataset.source = file.string();
  if (file.extension() == ".npy") {
    std::vector<ImagePart> parts;
    parts.push_back(part_of(read_npy(file), image_size, dataset.source));
    set_images(std::move(parts), {}, dataset);
  } else {
    Archive(file, image_size, dataset).read();
  }
  return dataset;
}

}  // namespace hourglass
