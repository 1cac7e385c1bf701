// A matrix from whatever NumPy file holds one, as float32 rows, and the labels of its rows. Not
// other shapes: see npy.h and npz.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "hourglass/base/mapped_file.h"
#include "hourglass/interop/array.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// Finite floats [rows, columns], at least one of each: seen where they lie in the file if that is
/// how they lie there, otherwise converted once.
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

/// Reads "X.npy"; "X.npz", if only one of its arrays is a matrix; or "X.npz:NAME". Real and whole
/// numbers of any size, in either order and byte order, become float32. Throws Error in one line
/// naming the file and what is wrong: no matrix, none or several to choose from, no rows or no
/// columns, a number that is not finite or beyond float32 (with its row and column), and what
/// read_npy and read_npz refuse.
Matrix read_matrix(const std::string& name);

/// Rows with what was subtracted from them.
struct CentredMatrix {
  Matrix rows;
  std::vector<double> origin;  // [d]; empty: nothing
};

/// As read_matrix, for methods that look at differences of rows only. Where float64 or integers of
/// 32 or 64 bits lie so far from 0 that float32 would lose their spread, the means of the columns
/// are subtracted in double first. Throws Error as well where the spread is below float32.
CentredMatrix read_centred_matrix(const std::string& name);

/// As read_matrix, with an origin [d] (or an empty one) subtracted in double from every row. Throws
/// Error if its size is not that of a row.
Matrix read_matrix(const std::string& name, std::span<const double> origin);

/// Reads labels, whole numbers [n] or [n, 1], from a file named as a matrix's. Throws Error
/// likewise and unless there are `rows` of them.
std::vector<std::int64_t> read_labels(const std::string& name, std::int64_t rows);

}  // namespace hourglass
