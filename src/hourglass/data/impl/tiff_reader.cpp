// TIFF, by libtiff: grey, RGB and palettes of 1 to 8 and of 16 bits, and real values.
#include <algorithm>
#include <bit>
#include <string>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/data/impl/image_reader.h"
#include "hourglass/data/impl/tiff_file.h"

namespace hourglass {
namespace {

/// The name of what is not read; null for what is.
const char* strange_colours(std::uint16_t photometric) {
  switch (photometric) {
    case PHOTOMETRIC_MINISBLACK:
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_RGB:
    case PHOTOMETRIC_PALETTE:
      return nullptr;
    case PHOTOMETRIC_SEPARATED:
      return "CMYK";
    case PHOTOMETRIC_YCBCR:
      return "YCbCr";
    case PHOTOMETRIC_CIELAB:
    case PHOTOMETRIC_ICCLAB:
    case PHOTOMETRIC_ITULAB:
      return "Lab";
    default:
      return "unknown";
  }
}

class TiffDecoder final : public ImageDecoder {
 public:
  TiffDecoder(std::span<const std::uint8_t> bytes, std::string_view name)
      : name_(name), file_(bytes, name) {
    const TiffFacts& f = file_.facts();
    if (const char* kind = strange_colours(f.photometric)) {
      file_.refuse(fmt::format(
          "its colours are {}: convert it with `magick mogrify -colorspace sRGB -format png`",
          kind));
    }
    palette_ = f.photometric == PHOTOMETRIC_PALETTE;
    colours_ = f.photometric == PHOTOMETRIC_RGB ? 3 : 1;
    check_samples(f);
    const bool alpha =
        f.samples > colours_ && !palette_ &&
        (f.first_extra == EXTRASAMPLE_ASSOCALPHA || f.first_extra == EXTRASAMPLE_UNASSALPHA);
    header_.size = {f.height, f.width};
    header_.channels = (palette_ ? 3 : colours_) + (alpha ? 1 : 0);
    header_.bits = f.bits;
    header_.real = f.bits > 8;
    header_.orientation = f.orientation >= 1 && f.orientation <= 8 ? f.orientation : 1;
    header_.premultiplied = alpha && f.first_extra == EXTRASAMPLE_ASSOCALPHA;
    header_.more_pages = f.more_pages;
    inverted_ = f.photometric == PHOTOMETRIC_MINISWHITE;
  }

  void next_row(std::span<std::uint8_t> row) override {
    const unsigned most = (1U << file_.facts().bits) - 1;
    each_sample(row, [&](std::span<const std::uint8_t> line, std::size_t at, bool colour) {
      const unsigned value = whole_at(line, at);
      const unsigned scaled = value * 255 / most;  // exact: 255 is a multiple of 1, 3, 15 and 255
      return static_cast<std::uint8_t>(inverted_ && colour ? 255 - scaled : scaled);
    });
  }

  void next_row(std::span<float> row) override {
    each_sample(row, [&](std::span<const std::uint8_t> line, std::size_t at, bool colour) {
      const float value = real_at(line, at);
      return inverted_ && colour ? 1.0F - value : value;
    });
  }

 private:
  void check_samples(const TiffFacts& f) const {
    const bool few = f.bits == 1 || f.bits == 2 || f.bits == 4;
    const bool whole = f.format == SAMPLEFORMAT_UINT || f.format == SAMPLEFORMAT_VOID;
    const bool read =
        (whole &&
         ((few && (f.samples == 1 || palette_)) || f.bits == 8 || (f.bits == 16 && !palette_))) ||
        (f.format == SAMPLEFORMAT_IEEEFP && (f.bits == 32 || f.bits == 64) && !palette_);
    if (!read) {
      file_.refuse(fmt::format(
          "its pixels are {} samples of {} {} bits: read are 1 to 8 and 16 whole bits, 32 and 64 "
          "real ones",
          f.samples, f.bits,
          whole                             ? "whole"
          : f.format == SAMPLEFORMAT_IEEEFP ? "real"
                                            : "signed"));
    }
    if (f.samples < colours_) file_.refuse("it lacks colours");
  }

  /// Fills a row: at(line, index of the sample in it, whether it is a colour) gives each value.
  template <typename Sample, typename At>
  void each_sample(std::span<Sample> row, const At& at) {
    if (!started_) file_.start();
    started_ = true;
    const TiffFacts& f = file_.facts();
    const auto channels = static_cast<std::size_t>(header_.channels);
    if (palette_) {
      const auto line = file_.line(0);
      const std::size_t step = file_.planes() > 1 ? 1 : f.samples;
      for (std::size_t i = 0; i < row.size(); ++i) {
        row[i] = static_cast<Sample>(colour_of(whole_at(line, i / 3 * step), i % 3));
      }
    } else if (file_.planes() > 1) {
      for (std::size_t c = 0; c < channels; ++c) {
        const auto line = file_.line(c);
        for (std::size_t x = 0; x < f.width; ++x) {
          row[x * channels + c] = at(line, x, c < colours_);
        }
      }
    } else {
      const auto line = file_.line(0);
      for (std::size_t x = 0; x < f.width; ++x) {
        for (std::size_t c = 0; c < channels; ++c) {
          row[x * channels + c] = at(line, x * f.samples + c, c < colours_);
        }
      }
    }
    file_.next_line();
  }

  /// Sample `at` of a line, of 1 to 8 bits.
  unsigned whole_at(std::span<const std::uint8_t> line, std::size_t at) const {
    const std::size_t bits = file_.facts().bits;
    if (bits == 8) return line[at];
    const std::size_t bit = at * bits;
    return (unsigned{line[bit / 8]} >> (8 - bits - bit % 8)) & ((1U << bits) - 1);
  }

  /// Sample `at` of a line, of 16 bits or real.
  float real_at(std::span<const std::uint8_t> line, std::size_t at) const {
    const auto load = [&]<typename T>(T value) {
      std::copy_n(line.data() + at * sizeof(T), sizeof(T), reinterpret_cast<std::uint8_t*>(&value));
      return value;
    };
    const std::uint16_t bits = file_.facts().bits;
    if (bits == 16) return static_cast<float>(load(std::uint16_t{})) / 65535.0F;
    const double value = bits == 32 ? load(0.0F) : load(0.0);
    if (!(value >= 0.0 && value <= 1.0)) {
      fail_file("data",
                "{} holds {:.6g}: real values must be in [0, 1]; scale them, or save 16 bits",
                name_, value);
    }
    return static_cast<float>(value);
  }

  /// Palettes have 16 bits, or 8 in old files, which then use only those.
  unsigned colour_of(unsigned index, std::size_t channel) {
    const auto& palette = file_.facts().palette;
    if (shift_ < 0) {
      shift_ = 0;
      for (const std::uint16_t* one : palette) {
        if (std::any_of(one, one + (std::size_t{1} << file_.facts().bits),
                        [](std::uint16_t value) { return value > 255; })) {
          shift_ = 8;
        }
      }
    }
    return unsigned{palette[channel][index]} >> shift_;
  }

  std::string name_;
  TiffFile file_;
  bool palette_ = false, inverted_ = false, started_ = false;
  std::uint16_t colours_ = 1;
  int shift_ = -1;  // of the palette's values; not known yet
};

}  // namespace

ImageReader tiff_reader() {
  return {"TIFF",
          [](std::span<const std::uint8_t> bytes) {
            if (bytes.size() < 8) return false;
            const bool little = bytes[0] == 'I' && bytes[1] == 'I' && bytes[3] == 0;
            const bool big = bytes[0] == 'M' && bytes[1] == 'M' && bytes[2] == 0;
            const std::uint8_t version = little ? bytes[2] : bytes[3];
            return (little || big) && (version == 42 || version == 43);
          },
          [](std::span<const std::uint8_t> bytes,
             std::string_view name) -> std::unique_ptr<ImageDecoder> {
            return std::make_unique<TiffDecoder>(bytes, name);
          },
          []() -> std::string {
            try {
              const std::string text = tiff_api().get_version();  // "LIBTIFF, Version 4.5.0\n..."
              const std::size_t at = text.find_first_of("0123456789");
              return "libtiff " + text.substr(at, text.find('\n') - at);
            } catch (const Error&) {
              return "libtiff not there, which only TIFF files need";
            }
          }};
}

}  // namespace hourglass
