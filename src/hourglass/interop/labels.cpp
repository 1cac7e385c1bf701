#include "hourglass/interop/labels.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <variant>

#include "hourglass/base/error.h"
#include "hourglass/interop/impl/array_file.h"
#include "hourglass/interop/npy.h"
#include "hourglass/interop/table.h"

namespace hourglass {
namespace {

/// The distinct values in order, and the place of each value among them.
template <typename T>
std::vector<T> group(std::span<const T> values, std::vector<std::int64_t>& classes) {
  std::vector<T> distinct(values.begin(), values.end());
  std::ranges::sort(distinct);
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  for (const T& value : values) {
    classes.push_back(std::ranges::lower_bound(distinct, value) - distinct.begin());
  }
  return distinct;
}

/// The whole number that a text is, in its usual form: not "01" or "+1".
std::optional<std::int64_t> number_in(const std::string& text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || fmt::format("{}", value) != text) return std::nullopt;
  return value;
}

/// The only column of a table. Numbers are an array of float64.
std::variant<Array, TextArray> column_of(const ArrayFile& file, std::int64_t rows) {
  TableOptions options;
  options.format = *file.table();
  options.rows = rows;
  Table table = parse_table(file.npy(), file.source(), options);
  std::vector<TableColumn*> columns;
  for (TableColumn& column : table.columns) {
    if (column.kind == TableColumn::Kind::kNumbers || column.kind == TableColumn::Kind::kText) {
      columns.push_back(&column);
    }
  }
  if (columns.size() != 1 || table.rows != rows) {
    fail_file("read", "{} has {} row{} of {} column{}: one column of {} labels is needed",
              file.source(), table.rows, table.rows == 1 ? "" : "s", columns.size(),
              columns.size() == 1 ? "" : "s", rows);
  }
  if (columns[0]->kind == TableColumn::Kind::kText) {
    return TextArray{Shape{rows}, std::move(columns[0]->text)};
  }
  const ArrayView view(std::span<const double>(table.numbers), Shape{rows});
  return Array{view.dtype, view.shape, {view.bytes.begin(), view.bytes.end()}};
}

std::variant<Array, TextArray> read_content(const std::string& name, std::int64_t rows,
                                            std::string& source) {
  const ArrayFile file(name, "list of labels", [](const NpzEntry& entry) {
    return entry.kind && entry.kind->shape.rank() == 1;
  });
  source = file.source();
  if (file.table()) return column_of(file, rows);
  // Before the elements: text of another shape may be large.
  check_label_shape(npy_kind(file.npy(), source).shape, rows, source, "row");
  return parse_npy_content(file.npy(), source);
}

}  // namespace

Labels labels_from(std::span<const std::string> text) {
  std::vector<std::int64_t> numbers;
  for (const std::string& value : text) {
    const auto number = number_in(value);
    if (!number) break;
    numbers.push_back(*number);
  }
  if (numbers.size() == text.size()) return labels_from(std::span<const std::int64_t>(numbers));
  Labels out;
  out.names = group(text, out.classes);
  return out;
}

Labels labels_from(std::span<const std::int64_t> numbers) {
  Labels out;
  for (const std::int64_t value : group(numbers, out.classes)) {
    out.names.push_back(fmt::format("{}", value));
  }
  out.values.assign(numbers.begin(), numbers.end());
  return out;
}

Labels labels_from(std::span<const double> numbers, std::string_view source) {
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (std::isfinite(numbers[i])) continue;
    fail_file("read", "{}: label {} (from 0) is {}: give such rows a number of their own, as -1",
              source, i, numbers[i]);
  }
  if (const auto whole = whole_numbers(numbers))
    return labels_from(std::span<const std::int64_t>(*whole));
  return {{}, {}, {numbers.begin(), numbers.end()}};
}

std::optional<std::vector<std::int64_t>> whole_numbers(std::span<const double> numbers) {
  constexpr double kMost = 9007199254740992.0;  // 2^53: beyond it all doubles are whole
  const bool whole = std::ranges::all_of(
      numbers, [](double x) { return std::abs(x) < kMost && std::trunc(x) == x; });
  if (!whole) return std::nullopt;
  std::vector<std::int64_t> out;
  out.reserve(numbers.size());
  for (const double x : numbers) out.push_back(static_cast<std::int64_t>(x));
  return out;
}

std::optional<std::vector<std::int64_t>> whole_numbers(const Array& array,
                                                       std::string_view source) {
  if (is_real(array.dtype)) return whole_numbers(array.doubles());
  return array.integers(source);
}

Labels read_labels(const std::string& name, std::int64_t rows) {
  std::string source;
  const auto content = read_content(name, rows, source);
  if (const auto* text = std::get_if<TextArray>(&content))
    return labels_from(std::span<const std::string>(text->values));
  const Array& array = std::get<Array>(content);
  if (is_real(array.dtype)) return labels_from(std::span<const double>(array.doubles()), source);
  const std::vector<std::int64_t> integers = array.integers(source);
  return labels_from(std::span<const std::int64_t>(integers));
}

std::vector<std::int64_t> read_whole_labels(const std::string& name, std::int64_t rows) {
  std::string source;
  const auto content = read_content(name, rows, source);
  if (const auto* array = std::get_if<Array>(&content)) {
    if (auto whole = whole_numbers(*array, source)) return *std::move(whole);
  }
  fail_file("read", "{} holds {}: whole numbers are needed", source,
            std::holds_alternative<TextArray>(content) ? "text" : "numbers that are not whole");
}

void check_label_shape(const Shape& shape, std::int64_t rows, std::string_view source,
                       std::string_view each) {
  if ((shape.rank() == 1 || (shape.rank() == 2 && shape[1] == 1)) && shape[0] == rows) return;
  const bool one_hot = shape.rank() == 2 && shape[0] == rows;
  fail_file("read", "{} has the shape {}: {} labels are needed, one for each {}{}", source,
            shape.text(), rows, each, one_hot ? "; argmax(axis=1) makes them of one-hot rows" : "");
}

}  // namespace hourglass
