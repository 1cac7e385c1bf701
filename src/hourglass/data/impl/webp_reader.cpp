// WebP, by libwebp. No animations.
#include <webp/decode.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/data/impl/exif.h"
#include "hourglass/data/impl/image_reader.h"

namespace hourglass {
namespace {

/// A plain image of any size may be a few bytes. Beyond kFreePixels, which take little memory,
/// a file must have a byte for this many.
constexpr std::uint64_t kMostPixelsInAByte = 65536;
constexpr std::uint64_t kFreePixels = std::uint64_t{1} << 22;

constexpr std::size_t kRiffHeader = 12, kChunkHeader = 8;
constexpr std::uint8_t kAnimated = 0x02, kHasExif = 0x08;

std::string_view text_at(std::span<const std::uint8_t> bytes, std::size_t at, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes.data()) + at, size};
}

/// The flags of an extended file, 0 of a simple one.
std::uint8_t flags_of(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t kFlags = kRiffHeader + kChunkHeader;
  return bytes.size() > kFlags && text_at(bytes, kRiffHeader, 4) == "VP8X" ? bytes[kFlags] : 0;
}

/// The orientation that the file's chunk of EXIF data names.
int orientation_of(std::span<const std::uint8_t> bytes, std::string_view name) {
  if ((flags_of(bytes) & kHasExif) == 0) return 1;
  for (std::size_t at = kRiffHeader; bytes.size() - at >= kChunkHeader;) {
    std::size_t size = 0;
    for (std::size_t i = 4; i-- > 0;) size = size * 256 + bytes[at + 4 + i];
    const std::size_t left = bytes.size() - at - kChunkHeader;
    if (size > left) break;
    if (text_at(bytes, at, 4) == "EXIF") {
      return exif_orientation(bytes.subspan(at + kChunkHeader, size));
    }
    at += kChunkHeader + std::min(left, size + size % 2);
  }
  fail_file("data", "{} cannot be read as WebP: it is cut short", name);
}

const char* words(VP8StatusCode status) {
  switch (status) {
    case VP8_STATUS_NOT_ENOUGH_DATA:
      return "it is cut short";
    case VP8_STATUS_UNSUPPORTED_FEATURE:
      return "it uses something that libwebp does not know";
    case VP8_STATUS_OUT_OF_MEMORY:
      return "there is too little memory";
    default:
      return "it is damaged";
  }
}

class WebpDecoder final : public ImageDecoder {
 public:
  WebpDecoder(std::span<const std::uint8_t> bytes, std::string_view name)
      : name_(name), bytes_(bytes) {
    WebPBitstreamFeatures features{};
    check(WebPGetFeatures(bytes.data(), bytes.size(), &features));
    check_sides(name, features.height, features.width);
    const auto pixels =
        static_cast<std::uint64_t>(features.height) * static_cast<std::uint64_t>(features.width);
    if (pixels > kFreePixels && pixels > bytes.size() * kMostPixelsInAByte) {
      fail_file("data", "{} says it is {} x {} pixels, far more than its {} bytes should hold",
                name, features.height, features.width, bytes.size());
    }
    header_.size = {features.height, features.width};
    header_.channels = features.has_alpha != 0 ? 4 : 3;
    header_.orientation = orientation_of(bytes, name);
  }

  /// The library gives all rows at once.
  void next_row(std::span<std::uint8_t> row) override {
    if (at_ == 0) decode();
    std::copy_n(pixels_.begin() + static_cast<std::ptrdiff_t>(at_), row.size(), row.begin());
    at_ += row.size();
  }
  void next_row(std::span<float>) override {}  // never real

 private:
  void decode() {
    const auto stride = static_cast<std::size_t>(header_.size.width * header_.channels);
    pixels_.resize(stride * static_cast<std::size_t>(header_.size.height));
    WebPDecoderConfig config;
    if (WebPInitDecoderConfig(&config) == 0) fail_file("data", "libwebp is of another version");
    config.output.colorspace = header_.channels == 4 ? MODE_RGBA : MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = pixels_.data();
    config.output.u.RGBA.stride = static_cast<int>(stride);
    config.output.u.RGBA.size = pixels_.size();
    check(WebPDecode(bytes_.data(), bytes_.size(), &config));
  }
  void check(VP8StatusCode status) const {
    if (status == VP8_STATUS_OK) return;
    fail_file("data", "{} cannot be read as WebP: {}", name_, words(status));
  }

  std::string name_;
  std::span<const std::uint8_t> bytes_;
  std::vector<std::uint8_t> pixels_;
  std::size_t at_ = 0;
};

}  // namespace

ImageReader webp_reader() {
  return {
      "WebP",
      [](std::span<const std::uint8_t> bytes) {
        return bytes.size() >= kRiffHeader && text_at(bytes, 0, 4) == "RIFF" &&
               text_at(bytes, 8, 4) == "WEBP" && (flags_of(bytes) & kAnimated) == 0;
      },
      [](std::span<const std::uint8_t> bytes, std::string_view name)
          -> std::unique_ptr<ImageDecoder> { return std::make_unique<WebpDecoder>(bytes, name); },
      [] {
        const int version = WebPGetDecoderVersion();
        return fmt::format("libwebp {}.{}.{}", version >> 16, (version >> 8) & 255, version & 255);
      }};
}

}  // namespace hourglass
