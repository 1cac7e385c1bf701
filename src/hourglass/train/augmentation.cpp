#include "hourglass/train/augmentation.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "hourglass/base/error.h"
#include "hourglass/base/impl/printable.h"
#include "hourglass/base/random.h"
#include "hourglass/tensor/impl/checks.h"

namespace hourglass {
namespace {

constexpr std::int64_t kMostShift = 64;

std::int64_t parse_shift(std::string_view number, std::string_view text) {
  std::int64_t shift = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), shift);
  if (error != std::errc() || end != number.data() + number.size() || shift < 1 ||
      shift > kMostShift) {
    fail("train", "augment is '{}': a shift must be from 1 to {} pixels", printable(text),
         kMostShift);
  }
  return shift;
}

/// Calls move(to, from) for the lines 0 .. n-1 with from = clamp(to + by), in an order in which
/// each line is read before it is overwritten.
template <typename Move>
void shift_lines(std::int64_t n, std::int64_t by, const Move& move) {
  const auto from = [&](std::int64_t to) { return std::clamp<std::int64_t>(to + by, 0, n - 1); };
  if (by > 0) {
    for (std::int64_t to = 0; to < n; ++to) move(to, from(to));
  } else if (by < 0) {
    for (std::int64_t to = n; to-- > 0;) move(to, from(to));
  }
}

}  // namespace

Augmentation parse_augmentation(std::string_view text) {
  Augmentation found;
  if (text == "none") return found;
  for (std::string_view rest = text;;) {
    const std::size_t comma = rest.find(',');
    const std::string_view part = rest.substr(0, comma);
    if (part == "flip" && !found.flip) {
      found.flip = true;
    } else if (part.starts_with("shift:") && found.shift == 0) {
      found.shift = parse_shift(part.substr(6), text);
    } else {
      fail("train", "augment is '{}': use flip, shift:2, both with a comma, or none",
           printable(text));
    }
    if (comma == std::string_view::npos) return found;
    rest.remove_prefix(comma + 1);
  }
}

void check_augmentation(const Augmentation& augmentation) {
  require(augmentation.shift >= 0 && augmentation.shift <= kMostShift, "train", "shift",
          augmentation.shift, "must be from 0 to 64");
}

std::string augmentation_text(const Augmentation& a) {
  if (a == Augmentation{}) return "none";
  if (a.shift == 0) return "flip";
  return fmt::format("{}shift:{}", a.flip ? "flip," : "", a.shift);
}

void augment(std::span<float> image, const ImageShape& shape, const Augmentation& augmentation,
             std::uint64_t key) {
  require_pixels("train", shape);
  require(std::ssize(image) == shape.pixels(), "train", "image", image.size(),
          "one value for each of the shape's is needed");
  check_augmentation(augmentation);
  if (augmentation == Augmentation{}) return;
  Rng rng(key, Stream::augmentation);
  const std::int64_t row = shape.width * shape.channels, channels = shape.channels;
  const auto pixel = [&](std::int64_t y, std::int64_t x) {
    return image.data() + y * row + x * channels;
  };
  if (augmentation.flip && rng.below(2) == 1) {
    for (std::int64_t y = 0; y < shape.height; ++y) {
      for (std::int64_t x = 0; x < shape.width / 2; ++x) {
        std::swap_ranges(pixel(y, x), pixel(y, x) + channels, pixel(y, shape.width - 1 - x));
      }
    }
  }
  if (augmentation.shift == 0) return;
  const auto distance = [&] {
    const std::uint64_t steps = static_cast<std::uint64_t>(2 * augmentation.shift + 1);
    return static_cast<std::int64_t>(rng.below(steps)) - augmentation.shift;
  };
  const std::int64_t down = distance(), right = distance();
  shift_lines(shape.height, down, [&](std::int64_t to, std::int64_t from) {
    if (to != from) std::copy_n(pixel(from, 0), row, pixel(to, 0));
  });
  for (std::int64_t y = 0; y < shape.height; ++y) {
    shift_lines(shape.width, right, [&](std::int64_t to, std::int64_t from) {
      if (to != from) std::copy_n(pixel(y, from), channels, pixel(y, to));
    });
  }
}

}  // namespace hourglass
