#include "hourglass/interop/matrix.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>
#include <type_traits>

#include "hourglass/base/error.h"
#include "hourglass/base/impl/printable.h"
#include "hourglass/interop/impl/array_file.h"
#include "hourglass/interop/impl/table_cells.h"
#include "hourglass/interop/table.h"

namespace hourglass {
namespace {

template <typename T>
T element_at(const std::uint8_t* from, bool swapped) {
  std::array<std::uint8_t, sizeof(T)> bytes;
  std::memcpy(bytes.data(), from, sizeof(T));
  if (swapped) std::reverse(bytes.begin(), bytes.end());
  return std::bit_cast<T>(bytes);
}

/// Elements of type T, in either memory order, as float32 [n, d].
template <typename T>
Tensor converted(const NpyLayout& layout, std::string_view source) {
  const std::int64_t n = layout.shape[0], d = layout.shape[1];
  const auto size = static_cast<std::int64_t>(sizeof(T));
  constexpr std::int64_t kTile = 64;  // side of a block of a transposition, which stays in cache
  Tensor out(layout.shape);
  for (std::int64_t top = 0; top < n; top += kTile) {
    for (std::int64_t left = 0; left < d; left += kTile) {
      for (std::int64_t i = top; i < std::min(n, top + kTile); ++i) {
        for (std::int64_t j = left; j < std::min(d, left + kTile); ++j) {
          const std::int64_t at = layout.fortran_order ? j * n + i : i * d + j;
          const T value = element_at<T>(layout.elements.data() + at * size, layout.big_endian);
          const auto rounded = static_cast<float>(value);
          out[i * d + j] = rounded;
          if constexpr (std::is_same_v<T, double>) {
            if (std::isfinite(value) && !std::isfinite(rounded)) {
              fail_file("read", "{}: row {}, column {} (both from 0) is {}: float32 ends at 3.4e38",
                        source, i, j, value);
            }
          }
        }
      }
    }
  }
  return out;
}

Tensor converted_any(const NpyLayout& layout, std::string_view source) {
  if (layout.dtype == DType::kF32) return converted<float>(layout, source);
  if (layout.dtype == DType::kF64) return converted<double>(layout, source);
  return array_of(layout).floats();
}

void check_matrix(const Shape& shape, std::string_view source) {
  if (shape.rank() != 2) {
    fail_file("read", "{} has the shape {}: a matrix is needed, one row for each point{}", source,
              shape.text(), shape.rank() == 1 ? "; reshape(-1, 1) makes it one column" : "");
  }
  if (shape[0] == 0) fail_file("read", "{} has no rows: there is nothing to do", source);
  if (shape[1] == 0) fail_file("read", "{} has no columns: its rows say nothing", source);
}

void check_finite(ConstView x, std::string_view source) {
  for (std::int64_t i = 0; i < x.size(0); ++i) {
    // All exponent bits set: infinite or NaN. On integers, so that the loop vectorises.
    std::uint32_t bad = 0;
    for (const float value : x.row(i)) {
      bad |= (std::bit_cast<std::uint32_t>(value) & 0x7f800000u) == 0x7f800000u ? 1u : 0u;
    }
    if (bad == 0) continue;
    std::int64_t j = 0;
    while (std::isfinite(x.row(i)[static_cast<std::size_t>(j)])) ++j;
    fail_file("read",
              "{}: row {}, column {} (both from 0) is {}: every value has to be a finite number",
              source, i, j, x.row(i)[static_cast<std::size_t>(j)]);
  }
}

/// Whether the file can be used as float32 rows without a copy.
bool is_in_place(const NpyLayout& layout) {
  return layout.dtype == DType::kF32 && !layout.big_endian && !layout.fortran_order &&
         reinterpret_cast<std::uintptr_t>(layout.elements.data()) % alignof(float) == 0;
}

Matrix checked(Matrix matrix, std::string_view source) {
  check_finite(matrix, source);
  return matrix;
}

/// The labels in a column of text; measurements if all are numbers that are not all whole.
Labels labels_in(const std::vector<std::string>& cells, std::string_view column,
                 std::string_view source) {
  std::vector<double> numbers;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].empty()) {
      fail_file("read", "{}: row {} (from 0) has no label in the column '{}': give it one", source,
                i, printable(column, 40));
    }
    const CellValue value = cell_value(cells[i]);
    if (value.kind == CellKind::kNumber) numbers.push_back(value.number);
  }
  if (numbers.size() == cells.size()) return labels_from(std::span<const double>(numbers), source);
  return labels_from(std::span<const std::string>(cells));
}

/// Whether conversion to float32 can round elements of this type.
bool is_wide(DType dtype) {
  return dtype == DType::kF64 || dtype == DType::kI64 || dtype == DType::kU64 ||
         dtype == DType::kI32 || dtype == DType::kU32;
}

/// Mean and standard deviation of each column, computed relative to its first entry, so that they
/// are exact for a constant column.
struct ColumnFacts {
  std::vector<double> mean, deviation;
};

ColumnFacts facts_of_columns(std::span<const double> x, std::size_t rows, std::size_t columns) {
  std::vector<double> sums(columns, 0.0), squares(columns, 0.0);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) sums[j] += x[i * columns + j] - x[j];
  }
  ColumnFacts facts{std::vector<double>(columns), std::vector<double>(columns)};
  const auto n = static_cast<double>(rows);
  for (std::size_t j = 0; j < columns; ++j) facts.mean[j] = x[j] + sums[j] / n;
  std::vector<double> largest(columns, 0.0);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      largest[j] = std::max(largest[j], std::abs(x[i * columns + j] - facts.mean[j]));
    }
  }
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      if (largest[j] == 0) continue;
      const double share =
          (x[i * columns + j] - facts.mean[j]) / largest[j];  // squares do not overflow
      squares[j] += share * share;
    }
  }
  for (std::size_t j = 0; j < columns; ++j) {
    facts.deviation[j] = largest[j] * std::sqrt(squares[j] / n);
  }
  return facts;
}

/// Whether float32 would keep less than about 14 bits of the spread of some column.
bool is_far(const ColumnFacts& facts) {
  constexpr double kFar = 1024;
  for (std::size_t j = 0; j < facts.mean.size(); ++j) {
    if (facts.deviation[j] > 0 && std::abs(facts.mean[j]) > kFar * facts.deviation[j]) return true;
  }
  return false;
}

void check_spread(const ColumnFacts& facts, std::string_view source) {
  const double widest = *std::max_element(facts.deviation.begin(), facts.deviation.end());
  if (widest == 0 || widest >= static_cast<double>(std::numeric_limits<float>::min())) return;
  fail_file("read",
            "{}: its columns spread by at most {}, and float32 begins at 1.2e-38: scale them up",
            source, widest);
}

Tensor moved_rows(std::span<const double> origin, std::span<const double> scale,
                  std::span<const double> x, const Shape& shape, std::string_view source) {
  Tensor out(shape);
  const auto columns = static_cast<std::size_t>(shape[1]);
  for (std::int64_t i = 0; i < out.count(); ++i) {
    const auto column = static_cast<std::size_t>(i) % columns;
    double value = x[static_cast<std::size_t>(i)];
    if (!origin.empty()) value -= origin[column];
    if (!scale.empty()) value /= scale[column];
    out[i] = static_cast<float>(value);
    if (std::isfinite(value) && !std::isfinite(out[i])) {
      fail_file("read", "{}: row {}, column {} (both from 0) is {} {}: float32 ends at 3.4e38",
                source, i / shape[1], i % shape[1], value,
                scale.empty() ? "from the mean" : "scaled");
    }
  }
  return out;
}

}  // namespace

MatrixFile::MatrixFile(const std::string& name, const MatrixOptions& options)
    : file_(std::make_unique<ArrayFile>(name, "matrix", [](const NpzEntry& entry) {
        return entry.has_numbers() && entry.kind->shape.rank() == 2;
      })) {
  if (file_->table()) {
    use_table(options);
  } else if (!options.label_column.empty()) {
    throw Error("read", "label_column", options.label_column,
                source() + " is no table, so it has no named columns: give `labels`, a file");
  } else {
    layout_ = npy_layout(file_->npy(), source());
  }
  check_matrix(layout_.shape, source());
}

MatrixFile::~MatrixFile() = default;

const std::string& MatrixFile::source() const {
  return file_->source();
}

void MatrixFile::use_table(const MatrixOptions& options) {
  TableOptions wanted;
  wanted.format = *file_->table();
  wanted.may_lack_column = options.label_column.empty();
  wanted.text_column = options.label_column.empty() ? "label" : options.label_column;
  Table table = parse_table(file_->npy(), source(), wanted);
  if (table.text_column) {
    const TableColumn& column = table.columns[*table.text_column];
    label_name_ = column.name;
    labels_ = labels_in(column.text, column.name, source());
  }
  passed_over_ = table.passed_over();
  if (table.number_columns == 0) {
    fail_file("read", "{} has no column of numbers{}", source(),
              passed_over_.empty() ? "" : "; " + passed_over_);
  }
  names_ = table.number_names();
  for (std::size_t j = 0; j < table.columns.size(); ++j) {
    TableColumn& column = table.columns[j];
    if (column.kind != TableColumn::Kind::kText) continue;
    const bool labels = j == table.text_column;
    if (labels) column.name = "label";
    if (labels || column.name != "label") text_.push_back(std::move(column));
  }
  numbers_ = std::move(table.numbers);
  layout_ = {
      DType::kF64,
      Shape{table.rows, table.number_columns},
      false,
      false,
      {reinterpret_cast<const std::uint8_t*>(numbers_.data()), numbers_.size() * sizeof(double)}};
}

std::string column_title(const std::vector<std::string>& names, std::int64_t column) {
  if (names.empty()) return fmt::format("column {} (from 0)", column);
  const std::string& name = names[static_cast<std::size_t>(column)];
  return name.starts_with("column ") ? name : fmt::format("column '{}'", printable(name, 40));
}

std::vector<double> MatrixFile::doubles() const {
  std::vector<double> values = numbers_.empty() ? array_of(layout_).doubles() : numbers_;
  const auto bad = std::ranges::find_if(values, [](double x) { return !std::isfinite(x); });
  if (bad == values.end()) return values;
  const std::int64_t at = bad - values.begin();
  fail_file("read",
            "{}: row {}, column {} (both from 0) is {}: every value has to be a finite number",
            source(), at / layout_.shape[1], at % layout_.shape[1], *bad);
}

Matrix MatrixFile::rows() && {
  if (!numbers_.empty() || !file_->is_mapped() || !is_in_place(layout_)) {
    return checked(Matrix(converted_any(layout_, source())), source());
  }
  const ConstView view(reinterpret_cast<const float*>(layout_.elements.data()), layout_.shape);
  const std::string name = source();
  return checked(Matrix(std::move(*file_).take_file(), view), name);
}

CentredMatrix MatrixFile::centred() && {
  if (!is_wide(layout_.dtype)) return {std::move(*this).rows(), {}};
  const std::vector<double> x = doubles();
  const Shape shape = layout_.shape;
  ColumnFacts facts =
      facts_of_columns(x, static_cast<std::size_t>(shape[0]), static_cast<std::size_t>(shape[1]));
  check_spread(facts, source());
  if (!is_far(facts)) return {std::move(*this).rows(), {}};
  Matrix rows = checked(Matrix(moved_rows(facts.mean, {}, x, shape, source())), source());
  return {std::move(rows), std::move(facts.mean)};
}

Matrix MatrixFile::moved(std::span<const double> origin, std::span<const double> scale) && {
  if (origin.empty() && scale.empty()) return std::move(*this).rows();
  for (const auto& vector : {origin, scale}) {
    if (vector.empty() || layout_.shape[1] == std::ssize(vector)) continue;
    fail_file("read", "{} has {} columns: {} are needed", source(), layout_.shape[1],
              vector.size());
  }
  return checked(Matrix(moved_rows(origin, scale, doubles(), layout_.shape, source())), source());
}

Matrix read_matrix(const std::string& name) {
  return MatrixFile(name).rows();
}

CentredMatrix read_centred_matrix(const std::string& name) {
  return MatrixFile(name).centred();
}

Matrix read_matrix(const std::string& name, std::span<const double> origin) {
  return MatrixFile(name).moved(origin);
}

}  // namespace hourglass
