// Recognises the convolutional halves in a state dict. The caller compares the remaining shapes.

#include <cmath>

#include "hourglass/base/error.h"
#include "hourglass/models/convolutional/halves.h"

namespace hourglass {
namespace {

const Shape& shape_of(const StateShapes& shapes, const std::string& name, int rank) {
  const Shape* found = shapes.find(name);
  if (!found) {
    fail_file("model", "{}: there is no {}: a convolutional encoder has one", shapes.source, name);
  }
  if (found->rank() != rank) {
    fail_file("model", "{}: {} has the shape {}: that of a convolutional encoder has {} axes",
              shapes.source, name, found->text(), rank);
  }
  return *found;
}

/// The side of square images that are reduced to `pixels` by a factor `shrink` per axis.
std::int64_t square_side(const StateShapes& shapes, const std::string& features, const Shape& array,
                         std::int64_t pixels, std::int64_t shrink) {
  const auto side = static_cast<std::int64_t>(std::lround(std::sqrt(pixels)));
  if (side * side != pixels) {
    fail("model", "{}: {} has the shape {}, which is of no square image: give `image_size`",
         shapes.source, features, array.text());
  }
  return side * shrink;
}

}  // namespace

std::optional<ModelConfig> recognise_halves(const StateShapes& shapes,
                                            const std::string& features) {
  if (!shapes.find("encoder.conv1.weight") && !shapes.find("decoder.deconv1.weight")) return {};
  ModelConfig config;
  config.shape.channels = shape_of(shapes, "encoder.conv1.weight", 4)[1];
  std::vector<std::int64_t> widths;
  for (int stage = 1; shapes.find(fmt::format("encoder.conv{}.weight", stage)); ++stage) {
    widths.push_back(shape_of(shapes, fmt::format("encoder.conv{}.weight", stage), 4)[0]);
  }
  check_option(convolutional_options().front(), widths);  // a shift by 64 stages would be undefined
  const Shape& linear = shape_of(shapes, features, 2);
  const std::int64_t shrink = std::int64_t{1} << widths.size();
  const std::int64_t pixels = widths.back() == 0 ? 0 : linear[1] / widths.back();
  if (pixels == 0 || pixels * widths.back() != linear[1]) {
    fail_file("model", "{}: {} has the shape {}: it must have a multiple of {} columns",
              shapes.source, features, linear.text(), widths.back());
  }
  std::int64_t height = shapes.height, width = shapes.width;
  if (height == 0) height = width = square_side(shapes, features, linear, pixels, shrink);
  const auto halved = [&](std::int64_t size) { return (size + shrink - 1) / shrink; };
  const std::int64_t columns = widths.back() * halved(height) * halved(width);
  if (columns != linear[1]) {
    fail_file("model", "{}: {} has the shape {}, and images of {} x {} need {} x {}", shapes.source,
              features, linear.text(), height, width, linear[0], columns);
  }
  config.shape.height = height;
  config.shape.width = width;
  config.options["widths"] = std::move(widths);
  config.options["residual"] = shapes.find("encoder.res1.conv1.weight") != nullptr;
  return config;
}

}  // namespace hourglass
