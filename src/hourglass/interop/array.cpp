#include "hourglass/interop/array.h"

#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <limits>
#include <type_traits>

#include "hourglass/base/error.h"
#include "hourglass/base/impl/printable.h"
#include "hourglass/interop/impl/bytes.h"

namespace hourglass {
namespace {

constexpr std::array<DTypeFacts, 13> kFacts{{
    {DType::kBool, 1, "BOOL", "b1"},
    {DType::kU8, 1, "U8", "u1"},
    {DType::kI8, 1, "I8", "i1"},
    {DType::kU16, 2, "U16", "u2"},
    {DType::kI16, 2, "I16", "i2"},
    {DType::kF16, 2, "F16", "f2"},
    {DType::kBF16, 2, "BF16", ""},
    {DType::kU32, 4, "U32", "u4"},
    {DType::kI32, 4, "I32", "i4"},
    {DType::kF32, 4, "F32", "f4"},
    {DType::kU64, 8, "U64", "u8"},
    {DType::kI64, 8, "I64", "i8"},
    {DType::kF64, 8, "F64", "f8"},
}};

/// A 16-bit real number in a file.
struct Half {
  std::uint16_t bits;
  operator float() const {  // NOLINT(google-explicit-constructor): to stand beside float
    const int exponent = (bits >> 10) & 31;
    const int mantissa = bits & 1023;
    float size;
    if (exponent == 31) {
      size = mantissa == 0 ? std::numeric_limits<float>::infinity()
                           : std::numeric_limits<float>::quiet_NaN();
    } else if (exponent == 0) {
      size = std::ldexp(static_cast<float>(mantissa), -24);
    } else {
      size = std::ldexp(static_cast<float>(1024 + mantissa), exponent - 25);
    }
    return (bits & 0x8000) != 0 ? -size : size;
  }
};

struct Brain {
  std::uint16_t bits;
  operator float() const {  // NOLINT(google-explicit-constructor): to stand beside float
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
  }
};

/// Calls f(i, element) for each element in order, with the element in its type in the file.
template <typename T, typename F>
void each_as(const ArrayView& array, const F& f) {
  const std::size_t count = array.bytes.size() / sizeof(T);
  for (std::size_t i = 0; i < count; ++i) f(i, load_little<T>(array.bytes, i * sizeof(T)));
}

template <typename F>
void each(const ArrayView& array, const F& f) {
  switch (array.dtype) {
    case DType::kBool:
      // Any byte but 0 is true: a bool with another pattern would be undefined.
      return each_as<std::uint8_t>(array, [&](std::size_t i, std::uint8_t byte) {
        f(i, static_cast<std::uint8_t>(byte != 0 ? 1 : 0));
      });
    case DType::kU8:
      return each_as<std::uint8_t>(array, f);
    case DType::kI8:
      return each_as<std::int8_t>(array, f);
    case DType::kU16:
      return each_as<std::uint16_t>(array, f);
    case DType::kI16:
      return each_as<std::int16_t>(array, f);
    case DType::kF16:
      return each_as<Half>(array, f);
    case DType::kBF16:
      return each_as<Brain>(array, f);
    case DType::kU32:
      return each_as<std::uint32_t>(array, f);
    case DType::kI32:
      return each_as<std::int32_t>(array, f);
    case DType::kF32:
      return each_as<float>(array, f);
    case DType::kU64:
      return each_as<std::uint64_t>(array, f);
    case DType::kI64:
      return each_as<std::int64_t>(array, f);
    case DType::kF64:
      return each_as<double>(array, f);
  }
}

template <typename T>
std::span<const std::uint8_t> bytes_of(std::span<const T> values) {
  return {reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes()};
}

}  // namespace

const DTypeFacts& facts(DType dtype) {
  const DTypeFacts& found = kFacts[static_cast<std::size_t>(dtype)];
  assert(found.dtype == dtype);
  return found;
}

bool is_real(DType dtype) {
  return dtype == DType::kF16 || dtype == DType::kBF16 || dtype == DType::kF32 ||
         dtype == DType::kF64;
}

std::optional<DType> dtype_from_safetensors(std::string_view name) {
  for (const DTypeFacts& fact : kFacts) {
    if (fact.safetensors == name) return fact.dtype;
  }
  return std::nullopt;
}

std::optional<DType> dtype_from_numpy(std::string_view code) {
  for (const DTypeFacts& fact : kFacts) {
    if (!fact.numpy.empty() && fact.numpy == code) return fact.dtype;
  }
  return std::nullopt;
}

ArrayView::ArrayView(DType type, Shape sizes, std::span<const std::uint8_t> content)
    : dtype(type), shape(sizes), bytes(content) {
  if (bytes.size() == static_cast<std::uint64_t>(shape.count()) * facts(dtype).size) return;
  throw Error("array", "shape", shape.text(), fmt::format("{} bytes do not fit it", bytes.size()));
}

ArrayView::ArrayView(ConstView floats) : ArrayView(floats.span(), floats.shape()) {}
ArrayView::ArrayView(const Tensor& floats) : ArrayView(floats.view()) {}
ArrayView::ArrayView(std::span<const float> values, Shape sizes)
    : ArrayView(DType::kF32, sizes, bytes_of(values)) {}
ArrayView::ArrayView(std::span<const double> values, Shape sizes)
    : ArrayView(DType::kF64, sizes, bytes_of(values)) {}
ArrayView::ArrayView(std::span<const std::int64_t> values, Shape sizes)
    : ArrayView(DType::kI64, sizes, bytes_of(values)) {}
ArrayView::ArrayView(std::span<const std::uint8_t> values, Shape sizes)
    : ArrayView(DType::kU8, sizes, values) {}

Tensor Array::floats() const {
  static_cast<void>(ArrayView(*this));  // checks that bytes and shape fit
  Tensor out(shape);
  float* to = out.data();
  each(*this, [to](std::size_t i, auto element) { to[i] = static_cast<float>(element); });
  return out;
}

std::vector<double> Array::doubles() const {
  static_cast<void>(ArrayView(*this));
  std::vector<double> out(static_cast<std::size_t>(shape.count()));
  each(*this, [&](std::size_t i, auto element) { out[i] = static_cast<double>(element); });
  return out;
}

std::vector<std::int64_t> Array::integers(std::string_view what) const {
  static_cast<void>(ArrayView(*this));
  std::vector<std::int64_t> out(static_cast<std::size_t>(shape.count()));
  each(*this, [&](std::size_t i, auto element) {
    using T = decltype(element);
    if constexpr (std::is_integral_v<T>) {
      if constexpr (std::is_same_v<T, std::uint64_t>) {
        if (element > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
          fail_file("read", "{} holds {}: whole numbers below 2^63 are needed", what, element);
        }
      }
      out[i] = static_cast<std::int64_t>(element);
    } else {
      fail_file("read", "{} has elements of type {}: whole numbers are needed", what,
                facts(dtype).safetensors);
    }
  });
  return out;
}

std::optional<std::int64_t> first_non_finite(const ArrayView& array) {
  std::optional<std::int64_t> found;
  each(array, [&](std::size_t i, auto element) {
    if constexpr (!std::is_integral_v<decltype(element)>) {
      if (!found && !std::isfinite(static_cast<double>(element))) {
        found = static_cast<std::int64_t>(i);
      }
    }
  });
  return found;
}

Shape make_shape(std::span<const std::int64_t> sizes) {
  switch (sizes.size()) {
    case 0:
      return Shape{};
    case 1:
      return Shape{sizes[0]};
    case 2:
      return Shape{sizes[0], sizes[1]};
    case 3:
      return Shape{sizes[0], sizes[1], sizes[2]};
    default:
      require(sizes.size() == 4, "array", "sizes", sizes.size(), "at most 4 axes are possible");
      return Shape{sizes[0], sizes[1], sizes[2], sizes[3]};
  }
}

std::optional<std::uint64_t> byte_count(std::span<const std::int64_t> sizes, DType dtype) {
  return byte_count(sizes, facts(dtype).size);
}

std::optional<std::uint64_t> byte_count(std::span<const std::int64_t> sizes,
                                        std::uint64_t element) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  std::uint64_t product = element;
  bool empty = false;
  for (const std::int64_t size : sizes) {
    if (size == 0) {
      empty = true;
      continue;
    }
    if (product > kMost / static_cast<std::uint64_t>(size)) return std::nullopt;
    product *= static_cast<std::uint64_t>(size);
  }
  return empty ? 0 : product;
}

std::string quote_name(std::string_view name) {
  return '"' + printable(name) + '"';
}

}  // namespace hourglass
