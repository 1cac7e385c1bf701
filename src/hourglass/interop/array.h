// Arrays of any element type, as files hold them: type, shape and bytes. Not for computing: see
// tensor/tensor.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/tensor/tensor.h"

namespace hourglass {

enum class DType { kBool, kU8, kI8, kU16, kI16, kF16, kBF16, kU32, kI32, kF32, kU64, kI64, kF64 };

/// What a file format needs to know of an element type.
struct DTypeFacts {
  DType dtype;
  std::uint64_t size;            // bytes an element
  std::string_view safetensors;  // its name there
  std::string_view numpy;        // its type code without the byte order; empty where NumPy has none
};

const DTypeFacts& facts(DType dtype);
std::optional<DType> dtype_from_safetensors(std::string_view name);
std::optional<DType> dtype_from_numpy(std::string_view code);  ///< "f4", without the byte order.

/// Borrowed little-endian elements, last axis fastest; bytes.size() is the shape's count times the
/// element size.
struct ArrayView {
  DType dtype = DType::kF32;
  Shape shape{0};
  std::span<const std::uint8_t> bytes;

  ArrayView() = default;
  ArrayView(DType type, Shape sizes, std::span<const std::uint8_t> content);
  ArrayView(ConstView floats);      // NOLINT(google-explicit-constructor): the common case
  ArrayView(const Tensor& floats);  // NOLINT(google-explicit-constructor): the common case
  ArrayView(std::span<const float> values, Shape sizes);
  ArrayView(std::span<const double> values, Shape sizes);
  ArrayView(std::span<const std::int64_t> values, Shape sizes);
  ArrayView(std::span<const std::uint8_t> values, Shape sizes);
};

/// The same, owning its bytes.
struct Array {
  DType dtype = DType::kF32;
  Shape shape{0};
  std::vector<std::uint8_t> bytes;

  operator ArrayView() const {  // NOLINT(google-explicit-constructor): owner to borrower
    return {dtype, shape, bytes};
  }

  /// Every element as float32, rounded to nearest; beyond its range infinite.
  Tensor floats() const;
  /// Every element as float64, row major; 64-bit integers beyond 2^53 are rounded.
  std::vector<double> doubles() const;
  /// Every element as int64, row major. Throws Error naming `what` if the element type is not one
  /// of whole numbers or a number is beyond int64.
  std::vector<std::int64_t> integers(std::string_view what) const;
};

/// Index of the first NaN or infinity in row-major order; none in arrays of whole numbers.
std::optional<std::int64_t> first_non_finite(const ArrayView& array);

/// At most Shape::kMaxRank sizes, each >= 0.
Shape make_shape(std::span<const std::int64_t> sizes);

/// Bytes of an array, or nothing if the product of its sizes other than 0 does not fit 63 bits
/// (so that no order of multiplying them overflows).
std::optional<std::uint64_t> byte_count(std::span<const std::int64_t> sizes, DType dtype);

/// A name from a file, fit to stand in a one-line message: quoted, control characters replaced, cut
/// when long.
std::string quote_name(std::string_view name);

}  // namespace hourglass
