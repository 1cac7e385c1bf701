// Draws a sheet of the built-in digits, a row per class, and saves it as strokes_sheet.png.
#include <cstdio>
#include <cstdlib>

#include "hourglass/base/file.h"
#include "hourglass/data/strokes.h"
#include "hourglass/figures/png.h"
#include "hourglass/figures/raster.h"

int main() {
  using namespace hourglass;
  constexpr int kColumns = 20, kCell = 30;
  const RowSource digits = make_strokes(10 * kColumns, 7);
  const ImageShape shape = strokes_shape();

  Raster sheet{kColumns * kCell, 10 * kCell, {}};
  sheet.rgb.resize(static_cast<std::size_t>(sheet.width) * static_cast<std::size_t>(sheet.height) *
                   3);
  std::vector<std::uint8_t> image(static_cast<std::size_t>(shape.pixels()));
  int drawn[10] = {};  // of each digit so far
  for (std::int64_t i = 0; i < digits.count(); ++i) {
    const auto label = static_cast<int>(digits.labels()[static_cast<std::size_t>(i)]);
    const int left = drawn[label]++ * kCell + 1, top = label * kCell + 1;
    digits.fill_bytes(i, image);
    for (int p = 0; p < shape.pixels(); ++p) {
      const int x = left + p % 28, y = top + p / 28;
      for (int c = 0; c < 3; ++c) {
        sheet.rgb[static_cast<std::size_t>((y * sheet.width + x) * 3 + c)] =
            image[static_cast<std::size_t>(p)];
      }
    }
  }
  write_file("strokes_sheet.png",
             png_bytes(resized(sheet, {2 * sheet.width, 2 * sheet.height, 2})));
  std::puts("strokes_sheet.png");

  for (const int count : drawn) {
    if (count != kColumns) return EXIT_FAILURE;  // the classes are balanced
  }
}
