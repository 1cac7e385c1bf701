// Animated PNG: frames in one palette, each as the rectangle that changed. Plays in browsers; other
// viewers show the first frame. Not a still picture: see png.h.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hourglass/figures/raster.h"

namespace hourglass {

/// Colours as 0xRRGGBB that all frames share, 1 to 256 of them: with at most 16 a pixel takes half
/// a byte before it is deflated.
using FilmPalette = std::vector<std::uint32_t>;

/// Each pixel as the nearest colour of the palette, of equally near ones the first.
std::vector<std::uint8_t> indexed(const Raster& picture, const FilmPalette& palette);

/// Collects frames, then gives the file. The same frames give the same bytes.
class Apng {
 public:
  /// Played `plays` times; 0: for ever.
  Apng(int width, int height, FilmPalette palette, std::uint32_t plays = 0);

  /// Shows pixels [height, width], indices into the palette, for so many milliseconds (1 to 65535).
  /// A frame equal to the one before makes that one last longer.
  void add(std::vector<std::uint8_t> pixels, int milliseconds);

  int frames() const { return frames_; }

  /// The file. Call it once, after at least one frame.
  std::vector<std::uint8_t> finish(double dots_per_inch = 100.0);

 private:
  void write_pending();

  int width_, height_;
  FilmPalette palette_;
  std::uint32_t plays_;
  std::vector<std::uint8_t> shown_;    // what the frames written so far leave on the page
  std::vector<std::uint8_t> pending_;  // waits, as equal frames may follow
  int pending_milliseconds_ = 0;
  int frames_ = 0;
  std::uint32_t sequence_ = 0;
  std::vector<std::uint8_t> chunks_;  // of the frames written so far
};

}  // namespace hourglass
