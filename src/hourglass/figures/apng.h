// Animated PNG: frames in one palette, each as the rectangle that changed. Plays in browsers; other
// viewers show the first frame. Not a still picture: see png.h.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hourglass/figures/raster.h"

namespace hourglass {

/// The 1 to 256 colours of all frames, as 0xRRGGBB. With at most 16 colours a pixel takes half a
/// byte before compression.
using FilmPalette = std::vector<std::uint32_t>;

/// The index of each pixel's nearest colour in the palette; the first of equally near ones.
std::vector<std::uint8_t> indexed(const Raster& picture, const FilmPalette& palette);

/// Collects frames, then gives the file. The same frames give the same bytes.
class Apng {
 public:
  /// The film is played `plays` times; 0: without end.
  Apng(int width, int height, FilmPalette palette, std::uint32_t plays = 0);

  /// Adds a frame: `pixels` [height, width] are indices into the palette; `milliseconds` is from 1
  /// to 65535. A frame equal to the previous one extends it.
  void add(std::vector<std::uint8_t> pixels, int milliseconds);

  int frames() const { return frames_; }

  /// The file. Call it once, after at least one frame.
  std::vector<std::uint8_t> finish(double dots_per_inch = 100.0);

 private:
  void write_pending();

  int width_, height_;
  FilmPalette palette_;
  std::uint32_t plays_;
  std::vector<std::uint8_t> shown_;    // the page after the frames written so far
  std::vector<std::uint8_t> pending_;  // not written yet, since equal frames may follow
  int pending_milliseconds_ = 0;
  int frames_ = 0;
  std::uint32_t sequence_ = 0;
  std::vector<std::uint8_t> chunks_;  // of the frames written so far
};

}  // namespace hourglass
