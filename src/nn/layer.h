// What all layers share. A layer knows its shapes and where its numbers lie; it owns no floats.
//
// Every layer works on a chunk: up to `chunk` images, channels last. `forward` and `backward` take
// the number of images there are; each image's result is independent of the others.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nn/parameters.h"

namespace hourglass {

/// Images that go through a convolution together: as many as keep their activations, and its
/// weights, in a core's own cache.
inline constexpr std::int64_t kPart = 4;

/// Images whose gradients by a linear layer's weights are computed together.
inline constexpr std::int64_t kSlice = 128;

/// The flat arrays that layers find their numbers in, by offsets planned when the model was built.
struct LayerPlan {
  std::int64_t chunk;  // most images at a time
  ParameterList parameters;
  Planner derived;    // what prepare() computes from the parameters, once a step
  Planner gradients;  // what a lane accumulates; fold() turns it into the parameters' gradient
  Planner kept;       // of each image, what is needed after its chunk is done
};

/// Reserves the weights of a 3 x 3 convolution, PyTorch's [out, in, 3, 3], as [9, in, out]; returns
/// their offset.
std::int64_t add_conv_weight(LayerPlan& plan, const std::string& name, std::int64_t in_channels,
                             std::int64_t out_channels);

/// Height, width and channels of an activation.
struct Extent {
  std::int64_t height, width, channels;
  std::int64_t pixels() const { return height * width; }
  std::int64_t count() const { return pixels() * channels; }
  /// With a border of one zero pixel on each side, as convolutions read it.
  Extent bordered() const { return {height + 2, width + 2, channels}; }
};

/// Offsets of every `step`-th pixel of `count` images, image by image, in rows: pixel (y, x) is at
/// (y * step + top, x * step + left) of an image of extent `in`.
std::vector<std::int32_t> pixel_offsets(std::int64_t images, std::int64_t height,
                                        std::int64_t width, const Extent& in, std::int64_t step,
                                        std::int64_t top, std::int64_t left);

/// The same for every pixel of an extent stored with a border.
std::vector<std::int32_t> bordered_offsets(std::int64_t images, const Extent& inner);

/// And without one.
std::vector<std::int32_t> plain_offsets(std::int64_t images, const Extent& extent);

}  // namespace hourglass
