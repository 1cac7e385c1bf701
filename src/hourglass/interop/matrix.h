// Reads a matrix from a NumPy file as float32 rows. The labels of its rows: see labels.h; other
// shapes: npy.h and npz.h.
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

/// Reads "X.npy"; "X.npz", if only one of its arrays is a matrix; or "X.npz:NAME". Real numbers and
/// integers of any size, in either memory order and byte order, become float32. Throws Error in one
/// line with the file and the reason: not a matrix, no matrix or several, no rows or no columns, a
/// number that is not finite or beyond float32 (with its row and column), or a reason of read_npy
/// or NpzReader. Other arrays of an .npz may be anything.
Matrix read_matrix(const std::string& name);

/// Rows with the vector that was subtracted from them.
struct CentredMatrix {
  Matrix rows;
  std::vector<double> origin;  // [d]; empty: nothing
};

/// As read_matrix, for methods that use only differences of rows. If float64 or integers of 32 or
/// 64 bits are so far from 0 that float32 would lose their spread, the column means are subtracted
/// in double first. Also throws Error if the spread is below float32.
CentredMatrix read_centred_matrix(const std::string& name);

/// As read_matrix, with an origin [d] (or an empty one) subtracted in double from every row. Throws
/// Error if its size is not that of a row.
Matrix read_matrix(const std::string& name, std::span<const double> origin);

}  // namespace hourglass
