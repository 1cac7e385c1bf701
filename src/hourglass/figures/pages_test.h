// Shared by the tests of this module: decoding of PNGs, and small made-up data.
#pragma once

#include <png.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "hourglass/figures/raster.h"
#include "hourglass/figures/save.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// Decodes with libpng's simplified interface, which shares no code with what wrote it.
inline Raster decoded_png(const std::vector<std::uint8_t>& bytes) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) == 0) {
    throw std::runtime_error(image.message);
  }
  image.format = PNG_FORMAT_RGB;
  Raster out{static_cast<int>(image.width), static_cast<int>(image.height), {}};
  out.rgb.resize(PNG_IMAGE_SIZE(image));
  if (png_image_finish_read(&image, nullptr, out.rgb.data(), 0, nullptr) == 0) {
    throw std::runtime_error(image.message);
  }
  return out;
}

/// 0xRRGGBB of a pixel.
inline std::uint32_t pixel(const Raster& picture, int x, int y) {
  const std::uint8_t* rgb = picture.rgb.data() + 3 * (y * picture.width + x);
  return (std::uint32_t{rgb[0]} << 16) | (std::uint32_t{rgb[1]} << 8) | rgb[2];
}

inline std::int64_t count_pixels(const Raster& picture, std::uint32_t color) {
  std::int64_t count = 0;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) count += pixel(picture, x, y) == color ? 1 : 0;
  }
  return count;
}

/// The integers after the name of a PNG chunk; empty if there is no such chunk.
inline std::vector<std::uint32_t> chunk_words(const std::vector<std::uint8_t>& bytes,
                                              const std::string& name, std::size_t words) {
  const auto found = std::search(bytes.begin(), bytes.end(), name.begin(), name.end());
  std::vector<std::uint32_t> out;
  auto at = found == bytes.end() ? found : found + 4;
  for (; out.size() < words && bytes.end() - at >= 4; at += 4) {
    out.push_back((std::uint32_t{at[0]} << 24) | (std::uint32_t{at[1]} << 16) |
                  (std::uint32_t{at[2]} << 8) | at[3]);
  }
  return out;
}

/// n images whose pixels step through [0, 1].
inline Tensor made_up_images(std::int64_t n, const ImageShape& shape, std::int64_t step = 7) {
  Tensor images(Shape{n, shape.pixels()});
  for (std::int64_t i = 0; i < images.count(); ++i) {
    images[i] = static_cast<float>((i * step) % 101) / 100.0f;
  }
  return images;
}

}  // namespace hourglass
