// PNG files.
#include "data/png.h"

#include "data/samples_test.h"
#include "fuzz.h"

using namespace hourglass;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::reads([&] {
    const ByteImage image = decode_png({data, size}, "f");
    const ImageShape& s = image.shape;
    fuzz::check((s.channels == 1 || s.channels == 3) && s.height > 0 && s.width > 0 &&
                    s.height <= kMaxImageSide && s.width <= kMaxImageSide,
                "an image of no such shape");
    fuzz::check(image.pixels.size() == static_cast<std::size_t>(s.pixels()),
                "an image not true to its size");
    is_grey(image);
    if (image.pixels.size() > 1 << 14) return;  // pressing larger ones again would take long
    const ByteImage again = decode_png(png_bytes(image), "f");
    fuzz::check(again.shape == s && again.pixels == image.pixels, "an image read twice differs");
  });
  return 0;
}
