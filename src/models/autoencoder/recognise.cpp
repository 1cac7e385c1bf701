// Which autoencoder a state dict is of. The rest of its shapes is for the reader to compare.

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "models/autoencoder/autoencoder.h"
#include "models/autoencoder/layers.h"

namespace hourglass {

using namespace autoencoder;

namespace {

const Shape& shape_of(const StateShapes& shapes, const std::string& name, int rank,
                      std::string_view source) {
  const auto found = shapes.find(name);
  if (found == shapes.end()) {
    fail("model", "{}: there is no {}: these are not the parameters of an AE", source, name);
  }
  if (found->second.rank() != rank) {
    fail("model", "{}: {} has the shape {}: an AE's has {} axes", source, name,
         found->second.text(), rank);
  }
  return found->second;
}

}  // namespace

nlohmann::json Autoencoder::recognise(const StateShapes& shapes, std::int64_t height,
                                      std::int64_t width, std::string_view source) {
  const Shape& first = shape_of(shapes, "encoder.conv1.weight", 4, source);
  const Shape& linear = shape_of(shapes, "encoder.linear.weight", 2, source);
  const std::int64_t places = linear[1] / kDeep;
  if (places == 0 || places * kDeep != linear[1]) {
    fail("model",
         "{}: encoder.linear.weight has the shape {}: an AE's has a multiple of {} columns", source,
         linear.text(), kDeep);
  }
  if (height == 0) {
    const auto side = static_cast<std::int64_t>(std::lround(std::sqrt(places)));
    if (side * side != places) {
      fail("model",
           "{}: encoder.linear.weight has the shape {}, which is of no square image: give "
           "--image_size",
           source, linear.text());
    }
    height = width = side * kShrink;
  }
  const std::int64_t columns = kDeep * (height / kShrink) * (width / kShrink);
  if (columns != linear[1]) {
    fail("model", "{}: encoder.linear.weight has the shape {}, and images of {} x {} need {} x {}",
         source, linear.text(), height, width, linear[0], columns);
  }
  return {{"model", kKind},
          {"latent_dim", linear[0]},
          {"channels", first[1]},
          {"height", height},
          {"width", width}};
}

}  // namespace hourglass
