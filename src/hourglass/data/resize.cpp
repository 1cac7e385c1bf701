#include "hourglass/data/resize.h"

#include <algorithm>
#include <type_traits>

#include "hourglass/base/error.h"
#include "hourglass/tensor/impl/checks.h"

namespace hourglass {
namespace {

/// The old pixels of one new pixel along an axis: consecutive ones, with integer weights.
struct Taps {
  std::int64_t first = 0;
  std::vector<std::uint32_t> weights;
};

/// The taps of each new pixel; the weights of each add up to `total`.
struct Axis {
  std::vector<Taps> taps;
  std::uint64_t total = 1;
};

/// Lengths in units of 1/to of an old pixel: old pixel j covers [j to, (j + 1) to), new pixel i
/// covers [i from, (i + 1) from).
Axis shrinking(std::int64_t from, std::int64_t to) {
  Axis axis{{}, static_cast<std::uint64_t>(from)};
  for (std::int64_t i = 0; i < to; ++i) {
    const std::int64_t begin = i * from, end = begin + from;
    Taps taps{begin / to, {}};
    for (std::int64_t j = taps.first; j * to < end; ++j) {
      const std::int64_t covered = std::min(end, (j + 1) * to) - std::max(begin, j * to);
      taps.weights.push_back(static_cast<std::uint32_t>(covered));
    }
    axis.taps.push_back(std::move(taps));
  }
  return axis;
}

/// New centre i lies at (i + 1/2) from/to - 1/2 among the old centres: position / (2 to).
Axis growing(std::int64_t from, std::int64_t to) {
  Axis axis{{}, static_cast<std::uint64_t>(2 * to)};
  for (std::int64_t i = 0; i < to; ++i) {
    const std::int64_t last = (from - 1) * 2 * to;
    const std::int64_t position = std::clamp((2 * i + 1) * from - to, std::int64_t{0}, last);
    const std::int64_t first = position / (2 * to);
    const auto second = static_cast<std::uint32_t>(position % (2 * to));
    Taps taps{first, {static_cast<std::uint32_t>(2 * to) - second}};
    if (second != 0) taps.weights.push_back(second);
    axis.taps.push_back(std::move(taps));
  }
  return axis;
}

Axis axis_of(std::int64_t from, std::int64_t to) {
  return to < from ? shrinking(from, to) : growing(from, to);
}

/// What sums of weighted samples are in: integers for bytes, which are rounded once.
template <typename Sample>
using ColumnSum = std::conditional_t<std::is_same_v<Sample, float>, double, std::uint32_t>;
template <typename Sample>
using PixelSum = std::conditional_t<std::is_same_v<Sample, float>, double, std::uint64_t>;

/// One image, rows first, then columns; `column_sums` [width * channels] is room for a new row.
template <typename Sample>
void resize_one(const Sample* in, const ImageShape& shape, const Axis& rows, const Axis& columns,
                std::vector<ColumnSum<Sample>>& column_sums, Sample* out) {
  const std::int64_t channels = shape.channels, stride = shape.width * channels;
  const auto total = static_cast<PixelSum<Sample>>(rows.total * columns.total);
  for (const Taps& row : rows.taps) {
    std::ranges::fill(column_sums, ColumnSum<Sample>{0});
    for (std::size_t k = 0; k < row.weights.size(); ++k) {
      const Sample* line = in + (row.first + static_cast<std::int64_t>(k)) * stride;
      const auto weight = static_cast<ColumnSum<Sample>>(row.weights[k]);
      for (std::int64_t x = 0; x < stride; ++x) {
        column_sums[static_cast<std::size_t>(x)] += weight * line[x];
      }
    }
    for (const Taps& column : columns.taps) {
      for (std::int64_t c = 0; c < channels; ++c) {
        PixelSum<Sample> sum = std::is_same_v<Sample, float> ? 0 : total / 2;
        for (std::size_t k = 0; k < column.weights.size(); ++k) {
          const std::int64_t x = (column.first + static_cast<std::int64_t>(k)) * channels + c;
          sum += static_cast<PixelSum<Sample>>(column.weights[k]) *
                 column_sums[static_cast<std::size_t>(x)];
        }
        *out++ = static_cast<Sample>(sum / total);
      }
    }
  }
}

template <typename Sample>
std::vector<Sample> resize_samples(std::span<const Sample> pixels, const ImageShape& shape,
                                   ImageSize size) {
  check_image_size(size);
  check_image_size({shape.height, shape.width});
  const ImageShape target{shape.channels, size.height, size.width};
  require_pixels("data", shape);
  require_pixels("data", target);
  require(pixels.size() % static_cast<std::size_t>(shape.pixels()) == 0, "data", "pixels",
          pixels.size(), "whole images of the shape are needed");
  const Axis rows = axis_of(shape.height, size.height), columns = axis_of(shape.width, size.width);
  const std::size_t images = pixels.size() / static_cast<std::size_t>(shape.pixels());
  std::vector<ColumnSum<Sample>> column_sums(
      static_cast<std::size_t>(shape.width * shape.channels));
  std::vector<Sample> out(images * static_cast<std::size_t>(target.pixels()));
  for (std::size_t i = 0; i < images; ++i) {
    resize_one(pixels.data() + i * static_cast<std::size_t>(shape.pixels()), shape, rows, columns,
               column_sums, out.data() + i * static_cast<std::size_t>(target.pixels()));
  }
  return out;
}

}  // namespace

void check_image_size(ImageSize size) {
  if (size.height < 1 || size.width < 1 || size.height > kMaxImageSide ||
      size.width > kMaxImageSide) {
    fail("data", "image size {}: height and width must be from 1 to {}", size.text(),
         kMaxImageSide);
  }
}

std::vector<std::uint8_t> resize_all(std::span<const std::uint8_t> pixels, const ImageShape& shape,
                                     ImageSize size) {
  return resize_samples(pixels, shape, size);
}

std::vector<float> resize_all(std::span<const float> pixels, const ImageShape& shape,
                              ImageSize size) {
  return resize_samples(pixels, shape, size);
}

ByteImage resize(const ByteImage& image, ImageSize size) {
  require_pixels("data", image.shape);
  require(std::ssize(image.pixels) == image.shape.pixels(), "data", "pixels", image.pixels.size(),
          "one byte for each of the shape's values is needed");
  return {{image.shape.channels, size.height, size.width},
          resize_all(image.pixels, image.shape, size)};
}

bool is_grey(const ByteImage& image) {
  if (image.shape.channels == 1) return true;
  for (std::size_t i = 0; i + 2 < image.pixels.size(); i += 3) {
    if (image.pixels[i] != image.pixels[i + 1] || image.pixels[i] != image.pixels[i + 2]) {
      return false;
    }
  }
  return true;
}

}  // namespace hourglass
