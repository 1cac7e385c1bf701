// What every reader of an image format offers: an interface and the registry of those that there
// are. What becomes of the rows: see image.h.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "hourglass/data/resize.h"

namespace hourglass {

/// What a file says about itself before its pixels.
struct ImageHeader {
  ImageSize size;              // as stored, before `orientation` is applied
  std::int64_t channels = 1;   // grey, grey and alpha, RGB, RGB and alpha
  bool real = false;           // rows are floats in [0, 1]: the file has over 8 bits a sample
  int bits = 8;                // of a sample in the file
  int orientation = 1;         // EXIF's, 1 to 8
  bool premultiplied = false;  // colours are multiplied by alpha already
  bool more_pages = false;     // only the first is read
  bool cmyk = false;           // converted without a colour profile

  bool has_alpha() const { return channels % 2 == 0; }
  bool transposed() const { return orientation >= 5; }
  /// As it is shown.
  ImageSize shown_size() const { return transposed() ? ImageSize{size.width, size.height} : size; }
};

/// Gives the rows of one image, top down. The bytes of the file must outlive it.
class ImageDecoder {
 public:
  ImageDecoder() = default;
  virtual ~ImageDecoder() = default;
  ImageDecoder(const ImageDecoder&) = delete;
  ImageDecoder& operator=(const ImageDecoder&) = delete;

  const ImageHeader& header() const { return header_; }
  /// The next row, [width * channels]: bytes unless the header says `real`. Throws Error if the
  /// file is damaged or cut short. Called once for each row.
  virtual void next_row(std::span<std::uint8_t> row) = 0;
  virtual void next_row(std::span<float> row) = 0;

 protected:
  ImageHeader header_;
};

/// A format. open() reads the header and no pixel, from the beginning of the file if that is
/// enough; it throws Error if the file is damaged, cut short or cannot be read.
struct ImageReader {
  std::string name;  // "PNG"
  bool (*recognises)(std::span<const std::uint8_t> bytes);
  std::unique_ptr<ImageDecoder> (*open)(std::span<const std::uint8_t> bytes, std::string_view name);
  std::string (*library)();  // with its version: "libpng 1.6.39"
};

ImageReader png_reader();
ImageReader jpeg_reader();
ImageReader webp_reader();
ImageReader tiff_reader();

/// All readers of this build.
std::span<const ImageReader> image_readers();

/// The reader that recognises the content; null if none does.
const ImageReader* reader_of(std::span<const std::uint8_t> bytes);

/// Opens it with the reader that recognises it. Throws Error if none does.
std::unique_ptr<ImageDecoder> open_image(std::span<const std::uint8_t> bytes,
                                         std::string_view name);

/// The name of a format without a reader ("GIF", "HEIC") that the content has; empty if none is
/// recognised.
std::string_view other_image_kind(std::span<const std::uint8_t> bytes);

/// Throws Error unless both sides are in [1, kMaxImageSide].
void check_sides(std::string_view name, std::int64_t height, std::int64_t width);

/// The most bytes of an image file.
inline constexpr std::uint64_t kMostImageBytes = std::uint64_t{1} << 29;

}  // namespace hourglass
