#include "hourglass/lab/map_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "hourglass/base/error.h"
#include "hourglass/base/random.h"
#include "hourglass/figures/axis.h"

namespace hourglass {
namespace {

/// More names would cover the map.
constexpr std::size_t kMostNames = 200;

constexpr std::int64_t kMostClasses = 65536;

void check_classes(std::span<const std::int64_t> labels, std::int64_t classes) {
  for (const std::int64_t label : labels) {
    require(label >= 0 && label < classes, "plot", "labels", label,
            "it is not the index of a class");
  }
}

/// By + and * alone: the densest position must not depend on the rounding of a library.
double squared_distance(std::span<const float> a, std::span<const float> b) {
  const double x = double{a[0]} - b[0], y = double{a[1]} - b[1];
  return x * x + y * y;
}

/// The map in two columns; the points of a map with one column are scattered in a narrow band.
Tensor in_the_plane(ConstView map, std::uint64_t seed) {
  if (map.shape().rank() != 2 || map.size(0) < 1 || map.size(1) < 1 || map.size(1) > 2) {
    fail("plot", "a map of shape {} cannot be drawn: it must have 1 or 2 columns and some rows",
         map.shape().text());
  }
  Tensor plane({map.size(0), 2});
  if (map.size(1) == 2) {
    std::ranges::copy(map.span(), plane.span().begin());
    return plane;
  }
  const auto [low, high] = std::ranges::minmax(map.span());
  const double band = std::isfinite(high - low) ? 0.1 * (double{high} - low) : 0.0;
  Rng rng(seed, Stream::map_scatter);
  for (std::int64_t i = 0; i < map.size(0); ++i) {
    plane[2 * i] = map[i];
    plane[2 * i + 1] = static_cast<float>(rng.uniform(-band, band));
  }
  return plane;
}

MapPicture picture_in_order(ConstView plane, std::span<const std::int64_t> labels,
                            std::vector<std::string> class_names,
                            const std::vector<std::int64_t>& order) {
  if (!labels.empty() && std::ssize(labels) != plane.size(0)) {
    fail("plot", "there are {} labels for {} rows: give one label for each row", labels.size(),
         plane.size(0));
  }
  MapPicture out;
  out.points = Tensor({plane.size(0), 2});
  for (std::size_t i = 0; i < order.size(); ++i) {
    std::ranges::copy(plane.row(order[i]), out.points.row(static_cast<std::int64_t>(i)).begin());
  }
  out.figure.points = out.points;
  if (labels.empty()) return out;
  check_classes(labels, std::ssize(class_names));
  out.figure.counts.resize(class_names.size());
  for (const std::int64_t i : order) {
    const std::int64_t label = labels[static_cast<std::size_t>(i)];
    out.figure.labels.push_back(label);
    ++out.figure.counts[static_cast<std::size_t>(label)];
  }
  if (class_names.size() <= kMostNames) {
    out.label_positions = densest_positions(plane, labels, std::ssize(class_names));
    out.figure.label_positions = out.label_positions;
  }
  out.figure.class_names = std::move(class_names);
  return out;
}

std::vector<std::int64_t> drawing_order(std::int64_t n, std::uint64_t seed) {
  Rng rng(seed, Stream::map_drawing_order);
  return random_permutation(n, rng);
}

/// 1 - trust, scaled so that a random map has 1 (Venna and Kaski 2001), then the square root: most
/// points are so near 0 that they would all look alike otherwise.
double shade_of(double trust) {
  return std::sqrt(std::clamp((1.0 - trust) / 0.5, 0.0, 1.0));
}

}  // namespace

MapPicture picture_of(ConstView map, std::span<const std::int64_t> labels,
                      std::vector<std::string> class_names, std::uint64_t seed) {
  const Tensor plane = in_the_plane(map, seed);
  return picture_in_order(plane, labels, std::move(class_names),
                          drawing_order(plane.size(0), seed));
}

MapPicture trust_picture_of(ConstView map, std::span<const std::int64_t> labels,
                            std::vector<std::string> class_names, std::uint64_t seed,
                            std::span<const float> trust) {
  const Tensor plane = in_the_plane(map, seed);
  if (std::ssize(trust) != plane.size(0)) {
    fail("plot", "there are {} values of trustworthiness for {} rows", trust.size(), plane.size(0));
  }
  auto order = drawing_order(plane.size(0), seed);
  const auto of = [&](std::int64_t i) { return trust[static_cast<std::size_t>(i)]; };
  // Points without a value (rows that were not sampled) are not drawn. They are sorted first, so
  // that the order is total.
  std::ranges::stable_sort(order, [&](std::int64_t a, std::int64_t b) {
    if (std::isnan(of(a)) || std::isnan(of(b))) return std::isnan(of(a)) && !std::isnan(of(b));
    return of(a) > of(b);
  });
  MapPicture out = picture_in_order(plane, labels, std::move(class_names), order);
  for (const std::int64_t i : order) {
    out.figure.shades.push_back(static_cast<float>(
        std::isnan(of(i)) ? std::numeric_limits<double>::quiet_NaN() : shade_of(double{of(i)})));
  }
  out.figure.bar.title = "trustworthiness of the point";
  for (const double tick : {1.0, 0.99, 0.97, 0.95, 0.9, 0.8, 0.7, 0.5}) {
    out.figure.bar.ticks.push_back({shade_of(tick), tick_text(tick)});
  }
  return out;
}

MapPicture value_picture_of(ConstView map, std::span<const double> values, std::string title,
                            std::uint64_t seed) {
  const Tensor plane = in_the_plane(map, seed);
  if (std::ssize(values) != plane.size(0)) {
    fail("plot", "there are {} values for {} rows", values.size(), plane.size(0));
  }
  const auto order = drawing_order(plane.size(0), seed);
  MapPicture out = picture_in_order(plane, {}, {}, order);
  const auto [low, high] = std::ranges::minmax(values);
  const double range = high - low;
  const bool spread = range > 0.0 && std::isfinite(range);
  // From the pale end of the bar, which is above, to the dark one.
  const auto shade = [&, high = high](double value) {
    return spread ? (high - value) / range : 0.5;
  };
  for (const std::int64_t i : order) {
    const double value = values[static_cast<std::size_t>(i)];
    out.figure.shades.push_back(static_cast<float>(shade(value)));
  }
  out.figure.bar.title = std::move(title);
  const auto ticks = spread ? linear_ticks(low, high) : std::vector<double>{low};
  for (const double tick : ticks) out.figure.bar.ticks.push_back({shade(tick), tick_text(tick)});
  return out;
}

Tensor densest_positions(ConstView map, std::span<const std::int64_t> labels,
                         std::int64_t classes) {
  require(classes >= 0 && classes <= kMostClasses, "plot", "classes", classes,
          "must be from 0 to 65536");
  require(std::ssize(labels) == map.size(0), "plot", "labels", labels.size(),
          "one for each row of the map is needed");
  check_classes(labels, classes);
  constexpr std::int64_t kMost = 1000;  // members of a class that are compared
  constexpr double kReach = 0.04;       // of the map's side: about the size of a name
  const double reach = kReach * extent_of(map).span;
  std::vector<std::vector<std::int64_t>> members(static_cast<std::size_t>(classes));
  for (std::int64_t i = 0; i < map.size(0); ++i) {
    members[static_cast<std::size_t>(labels[static_cast<std::size_t>(i)])].push_back(i);
  }
  Tensor positions({classes, 2});
  std::ranges::fill(positions.span(), std::numeric_limits<float>::quiet_NaN());
  for (std::int64_t label = 0; label < classes; ++label) {
    const auto& all = members[static_cast<std::size_t>(label)];
    const std::int64_t stride = (std::ssize(all) + kMost - 1) / kMost;
    double most = 0.0;
    for (std::int64_t a = 0; a < std::ssize(all); a += stride) {
      const auto at = map.row(all[static_cast<std::size_t>(a)]);
      double near = 0.0;
      for (std::int64_t b = 0; b < std::ssize(all); b += stride) {
        const auto other = map.row(all[static_cast<std::size_t>(b)]);
        near += 1.0 / (1.0 + squared_distance(at, other) / (reach * reach));
      }
      if (near <= most) continue;
      most = near;
      std::ranges::copy(at, positions.row(label).begin());
    }
  }
  return positions;
}

}  // namespace hourglass
