// Reads a matrix from a NumPy file or a table as float32 rows. Labels in a file of their own: see
// labels.h; other shapes: npy.h and npz.h.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "hourglass/base/mapped_file.h"
#include "hourglass/interop/array.h"
#include "hourglass/interop/labels.h"
#include "hourglass/interop/npy.h"
#include "hourglass/interop/table.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

class ArrayFile;

/// Finite floats [rows, columns], at least one of each: a view of the mapped file if its elements
/// have this layout, otherwise a converted copy.
class Matrix {
 public:
  Matrix(MappedFile file, ConstView inside) : file_(std::move(file)), view_(inside) {}
  explicit Matrix(Tensor converted) : converted_(std::move(converted)), view_(converted_.view()) {}
  Matrix(Matrix&&) noexcept = default;
  Matrix& operator=(Matrix&&) noexcept = default;

  ConstView view() const { return view_; }
  operator ConstView() const { return view_; }  // NOLINT(google-explicit-constructor): as Tensor
  std::int64_t rows() const { return view_.size(0); }
  std::int64_t columns() const { return view_.size(1); }

 private:
  std::optional<MappedFile> file_;
  Tensor converted_;
  ConstView view_;
};

/// Rows with the vector that was subtracted from them.
struct CentredMatrix {
  Matrix rows;
  std::vector<double> origin;  // [d]; empty: nothing
};

struct MatrixOptions {
  std::string label_column{};  // of a table: its name, or its number from 1; empty: the column
                               // "label" if there is one
};

/// A file that holds a matrix, opened once, so that it may be a pipe: "X.npy"; "X.npz", if only one
/// of its arrays is a matrix; "X.npz:NAME"; a table, "X.csv" or "X.tsv", whose columns of text are
/// passed over; or "-", standard input, in any of these formats. Files of other names are read by
/// their content. Each function throws Error in one line with the file and the reason.
class MatrixFile {
 public:
  /// Throws Error: not a matrix, no matrix or several, no rows or no columns, no `label_column`, a
  /// row without a label, or a reason of read_npy, NpzReader or parse_table. Other arrays of an
  /// .npz may be anything.
  explicit MatrixFile(const std::string& name, const MatrixOptions& options = {});

  ~MatrixFile();
  MatrixFile(const MatrixFile&) = delete;
  MatrixFile& operator=(const MatrixFile&) = delete;

  const std::string& source() const;                               ///< For messages: "X.npz:codes".
  const Shape& shape() const { return layout_.shape; }             ///< [rows, columns]
  const std::optional<Labels>& labels() const { return labels_; }  ///< Of the column of labels.
  const std::string& label_name() const { return label_name_; }    ///< That column; "" for none.
  /// What a table holds beside rows and labels, as a sentence; "" for nothing.
  const std::string& passed_over() const { return passed_over_; }
  /// The columns of text of a table, the column of labels among them, by the name "label".
  const std::vector<TableColumn>& text() const { return text_; }
  /// The names of a table's columns; empty for other files.
  const std::vector<std::string>& column_names() const { return names_; }

  /// The elements in double, row major. Throws Error for a number that is not finite.
  std::vector<double> doubles() const;

  /// Real numbers and integers of any size, in either memory order and byte order, as float32.
  /// Throws Error for a number that is not finite or beyond float32, with its row and column.
  Matrix rows() &&;
  /// As rows(), for methods that use only differences of rows. If float64 or integers of 32 or 64
  /// bits are so far from 0 that float32 would lose their spread, the column means are subtracted
  /// in double first. Also throws Error if the spread is below float32.
  CentredMatrix centred() &&;
  /// As rows(), with an origin [d] subtracted from every row, which is then divided by a scale [d],
  /// both in double; each may be empty. Throws Error if a size is not that of a row.
  Matrix moved(std::span<const double> origin, std::span<const double> scale = {}) &&;

 private:
  void use_table(const MatrixOptions& options);

  std::unique_ptr<ArrayFile> file_;
  NpyLayout layout_;             // of the file's elements, or of the table's numbers
  std::vector<double> numbers_;  // of a table
  std::vector<std::string> names_;
  std::vector<TableColumn> text_;
  std::optional<Labels> labels_;
  std::string label_name_, passed_over_;
};

/// MatrixFile in one call.
Matrix read_matrix(const std::string& name);
CentredMatrix read_centred_matrix(const std::string& name);
Matrix read_matrix(const std::string& name, std::span<const double> origin);

/// A column for a message: its name among MatrixFile::column_names(), or its number.
std::string column_title(const std::vector<std::string>& names, std::int64_t column);

}  // namespace hourglass
