#include "hourglass/data/image_samples_test.h"

#include <tiffio.h>
#include <webp/encode.h>
#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <jpeglib.h>

namespace hourglass {
namespace {

void append(Bytes& out, std::string_view text) {
  for (const char c : text) out.push_back(static_cast<std::uint8_t>(c));
}
void append(Bytes& out, const Bytes& bytes) {
  for (const std::uint8_t byte : bytes) out.push_back(byte);
}
void append_number(Bytes& out, std::uint32_t value, int count, bool little) {
  for (int i = 0; i < count; ++i) {
    out.push_back(static_cast<std::uint8_t>(value >> (8 * (little ? i : count - 1 - i))));
  }
}

}  // namespace

Bytes exif_bytes(int orientation, bool little) {
  Bytes out;
  append(out, little ? std::string_view("II*\0", 4) : std::string_view("MM\0*", 4));
  append_number(out, 8, 4, little);
  append_number(out, 2, 2, little);
  // The camera's maker before, to be passed over.
  append_number(out, 0x010f, 2, little);
  append_number(out, 2, 2, little);
  append_number(out, 4, 4, little);
  append(out, std::string_view("abc\0", 4));
  append_number(out, 0x0112, 2, little);
  append_number(out, 3, 2, little);
  append_number(out, 1, 4, little);
  append_number(out, static_cast<std::uint32_t>(orientation), 2, little);
  append_number(out, 0, 2, little);
  append_number(out, 0, 4, little);
  return out;
}

Bytes jpeg_bytes(const ByteImage& image, const JpegSpec& spec) {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &memory, &size);
  jpeg.image_width = static_cast<JDIMENSION>(image.shape.width);
  jpeg.image_height = static_cast<JDIMENSION>(image.shape.height);
  jpeg.input_components = static_cast<int>(image.shape.channels);
  jpeg.in_color_space = spec.cmyk ? JCS_CMYK : image.shape.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, spec.quality, TRUE);
  if (spec.full_colour) jpeg.comp_info[0].h_samp_factor = jpeg.comp_info[0].v_samp_factor = 1;
  jpeg.restart_in_rows = spec.restart_rows;
  if (spec.progressive) jpeg_simple_progression(&jpeg);
  jpeg_start_compress(&jpeg, TRUE);
  if (spec.orientation > 0) {
    Bytes exif;
    append(exif, std::string_view("Exif\0\0", 6));
    append(exif, exif_bytes(spec.orientation, spec.orientation % 2 == 0));
    jpeg_write_marker(&jpeg, JPEG_APP0 + 1, exif.data(), static_cast<unsigned>(exif.size()));
  }
  const auto stride = static_cast<std::size_t>(image.shape.width * image.shape.channels);
  Bytes line(stride);
  while (jpeg.next_scanline < jpeg.image_height) {
    std::copy_n(image.pixels.begin() + static_cast<std::ptrdiff_t>(jpeg.next_scanline * stride),
                stride, line.begin());
    JSAMPROW row = line.data();
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  Bytes out(memory, memory + size);
  std::free(memory);
  return out;
}

namespace {

Bytes taken(std::uint8_t* memory, std::size_t size) {
  Bytes out(memory, memory + size);
  WebPFree(memory);
  return out;
}

}  // namespace

Bytes webp_bytes(const ByteImage& image, int orientation) {
  const int width = static_cast<int>(image.shape.width);
  const int height = static_cast<int>(image.shape.height);
  const int stride = width * static_cast<int>(image.shape.channels);
  std::uint8_t* memory = nullptr;
  const bool alpha = image.shape.channels == 4;
  const std::size_t size =
      alpha ? WebPEncodeLosslessRGBA(image.pixels.data(), width, height, stride, &memory)
            : WebPEncodeLosslessRGB(image.pixels.data(), width, height, stride, &memory);
  Bytes simple = taken(memory, size);
  if (orientation == 0) return simple;
  // The extended form: a chunk with the flags and the size, the image, the EXIF data.
  Bytes exif = exif_bytes(orientation);
  if (exif.size() % 2 != 0) exif.push_back(0);
  Bytes body;
  append(body, "WEBPVP8X");
  append_number(body, 10, 4, true);
  append_number(body, alpha ? 0x18 : 0x08, 4, true);
  append_number(body, static_cast<std::uint32_t>(width - 1), 3, true);
  append_number(body, static_cast<std::uint32_t>(height - 1), 3, true);
  body.insert(body.end(), simple.begin() + 12, simple.end());
  append(body, "EXIF");
  append_number(body, static_cast<std::uint32_t>(exif.size()), 4, true);
  append(body, exif);
  Bytes out;
  append(out, "RIFF");
  append_number(out, static_cast<std::uint32_t>(body.size()), 4, true);
  append(out, body);
  return out;
}

Bytes lossy_webp_bytes(const ByteImage& image, float quality) {
  std::uint8_t* memory = nullptr;
  const int width = static_cast<int>(image.shape.width);
  const int height = static_cast<int>(image.shape.height);
  const std::size_t size =
      image.shape.channels == 4
          ? WebPEncodeRGBA(image.pixels.data(), width, height, 4 * width, quality, &memory)
          : WebPEncodeRGB(image.pixels.data(), width, height, 3 * width, quality, &memory);
  return taken(memory, size);
}

namespace {

/// A file of libtiff in memory.
struct TiffMemory {
  Bytes bytes;
  std::size_t at = 0;
};

TIFF* open_memory(TiffMemory& memory, bool big_endian) {
  return TIFFClientOpen(
      "test", big_endian ? "wb" : "wl", &memory,
      [](thandle_t handle, void* out, tmsize_t count) -> tmsize_t {
        auto& m = *static_cast<TiffMemory*>(handle);
        const std::size_t given = std::min(static_cast<std::size_t>(count),
                                           m.bytes.size() - std::min(m.at, m.bytes.size()));
        std::memcpy(out, m.bytes.data() + m.at, given);
        m.at += given;
        return static_cast<tmsize_t>(given);
      },
      [](thandle_t handle, void* in, tmsize_t count) -> tmsize_t {
        auto& m = *static_cast<TiffMemory*>(handle);
        const auto size = static_cast<std::size_t>(count);
        m.bytes.resize(std::max(m.bytes.size(), m.at + size));
        std::memcpy(m.bytes.data() + m.at, in, size);
        m.at += size;
        return count;
      },
      [](thandle_t handle, toff_t offset, int whence) -> toff_t {
        auto& m = *static_cast<TiffMemory*>(handle);
        const std::size_t base = whence == SEEK_CUR   ? m.at
                                 : whence == SEEK_END ? m.bytes.size()
                                                      : 0;
        return m.at = base + offset;
      },
      [](thandle_t) { return 0; },
      [](thandle_t handle) -> toff_t { return static_cast<TiffMemory*>(handle)->bytes.size(); },
      [](thandle_t, void**, toff_t*) { return 0; }, [](thandle_t, void*, toff_t) {});
}

void write_fields(TIFF* tiff, const TiffSpec& spec) {
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, static_cast<std::uint32_t>(spec.width));
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, static_cast<std::uint32_t>(spec.height));
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, int{spec.bits});
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, int{spec.samples});
  TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, int{spec.format});
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, int{spec.photometric});
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, int{spec.compression});
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, int{spec.planar});
  TIFFSetField(tiff, TIFFTAG_ORIENTATION, int{spec.orientation});
  if (spec.alpha) {
    const std::uint16_t kind = *spec.alpha;
    TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &kind);
  }
  if (!spec.palette.empty()) {
    std::array<std::vector<std::uint16_t>, 3> maps;
    for (auto& map : maps) map.resize(std::size_t{1} << spec.bits);
    for (std::size_t i = 0; i < spec.palette.size(); ++i) {
      for (std::size_t c = 0; c < 3; ++c) maps[c][i] = spec.palette[i][c];
    }
    TIFFSetField(tiff, TIFFTAG_COLORMAP, maps[0].data(), maps[1].data(), maps[2].data());
  }
  if (spec.tile > 0) {
    TIFFSetField(tiff, TIFFTAG_TILEWIDTH, static_cast<std::uint32_t>(spec.tile));
    TIFFSetField(tiff, TIFFTAG_TILELENGTH, static_cast<std::uint32_t>(spec.tile));
  } else {
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, static_cast<std::uint32_t>(spec.rows_per_strip));
  }
}

/// The samples of one plane of a row, from rows of all samples; whole bytes a sample only.
Bytes plane_of(const TiffSpec& spec, const Bytes& row, std::size_t plane) {
  if (spec.planar == 1) return row;
  const std::size_t size = spec.bits / 8;
  Bytes out;
  for (std::size_t x = 0; x < static_cast<std::size_t>(spec.width); ++x) {
    const auto at = row.begin() + static_cast<std::ptrdiff_t>((x * spec.samples + plane) * size);
    out.insert(out.end(), at, at + static_cast<std::ptrdiff_t>(size));
  }
  return out;
}

void write_pixels(TIFF* tiff, const TiffSpec& spec) {
  const std::size_t stride =
      (static_cast<std::size_t>(spec.width) * spec.samples * spec.bits + 7) / 8;
  const std::size_t planes = spec.planar == 2 ? spec.samples : 1;
  const auto height = static_cast<std::size_t>(spec.height);
  for (std::size_t plane = 0; plane < planes; ++plane) {
    std::vector<Bytes> rows;
    for (std::size_t y = 0; y < height; ++y) {
      const auto begin = spec.pixels.begin() + static_cast<std::ptrdiff_t>(y * stride);
      rows.push_back(plane_of(spec, {begin, begin + static_cast<std::ptrdiff_t>(stride)}, plane));
    }
    const auto sample = static_cast<std::uint16_t>(plane);
    if (spec.tile == 0) {
      for (std::size_t y = 0; y < height; ++y) {
        TIFFWriteScanline(tiff, rows[y].data(), static_cast<std::uint32_t>(y), sample);
      }
      continue;
    }
    const auto side = static_cast<std::size_t>(spec.tile);
    const std::size_t line = side * (planes > 1 ? 1 : spec.samples) * spec.bits / 8;
    for (std::size_t top = 0; top < height; top += side) {
      for (std::size_t left = 0; left * line < rows[0].size(); ++left) {
        Bytes tile(line * side);
        for (std::size_t y = 0; y < side && top + y < height; ++y) {
          const Bytes& row = rows[top + y];
          const std::size_t begin = left * line, count = std::min(line, row.size() - begin);
          std::copy_n(row.begin() + static_cast<std::ptrdiff_t>(begin), count,
                      tile.begin() + static_cast<std::ptrdiff_t>(y * line));
        }
        TIFFWriteTile(tiff, tile.data(), static_cast<std::uint32_t>(left * side),
                      static_cast<std::uint32_t>(top), 0, sample);
      }
    }
  }
}

}  // namespace

Bytes tiff_bytes(const TiffSpec& spec) {
  TiffMemory memory;
  TIFF* const tiff = open_memory(memory, spec.big_endian);
  for (int page = 0; page < spec.pages; ++page) {
    write_fields(tiff, spec);
    write_pixels(tiff, spec);
    TIFFWriteDirectory(tiff);
  }
  TIFFClose(tiff);
  return memory.bytes;
}

Bytes tiff_bytes(const ByteImage& image) {
  TiffSpec spec;
  spec.height = image.shape.height;
  spec.width = image.shape.width;
  spec.samples = static_cast<std::uint16_t>(image.shape.channels);
  spec.photometric = image.shape.channels == 3 ? 2 : 1;
  spec.pixels = image.pixels;
  return tiff_bytes(spec);
}

Bytes with_exif(const Bytes& png, int orientation) {
  constexpr std::ptrdiff_t kBehindHeader = 33;
  const Bytes exif = exif_bytes(orientation);
  Bytes chunk;
  append_number(chunk, static_cast<std::uint32_t>(exif.size()), 4, false);
  append(chunk, "eXIf");
  append(chunk, exif);
  const uLong crc = crc32_z(crc32(0, nullptr, 0), chunk.data() + 4, chunk.size() - 4);
  append_number(chunk, static_cast<std::uint32_t>(crc), 4, false);
  Bytes out = png;
  out.insert(out.begin() + kBehindHeader, chunk.begin(), chunk.end());
  return out;
}

}  // namespace hourglass
