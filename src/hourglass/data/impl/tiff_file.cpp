#include "hourglass/data/impl/tiff_file.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "hourglass/base/error.h"
#include "hourglass/base/impl/printable.h"
#include "hourglass/data/impl/image_reader.h"

namespace hourglass {
namespace {

constexpr std::uint64_t kMostBandBytes = std::uint64_t{1} << 27;
constexpr std::uint16_t kMostSamples = 8;

}  // namespace

TiffFile::TiffFile(std::span<const std::uint8_t> bytes, std::string_view name)
    : api_(tiff_api()), name_(name), source_{bytes, 0, {}} {
  const auto read = [](thandle_t handle, void* out, tmsize_t count) -> tmsize_t {
    auto& source = *static_cast<Source*>(handle);
    const std::uint64_t at = std::min<std::uint64_t>(source.at, source.bytes.size());
    const auto given = std::min<std::uint64_t>(
        static_cast<std::uint64_t>(std::max<tmsize_t>(count, 0)), source.bytes.size() - at);
    if (given > 0) std::memcpy(out, source.bytes.data() + at, given);
    source.at = at + given;
    return static_cast<tmsize_t>(given);
  };
  const auto write = [](thandle_t, void*, tmsize_t) -> tmsize_t { return 0; };
  const auto seek = [](thandle_t handle, toff_t offset, int whence) -> toff_t {
    auto& source = *static_cast<Source*>(handle);
    const std::uint64_t base = whence == SEEK_CUR   ? source.at
                               : whence == SEEK_END ? source.bytes.size()
                                                    : 0;
    return source.at = base + offset;
  };
  const auto size = [](thandle_t handle) -> toff_t {
    return static_cast<Source*>(handle)->bytes.size();
  };
  const auto nothing = [](thandle_t) { return 0; };
  const auto no_map = [](thandle_t, void**, toff_t*) { return 0; };
  const auto no_unmap = [](thandle_t, void*, toff_t) {};
  const auto on_error = [](TIFF*, void* user, const char*, const char* format, va_list arguments) {
    auto& message = static_cast<Source*>(user)->message;
    if (message[0] == '\0') std::vsnprintf(message.data(), message.size(), format, arguments);
    return 1;
  };
  const auto on_warning = [](TIFF*, void*, const char*, const char*, va_list) { return 1; };

  TIFFOpenOptions* const options = api_.open_options_alloc();
  if (options == nullptr) throw std::bad_alloc();
  api_.set_error_handler(options, on_error, &source_);
  api_.set_warning_handler(options, on_warning, nullptr);
  api_.set_most_memory(options, kMostBandBytes);
  // m: not mapped, as it is in memory already.
  tiff_ = api_.client_open("image", "rm", &source_, read, write, seek, nothing, size, no_map,
                           no_unmap, options);
  api_.open_options_free(options);
  if (tiff_ == nullptr) refuse("");
  try {
    read_facts();
  } catch (...) {
    api_.close(tiff_);
    throw;
  }
}

TiffFile::~TiffFile() {
  api_.close(tiff_);
}

void TiffFile::refuse(std::string_view why) const {
  const std::string_view said = source_.message.data();
  fail_file("data", "{} cannot be read as TIFF: {}", name_,
            printable(!why.empty()   ? why
                      : said.empty() ? "it is damaged"
                                     : said,
                      150));
}

void TiffFile::read_facts() {
  TiffFacts& f = facts_;
  if (api_.get_field(tiff_, TIFFTAG_IMAGEWIDTH, &f.width) == 0 ||
      api_.get_field(tiff_, TIFFTAG_IMAGELENGTH, &f.height) == 0) {
    refuse("it does not say how large it is");
  }
  check_sides(name_, f.height, f.width);
  api_.get_field_defaulted(tiff_, TIFFTAG_BITSPERSAMPLE, &f.bits);
  api_.get_field_defaulted(tiff_, TIFFTAG_SAMPLESPERPIXEL, &f.samples);
  api_.get_field_defaulted(tiff_, TIFFTAG_SAMPLEFORMAT, &f.format);
  api_.get_field_defaulted(tiff_, TIFFTAG_PLANARCONFIG, &f.planar);
  api_.get_field_defaulted(tiff_, TIFFTAG_ORIENTATION, &f.orientation);
  api_.get_field_defaulted(tiff_, TIFFTAG_COMPRESSION, &f.compression);
  if (api_.get_field(tiff_, TIFFTAG_PHOTOMETRIC, &f.photometric) == 0) {
    f.photometric = f.samples >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
  }
  if (f.samples < 1 || f.samples > kMostSamples) {
    refuse(fmt::format("it has {} samples a pixel", f.samples));
  }
  std::uint16_t extras = 0;
  const std::uint16_t* kinds = nullptr;
  if (api_.get_field_defaulted(tiff_, TIFFTAG_EXTRASAMPLES, &extras, &kinds) != 0 && extras > 0 &&
      kinds != nullptr) {
    f.first_extra = kinds[0];
  }
  if (f.photometric == PHOTOMETRIC_PALETTE &&
      api_.get_field(tiff_, TIFFTAG_COLORMAP, &f.palette[0], &f.palette[1], &f.palette[2]) == 0) {
    refuse("it lacks its palette");
  }
  if (f.photometric == PHOTOMETRIC_YCBCR && f.compression == COMPRESSION_JPEG &&
      f.planar == PLANARCONFIG_CONTIG) {
    api_.set_field(tiff_, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    f.photometric = PHOTOMETRIC_RGB;
  }
  f.more_pages = api_.last_directory(tiff_) == 0;
}

void TiffFile::start() {
  const bool separate = facts_.planar == PLANARCONFIG_SEPARATE && facts_.samples > 1;
  planes_ = separate ? facts_.samples : 1;
  const std::uint64_t in_plane = separate ? 1 : facts_.samples;
  const std::uint64_t needed = (facts_.width * in_plane * facts_.bits + 7) / 8;
  std::uint64_t band = 0;
  if (api_.is_tiled(tiff_) != 0) {
    if (api_.get_field(tiff_, TIFFTAG_TILEWIDTH, &tile_width_) == 0 ||
        api_.get_field(tiff_, TIFFTAG_TILELENGTH, &tile_height_) == 0 || tile_width_ == 0 ||
        tile_height_ == 0) {
      refuse("its tiles have no size");
    }
    const std::uint64_t across = (facts_.width + tile_width_ - 1) / tile_width_;
    const std::uint64_t line = api_.tile_row_size(tiff_);
    if (line == 0 || line > kMostBandBytes || tile_height_ > kMostBandBytes / line ||
        line * tile_height_ != api_.tile_size(tiff_)) {
      refuse("its tiles are too large, or not of one size");
    }
    band = line * tile_height_ * across;
    band_line_ = line * across;
    line_bytes_ = band_line_;
  } else {
    line_bytes_ = band_line_ = band = api_.scanline_size(tiff_);
    if (separate) band *= facts_.height;
  }
  if (line_bytes_ < needed || band > kMostBandBytes || band * planes_ > 2 * kMostBandBytes) {
    refuse("its parts are too large, or do not fit together");
  }
  band_.assign(band * planes_, 0);
  if (tile_height_ == 0 && separate) read_planes();
}

/// Lines of separate planes lie far apart in the file: all are read before the first is given.
void TiffFile::read_planes() {
  for (std::size_t plane = 0; plane < planes_; ++plane) {
    for (std::uint32_t row = 0; row < facts_.height; ++row) {
      std::uint8_t* const out = band_.data() + (plane * facts_.height + row) * line_bytes_;
      if (api_.read_scanline(tiff_, out, row, static_cast<std::uint16_t>(plane)) != 1) refuse("");
    }
  }
}

void TiffFile::read_tiles() {
  const std::size_t across = (facts_.width + tile_width_ - 1) / tile_width_;
  const std::size_t tile_line = band_line_ / across;
  std::vector<std::uint8_t> tile(tile_line * tile_height_);
  for (std::size_t plane = 0; plane < planes_; ++plane) {
    for (std::size_t i = 0; i < across; ++i) {
      const auto x = static_cast<std::uint32_t>(i) * tile_width_;
      if (api_.read_tile(tiff_, tile.data(), x, row_, 0, static_cast<std::uint16_t>(plane)) < 0) {
        refuse("");
      }
      for (std::size_t y = 0; y < tile_height_; ++y) {
        std::copy_n(tile.data() + y * tile_line, tile_line,
                    band_.data() + (plane * tile_height_ + y) * band_line_ + i * tile_line);
      }
    }
  }
}

std::span<const std::uint8_t> TiffFile::line(std::size_t plane) {
  std::size_t at = 0;
  if (tile_height_ > 0) {
    if (plane == 0 && row_ % tile_height_ == 0) read_tiles();
    at = plane * tile_height_ + row_ % tile_height_;
  } else if (planes_ > 1) {
    at = plane * facts_.height + row_;
  } else if (api_.read_scanline(tiff_, band_.data(), row_, 0) != 1) {
    refuse("");
  }
  return std::span(band_).subspan(at * band_line_, line_bytes_);
}

void TiffFile::next_line() {
  ++row_;
}

}  // namespace hourglass
