#include "hourglass/figures/png.h"

#include <png.h>

#include <algorithm>
#include <cmath>
#include <csetjmp>
#include <map>
#include <optional>

#include "hourglass/base/error.h"
#include "hourglass/figures/impl/checks.h"
#include "hourglass/tensor/impl/checks.h"

namespace hourglass {
namespace {

/// The pixels in one PNG colour type, with its palette.
struct Encoding {
  int color_type = PNG_COLOR_TYPE_RGB;
  int bytes_per_pixel = 3;
  std::vector<png_color> palette;
  std::vector<std::uint8_t> rows;  // [height, width, bytes_per_pixel]
};

std::uint32_t packed(const std::uint8_t* rgb) {
  return (std::uint32_t{rgb[0]} << 16) | (std::uint32_t{rgb[1]} << 8) | rgb[2];
}

std::optional<Encoding> as_grey(const Raster& picture) {
  Encoding out{PNG_COLOR_TYPE_GRAY, 1, {}, {}};
  out.rows.reserve(picture.rgb.size() / 3);
  for (std::size_t i = 0; i < picture.rgb.size(); i += 3) {
    const std::uint8_t* rgb = picture.rgb.data() + i;
    if (rgb[0] != rgb[1] || rgb[0] != rgb[2]) return std::nullopt;
    out.rows.push_back(rgb[0]);
  }
  return out;
}

std::optional<Encoding> with_palette(const Raster& picture) {
  std::map<std::uint32_t, std::uint8_t> indices;
  std::uint32_t last = 0xFFFFFFFF;
  for (std::size_t i = 0; i < picture.rgb.size(); i += 3) {
    const std::uint32_t color = packed(picture.rgb.data() + i);
    if (color == last) continue;
    last = color;
    indices.emplace(color, 0);
    if (indices.size() > 256) return std::nullopt;
  }
  Encoding out{PNG_COLOR_TYPE_PALETTE, 1, {}, {}};
  for (auto& [color, index] : indices) {
    index = static_cast<std::uint8_t>(out.palette.size());
    out.palette.push_back({static_cast<png_byte>(color >> 16),
                           static_cast<png_byte>((color >> 8) & 0xFF),
                           static_cast<png_byte>(color & 0xFF)});
  }
  out.rows.reserve(picture.rgb.size() / 3);
  std::uint8_t index = 0;
  for (std::size_t i = 0; i < picture.rgb.size(); i += 3) {
    const std::uint32_t color = packed(picture.rgb.data() + i);
    if (i == 0 || color != last) index = indices.at(color);
    last = color;
    out.rows.push_back(index);
  }
  return out;
}

void append(png_structp png, png_bytep bytes, png_size_t count) {
  auto* out = static_cast<std::vector<std::uint8_t>*>(png_get_io_ptr(png));
  out->insert(out->end(), bytes, bytes + count);
}

void flush(png_structp) {}

[[noreturn]] void on_error(png_structp png, png_const_charp) {
  png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

/// `dots_per_inch` 0: no resolution is written. No local needs a destructor after setjmp, because
/// libpng leaves by longjmp.
bool encode(const Encoding& encoding, std::size_t width, std::size_t height, double dots_per_inch,
            std::vector<std::uint8_t>* out) {
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, on_error, on_warning);
  if (png == nullptr) return false;
  png_infop info = png_create_info_struct(png);
  if (info == nullptr || setjmp(png_jmpbuf(png)) != 0) {
    png_destroy_write_struct(&png, &info);
    return false;
  }
  png_set_write_fn(png, out, append, flush);
  // Level 9 takes seconds for a large sheet of images and makes it no smaller.
  const bool large = width * height > 4'000'000;
  png_set_compression_level(png, large ? 6 : 9);
  // Drawings are flat: repeated bytes compress better than differences of neighbours.
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
  png_set_IHDR(png, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), 8,
               encoding.color_type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  if (!encoding.palette.empty()) {
    png_set_PLTE(png, info, encoding.palette.data(), static_cast<int>(encoding.palette.size()));
  }
  if (dots_per_inch > 0.0) {
    const auto per_metre = static_cast<png_uint_32>(std::lround(dots_per_inch / 0.0254));
    png_set_pHYs(png, info, per_metre, per_metre, PNG_RESOLUTION_METER);
  }
  png_write_info(png, info);
  const auto stride = width * static_cast<std::size_t>(encoding.bytes_per_pixel);
  for (std::size_t y = 0; y < height; ++y) {
    png_write_row(png, encoding.rows.data() + y * stride);
  }
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &info);
  return true;
}

std::vector<std::uint8_t> encoded(const Encoding& encoding, std::int64_t width, std::int64_t height,
                                  double dots_per_inch) {
  std::vector<std::uint8_t> out;
  if (!encode(encoding, static_cast<std::size_t>(width), static_cast<std::size_t>(height),
              dots_per_inch, &out)) {
    fail_file("figure", "a picture of {} x {} pixels could not be written as PNG", width, height);
  }
  return out;
}

}  // namespace

std::vector<std::uint8_t> png_bytes(const Raster& picture, double dots_per_inch) {
  check_shape({3, picture.height, picture.width});
  check_size("rgb", picture.rgb.size(), std::int64_t{3} * picture.height * picture.width);
  require(dots_per_inch >= 0 && dots_per_inch <= 1e6, "figure", "dots_per_inch", dots_per_inch,
          "must be from 0 to 1000000");
  std::optional<Encoding> encoding = as_grey(picture);
  if (!encoding) encoding = with_palette(picture);
  if (!encoding) encoding = Encoding{PNG_COLOR_TYPE_RGB, 3, {}, picture.rgb};
  return encoded(*encoding, picture.width, picture.height, dots_per_inch);
}

std::vector<std::uint8_t> image_png(std::span<const std::uint8_t> pixels, const ImageShape& shape) {
  require_pixels("figure", shape);
  require(shape.channels == 1 || shape.channels == 3, "figure", "shape", shape.text(),
          "images have 1 channel (grey) or 3 (colour)");
  check_size("pixels", pixels.size(), shape.pixels());
  const Encoding encoding{shape.channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB,
                          static_cast<int>(shape.channels),
                          {},
                          {pixels.begin(), pixels.end()}};
  return encoded(encoding, shape.width, shape.height, 0.0);
}

}  // namespace hourglass
