// A linear autoencoder: encoder and decoder are one linear map each, with a bias. Trained on the
// squared error, it learns the subspace of PCA (Baldi and Hornik 1989), not its axes.
// Reconstructions are clipped to [0, 1], as those of PCA; the loss is computed before clipping.
#pragma once

#include <memory>

#include "hourglass/models/registry.h"
#include "hourglass/nn/linear.h"

namespace hourglass {

class LinearAutoencoder : public Model {
 public:
  static ModelKind model_kind();

  LinearAutoencoder(const ModelConfig& config, ParameterList::Mode mode);

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

  Extent image_;
  Linear& encoder_;
  Linear& decoder_;
};

}  // namespace hourglass
