#include "hourglass/figures/raster.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "hourglass/base/error.h"
#include "hourglass/figures/impl/checks.h"

namespace hourglass {
namespace {

/// The source cells that one target cell covers along an axis.
struct Cover {
  int first = 0;
  std::vector<double> weights;  // sum to 1
};

std::vector<Cover> covers(int source, int target) {
  std::vector<Cover> out(static_cast<std::size_t>(target));
  const double step = static_cast<double>(source) / target;
  for (int i = 0; i < target; ++i) {
    const double begin = i * step;
    const double end = std::min<double>(source, begin + step);
    Cover& cover = out[static_cast<std::size_t>(i)];
    cover.first = std::min(source - 1, static_cast<int>(begin));
    for (int at = cover.first; at < source && (at == cover.first || at < end); ++at) {
      const double part = std::min<double>(at + 1, end) - std::max<double>(at, begin);
      cover.weights.push_back(std::max(0.0, part) / step);
    }
  }
  return out;
}

}  // namespace

std::uint8_t byte_of(double value) {
  if (!(value > 0.0)) return 0;
  return static_cast<std::uint8_t>(std::lround(std::min(value, 1.0) * 255.0));
}

Raster raster_of(std::span<const float> pixels, const ImageShape& shape) {
  check_shape(shape);
  check_size("pixels", pixels.size(), shape.pixels());
  Raster out{static_cast<int>(shape.width), static_cast<int>(shape.height), {}};
  out.rgb.reserve(static_cast<std::size_t>(3 * shape.width * shape.height));
  for (const float value : pixels) {
    out.rgb.insert(out.rgb.end(), shape.channels == 1 ? 3u : 1u, byte_of(value));
  }
  return out;
}

Raster difference_of(std::span<const float> a, std::span<const float> b, const ImageShape& shape,
                     double full_scale) {
  check_shape(shape);
  check_size("a", a.size(), shape.pixels());
  check_size("b", b.size(), shape.pixels());
  require(full_scale > 0, "figure", "full_scale", full_scale, "must be above 0");
  Raster out{static_cast<int>(shape.width), static_cast<int>(shape.height), {}};
  const auto channels = static_cast<std::size_t>(shape.channels);
  for (std::size_t at = 0; at < a.size(); at += channels) {
    double sum = 0.0;
    for (std::size_t c = 0; c < channels; ++c) sum += std::abs(double{a[at + c]} - b[at + c]);
    const double part = sum / static_cast<double>(channels) / full_scale;
    const Color color = magnitude_color(part > 0.0 ? std::min(part, 1.0) : 0.0);
    for (const double value : {color.red, color.green, color.blue}) {
      out.rgb.push_back(byte_of(value));
    }
  }
  return out;
}

Fit fit_image(const ImageShape& shape, double cell_width, double cell_height) {
  check_shape(shape);
  for (const double side : {cell_width, cell_height}) {
    require(side > 0 && side <= 1e6, "figure", "cell", side, "must be above 0 and at most 1000000");
  }
  const auto width = static_cast<double>(shape.width);
  const auto height = static_cast<double>(shape.height);
  const double scale = std::min(cell_width / width, cell_height / height);
  const int factor = static_cast<int>(std::floor(scale));
  if (factor >= 1) {
    return {static_cast<int>(shape.width) * factor, static_cast<int>(shape.height) * factor,
            factor};
  }
  return {std::max(1, static_cast<int>(width * scale)),
          std::max(1, static_cast<int>(height * scale)), 0};
}

Raster resized(const Raster& picture, const Fit& fit) {
  check_shape({3, picture.height, picture.width});
  check_size("rgb", picture.rgb.size(), std::int64_t{3} * picture.height * picture.width);
  check_shape({3, fit.height, fit.width});
  require(fit.factor <= 0 || (fit.width == std::int64_t{picture.width} * fit.factor &&
                              fit.height == std::int64_t{picture.height} * fit.factor),
          "figure", "factor", fit.factor,
          "width and height must be the picture's times the factor");
  Raster out{fit.width, fit.height, {}};
  out.rgb.resize(static_cast<std::size_t>(fit.width) * static_cast<std::size_t>(fit.height) * 3);
  const auto source = [&](int x, int y, int c) {
    return picture.rgb[static_cast<std::size_t>((y * picture.width + x) * 3 + c)];
  };
  std::size_t at = 0;
  if (fit.factor >= 1) {
    for (int y = 0; y < fit.height; ++y) {
      for (int x = 0; x < fit.width; ++x) {
        for (int c = 0; c < 3; ++c) out.rgb[at++] = source(x / fit.factor, y / fit.factor, c);
      }
    }
    return out;
  }
  const auto columns = covers(picture.width, fit.width);
  const auto rows = covers(picture.height, fit.height);
  for (const Cover& row : rows) {
    for (const Cover& column : columns) {
      for (int c = 0; c < 3; ++c) {
        double sum = 0.0;
        for (std::size_t j = 0; j < row.weights.size(); ++j) {
          for (std::size_t i = 0; i < column.weights.size(); ++i) {
            sum += row.weights[j] * column.weights[i] *
                   source(column.first + static_cast<int>(i), row.first + static_cast<int>(j), c);
          }
        }
        out.rgb[at++] = static_cast<std::uint8_t>(std::lround(std::min(sum, 255.0)));
      }
    }
  }
  return out;
}

}  // namespace hourglass
