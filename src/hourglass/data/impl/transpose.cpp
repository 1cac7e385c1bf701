#include "hourglass/data/impl/transpose.h"

#include <algorithm>
#include <span>

namespace hourglass {
namespace {

template <typename T>
void transpose_each(std::span<T> pixels, const ImageShape& shape) {
  const auto height = static_cast<std::size_t>(shape.height);
  const auto width = static_cast<std::size_t>(shape.width);
  const auto channels = static_cast<std::size_t>(shape.channels);
  std::vector<T> before(height * width * channels);
  for (; !pixels.empty(); pixels = pixels.subspan(before.size())) {
    std::copy_n(pixels.begin(), before.size(), before.begin());
    for (std::size_t y = 0; y < height; ++y) {
      for (std::size_t x = 0; x < width; ++x) {
        for (std::size_t c = 0; c < channels; ++c) {
          pixels[(x * height + y) * channels + c] = before[(y * width + x) * channels + c];
        }
      }
    }
  }
}

}  // namespace

void transpose_images(std::vector<std::uint8_t>& pixels, const ImageShape& shape) {
  transpose_each(std::span(pixels), shape);
}

RowSource transposed(const RowSource& images, const ImageShape& shape) {
  if (images.count() == 0) return images;
  const std::int64_t columns = shape.pixels();
  std::vector<std::int64_t> labels(images.labels().begin(), images.labels().end());
  std::vector<std::string> names(images.names().begin(), images.names().end());
  if (!images.keeps_bytes()) {
    Tensor values(Shape{images.count(), columns});
    images.fill_rows(0, images.count(), values);
    transpose_each(values.span(), shape);
    return float_rows(std::move(values), std::move(labels), std::move(names));
  }
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(images.count() * columns));
  for (std::int64_t i = 0; i < images.count(); ++i) {
    images.fill_bytes(i, std::span(bytes).subspan(static_cast<std::size_t>(i * columns),
                                                  static_cast<std::size_t>(columns)));
  }
  transpose_images(bytes, shape);
  return byte_rows(std::move(bytes), columns, std::move(labels), std::move(names));
}

}  // namespace hourglass
