// The reference autoencoder: a deterministic convolutional encoder and decoder trained to minimise
// the mean squared error of the reconstruction. Not variational: nothing asks the codes to follow a
// distribution.
#pragma once

#include <memory>
#include <vector>

#include "models/autoencoder/decoder.h"
#include "models/autoencoder/encoder.h"
#include "models/model.h"

namespace hourglass {

class Autoencoder : public Model {
 public:
  static constexpr std::string_view kKind = "AE";

  /// Height and width multiples of 4, at least 8, channels 1 or 3; latent_dim in [1, 4096]. Throws
  /// Error otherwise. Parameters are zero until they are set.
  Autoencoder(const ImageShape& shape, std::int64_t latent_dim);

  /// Parameters in state-dict order, told without making the model. Throws Error as making it does.
  static std::int64_t parameter_count(const ImageShape& shape, std::int64_t latent_dim);

  /// recognise_model() for this kind.
  static nlohmann::json recognise(const StateShapes& shapes, std::int64_t height,
                                  std::int64_t width, std::string_view source);

  std::string_view kind() const override { return kKind; }
  ImageShape image_shape() const override { return shape_; }
  std::int64_t latent_dim() const override { return latent_dim_; }
  nlohmann::json describe() const override;

  const ParameterList& parameter_list() const override { return plan_.parameters; }
  std::span<float> parameters() override { return parameters_.span(); }
  std::span<const float> parameters() const override { return parameters_.span(); }
  void prepare() override;

  std::unique_ptr<Workspace> make_workspace() const override;
  std::int64_t gradient_count() const override { return plan_.gradients.size(); }
  void fold_gradients(std::span<float> parameter_gradients,
                      std::span<const float> gradients) const override;
  std::int64_t kept_count() const override { return plan_.kept.size(); }
  std::int64_t kept_pieces() const override;
  void add_kept_gradients(std::int64_t piece, std::span<float> parameter_gradients,
                          ConstView kept) const override;

  LossParts train_chunk(Workspace& workspace, std::span<float> gradients, View kept,
                        ConstView images, float loss_scale) const override;
  void encode_chunk(Workspace& workspace, View latents, ConstView images) const override;
  void decode_chunk(Workspace& workspace, View images, ConstView latents) const override;

 private:
  struct Buffers;

  ImageShape shape_;
  std::int64_t latent_dim_;
  LayerPlan plan_;
  Encoder encoder_;
  Decoder decoder_;
  std::int64_t latents_, latent_gradient_;  // in a kept row
  Tensor parameters_, derived_;
};

}  // namespace hourglass
