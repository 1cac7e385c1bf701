// The convolutional encoder and decoder that image models share: strided convolutions from an image
// to features, and upsampling convolutions from features to an image. Not the layers between them,
// which differ by kind of model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hourglass/models/registry.h"
#include "hourglass/nn/stack.h"

namespace hourglass {

inline constexpr float kSlope = 0.2f;  // of LeakyReLU below zero

/// The configuration of both halves. Each stage halves height and width; images are padded on the
/// right and below to a multiple of 2^stages.
struct ConvolutionalShape {
  Extent image;                      // of the data
  std::vector<std::int64_t> widths;  // channels after each stage
  bool residual = false;             // a residual block after each stage

  /// From the options `widths` and `residual`. Throws Error unless images are grey or colour and
  /// from 8 x 8 to 512 x 512, and if there are more stages than the image can be halved.
  explicit ConvolutionalShape(const ModelConfig& config);

  std::int64_t shrink() const { return std::int64_t{1} << widths.size(); }
  Extent padded() const;
  /// The extent of the encoder's output, which is the decoder's input.
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

/// The configuration of the halves with these parameters; nullopt if there is no
/// encoder.conv1.weight. `features` names the array whose columns are the encoder's features.
/// Throws Error if shapes do not fit each other or the image size.
std::optional<ModelConfig> recognise_halves(const StateShapes& shapes, const std::string& features);

}  // namespace hourglass
