// Arrays of any element type, as in files: type, shape and bytes. Not for computing: see
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

/// Names and size of an element type in file formats.
struct DTypeFacts {
  DType dtype;
  std::uint64_t size;            // bytes an element
  std::string_view safetensors;  // its name there
  std::string_view numpy;        // its type code without the byte order; empty if NumPy has none
};

const DTypeFacts& facts(DType dtype);
bool is_real(DType dtype);  ///< Whether its numbers have fractions.
std::optional<DType> dtype_from_safetensors(std::string_view name);
std::optional<DType> dtype_from_numpy(std::string_view code);  ///< "f4", without the byte order.

/// Borrowed little-endian elements, last axis fastest; bytes.size() is the shape's count times the
/// element size. Throws Error otherwise.
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

  /// Every element as float32, rounded to nearest; infinite beyond its range.
  Tensor floats() const;
  /// Every element as float64, row major; 64-bit integers beyond 2^53 are rounded.
  std::vector<double> doubles() const;
  /// Every element as int64, row major. Throws Error naming `what` if the element type is not an
  /// integer type or a number is beyond int64.
  std::vector<std::int64_t> integers(std::string_view what) const;
};

/// Index of the first NaN or infinity in row-major order; nullopt for arrays of integers.
std::optional<std::int64_t> first_non_finite(const ArrayView& array);

/// Throws Error for more than Shape::kMaxRank sizes, and as Shape does.
Shape make_shape(std::span<const std::int64_t> sizes);

/// Bytes of an array; nullopt if the product of its nonzero sizes does not fit into 63 bits, so
/// that no order of multiplication overflows.
std::optional<std::uint64_t> byte_count(std::span<const std::int64_t> sizes, DType dtype);
std::optional<std::uint64_t> byte_count(std::span<const std::int64_t> sizes, std::uint64_t element);

/// A name from a file, for a one-line message: quoted, control characters replaced, shortened if
/// long.
std::string quote_name(std::string_view name);

}  // namespace hourglass
