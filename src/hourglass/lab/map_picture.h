// Prepares a map for drawing: drawing order, counts, positions of the class names. Not the drawing:
// see figures/map.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "hourglass/figures/map.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// A figure with the tensors that it borrows. The caller sets texts and scores.
struct MapPicture {
  Tensor points, label_positions;
  MapFigure figure;
};

/// A picture of `map` [n, 2]: points in a random order from `seed`, coloured by `labels` ([n], or
/// empty: one colour), each class's name at its densest position. The points of a map [n, 1] are
/// along the x axis, scattered in y so that they are seen. Throws Error for a map of more
/// dimensions or without rows, and if the numbers of labels and rows differ.
MapPicture picture_of(ConstView map, std::span<const std::int64_t> labels,
                      std::vector<std::string> class_names, std::uint64_t seed);

/// The same picture with each point shaded by its trustworthiness ([n], in the map's order); the
/// least trustworthy are drawn last.
MapPicture trust_picture_of(ConstView map, std::span<const std::int64_t> labels,
                            std::vector<std::string> class_names, std::uint64_t seed,
                            std::span<const float> trust);

/// A picture of `map` with each point coloured by its value ([n], finite), the largest palest, and
/// a scale beside it named `title`.
MapPicture value_picture_of(ConstView map, std::span<const double> values, std::string title,
                            std::uint64_t seed);

/// Positions [classes, 2] for the class names: the member with the highest density of its class, so
/// never a single point between two clusters. NaN for a class without members.
Tensor densest_positions(ConstView map, std::span<const std::int64_t> labels, std::int64_t classes);

}  // namespace hourglass
