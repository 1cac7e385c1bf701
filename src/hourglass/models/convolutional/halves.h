// The convolutional halves that image models share: strided convolutions from an image to features,
// and upsampling convolutions from features to an image. Not the layers between them: those make
// the kind of model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hourglass/models/registry.h"
#include "hourglass/nn/stack.h"

namespace hourglass {

inline constexpr float kSlope = 0.2f;  // of LeakyReLU below zero

/// What both halves are made from. Each stage halves height and width; images of other sizes are
/// padded on the right and below to a multiple of 2^stages.
struct ConvolutionalShape {
  Extent image;                      // as the data are
  std::vector<std::int64_t> widths;  // channels after each stage
  bool residual = false;             // a residual block after each stage

  /// From the options `widths` and `residual`. Throws Error for images that are no grey or colour
  /// images of 8 x 8 to 512 x 512, and for more stages than the image can be halved.
  explicit ConvolutionalShape(const ModelConfig& config);

  std::int64_t shrink() const { return std::int64_t{1} << widths.size(); }
  Extent padded() const;
  /// What the encoder ends in and the decoder begins with.
  Extent features() const;
};

/// The options `widths` and `residual`.
std::vector<OptionSpec> convolutional_options();

/// Chooses `widths` by the image size: 32, 64, then 128, 256, 256 ... until the shorter side is at
/// most 8.
void choose_widths(ModelConfig& config, const OptionValues& chosen);

/// From plain images to plain features; adds encoder.conv1, encoder.gn1, encoder.res1 ...
void add_encoder_layers(Stack& stack, const ConvolutionalShape& shape);
/// From plain features to plain logits of the pixels; adds decoder.deconv1, decoder.gn1 ...
void add_decoder_layers(Stack& stack, const ConvolutionalShape& shape);

/// Options, image shape and features of halves whose parameters these are; nothing if there is no
/// encoder.conv1.weight. `features` is the array whose columns are the encoder's features. Throws
/// Error if they do not fit each other or the image size.
std::optional<ModelConfig> recognise_halves(const StateShapes& shapes, const std::string& features);

}  // namespace hourglass
