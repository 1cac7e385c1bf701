#include "hourglass/data/impl/row_fitter.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <type_traits>

namespace hourglass {
namespace {

/// value * alpha + below * (1 - alpha), of bytes or of reals in [0, 1].
std::uint8_t laid(std::uint8_t value, std::uint8_t alpha, std::uint8_t below, bool premultiplied) {
  const unsigned own = premultiplied ? unsigned{value} * 255 : unsigned{value} * alpha;
  const unsigned sum = own + unsigned{below} * (255U - alpha);
  return static_cast<std::uint8_t>(std::min((sum + 127) / 255, 255U));
}
float laid(float value, float alpha, float below, bool premultiplied) {
  return std::min((premultiplied ? value : value * alpha) + below * (1.0F - alpha), 1.0F);
}

template <typename Sample>
constexpr Sample kOpaque = static_cast<Sample>(std::is_same_v<Sample, float> ? 1 : 255);

bool flips_rows(int orientation) {
  return orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
}
bool flips_columns(int orientation) {
  return orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
}

/// A window of the upright image in the stored one.
Window stored(const Window& upright, const ImageHeader& header) {
  Window w = upright;
  if (header.transposed()) w = {upright.left, upright.top, upright.width, upright.height};
  if (flips_rows(header.orientation)) w.top = header.size.height - w.top - w.height;
  if (flips_columns(header.orientation)) w.left = header.size.width - w.left - w.width;
  return w;
}

/// Copies the stored pixels [height, width, channels] upright into `out`, whose rows are `stride`
/// apart.
template <typename Sample>
void turn(std::span<const Sample> in, ImageSize size, std::int64_t channels, int orientation,
          std::span<Sample> out, std::int64_t stride) {
  const bool transposed = orientation >= 5;
  const std::int64_t height = transposed ? size.width : size.height;
  const std::int64_t width = transposed ? size.height : size.width;
  for (std::int64_t y = 0; y < height; ++y) {
    for (std::int64_t x = 0; x < width; ++x) {
      std::int64_t row = transposed ? x : y, column = transposed ? y : x;
      if (flips_rows(orientation)) row = size.height - 1 - row;
      if (flips_columns(orientation)) column = size.width - 1 - column;
      std::copy_n(in.begin() + (row * size.width + column) * channels, channels,
                  out.begin() + y * stride + x * channels);
    }
  }
}

}  // namespace

template <typename Sample>
RowFitter<Sample>::RowFitter(const ImageHeader& header, const ImageOptions& options)
    : header_(header) {
  const ImageSize upright = header.shown_size();
  const ImageSize size = options.size.value_or(upright);
  const bool alpha = header.has_alpha();
  colours_ = header.channels - (alpha ? 1 : 0);
  placement_ = place(upright, size, options.fit);
  const Window& to = placement_.to;
  const bool padded = to.height != size.height || to.width != size.width;
  // A colour below grey pixels, or around them, needs three channels.
  if ((alpha || padded) && !options.background.is_grey()) colours_ = 3;
  for (std::size_t c = 0; c < 3; ++c) {
    background_[c] = static_cast<Sample>(options.background.rgb[c]);
    if constexpr (std::is_same_v<Sample, float>) background_[c] /= 255.0F;
  }
  target_ = {colours_, size.height, size.width};
  window_ = stored(placement_.from, header);
  made_ =
      header.transposed() ? Window{0, 0, to.width, to.height} : Window{0, 0, to.height, to.width};
  small_.resize(static_cast<std::size_t>(made_.height * made_.width * colours_));
  if (made_.height != window_.height || made_.width != window_.width) {
    resizer_ = std::make_unique<RowResizer<Sample>>(
        ImageShape{colours_, window_.height, window_.width}, ImageSize{made_.height, made_.width});
    resizer_->begin(small_);
  }
}

template <typename Sample>
void RowFitter<Sample>::lay_on_background(std::span<const Sample> row) {
  const auto stored = static_cast<std::size_t>(header_.channels);
  const auto colours = static_cast<std::size_t>(colours_);
  const bool alpha = header_.has_alpha(), grey = stored <= 2;
  colour_row_.resize(row.size() / stored * colours);
  for (std::size_t x = 0; x < row.size() / stored; ++x) {
    const Sample* const pixel = row.data() + x * stored;
    const Sample opacity = alpha ? pixel[stored - 1] : kOpaque<Sample>;
    if (opacity != kOpaque<Sample>) transparent_ = true;
    for (std::size_t c = 0; c < colours; ++c) {
      colour_row_[x * colours + c] =
          laid(pixel[grey ? 0 : c], opacity, background_[c], header_.premultiplied);
    }
  }
}

template <typename Sample>
void RowFitter<Sample>::push(std::span<const Sample> row) {
  if (colours_ != header_.channels) {
    lay_on_background(row);
    row = colour_row_;
  }
  const std::int64_t at = row_++ - window_.top;
  if (at < 0 || at >= window_.height) return;
  const auto width = static_cast<std::size_t>(window_.width * colours_);
  const auto part = row.subspan(static_cast<std::size_t>(window_.left * colours_), width);
  if (resizer_) {
    resizer_->push(part);
  } else {
    std::ranges::copy(part, small_.begin() + at * std::ssize(part));
  }
}

template <typename Sample>
std::vector<Sample> RowFitter<Sample>::take(ImageShape& shape) {
  shape = target_;
  const bool whole = placement_.to.height == target_.height && placement_.to.width == target_.width;
  if (whole && header_.orientation == 1) return std::move(small_);
  std::vector<Sample> out(static_cast<std::size_t>(target_.pixels()));
  for (std::size_t i = 0; !whole && i < out.size(); ++i) {
    out[i] = background_[i % static_cast<std::size_t>(colours_)];
  }
  const std::int64_t stride = target_.width * colours_;
  const std::int64_t first = placement_.to.top * stride + placement_.to.left * colours_;
  turn<Sample>(small_, {made_.height, made_.width}, colours_, header_.orientation,
               std::span(out).subspan(static_cast<std::size_t>(first)), stride);
  return out;
}

template class RowFitter<std::uint8_t>;
template class RowFitter<float>;

int exact_byte(float value) {
  const auto byte = static_cast<int>(value * 255.0F + 0.5F);
  return static_cast<float>(byte) / 255.0F == value ? byte : -1;
}

namespace {

std::size_t row_samples(const ImageHeader& header) {
  return static_cast<std::size_t>(header.size.width * header.channels);
}

Image fit_bytes(ImageDecoder& decoder, const ImageOptions& options) {
  const ImageHeader& header = decoder.header();
  RowFitter<std::uint8_t> fitter(header, options);
  std::vector<std::uint8_t> row(row_samples(header));
  for (std::int64_t y = 0; y < header.size.height; ++y) {
    decoder.next_row(std::span(row));
    fitter.push(row);
  }
  Image image;
  image.bytes = fitter.take(image.shape);
  image.transparent = fitter.transparent();
  return image;
}

/// Also as bytes, as long as all samples are bytes exactly.
Image fit_reals(ImageDecoder& decoder, const ImageOptions& options) {
  const ImageHeader& header = decoder.header();
  RowFitter<float> fitter(header, options);
  auto bytes = std::make_unique<RowFitter<std::uint8_t>>(header, options);
  std::vector<float> row(row_samples(header));
  std::vector<std::uint8_t> byte_row(row.size());
  for (std::int64_t y = 0; y < header.size.height; ++y) {
    decoder.next_row(std::span(row));
    fitter.push(row);
    for (std::size_t i = 0; bytes && i < row.size(); ++i) {
      const int byte = exact_byte(row[i]);
      if (byte < 0) bytes.reset();
      byte_row[i] = static_cast<std::uint8_t>(byte);
    }
    if (bytes) bytes->push(byte_row);
  }
  Image image;
  image.transparent = fitter.transparent();
  if (bytes) {
    image.bytes = bytes->take(image.shape);
  } else {
    image.reals = fitter.take(image.shape);
  }
  return image;
}

/// Sums of what would be shown.
struct Moments {
  double sum = 0.0, squares = 0.0;
  void add(double value) {
    sum += value;
    squares += value * value;
  }
  double variance(double count) const {
    const double mean = sum / count;
    return std::max(squares / count - mean * mean, 0.0);
  }
};

template <typename Sample>
Contrasts contrasts(ImageDecoder& decoder) {
  const ImageHeader& header = decoder.header();
  const auto channels = static_cast<std::size_t>(header.channels);
  const double most = kOpaque<Sample>;
  Contrasts result;
  Moments black, white;
  std::vector<Sample> row(row_samples(header));
  for (std::int64_t y = 0; y < header.size.height; ++y) {
    decoder.next_row(std::span(row));
    for (std::size_t x = 0; x < row.size(); x += channels) {
      const Sample alpha = row[x + channels - 1];
      if (alpha != kOpaque<Sample>) result.transparent = true;
      for (std::size_t c = 0; c + 1 < channels; ++c) {
        black.add(laid(row[x + c], alpha, Sample{0}, header.premultiplied) / most);
        white.add(laid(row[x + c], alpha, kOpaque<Sample>, header.premultiplied) / most);
      }
    }
  }
  const auto count = static_cast<double>(row.size() / channels * (channels - 1)) *
                     static_cast<double>(header.size.height);
  result.on_black = black.variance(count);
  result.on_white = white.variance(count);
  return result;
}

}  // namespace

Contrasts contrasts_of(ImageDecoder& decoder) {
  assert(decoder.header().has_alpha());
  return decoder.header().real ? contrasts<float>(decoder) : contrasts<std::uint8_t>(decoder);
}

Image fit_image(ImageDecoder& decoder, const ImageOptions& options) {
  return decoder.header().real ? fit_reals(decoder, options) : fit_bytes(decoder, options);
}

}  // namespace hourglass
