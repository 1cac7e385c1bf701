#include "hourglass/data/impl/pixel_values.h"

#include <algorithm>
#include <cmath>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

constexpr std::int64_t kWhite = 255, kWhite16 = 65535;

/// How far a number may be from byte / 255 and still be it.
enum class Rounding { kUsual, kHalf };

/// Whether the number, in [0, 1], is a byte divided by 255. 0 is no more than 0: faint images would
/// become black.
bool is_byte_share(double value, Rounding rounding) {
  const double byte = std::round(value * kWhite);
  const double exact = byte / kWhite;
  const double reach = byte == 0 ? 0.0 : rounding == Rounding::kHalf ? exact * 0x1p-11 : 1e-6;
  return std::abs(value - exact) <= reach;
}

/// What the remedy and the choice of a storage depend on.
struct Range {
  double low = 0.0, high = 0.0;
  bool whole = true;
  bool byte_shares = true;
};

template <typename T>
Range range_of(std::span<const T> values, std::int64_t images, Rounding rounding,
               const std::string& source) {
  Range range{static_cast<double>(values[0]), static_cast<double>(values[0]), true, true};
  const auto per_image = static_cast<std::int64_t>(values.size()) / images;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto value = static_cast<double>(values[i]);
    if (!std::isfinite(value)) {
      fail_file("data", "{} holds {} in image {} (from 0): pixels are finite numbers", source,
                value, static_cast<std::int64_t>(i) / per_image);
    }
    range.low = std::min(range.low, value);
    range.high = std::max(range.high, value);
    range.whole = range.whole && std::trunc(value) == value;
    range.byte_shares =
        range.byte_shares && value >= 0.0 && value <= 1.0 && is_byte_share(value, rounding);
  }
  return range;
}

[[noreturn]] void refuse_reals(const Range& range, const std::string& source) {
  const char* remedy = "take (x - x.min()) / (x.max() - x.min())";
  if (range.low >= 0.0 && range.high <= kWhite) {
    remedy = "divide them by 255";
  } else if (range.low >= -1.0 && range.high <= 1.0) {
    remedy = "take (x + 1) / 2";
  }
  fail_file("data",
            "{} holds numbers from {:g} to {:g}: pixels are in [0, 1], or whole numbers in "
            "[0, 255]: {}",
            source, range.low, range.high, remedy);
}

template <typename T>
PixelValues from_reals(std::span<const T> values, std::int64_t images, Rounding rounding,
                       const std::string& source) {
  PixelValues out;
  const Range range = range_of(values, images, rounding, source);
  const bool in_unit = range.low >= 0.0 && range.high <= 1.0;
  const bool whole_bytes = range.whole && range.low >= 0.0 && range.high <= kWhite;
  if (!in_unit && !whole_bytes) refuse_reals(range, source);
  if (in_unit && !range.byte_shares) {
    out.reals.assign(values.begin(), values.end());
    return out;
  }
  const double unit = in_unit ? kWhite : 1.0;
  out.bytes.reserve(values.size());
  for (const T value : values) {
    out.bytes.push_back(static_cast<std::uint8_t>(std::lround(static_cast<double>(value) * unit)));
  }
  return out;
}

std::string nearly_black(const std::string& source) {
  return fmt::format(
      "{} holds only 0 and 1, of a range that ends at 255: its images are nearly black; save it as "
      "booleans if 1 is white",
      source);
}

PixelValues from_integers(const Array& array, const std::string& source) {
  PixelValues out;
  if (array.dtype == DType::kU8) {
    out.bytes = array.bytes;
    if (std::ranges::max(out.bytes) == 1) out.notes.push_back(nearly_black(source));
    return out;
  }
  const std::vector<std::int64_t> values = array.integers(source);
  const auto [low, high] = std::ranges::minmax(values);
  if (array.dtype == DType::kU16 && high > kWhite) {
    out.reals.reserve(values.size());
    for (const std::int64_t value : values) {
      out.reals.push_back(static_cast<float>(static_cast<double>(value) / kWhite16));
    }
    out.notes.push_back(
        fmt::format("{} holds whole numbers of 16 bits up to {}: its pixels are them divided by {}",
                    source, high, kWhite16));
    return out;
  }
  if (low < 0 || high > kWhite) {
    fail_file("data",
              "{} holds whole numbers from {} to {}: pixels are in [0, 255], or uint16 in [0, "
              "65535], or real numbers in [0, 1]",
              source, low, high);
  }
  const std::int64_t unit = array.dtype == DType::kBool ? kWhite : 1;
  if (high == 1 && unit == 1) out.notes.push_back(nearly_black(source));
  out.bytes.reserve(values.size());
  for (const std::int64_t value : values) {
    out.bytes.push_back(static_cast<std::uint8_t>(value * unit));
  }
  return out;
}

template <typename T>
void turn_channels(std::vector<T>& values, const ImageShape& shape) {
  const std::int64_t area = shape.height * shape.width, size = shape.pixels();
  std::vector<T> out(values.size());
  for (std::int64_t i = 0; i < std::ssize(values) / size; ++i) {
    for (std::int64_t c = 0; c < shape.channels; ++c) {
      for (std::int64_t p = 0; p < area; ++p) {
        out[static_cast<std::size_t>(i * size + p * shape.channels + c)] =
            values[static_cast<std::size_t>(i * size + c * area + p)];
      }
    }
  }
  values = std::move(out);
}

}  // namespace

PixelValues pixel_values(const Array& array, std::int64_t images, const std::string& source) {
  if (!is_real(array.dtype)) return from_integers(array, source);
  const Tensor values = array.floats();
  const Rounding rounding = array.dtype == DType::kF16 ? Rounding::kHalf : Rounding::kUsual;
  return from_reals<float>(values.span(), images, rounding, source);
}

PixelValues pixel_values(std::span<const double> numbers, std::int64_t images,
                         const std::string& source) {
  return from_reals<double>(numbers, images, Rounding::kUsual, source);
}

void make_reals(PixelValues& pixels) {
  if (pixels.bytes.empty()) return;
  pixels.reals.resize(pixels.bytes.size());
  bytes_to_floats(pixels.reals, pixels.bytes);
  pixels.bytes = {};
}

void channels_last(PixelValues& pixels, const ImageShape& shape) {
  turn_channels(pixels.bytes, shape);
  turn_channels(pixels.reals, shape);
}

RowSource rows_of(PixelValues pixels, const ImageShape& shape, std::vector<std::int64_t> labels,
                  std::vector<std::string> names) {
  if (!pixels.are_reals()) {
    return byte_rows(std::move(pixels.bytes), shape.pixels(), std::move(labels), std::move(names));
  }
  Tensor values({std::ssize(pixels.reals) / shape.pixels(), shape.pixels()});
  std::ranges::copy(pixels.reals, values.data());
  return float_rows(std::move(values), std::move(labels), std::move(names));
}

}  // namespace hourglass
