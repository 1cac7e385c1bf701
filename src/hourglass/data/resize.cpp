#include "hourglass/data/resize.h"

#include <algorithm>
#include <cassert>
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

/// What the sums of weighted samples are in: the weights of a column are at most 2 * kMaxImageSide,
/// so 32 bits hold those of bytes exactly.
template <typename Sample>
using ColumnSum = std::conditional_t<std::is_same_v<Sample, float>, double, std::uint32_t>;
template <typename Sample>
using PixelSum = std::conditional_t<std::is_same_v<Sample, float>, double, std::uint64_t>;

}  // namespace

template <typename Sample>
struct RowResizer<Sample>::State {
  State(const ImageShape& from, ImageSize to)
      : shape(from),
        rows(axis_of(from.height, to.height)),
        columns(axis_of(from.width, to.width)),
        new_row(static_cast<std::size_t>(to.width * from.channels)),
        sums(static_cast<std::size_t>(from.width * from.channels)),
        previous(from.height <= to.height ? sums.size() : 0) {}

  /// Adds old row `j` to new row `next`; true if that is complete. A new row that grows has at most
  /// two old ones, and waits for the second; several new rows may have the same two.
  bool add(std::int64_t j, std::span<const Sample> row) {
    const Taps& taps = rows.taps[next];
    const std::int64_t last = taps.first + std::ssize(taps.weights) - 1;
    if (j < taps.first) return false;
    if (!previous.empty()) {
      if (j < last) return false;
      std::ranges::fill(sums, ColumnSum<Sample>{0});
      if (last > taps.first) add_weighted(taps.weights.front(), previous);
      add_weighted(taps.weights.back(), row);
      return true;
    }
    if (j == taps.first) std::ranges::fill(sums, ColumnSum<Sample>{0});
    add_weighted(taps.weights[static_cast<std::size_t>(j - taps.first)], row);
    return j == last;
  }

  void add_weighted(std::uint32_t weight, std::span<const Sample> row) {
    const auto factor = static_cast<ColumnSum<Sample>>(weight);
    for (std::size_t x = 0; x < sums.size(); ++x) sums[x] += factor * row[x];
  }

  /// Row `next` of the new image from the sums of its columns.
  void write() {
    const auto channels = static_cast<std::size_t>(shape.channels);
    const auto total = static_cast<PixelSum<Sample>>(rows.total * columns.total);
    Sample* to = out.data() + next * new_row;
    for (const Taps& column : columns.taps) {
      for (std::size_t c = 0; c < channels; ++c) {
        PixelSum<Sample> sum = std::is_same_v<Sample, float> ? 0 : total / 2;
        for (std::size_t k = 0; k < column.weights.size(); ++k) {
          const std::size_t x = (static_cast<std::size_t>(column.first) + k) * channels + c;
          sum += static_cast<PixelSum<Sample>>(column.weights[k]) * sums[x];
        }
        *to++ = static_cast<Sample>(sum / total);
      }
    }
  }

  ImageShape shape;
  Axis rows, columns;
  std::size_t new_row;                  // samples in a row of the new image
  std::vector<ColumnSum<Sample>> sums;  // [width * channels] of the old image
  std::vector<Sample> previous;         // the old row before, if the image grows in height
  std::span<Sample> out;
  std::int64_t pushed = 0;
  std::size_t next = 0;  // the new row that is being made
};

template <typename Sample>
RowResizer<Sample>::RowResizer(const ImageShape& from, ImageSize to) {
  check_image_size(to);
  check_image_size({from.height, from.width});
  require_pixels("data", from);
  require_pixels("data", {from.channels, to.height, to.width});
  state_ = std::make_unique<State>(from, to);
}

template <typename Sample>
RowResizer<Sample>::~RowResizer() = default;
template <typename Sample>
RowResizer<Sample>::RowResizer(RowResizer&&) noexcept = default;
template <typename Sample>
RowResizer<Sample>& RowResizer<Sample>::operator=(RowResizer&&) noexcept = default;

template <typename Sample>
void RowResizer<Sample>::begin(std::span<Sample> out) {
  assert(out.size() == state_->rows.taps.size() * state_->new_row);
  state_->out = out;
  state_->pushed = 0;
  state_->next = 0;
}

template <typename Sample>
void RowResizer<Sample>::push(std::span<const Sample> row) {
  State& state = *state_;
  assert(row.size() == state.sums.size() && state.pushed < state.shape.height);
  while (state.next < state.rows.taps.size() && state.add(state.pushed, row)) {
    state.write();
    ++state.next;
  }
  if (!state.previous.empty()) std::ranges::copy(row, state.previous.begin());
  ++state.pushed;
}

template class RowResizer<std::uint8_t>;
template class RowResizer<float>;

namespace {

template <typename Sample>
std::vector<Sample> resized(std::span<const Sample> pixels, const ImageShape& shape,
                            ImageSize size) {
  RowResizer<Sample> resizer(shape, size);
  const auto image = static_cast<std::size_t>(shape.pixels());
  const auto row = static_cast<std::size_t>(shape.width * shape.channels);
  const auto made = static_cast<std::size_t>(shape.channels * size.height * size.width);
  require(pixels.size() % image == 0, "data", "pixels", pixels.size(),
          "whole images of the shape are needed");
  std::vector<Sample> out(pixels.size() / image * made);
  for (std::size_t i = 0; i < pixels.size() / image; ++i) {
    resizer.begin(std::span(out).subspan(i * made, made));
    for (std::size_t at = 0; at < image; at += row) {
      resizer.push(pixels.subspan(i * image + at, row));
    }
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
  return resized(pixels, shape, size);
}

std::vector<float> resize_all(std::span<const float> pixels, const ImageShape& shape,
                              ImageSize size) {
  return resized(pixels, shape, size);
}

ByteImage resize(const ByteImage& image, ImageSize size) {
  require_pixels("data", image.shape);
  require(std::ssize(image.pixels) == image.shape.pixels(), "data", "pixels", image.pixels.size(),
          "one byte for each of the shape's values is needed");
  return {{image.shape.channels, size.height, size.width},
          resize_all(image.pixels, image.shape, size)};
}

}  // namespace hourglass
