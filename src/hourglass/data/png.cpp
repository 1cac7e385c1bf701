#include "hourglass/data/png.h"

#include <png.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstring>
#include <string>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/data/impl/byte_reader.h"

namespace hourglass {
namespace {

constexpr std::uint64_t kMostFileBytes = std::uint64_t{1} << 28;
constexpr png_alloc_size_t kMostChunkBytes = png_alloc_size_t{1} << 23;

/// The data of libpng's callbacks, and everything that must survive its longjmp after an error.
struct Reader {
  explicit Reader(std::span<const std::uint8_t> file) : left(file) {
    png = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
    if (png != nullptr) info = png_create_info_struct(png);
    if (info == nullptr) {
      png_destroy_read_struct(&png, nullptr, nullptr);
      throw std::bad_alloc();
    }
    png_set_read_fn(png, this, on_read);
    png_set_user_limits(png, kMaxImageSide, kMaxImageSide);
    png_set_chunk_malloc_max(png, kMostChunkBytes);
    // Ignores texts, profiles and unknown chunks: compressed, a few of their bytes can become
    // megabytes, and there may be thousands of them. Only a transparent colour is read.
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
  }
  ~Reader() { png_destroy_read_struct(&png, &info, nullptr); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  [[noreturn]] static void on_error(png_structp png, png_const_charp message) {
    auto& reader = *static_cast<Reader*>(png_get_error_ptr(png));
    std::strncpy(reader.message.data(), message, reader.message.size() - 1);
    longjmp(png_jmpbuf(png), 1);
  }
  static void on_warning(png_structp, png_const_charp) {}
  static void on_read(png_structp png, png_bytep out, std::size_t count) {
    auto& reader = *static_cast<Reader*>(png_get_io_ptr(png));
    if (count > reader.left.size()) png_error(png, "it is cut short");
    std::memcpy(out, reader.left.data(), count);
    reader.left = reader.left.subspan(count);
  }

  /// Reads up to the pixels and sets the conversions. These two functions own nothing, because an
  /// error leaves them by longjmp, without destructors.
  bool read_header() {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    png_read_info(png, info);
    png_set_expand(png);  // palette to RGB, 1, 2 and 4 bit grey to 8, a transparent colour to alpha
    png_set_scale_16(png);
    passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    width = png_get_image_width(png, info);
    height = png_get_image_height(png, info);
    channels = png_get_channels(png, info);
    row_bytes = png_get_rowbytes(png, info);
    return true;
  }

  bool read_pixels(std::uint8_t* pixels) {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    for (int pass = 0; pass < passes; ++pass) {
      for (std::size_t row = 0; row < height; ++row) {
        png_read_row(png, pixels + row * row_bytes, nullptr);
      }
    }
    png_read_end(png, nullptr);
    return true;
  }

  std::span<const std::uint8_t> left;
  png_structp png = nullptr;
  png_infop info = nullptr;
  std::array<char, 128> message{};
  int passes = 1;
  std::size_t width = 0, height = 0, row_bytes = 0;
  std::size_t channels = 0;  // 1 to 4; the even ones end in alpha
};

/// Composites pixels with alpha on black and removes the alpha channel, in place.
void drop_alpha(std::vector<std::uint8_t>& pixels, std::size_t channels) {
  const std::size_t colours = channels - 1, count = pixels.size() / channels;
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned alpha = pixels[i * channels + colours];
    for (std::size_t c = 0; c < colours; ++c) {
      const unsigned value = pixels[i * channels + c] * alpha;
      pixels[i * colours + c] = static_cast<std::uint8_t>((value + 127) / 255);
    }
  }
  pixels.resize(count * colours);
}

}  // namespace

ByteImage decode_png(std::span<const std::uint8_t> bytes, std::string_view name) {
  if (bytes.size() < 8 || png_sig_cmp(bytes.data(), 0, 8) != 0) {
    fail_file("data", "{} is not a PNG file, whatever its name says", name);
  }
  Reader reader(bytes);
  const auto refuse = [&] {
    fail_file("data", "{} cannot be read as PNG: {}", name, reader.message.data());
  };
  if (!reader.read_header()) refuse();
  // A pixel has at least one bit in the file, and at most four bytes here.
  const std::uint64_t size = std::uint64_t{reader.row_bytes} * reader.height;
  if (size / 32 > bytes.size() * kMaxDeflateRatio) {
    fail_file("data", "{} says it is {} x {} pixels, far more than its {} bytes can hold", name,
              reader.height, reader.width, bytes.size());
  }
  ByteImage image;
  image.pixels.resize(size);
  if (!reader.read_pixels(image.pixels.data())) refuse();
  const bool alpha = reader.channels % 2 == 0;
  if (alpha) drop_alpha(image.pixels, reader.channels);
  image.shape = {static_cast<std::int64_t>(reader.channels - (alpha ? 1 : 0)),
                 static_cast<std::int64_t>(reader.height), static_cast<std::int64_t>(reader.width)};
  return image;
}

ByteImage read_png(const std::filesystem::path& path) {
  return decode_png(read_file(path, kMostFileBytes), path.string());
}

}  // namespace hourglass
