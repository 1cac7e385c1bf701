#include "hourglass/nn/layer.h"

namespace hourglass {

std::int64_t add_conv_weight(LayerPlan& plan, const std::string& name, std::int64_t in_channels,
                             std::int64_t out_channels) {
  return plan.parameters.add(
      name, {out_channels, in_channels, 3, 3}, fan_in_uniform(9 * in_channels),
      9 * in_channels * out_channels, [&](std::int64_t i) {
        const std::int64_t tap = i % 9, in = i / 9 % in_channels, out = i / (9 * in_channels);
        return (tap * in_channels + in) * out_channels + out;
      });
}

std::vector<std::int32_t> pixel_offsets(std::int64_t images, std::int64_t height,
                                        std::int64_t width, const Extent& in, std::int64_t step,
                                        std::int64_t top, std::int64_t left) {
  std::vector<std::int32_t> offsets;
  offsets.reserve(static_cast<std::size_t>(images * height * width));
  for (std::int64_t i = 0; i < images; ++i) {
    for (std::int64_t y = 0; y < height; ++y) {
      for (std::int64_t x = 0; x < width; ++x) {
        const std::int64_t pixel = (y * step + top) * in.width + x * step + left;
        offsets.push_back(static_cast<std::int32_t>(i * in.count() + pixel * in.channels));
      }
    }
  }
  return offsets;
}

std::vector<std::int32_t> bordered_offsets(std::int64_t images, const Extent& inner) {
  return pixel_offsets(images, inner.height, inner.width, inner.bordered(), 1, 1, 1);
}

std::vector<std::int32_t> plain_offsets(std::int64_t images, const Extent& extent) {
  return pixel_offsets(images, extent.height, extent.width, extent, 1, 0, 0);
}

}  // namespace hourglass
