// The pack of a matrix: rows that any program made, with or without a map, labels and images.

#include <algorithm>
#include <memory>
#include <set>

#include "explore_input.h"
#include "hourglass/interop/labels.h"
#include "hourglass/interop/matrix.h"
#include "hourglass/lab/explore_pack.h"
#include "hourglass/lab/joined_rows.h"
#include "matrix_output.h"
#include "output.h"
#include "terminal.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostClasses = 200;  // of numbers; with more they are measurements
constexpr std::size_t kMostColumns = 64;   // of a table, by which points are coloured

std::string title_of(const std::string& input) {
  return input == "-" ? "standard input" : fs::path(input).filename().string();
}

/// "age" of "rows.npz:age" and of "data/age.npy".
std::string column_name(const std::string& labels) {
  const std::size_t at = labels.rfind(".npz:");
  return at == std::string::npos ? fs::path(labels).stem().string() : labels.substr(at + 5);
}

/// Classes, or a column of numbers to colour by.
void take_labels(ExploreRows& rows, Labels labels, const std::string& name) {
  const bool numbers = !labels.values.empty();
  if (labels.are_classes() && !(numbers && labels.names.size() > kMostClasses)) {
    rows.labels = std::move(labels.classes);
    rows.class_names = std::move(labels.names);
    return;
  }
  rows.columns.emplace_back(name, std::vector<float>(labels.values.begin(), labels.values.end()));
}

/// The table's own columns, so that points can be coloured by them.
void take_columns(ExploreRows& rows, const MatrixFile& file) {
  const std::vector<std::string>& names = file.column_names();
  if (names.empty() || names.size() > kMostColumns) return;
  const std::vector<double> numbers = file.doubles();
  std::set<std::string> taken;
  for (const auto& [name, column] : rows.columns) taken.insert(name);
  for (std::size_t k = 0; k < names.size(); ++k) {
    std::string name = names[k];
    for (int next = 2; !taken.insert(name).second; ++next) {
      name = fmt::format("{} ({})", names[k], next);
    }
    std::vector<float> column;
    for (std::size_t at = k; at < numbers.size(); at += names.size()) {
      column.push_back(static_cast<float>(numbers[at]));
    }
    rows.columns.emplace_back(std::move(name), std::move(column));
  }
}

/// The column `name` of a table, which `hourglass encode -o Z.csv` writes.
void take_names(ExploreRows& rows, const MatrixFile& file) {
  for (const TableColumn& column : file.text()) {
    if (column.name == "name") rows.names = column.text;
  }
}

void take_images(ExploreRows& rows, const ExploreFlags& flags) {
  const std::string folder = flags.images.string();
  if (is_known_dataset(folder) && !fs::exists(flags.images)) {
    fail("explore", "--images is {}, a data set: name the folder of the rows' images", folder);
  }
  const Dataset images = open_data(folder, flags.common);
  rows.images = images_of_rows(images, rows.names, rows.rows.size(0));
  rows.shape = images.shape;
  if (rows.names.empty()) rows.names.assign(rows.images.names().begin(), rows.images.names().end());
  if (rows.labels.empty() && flags.labels.empty() && !rows.images.labels().empty()) {
    rows.labels.assign(rows.images.labels().begin(), rows.images.labels().end());
    rows.class_names = images.class_names;
  }
}

Tensor copy_of(ConstView matrix) {
  Tensor copy(matrix.shape());
  std::ranges::copy(matrix.span(), copy.data());
  return copy;
}

/// The positions of the chosen rows in the map of a file.
Tensor read_map(const std::string& name, const ExplorePoints& points) {
  const Matrix map = read_matrix(name);
  if (map.columns() != 2) {
    fail("explore", "{} has {} column{}: a map has two", name, map.columns(),
         map.columns() == 1 ? "" : "s");
  }
  if (map.rows() != points.total) {
    fail("explore", "{} has {} rows, and {} has {}: it is a map of others", name, map.rows(),
         points.title, points.total);
  }
  Tensor chosen({points.count(), 2});
  for (std::int64_t i = 0; i < points.count(); ++i) {
    std::ranges::copy(map.view().row(points.chosen[static_cast<std::size_t>(i)]),
                      chosen.row(i).begin());
  }
  return chosen;
}

/// The matrix and the flags that belong to it, for a next command.
std::string words_of(const ExploreFlags& flags) {
  std::string words = quoted(flags.input);
  const auto add = [&](std::string_view flag, const std::string& value) {
    if (!value.empty()) words += fmt::format(" {} {}", flag, quoted(value));
  };
  add("--map", flags.map);
  add("--labels", flags.labels);
  add("--label_column", flags.label_column);
  add("--images", flags.images.string());
  return words;
}

}  // namespace

Explored explore_matrix(const ExploreFlags& flags) {
  ThreadPool pool = make_pool(flags.common);
  ExploreRows rows;
  rows.title = title_of(flags.input);
  MatrixFile file(flags.input, {flags.label_column});
  if (!flags.labels.empty()) {
    take_labels(rows, read_labels(flags.labels, file.shape()[0]), column_name(flags.labels));
  } else if (file.labels()) {
    take_labels(rows, *file.labels(), file.label_name());
  }
  take_names(rows, file);
  take_columns(rows, file);
  CentredMatrix read = std::move(file).centred();
  rows.rows = copy_of(read.rows);
  if (!flags.images.empty()) take_images(rows, flags);
  ExplorePoints points =
      explore_rows(std::move(rows), {.limit = flags.limit, .images = !flags.no_images});
  if (!read.origin.empty()) {
    points.missing.push_back(
        "The numbers are far from 0, so the mean of each column was subtracted.");
  }
  for (std::string& sentence : points.missing) sentence = in_flags(sentence);
  ExploreMapping mapping;
  if (!flags.map.empty()) mapping.given = read_map(flags.map, points);
  const auto progress = make_progress("explore", flags.common.quiet || flags.json);
  Explored out;
  if (!is_stream(input_file(flags.input))) out.name = words_of(flags);
  out.pack = make_explore_pack(points, std::nullopt, mapping, {}, "", pool, *progress);
  out.made = true;
  return out;
}

}  // namespace hourglass::cli
