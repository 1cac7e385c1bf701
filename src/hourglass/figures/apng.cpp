// The format: https://www.w3.org/TR/png-3/, sections 11.3.6 (acTL, fcTL, fdAT).

#include "hourglass/figures/apng.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <unordered_map>

#include "hourglass/base/error.h"
#include "hourglass/figures/impl/checks.h"

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr int kLongest = 65535;  // milliseconds of a frame

void append16(Bytes& out, std::uint32_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

void append32(Bytes& out, std::uint32_t value) {
  append16(out, value >> 16);
  append16(out, value);
}

void append_chunk(Bytes& out, std::string_view name, const Bytes& data) {
  append32(out, static_cast<std::uint32_t>(data.size()));
  const std::size_t begin = out.size();
  out.insert(out.end(), name.begin(), name.end());
  out.insert(out.end(), data.begin(), data.end());
  append32(out, static_cast<std::uint32_t>(
                    crc32(0, out.data() + begin, static_cast<uInt>(out.size() - begin))));
}

/// A rectangle of pixels, right and bottom not included.
struct Part {
  int left = 0, top = 0, right = 0, bottom = 0;

  int width() const { return right - left; }
  int height() const { return bottom - top; }
};

/// The smallest rectangle that contains all differences; at least one pixel.
Part changed_part(const Bytes& before, const Bytes& after, int width, int height) {
  Part part{width, height, 0, 0};
  for (int y = 0; y < height; ++y) {
    const auto row = static_cast<std::ptrdiff_t>(y) * width;
    const auto begin = before.begin() + row, end = begin + width;
    const auto first = std::mismatch(begin, end, after.begin() + row).first - begin;
    if (first == width) continue;
    int last = width - 1;
    while (before[static_cast<std::size_t>(row + last)] ==
           after[static_cast<std::size_t>(row + last)]) {
      --last;
    }
    part.left = std::min(part.left, static_cast<int>(first));
    part.right = std::max(part.right, last + 1);
    part.top = std::min(part.top, y);
    part.bottom = y + 1;
  }
  return part.bottom > 0 ? part : Part{0, 0, 1, 1};
}

/// Rows as PNG has them: a filter byte (none: drawings are flat), then pixels of `depth` bits.
Bytes packed_rows(const Bytes& pixels, int width, const Part& part, int depth) {
  Bytes out;
  const int each = 8 / depth;  // pixels of a byte
  for (int y = part.top; y < part.bottom; ++y) {
    out.push_back(0);
    const std::uint8_t* row =
        pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
    for (int x = part.left; x < part.right; x += each) {
      unsigned byte = 0;
      for (int k = 0; k < each; ++k) {
        byte = (byte << depth) | (x + k < part.right ? row[x + k] : 0u);
      }
      out.push_back(static_cast<std::uint8_t>(byte));
    }
  }
  return out;
}

Bytes deflated(const Bytes& data) {
  uLongf size = compressBound(static_cast<uLong>(data.size()));
  Bytes out(size);
  if (compress2(out.data(), &size, data.data(), static_cast<uLong>(data.size()), 9) != Z_OK) {
    fail_file("film", "a frame could not be compressed: there is no memory left");
  }
  out.resize(size);
  return out;
}

void check_palette(const FilmPalette& palette) {
  require(!palette.empty() && palette.size() <= 256, "film", "palette", palette.size(),
          "from 1 to 256 colours are possible");
}

int depth_of(const FilmPalette& palette) {
  return palette.size() <= 16 ? 4 : 8;
}

}  // namespace

std::vector<std::uint8_t> indexed(const Raster& picture, const FilmPalette& palette) {
  check_palette(palette);
  check_size("rgb", picture.rgb.size(), std::int64_t{3} * picture.height * picture.width);
  std::unordered_map<std::uint32_t, std::uint8_t> known;  // only looked up, never iterated over
  const auto nearest = [&](std::uint32_t color) {
    const auto found = known.find(color);
    if (found != known.end()) return found->second;
    int least = std::numeric_limits<int>::max();
    std::uint8_t index = 0;
    for (std::size_t i = 0; i < palette.size(); ++i) {
      int distance = 0;
      for (const unsigned shift : {0u, 8u, 16u}) {
        const int step = static_cast<int>((color >> shift) & 0xFF) -
                         static_cast<int>((palette[i] >> shift) & 0xFF);
        distance += step * step;
      }
      if (distance >= least) continue;
      least = distance;
      index = static_cast<std::uint8_t>(i);
    }
    return known[color] = index;
  };
  Bytes out;
  out.reserve(picture.rgb.size() / 3);
  std::uint32_t last = 0;
  for (std::size_t i = 0; i < picture.rgb.size(); i += 3) {
    const std::uint32_t color = (std::uint32_t{picture.rgb[i]} << 16) |
                                (std::uint32_t{picture.rgb[i + 1]} << 8) | picture.rgb[i + 2];
    out.push_back(i > 0 && color == last ? out.back() : nearest(color));
    last = color;
  }
  return out;
}

Apng::Apng(int width, int height, FilmPalette palette, std::uint32_t plays)
    : width_(width), height_(height), palette_(std::move(palette)), plays_(plays) {
  check_shape({1, height, width});
  check_palette(palette_);
}

void Apng::add(std::vector<std::uint8_t> pixels, int milliseconds) {
  check_size("pixels", pixels.size(), std::int64_t{width_} * height_);
  for (const std::uint8_t pixel : pixels) {
    require(pixel < palette_.size(), "film", "pixels", pixel, "the palette has no such index");
  }
  require(milliseconds >= 1 && milliseconds <= kLongest, "film", "milliseconds", milliseconds,
          "must be from 1 to 65535");
  if (pixels == pending_ && pending_milliseconds_ + milliseconds <= kLongest) {
    pending_milliseconds_ += milliseconds;
    return;
  }
  write_pending();
  pending_ = std::move(pixels);
  pending_milliseconds_ = milliseconds;
}

void Apng::write_pending() {
  if (pending_.empty()) return;
  const bool first = shown_.empty();
  const Part part =
      first ? Part{0, 0, width_, height_} : changed_part(shown_, pending_, width_, height_);
  Bytes control;
  append32(control, sequence_++);
  for (const int number : {part.width(), part.height(), part.left, part.top}) {
    append32(control, static_cast<std::uint32_t>(number));
  }
  append16(control, static_cast<std::uint32_t>(pending_milliseconds_));
  append16(control, 1000);
  control.push_back(0);  // dispose: keep the page as it is
  control.push_back(0);  // blend: these pixels replace the old ones
  append_chunk(chunks_, "fcTL", control);

  const Bytes data = deflated(packed_rows(pending_, width_, part, depth_of(palette_)));
  if (first) {
    append_chunk(chunks_, "IDAT", data);
  } else {
    Bytes numbered;
    append32(numbered, sequence_++);
    numbered.insert(numbered.end(), data.begin(), data.end());
    append_chunk(chunks_, "fdAT", numbered);
  }
  ++frames_;
  shown_ = std::move(pending_);
  pending_.clear();
}

std::vector<std::uint8_t> Apng::finish(double dots_per_inch) {
  write_pending();
  require(frames_ > 0, "film", "frames", frames_, "add at least one");
  require(dots_per_inch > 0 && dots_per_inch <= 1e6, "film", "dots_per_inch", dots_per_inch,
          "must be above 0 and at most 1000000");
  Bytes out{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  Bytes header;
  append32(header, static_cast<std::uint32_t>(width_));
  append32(header, static_cast<std::uint32_t>(height_));
  header.push_back(static_cast<std::uint8_t>(depth_of(palette_)));
  header.push_back(3);  // palette
  header.insert(header.end(), {0, 0, 0});
  append_chunk(out, "IHDR", header);
  Bytes animation;
  append32(animation, static_cast<std::uint32_t>(frames_));
  append32(animation, plays_);
  append_chunk(out, "acTL", animation);
  Bytes colors;
  for (const std::uint32_t color : palette_) {
    for (const unsigned shift : {16u, 8u, 0u}) {
      colors.push_back(static_cast<std::uint8_t>(color >> shift));
    }
  }
  append_chunk(out, "PLTE", colors);
  const auto per_metre = static_cast<std::uint32_t>(std::lround(dots_per_inch / 0.0254));
  Bytes size;
  append32(size, per_metre);
  append32(size, per_metre);
  size.push_back(1);
  append_chunk(out, "pHYs", size);
  out.insert(out.end(), chunks_.begin(), chunks_.end());
  append_chunk(out, "IEND", {});
  return out;
}

}  // namespace hourglass
