// Small image files for tests, made by the formats' own libraries; PNG is in samples_test.h.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "hourglass/data/samples_test.h"

namespace hourglass {

/// EXIF data with this orientation, in either byte order.
Bytes exif_bytes(int orientation, bool little = true);

struct JpegSpec {
  int quality = 95;
  bool progressive = false;
  bool cmyk = false;         // the image's channels are 4 inks, stored as they are
  bool full_colour = false;  // the colours of each pixel: 4:4:4
  int restart_rows = 0;
  int orientation = 0;  // 0: no EXIF data
};

/// 1, 3 or, for CMYK, 4 channels.
Bytes jpeg_bytes(const ByteImage& image, const JpegSpec& spec = {});

/// 3 channels or 4; without loss. With an orientation in an extended file.
Bytes webp_bytes(const ByteImage& image, int orientation = 0);
/// Lossy.
Bytes lossy_webp_bytes(const ByteImage& image, float quality = 90.0F);

struct TiffSpec {
  std::int64_t height = 1, width = 1;
  std::uint16_t samples = 1, bits = 8, format = 1;  // 1 unsigned, 2 signed, 3 real
  std::uint16_t photometric = 1;  // 0 min is white, 1 min is black, 2 RGB, 3 palette
  std::uint16_t compression = 1;  // 1 none, 5 LZW, 8 deflate
  std::uint16_t planar = 1;       // 2: each sample in a plane of its own
  std::uint16_t orientation = 1;
  std::optional<std::uint16_t> alpha = std::nullopt;  // EXTRASAMPLES: 1 premultiplied, 2 not
  std::int64_t tile = 0;               // side of tiles, a multiple of 16; 0: strips
  std::int64_t rows_per_strip = 3;
  bool big_endian = false;
  int pages = 1;
  std::vector<std::array<std::uint16_t, 3>> palette = {};
  Bytes pixels = {};  // [height, width, samples], packed rows, the machine's byte order
};

Bytes tiff_bytes(const TiffSpec& spec);
/// 8 bits, 1 channel or 3.
Bytes tiff_bytes(const ByteImage& image);

/// A PNG with a chunk of EXIF data behind its header.
Bytes with_exif(const Bytes& png, int orientation);

}  // namespace hourglass
