#include "hourglass/data/impl/image_reader.h"

#include <algorithm>
#include <array>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

/// The bytes at an offset that a format begins with.
struct Magic {
  std::string_view kind;
  std::size_t at;
  std::string_view bytes;
};

using namespace std::string_view_literals;

constexpr std::array kOthers{
    Magic{"GIF", 0, "GIF8"sv},
    Magic{"BMP", 0, "BM"sv},
    Magic{"PSD", 0, "8BPS"sv},
    Magic{"AVIF", 4, "ftypavif"sv},
    Magic{"AVIF", 4, "ftypavis"sv},
    Magic{"HEIC", 4, "ftyphei"sv},
    Magic{"HEIC", 4, "ftyphev"sv},
    Magic{"HEIC", 4, "ftypmif1"sv},
    Magic{"HEIC", 4, "ftypmsf1"sv},
    Magic{"JPEG 2000", 0, "\0\0\0\x0cjP  \r\n"sv},
    Magic{"JPEG 2000", 0, "\xff\x4f\xff\x51"sv},
    Magic{"JPEG XL", 0, "\0\0\0\x0cJXL \r\n"sv},
    Magic{"JPEG XL", 0, "\xff\x0a"sv},
    Magic{"ICO", 0, "\0\0\x01\0"sv},
    Magic{"OpenEXR", 0, "\x76\x2f\x31\x01"sv},
    Magic{"Radiance HDR", 0, "#?RADIANCE"sv},
    Magic{"FITS", 0, "SIMPLE  ="sv},
    Magic{"DICOM", 128, "DICM"sv},
    Magic{"SVG", 0, "<svg"sv},
    Magic{"animated WebP", 8, "WEBPVP8X"sv},  // the reader takes all others
};

bool has(std::span<const std::uint8_t> bytes, std::size_t at, std::string_view magic) {
  return bytes.size() >= at + magic.size() &&
         std::equal(magic.begin(), magic.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

}  // namespace

const ImageReader* reader_of(std::span<const std::uint8_t> bytes) {
  for (const ImageReader& reader : image_readers()) {
    if (reader.recognises(bytes)) return &reader;
  }
  return nullptr;
}

std::string_view other_image_kind(std::span<const std::uint8_t> bytes) {
  if (reader_of(bytes) != nullptr) return {};
  for (const Magic& magic : kOthers) {
    if (has(bytes, magic.at, magic.bytes)) return magic.kind;
  }
  // Portable maps: P1 to P7, then white space.
  if (bytes.size() > 2 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '7' &&
      (bytes[2] == '\n' || bytes[2] == ' ' || bytes[2] == '\r')) {
    return "PNM";
  }
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()),
                              std::min<std::size_t>(bytes.size(), 1024));
  if (text.starts_with("<?xml") && text.find("<svg") != std::string_view::npos) return "SVG";
  return {};
}

std::unique_ptr<ImageDecoder> open_image(std::span<const std::uint8_t> bytes,
                                         std::string_view name) {
  if (const ImageReader* reader = reader_of(bytes)) return reader->open(bytes, name);
  if (bytes.empty()) fail_file("data", "{} is empty", name);
  if (const auto kind = other_image_kind(bytes); !kind.empty()) {
    fail_file("data",
              "{} is a {} file, which is not read: convert it with `magick mogrify -format png`",
              name, kind);
  }
  std::string known;
  for (const ImageReader& reader : image_readers()) {
    known += (known.empty() ? "" : ", ") + reader.name;
  }
  if (known.empty()) {
    fail("data", "{} is an image, and this hourglass was built without the libraries for them",
         name);
  }
  fail_file("data", "{} is no image, whatever its name says: read are {}", name, known);
}

void check_sides(std::string_view name, std::int64_t height, std::int64_t width) {
  if (height >= 1 && width >= 1 && height <= kMaxImageSide && width <= kMaxImageSide) return;
  fail_file("data", "{} is {} x {} pixels (height x width): each side must be from 1 to {}", name,
            height, width, kMaxImageSide);
}

}  // namespace hourglass
