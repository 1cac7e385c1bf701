// What a file says of each row or image: its class, or a measurement. Not the rows: see matrix.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/interop/array.h"

namespace hourglass {

/// Classes if the labels are text or whole numbers (1.0 is one); otherwise measurements, which only
/// colour a map. Whole numbers are both.
struct Labels {
  std::vector<std::int64_t> classes;  // [n], each in [0, names.size()); empty: not classes
  std::vector<std::string> names;     // of the classes: numbers by value, other text by its bytes
  std::vector<double> values;         // [n]; empty: the labels are text other than whole numbers

  bool are_classes() const { return !classes.empty(); }
};

/// Labels of at least one row. Text of whole numbers alone ("10", "9") is as the numbers.
Labels labels_from(std::span<const std::string> text);
Labels labels_from(std::span<const std::int64_t> numbers);
/// Throws Error naming `source` and the row of a number that is not finite.
Labels labels_from(std::span<const double> numbers, std::string_view source);

/// The numbers if all are whole and below 2^53 in size.
std::optional<std::vector<std::int64_t>> whole_numbers(std::span<const double> numbers);
/// The same of an array; its integers may have any size. Throws Error for one beyond int64.
std::optional<std::vector<std::int64_t>> whole_numbers(const Array& array, std::string_view source);

/// Reads labels [n] or [n, 1] from "X.npy"; "X.npz", if only one of its arrays is a list;
/// "X.npz:NAME"; or a table of one column, "X.csv". Throws Error in one line with the file and the
/// reason, and unless n is `rows`.
Labels read_labels(const std::string& name, std::int64_t rows);

/// Reads whole numbers from such a file, as they are. Throws Error for text and other numbers.
std::vector<std::int64_t> read_whole_labels(const std::string& name, std::int64_t rows);

/// Throws Error unless the shape is [rows] or [rows, 1]; `each` is "row" or "image".
void check_label_shape(const Shape& shape, std::int64_t rows, std::string_view source,
                       std::string_view each);

}  // namespace hourglass
