// A map of any matrix made ready to be drawn: order of drawing, counts, places of the classes'
// names. Not the drawing: see figures/map.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "hourglass/figures/map.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// A figure together with what it borrows; texts and scores are left to the caller.
struct MapPicture {
  Tensor points, places;
  MapFigure figure;
};

/// Labels of any value as classes: the distinct values, ascending, name the classes.
struct LabelClasses {
  std::vector<std::int64_t> labels;  // [n], each in [0, names.size())
  std::vector<std::string> names;
};
LabelClasses classes_of(std::span<const std::int64_t> values);

/// `map` [n, 2] with its points in a random order drawn from `seed`, coloured by `labels` ([n], or
/// empty for one colour), each class's name at its densest place. A map [n, 1] lies along the x
/// axis, its points scattered across it so that they are seen. Throws Error for a map of more
/// dimensions or no rows, and where labels and rows differ in number.
MapPicture picture_of(ConstView map, std::span<const std::int64_t> labels,
                      std::vector<std::string> class_names, std::uint64_t seed);

/// The same picture with each point shaded by its own trustworthiness ([n], in the map's order)
/// instead, the least trustworthy drawn last.
MapPicture trust_picture_of(ConstView map, std::span<const std::int64_t> labels,
                            std::vector<std::string> class_names, std::uint64_t seed,
                            std::span<const float> trust);

/// Where each class's name stands [classes, 2]: at its member that has most of its class around
/// it, which is never a lone point between two islands. NaN for a class without members.
Tensor densest_places(ConstView map, std::span<const std::int64_t> labels, std::int64_t classes);

}  // namespace hourglass
