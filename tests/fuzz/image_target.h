// Shared by the targets of the image readers: what must hold for whatever is read.
#pragma once

#include "fuzz.h"
#include "hourglass/data/image.h"
#include "hourglass/data/impl/image_reader.h"
#include "hourglass/data/samples_test.h"

namespace hourglass::fuzz {

/// Larger images than this take too long to decode for a million executions. A file of a few bytes
/// may rightly be a large plain image.
inline constexpr std::int64_t kMostPixels = std::int64_t{1} << 16;

/// Reads the file by `reader` alone, whole and shrunk.
inline void check_image(ByteView bytes, const ImageReader& reader) {
  if (!reader.recognises(bytes)) return;
  reads([&] {
    const auto decoder = open_image(bytes, "f");
    const ImageHeader& h = decoder->header();
    const ImageSize shown = h.shown_size();
    check(shown.height >= 1 && shown.width >= 1 && shown.height <= kMaxImageSide &&
              shown.width <= kMaxImageSide && h.channels >= 1 && h.channels <= 4,
          "a header of no such shape");
    check(h.orientation >= 1 && h.orientation <= 8, "no such orientation");
    if (shown.height * shown.width > kMostPixels) return;
    const Image image = read_image(bytes, "f");
    const ImageShape& s = image.shape;
    check(s.height == shown.height && s.width == shown.width, "an image of another size than said");
    check(s.channels == 1 || s.channels == 3, "an image of no such channels");
    check(image.bytes.size() + image.reals.size() == static_cast<std::size_t>(s.pixels()) &&
              (image.bytes.empty() || image.reals.empty()),
          "an image not true to its size");
    for (const float value : image.reals) check(value >= 0.0F && value <= 1.0F, "beyond [0, 1]");
    const ImageSize small{(s.height + 2) / 3, (s.width + 1) / 2};
    const Image shrunk = read_image(bytes, "f", {small, ImageFit::stretch, {}});
    check(image.bytes.empty() || shrunk.bytes == resize_all(std::span(image.bytes), s, small),
          "shrunk while it is read, an image differs");
    if (image.bytes.empty() || image.bytes.size() > 1 << 14) return;
    const Image again = read_image(png_bytes(ByteImage{s, image.bytes}), "f");
    check(again.shape == s && again.bytes == image.bytes, "an image written and read differs");
  });
}

}  // namespace hourglass::fuzz
