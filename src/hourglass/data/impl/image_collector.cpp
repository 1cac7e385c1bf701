#include "hourglass/data/impl/image_collector.h"

#include <algorithm>
#include <cassert>
#include <span>

namespace hourglass {
namespace {

/// Whether red, green and blue are equal everywhere.
template <typename Sample>
bool is_grey(const std::vector<Sample>& rgb) {
  for (std::size_t i = 0; i + 2 < rgb.size(); i += 3) {
    if (rgb[i] != rgb[i + 1] || rgb[i] != rgb[i + 2]) return false;
  }
  return true;
}

/// Appends pixels of `from` channels as pixels of `to`.
template <typename Sample>
void append(const std::vector<Sample>& pixels, std::int64_t from, std::int64_t to,
            std::vector<Sample>& out) {
  if (from == to) {
    out.insert(out.end(), pixels.begin(), pixels.end());
  } else if (from == 3) {
    for (std::size_t i = 0; i < pixels.size(); i += 3) out.push_back(pixels[i]);
  } else {
    for (const Sample value : pixels) out.insert(out.end(), 3, value);
  }
}

template <typename Sample>
void widen(std::vector<Sample>& pixels, std::size_t room) {
  std::vector<Sample> wide;
  wide.reserve(std::max(pixels.size() * 3, room));
  append(pixels, 1, 3, wide);
  pixels = std::move(wide);
}

std::vector<float> reals_of(const std::vector<std::uint8_t>& bytes, std::size_t room) {
  std::vector<float> reals;
  reals.reserve(std::max(bytes.size(), room));
  reals.resize(bytes.size());
  bytes_to_floats(reals, bytes);
  return reals;
}

}  // namespace

ImageCollector::ImageCollector(std::array<std::size_t, 2> counts) : counts_(counts) {}

void ImageCollector::add(const Image& image, std::size_t half) {
  const bool grey = image.shape.channels == 1 ||
                    (image.reals.empty() ? is_grey(image.bytes) : is_grey(image.reals));
  if (shape_.channels == 0) {
    shape_ = {1, image.shape.height, image.shape.width};
    for (std::size_t i = 0; i < halves_.size(); ++i) {
      halves_[i].bytes.reserve(counts_[i] * static_cast<std::size_t>(shape_.pixels()));
    }
  }
  assert(image.shape.height == shape_.height && image.shape.width == shape_.width);
  if (!grey && shape_.channels == 1) become_coloured();
  if (!image.reals.empty() && !real_) become_real();
  const std::int64_t from = image.shape.channels;
  if (!real_) {
    append(image.bytes, from, shape_.channels, halves_[half].bytes);
  } else if (!image.reals.empty()) {
    append(image.reals, from, shape_.channels, halves_[half].reals);
  } else {
    append(reals_of(image.bytes, 0), from, shape_.channels, halves_[half].reals);
  }
}

void ImageCollector::become_coloured() {
  shape_.channels = 3;
  for (std::size_t i = 0; i < halves_.size(); ++i) {
    const std::size_t room = counts_[i] * static_cast<std::size_t>(shape_.pixels());
    if (real_) {
      widen(halves_[i].reals, room);
    } else {
      widen(halves_[i].bytes, room);
    }
  }
}

void ImageCollector::become_real() {
  real_ = true;
  for (std::size_t i = 0; i < halves_.size(); ++i) {
    const std::size_t room = counts_[i] * static_cast<std::size_t>(shape_.pixels());
    halves_[i].reals = reals_of(halves_[i].bytes, room);
    halves_[i].bytes = {};
  }
}

RowSource ImageCollector::take(std::size_t half, std::vector<std::int64_t> labels,
                               std::vector<std::string> names) {
  Half own = std::move(halves_[half]);
  const std::int64_t columns = shape_.pixels();
  if (!real_) return byte_rows(std::move(own.bytes), columns, std::move(labels), std::move(names));
  Tensor values(Shape{std::ssize(own.reals) / columns, columns});
  std::ranges::copy(own.reals, values.data());
  return float_rows(std::move(values), std::move(labels), std::move(names));
}

}  // namespace hourglass
