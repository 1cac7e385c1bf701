#include "hourglass/data/strokes.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "hourglass/base/error.h"
#include "hourglass/data/impl/byte_images.h"
#include "hourglass/data/impl/strokes_raster.h"
#include "hourglass/data/impl/strokes_skeletons.h"

namespace hourglass {
namespace {

constexpr int kSide = 28;
constexpr int kDigits = 10;
constexpr double kBox = 20.0;      // what the inked digit fits in, pixels
constexpr double kSoftness = 0.8;  // half the width of the ink's edge, pixels
constexpr int kPiecesPerSpan = 8;  // straight pieces between two points of a skeleton
constexpr std::int64_t kMostImages = 10'000'000;

// The polyline of a pen, on a sheet whose origin is the middle of the digit.
using Way = std::vector<SheetPoint>;

double limited_normal(Rng& rng, double mean, double deviation) {
  return mean + deviation * std::clamp(rng.normal(), -2.2, 2.2);
}

// The points of the skeleton, each moved a little at random. The two points of a corner move
// together.
Skeleton unsteady(Skeleton skeleton, Rng& rng) {
  constexpr double kDeviation = 2.9;
  for (PenStroke& stroke : skeleton) {
    const PenStroke before = stroke;
    for (std::size_t i = 0; i < stroke.size(); ++i) {
      if (i > 0 && before[i].x == before[i - 1].x && before[i].y == before[i - 1].y) {
        stroke[i] = stroke[i - 1];
        continue;
      }
      stroke[i].x += limited_normal(rng, 0.0, kDeviation);
      stroke[i].y += limited_normal(rng, 0.0, kDeviation);
    }
  }
  return skeleton;
}

// The smooth curve from b to c of a path a, b, c, d (Catmull and Rom 1974:
// the direction at a point is that from the previous to the next one).
SheetPoint on_curve(SheetPoint a, SheetPoint b, SheetPoint c, SheetPoint d, double t) {
  const auto axis = [t](double p, double q, double r, double s) {
    return q +
           0.5 * t *
               ((r - p) + t * ((2.0 * p - 5.0 * q + 4.0 * r - s) + t * (3.0 * (q - r) + s - p)));
  };
  return {axis(a.x, b.x, c.x, d.x), axis(a.y, b.y, c.y, d.y)};
}

Way flatten(const PenStroke& stroke) {
  Way way = {stroke.front()};
  const auto same = [](SheetPoint p, SheetPoint q) { return p.x == q.x && p.y == q.y; };
  // The point beyond an end or a corner, as if the curve went straight on.
  const auto mirrored = [](SheetPoint end, SheetPoint inner) {
    return SheetPoint{2.0 * end.x - inner.x, 2.0 * end.y - inner.y};
  };
  for (std::size_t i = 0; i + 1 < stroke.size(); ++i) {
    const SheetPoint b = stroke[i];
    const SheetPoint c = stroke[i + 1];
    if (same(b, c)) continue;
    const bool starts = i == 0 || same(stroke[i - 1], b);
    const bool ends = i + 2 == stroke.size() || same(c, stroke[i + 2]);
    const SheetPoint a = starts ? mirrored(b, c) : stroke[i - 1];
    const SheetPoint d = ends ? mirrored(c, b) : stroke[i + 2];
    for (int k = 1; k <= kPiecesPerSpan; ++k) {
      way.push_back(on_curve(a, b, c, d, static_cast<double>(k) / kPiecesPerSpan));
    }
  }
  return way;
}

// Bend, proportions, slant and rotation of a whole digit.
struct Distortion {
  double bow;       // how far the middle of a vertical line moves sideways, in sheet units
  double sag;       // the same of a horizontal line, upwards or downwards
  double swell;     // the upper half wider than the lower, or narrower
  double width;     // of the digit, relative to its height
  double slant;     // sideways for each unit upwards: positive leans to the right
  double half_tan;  // tangent of half the angle of rotation

  explicit Distortion(Rng& rng)
      : bow(limited_normal(rng, 0.0, 3.5)),
        sag(limited_normal(rng, 0.0, 2.5)),
        swell(limited_normal(rng, 0.0, 0.10)),
        width(limited_normal(rng, 1.12, 0.16)),
        slant(limited_normal(rng, 0.14, 0.22)),
        half_tan(limited_normal(rng, 0.0, 0.04)) {}

  SheetPoint operator()(SheetPoint p) const {
    double x = p.x - 32.0;
    double y = p.y - 50.0;
    const double bent_x = x + bow * (1.0 - y * y / 2500.0);
    const double bent_y = y + sag * (1.0 - x * x / 1000.0);
    x = bent_x * (1.0 - swell * bent_y / 50.0) * width - slant * bent_y;
    y = bent_y;
    // Rotation without sine or cosine: both are rational in the tangent of half the angle.
    const double scale = 1.0 / (1.0 + half_tan * half_tan);
    const double cosine = (1.0 - half_tan * half_tan) * scale;
    const double sine = 2.0 * half_tan * scale;
    return {cosine * x - sine * y, sine * x + cosine * y};
  }
};

// The radius of the pen along a stroke: a mean, a trend and a change in the middle.
struct Pressure {
  double radius;  // pixels
  double trend;   // relative change from start to end
  double middle;  // relative change in the middle

  explicit Pressure(Rng& rng)
      : radius(limited_normal(rng, 1.28, 0.3)),
        trend(limited_normal(rng, 0.0, 0.12)),
        middle(limited_normal(rng, 0.05, 0.07)) {}

  double at(double share) const {
    const double u = 2.0 * share - 1.0;
    return radius * (1.0 + trend * u + middle * (1.0 - u * u));
  }
};

struct Bounds {
  double left = 1e300, right = -1e300, top = 1e300, bottom = -1e300;

  void add(SheetPoint p) {
    left = std::min(left, p.x);
    right = std::max(right, p.x);
    top = std::min(top, p.y);
    bottom = std::max(bottom, p.y);
  }
};

int label_of(std::int64_t index, std::uint64_t seed) {
  Rng rng(seed, 2 * static_cast<std::uint64_t>(index / kDigits));
  std::array<std::int64_t, kDigits> order{};
  random_permutation(order, rng);
  return static_cast<int>(order[static_cast<std::size_t>(index % kDigits)]);
}

}  // namespace

ImageShape strokes_shape() {
  return {1, kSide, kSide};
}

std::vector<std::string> strokes_class_names() {
  std::vector<std::string> names;
  for (int digit = 0; digit < kDigits; ++digit) names.push_back(std::to_string(digit));
  return names;
}

void draw_stroke_digit(std::span<std::uint8_t> pixels, int digit, Rng& rng) {
  require(pixels.size() == kSide * kSide, "strokes", "pixels", pixels.size(),
          "28 x 28 of them are needed");
  require(digit >= 0 && digit < kDigits, "strokes", "digit", digit, "must be from 0 to 9");
  const auto choices = stroke_skeletons(digit);
  const Skeleton skeleton = unsteady(choices[rng.below(choices.size())], rng);
  const Distortion distort(rng);
  const Pressure pressure(rng);
  const double size = kBox * rng.uniform(0.88, 1.0);

  std::vector<Way> ways;
  Bounds bounds;
  for (const PenStroke& stroke : skeleton) {
    Way& way = ways.emplace_back(flatten(stroke));
    for (SheetPoint& p : way) {
      p = distort(p);
      bounds.add(p);
    }
  }
  std::array<double, kSide * kSide> cover;
  const InkSheet sheet{cover, kSide, kSide};
  const auto draw = [&](SheetPoint middle, double scale) {
    cover.fill(0.0);
    std::vector<PenPoint> path;
    for (const Way& way : ways) {
      path.clear();
      for (std::size_t i = 0; i < way.size(); ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(way.size() - 1);
        path.push_back({kSide / 2.0 + scale * (way[i].x - middle.x),
                        kSide / 2.0 + scale * (way[i].y - middle.y), pressure.at(share)});
      }
      draw_pen_path(sheet, path, kSoftness);
    }
  };

  // Drawn once to find the centre of mass, and again with it in the middle. The ink reaches a
  // radius beyond the pen's way on each side.
  const double extent = std::max(bounds.right - bounds.left, bounds.bottom - bounds.top);
  double scale = (size - 2.0 * pressure.radius) / extent;
  SheetPoint middle = {(bounds.left + bounds.right) / 2.0, (bounds.top + bounds.bottom) / 2.0};
  draw(middle, scale);
  const InkCentre centre = ink_centre(sheet);
  middle.x += (centre.x - kSide / 2.0) / scale;
  middle.y += (centre.y - kSide / 2.0) / scale;
  // A digit with its mass far to one side is made smaller rather than cut off at the other.
  const double reach = std::max({bounds.right - middle.x, middle.x - bounds.left,
                                 bounds.bottom - middle.y, middle.y - bounds.top});
  const double room = kSide / 2.0 - 1.0 - 1.2 * pressure.radius - kSoftness;
  scale = std::min(scale, room / reach);
  draw(middle, scale);

  for (std::size_t i = 0; i < cover.size(); ++i) {
    pixels[i] = static_cast<std::uint8_t>(255.0 * cover[i] + 0.5);
  }
}

RowSource make_strokes(std::int64_t count, std::uint64_t seed) {
  if (count < 0 || count > kMostImages) {
    fail("strokes", "{} images asked for: must be from 0 to {}", count, kMostImages);
  }
  constexpr std::size_t kPixels = kSide * kSide;
  ByteImages images;
  images.pixels.resize(static_cast<std::size_t>(count) * kPixels);
  images.labels.resize(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const int label = label_of(i, seed);
    images.labels[at] = label;
    Rng rng(seed, 2 * static_cast<std::uint64_t>(i) + 1);  // odd: apart from the labels' streams
    draw_stroke_digit(std::span(images.pixels).subspan(at * kPixels, kPixels), label, rng);
  }
  return std::move(images).rows(strokes_shape());
}

}  // namespace hourglass
