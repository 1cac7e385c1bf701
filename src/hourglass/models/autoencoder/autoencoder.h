// The reference autoencoder: a deterministic convolutional encoder and decoder trained to minimise
// the mean squared error of the reconstruction. Not variational: no term of the loss makes the
// latent vectors follow a distribution.
#pragma once

#include <memory>
#include <optional>

#include "hourglass/models/convolutional/halves.h"
#include "hourglass/models/registry.h"
#include "hourglass/nn/linear.h"

namespace hourglass {

class Autoencoder : public Model {
 public:
  static ModelKind model_kind();

  /// Throws Error for unsupported images or options.
  Autoencoder(const ModelConfig& config, ParameterList::Mode mode);

  ImageSize padded_size() const override { return {shape_.padded().height, shape_.padded().width}; }
  std::string emit_encoder(GraphBuilder& graph, const std::string& images,
                           const std::string& labels) const override;
  std::string emit_decoder(GraphBuilder& graph, const std::string& latents,
                           const std::string& labels) const override;

 protected:
  std::unique_ptr<Workspace> new_workspace() const override;
  LossParts train_input(Workspace& workspace, Lane lane, const Chunk& chunk, ConstView input,
                        const LossWeights& scale) const override;
  LossParts loss_of_input(Workspace& workspace, const Chunk& chunk, ConstView input) const override;
  void encode_input(Workspace& workspace, View latents, const Chunk& chunk,
                    ConstView input) const override;
  void decode_latents(Workspace& workspace, View rows, ConstView latents,
                      std::span<const std::int64_t> labels) const override;

 private:
  struct Buffers;

  /// Runs the encoder: writes `latents`, and the features of each row into `features`.
  void run_encoder(Buffers& b, Rows latents, Rows features, ConstView input) const;
  /// Runs the decoder for n <= kPart images of the chunk from `first` on: logits into b.pixels,
  /// from the linear layer's output in b.decoder_input.
  void run_decoder_part(Buffers& b, std::int64_t first, std::int64_t n) const;

  ConvolutionalShape shape_;
  Stack& encoder_;
  Linear& to_latents_;
  Linear& from_latents_;
  Stack& decoder_;
};

}  // namespace hourglass
