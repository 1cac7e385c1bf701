#include "hourglass/models/convolutional/halves.h"

#include <algorithm>

#include "hourglass/base/error.h"
#include "hourglass/models/image_checks.h"
#include "hourglass/nn/border.h"
#include "hourglass/nn/conv2d.h"
#include "hourglass/nn/group_norm_leaky_relu.h"
#include "hourglass/nn/residual.h"
#include "hourglass/nn/upsample_conv2d.h"

namespace hourglass {
namespace {

constexpr std::int64_t kMostStages = 6;
constexpr std::int64_t kSmallestSide = 8;  // `choose_widths` halves larger sides

std::int64_t rounded_up(std::int64_t size, std::int64_t multiple) {
  return (size + multiple - 1) / multiple * multiple;
}

void check_widths(const OptionValue& value) {
  const auto& widths = std::get<std::vector<std::int64_t>>(value);
  if (widths.empty() || std::ssize(widths) > kMostStages) {
    fail("model", "widths has {} stages: must have from 1 to {}", widths.size(), kMostStages);
  }
  for (const std::int64_t width : widths) {
    if (width < kVectorFloats || width > kMaxChannels || width % kVectorFloats != 0) {
      fail("model", "widths has a stage of {} channels: must be multiples of {} up to {}", width,
           kVectorFloats, kMaxChannels);
    }
  }
}

/// Whether GroupNorm cancels the bias before it, because each channel is its own group.
bool cancels_bias(std::int64_t channels) {
  return group_count(channels) == channels;
}

}  // namespace

ConvolutionalShape::ConvolutionalShape(const ModelConfig& config)
    : image(image_extent(config)),
      widths(config.option<std::vector<std::int64_t>>("widths")),
      residual(config.option<bool>("residual")) {
  if (shrink() > std::max(image.height, image.width)) {
    fail("model", "widths has {} stages, which halve images of {} x {} to nothing: use fewer",
         widths.size(), image.height, image.width);
  }
}

Extent ConvolutionalShape::padded() const {
  return {rounded_up(image.height, shrink()), rounded_up(image.width, shrink()), image.channels};
}

Extent ConvolutionalShape::features() const {
  return {padded().height / shrink(), padded().width / shrink(), widths.back()};
}

std::vector<OptionSpec> convolutional_options() {
  OptionSpec widths{"widths", std::vector<std::int64_t>{32, 64},
                    "channels after each stage, which halves height and width; left out: 32,64, "
                    "then 128, 256 ... until the shorter side is at most 8"};
  widths.check = check_widths;
  return {std::move(widths),
          switch_option("residual", "a residual block of two convolutions after each stage")};
}

void choose_widths(ModelConfig& config, const OptionValues& chosen) {
  if (chosen.contains("widths")) return;
  std::vector<std::int64_t> widths{32, 64};
  const Extent image = image_extent(config);
  std::int64_t side = std::min(image.height, image.width);
  side = (side + 3) / 4;
  for (; side > kSmallestSide && std::ssize(widths) < kMostStages; side = (side + 1) / 2) {
    widths.push_back(std::min<std::int64_t>(2 * widths.back(), 256));
  }
  config.options["widths"] = std::move(widths);
}

void add_encoder_layers(Stack& stack, const ConvolutionalShape& shape) {
  Extent in = shape.padded();
  stack.add<Border>(shape.image, in);
  for (std::size_t i = 0; i < shape.widths.size(); ++i) {
    const std::int64_t channels = shape.widths[i];
    const Extent out{in.height / 2, in.width / 2, channels};
    const bool last = i + 1 == shape.widths.size();
    stack.add<Conv2d>(fmt::format("encoder.conv{}", i + 1), in, channels, 2,
                      cancels_bias(channels));
    stack.add<GroupNormLeakyRelu>(fmt::format("encoder.gn{}", i + 1), out, kSlope,
                                  shape.residual || !last);
    if (shape.residual) {
      stack.add<Residual>(fmt::format("encoder.res{}", i + 1), out, kSlope, !last);
    }
    in = out;
  }
}

void add_decoder_layers(Stack& stack, const ConvolutionalShape& shape) {
  Extent in = shape.features();
  if (shape.widths.size() > 1) {
    stack.add<Border>(in, in);
  } else {
    stack.add<Crop>(in, in);
  }
  for (std::size_t i = 1; i < shape.widths.size(); ++i) {
    const std::int64_t channels = shape.widths[shape.widths.size() - 1 - i];
    const Extent out{2 * in.height, 2 * in.width, channels};
    const bool last = i + 1 == shape.widths.size();
    stack.add<UpsampleConv2d>(fmt::format("decoder.deconv{}", i), in, channels,
                              cancels_bias(channels));
    stack.add<GroupNormLeakyRelu>(fmt::format("decoder.gn{}", i), out, kSlope,
                                  shape.residual || !last);
    if (shape.residual) stack.add<Residual>(fmt::format("decoder.res{}", i), out, kSlope, !last);
    in = out;
  }
  stack.add<ThinUpsampleConv2d>(fmt::format("decoder.deconv{}", shape.widths.size()), in,
                                shape.image.channels);
  const Extent padded = shape.padded();
  if (padded != shape.image) stack.add<Crop>(padded, shape.image);
}

}  // namespace hourglass
