// PNG, by libpng.
#include <png.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstring>
#include <string>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/data/impl/byte_reader.h"
#include "hourglass/data/impl/exif.h"
#include "hourglass/data/impl/image_reader.h"

namespace hourglass {
namespace {

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

  /// Reads up to the pixels and sets the conversions. These functions own nothing, because an error
  /// leaves them by longjmp, without destructors.
  bool read_header() {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    png_read_info(png, info);
    bits = png_get_bit_depth(png, info);
    png_set_expand(png);  // palette to RGB, 1, 2 and 4 bit grey to 8, a transparent colour to alpha
    passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    width = png_get_image_width(png, info);
    height = png_get_image_height(png, info);
    channels = png_get_channels(png, info);
    row_bytes = png_get_rowbytes(png, info);
    return true;
  }

  /// One row of an image without interlace.
  bool read_row(std::uint8_t* row) {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    png_read_row(png, row, nullptr);
    return true;
  }

  /// All rows, of an interlaced image.
  bool read_pixels(std::uint8_t* pixels) {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    for (int pass = 0; pass < passes; ++pass) {
      for (std::size_t row = 0; row < height; ++row) {
        png_read_row(png, pixels + row * row_bytes, nullptr);
      }
    }
    return true;
  }

  /// What follows the pixels: there the file shows whether it is whole.
  bool read_end() {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    png_read_end(png, nullptr);
    return true;
  }

  std::span<const std::uint8_t> left;
  png_structp png = nullptr;
  png_infop info = nullptr;
  std::array<char, 128> message{};
  int passes = 1, bits = 8;
  std::size_t width = 0, height = 0, row_bytes = 0;
  std::size_t channels = 0;  // 1 to 4; the even ones end in alpha
};

/// The EXIF data before the pixels. Not by libpng, which allocates as much as the chunk claims to
/// hold.
std::span<const std::uint8_t> exif_of(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t kSignature = 8, kAround = 12;  // length and type before, checksum behind
  for (std::size_t at = kSignature; bytes.size() - at >= kAround;) {
    const std::size_t length = png_get_uint_32(bytes.data() + at);
    const auto chunk = bytes.subspan(at + 4);
    if (length > bytes.size() - at - kAround || std::memcmp(chunk.data(), "IDAT", 4) == 0) break;
    if (std::memcmp(chunk.data(), "eXIf", 4) == 0) return chunk.subspan(4, length);
    at += length + kAround;
  }
  return {};
}

class PngDecoder final : public ImageDecoder {
 public:
  PngDecoder(std::span<const std::uint8_t> bytes, std::string_view name)
      : name_(name), reader_(bytes) {
    check(reader_.read_header());
    // A pixel of one bit in the file is at most four bytes here; deeper ones grow less.
    const std::uint64_t size = std::uint64_t{reader_.row_bytes} * reader_.height;
    if (size / 32 > bytes.size() * kMaxDeflateRatio) {
      fail_file("data", "{} says it is {} x {} pixels, far more than its {} bytes can hold", name,
                reader_.height, reader_.width, bytes.size());
    }
    header_.size = {static_cast<std::int64_t>(reader_.height),
                    static_cast<std::int64_t>(reader_.width)};
    header_.channels = static_cast<std::int64_t>(reader_.channels);
    header_.bits = reader_.bits;
    header_.real = reader_.bits == 16;
    header_.orientation = exif_orientation(exif_of(bytes));
  }

  void next_row(std::span<std::uint8_t> row) override {
    if (reader_.passes == 1) {
      check(reader_.read_row(row.data()));
    } else {
      if (row_ == 0) read_interlaced();
      std::copy_n(pixels_.begin() + static_cast<std::ptrdiff_t>(row_ * reader_.row_bytes),
                  reader_.row_bytes, row.begin());
    }
    if (++row_ == reader_.height) check(reader_.read_end());
  }

  /// 16 bits, the high byte first.
  void next_row(std::span<float> row) override {
    wide_.resize(reader_.row_bytes);
    next_row(std::span<std::uint8_t>(wide_));
    for (std::size_t i = 0; i < row.size(); ++i) {
      row[i] = static_cast<float>(wide_[2 * i] * 256 + wide_[2 * i + 1]) / 65535.0F;
    }
  }

 private:
  void read_interlaced() {
    pixels_.resize(reader_.row_bytes * reader_.height);
    check(reader_.read_pixels(pixels_.data()));
  }
  void check(bool good) const {
    if (!good) fail_file("data", "{} cannot be read as PNG: {}", name_, reader_.message.data());
  }

  std::string name_;
  Reader reader_;
  std::size_t row_ = 0;
  std::vector<std::uint8_t> pixels_, wide_;
};

}  // namespace

ImageReader png_reader() {
  return {"PNG",
          [](std::span<const std::uint8_t> bytes) {
            return bytes.size() >= 8 && png_sig_cmp(bytes.data(), 0, 8) == 0;
          },
          [](std::span<const std::uint8_t> bytes,
             std::string_view name) -> std::unique_ptr<ImageDecoder> {
            return std::make_unique<PngDecoder>(bytes, name);
          },
          [] { return "libpng " + std::string(png_get_libpng_ver(nullptr)); }};
}

}  // namespace hourglass
