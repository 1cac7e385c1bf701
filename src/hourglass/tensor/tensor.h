// Contiguous float32 arrays: Tensor owns, View and ConstView borrow. Not strided, not broadcast.
#pragma once

#include <cassert>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>

#include "hourglass/tensor/shape.h"

namespace hourglass {

/// Throw Error unless a view of the shape `of` has these rows, or as many floats as `wanted`.
void check_rows(const Shape& of, std::int64_t begin, std::int64_t end);
void check_count(const Shape& of, const Shape& wanted);

/// Borrowed floats with a shape; T is float or const float. Copies of a view see the same floats.
template <typename T>
class BasicView {
 public:
  BasicView() = default;
  BasicView(T* data, Shape shape) : data_(data), shape_(shape) {}
  template <typename U>
  requires(std::is_same_v<const U, T>) BasicView(
      const BasicView<U>& other)  // NOLINT(google-explicit-constructor): float to const float
      : data_(other.data()), shape_(other.shape()) {}

  T* data() const { return data_; }
  const Shape& shape() const { return shape_; }
  std::int64_t count() const { return shape_.count(); }
  std::int64_t size(int axis) const { return shape_[axis]; }
  T& operator[](std::int64_t i) const { return data_[i]; }
  std::span<T> span() const { return {data_, static_cast<std::size_t>(count())}; }

  /// Row i of a matrix.
  std::span<T> row(std::int64_t i) const {
    assert(shape_.rank() == 2 && i >= 0 && i < shape_[0]);
    return {data_ + i * shape_[1], static_cast<std::size_t>(shape_[1])};
  }
  /// Rows [begin, end) of a matrix. Throws Error if it does not have them.
  BasicView rows(std::int64_t begin, std::int64_t end) const {
    check_rows(shape_, begin, end);
    return {data_ + begin * shape_[1], Shape{end - begin, shape_[1]}};
  }
  /// The same floats under another shape of the same count. Throws Error for another count.
  BasicView reshaped(Shape shape) const {
    check_count(shape_, shape);
    return {data_, shape};
  }

 private:
  T* data_ = nullptr;
  Shape shape_{0};
};

using View = BasicView<float>;
using ConstView = BasicView<const float>;

/// Owns its floats, aligned to 64 bytes, initially zero. Copied by clone() only, so that every copy
/// is visible.
class Tensor {
 public:
  Tensor() = default;
  /// Throws Error for more floats than a process can address.
  explicit Tensor(Shape shape);
  Tensor(Tensor&&) noexcept = default;
  Tensor& operator=(Tensor&&) noexcept = default;

  Tensor clone() const;

  float* data() { return data_.get(); }
  const float* data() const { return data_.get(); }
  const Shape& shape() const { return shape_; }
  std::int64_t count() const { return shape_.count(); }
  std::int64_t size(int axis) const { return shape_[axis]; }
  float& operator[](std::int64_t i) { return data_[i]; }
  float operator[](std::int64_t i) const { return data_[i]; }
  std::span<float> span() { return view().span(); }
  std::span<const float> span() const { return view().span(); }
  std::span<float> row(std::int64_t i) { return view().row(i); }
  std::span<const float> row(std::int64_t i) const { return view().row(i); }

  View view() { return {data_.get(), shape_}; }
  ConstView view() const { return {data_.get(), shape_}; }
  operator View() { return view(); }             // NOLINT(google-explicit-constructor)
  operator ConstView() const { return view(); }  // NOLINT(google-explicit-constructor)

 private:
  struct Free {
    void operator()(float* p) const;
  };
  std::unique_ptr<float[], Free> data_;
  Shape shape_{0};
};

/// Bytes that this thread has allocated for tensors so far, freed or not. The difference before and
/// after some work is what the work allocates.
std::int64_t tensor_bytes_taken();

}  // namespace hourglass
