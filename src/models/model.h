// The model contract: all that training, evaluation, figures, checkpoints and the command line know
// of a model.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

#include "nn/layer.h"
#include "tensor/tensor.h"

namespace hourglass {

/// Images that go through a network together, forward and backward, while their activations are in
/// one core's cache.
inline constexpr std::int64_t kChunk = 8;

/// Sums over the images of a chunk; a model without a part leaves it zero.
struct LossParts {
  double reconstruction = 0.0;  // of each image's mean squared error over its pixels
};

/// A network bound to an image shape. Parameters are owned here in the engine's layout; everything
/// else that a chunk needs lies in a Workspace, so that several threads can share one model.
class Model {
 public:
  /// Buffers for one chunk, all planned when the model was built.
  class Workspace {
   public:
    virtual ~Workspace() = default;
  };

  virtual ~Model() = default;

  virtual std::string_view kind() const = 0;  ///< "AE", as `--model` has it.
  virtual ImageShape image_shape() const = 0;
  virtual std::int64_t latent_dim() const = 0;
  /// A JSON object from which make_model() builds the same model again.
  virtual nlohmann::json describe() const = 0;

  virtual const ParameterList& parameter_list() const = 0;
  /// The parameters in the engine's layout; call prepare() after changing them.
  virtual std::span<float> parameters() = 0;
  virtual std::span<const float> parameters() const = 0;
  virtual void prepare() = 0;

  virtual std::unique_ptr<Workspace> make_workspace() const = 0;

  /// Floats a lane accumulates gradients in, and how they become the gradient of parameters().
  virtual std::int64_t gradient_count() const = 0;
  virtual void fold_gradients(std::span<float> parameter_gradients,
                              std::span<const float> gradients) const = 0;

  /// Large weights have gradients too large for lanes. For these train_chunk() keeps a row of
  /// kept_count() floats for each image, and when a slice of images is through, at most kSlice, the
  /// pieces of add_kept_gradients() compute them, each by itself and on any thread. It adds to
  /// parameters that fold_gradients() leaves alone.
  virtual std::int64_t kept_count() const = 0;
  virtual std::int64_t kept_pieces() const = 0;
  virtual void add_kept_gradients(std::int64_t piece, std::span<float> parameter_gradients,
                                  ConstView kept) const = 0;

  /// Forward and backward for images [n, H * W * C], channels last, in [0, 1], n <= kChunk. Adds to
  /// the lane's gradients, or leaves in kept [n, kept_count()], the gradient of loss * loss_scale,
  /// where loss is the sum of the images' losses.
  virtual LossParts train_chunk(Workspace& workspace, std::span<float> gradients, View kept,
                                ConstView images, float loss_scale) const = 0;

  /// latents [n, latent_dim] from images [n, H * W * C], and back; n <= kChunk.
  virtual void encode_chunk(Workspace& workspace, View latents, ConstView images) const = 0;
  virtual void decode_chunk(Workspace& workspace, View images, ConstView latents) const = 0;
};

/// Parameters of the largest models: an index of them has 32 bits.
inline constexpr std::int64_t kMostParameters = std::int64_t{1} << 30;

/// Throws Error for a name that is not known, or known and not in this version.
void check_model_kind(std::string_view kind);

/// What the folder of a kind's figures ends with: visu/mnist_autoencoder for "AE", visu/mnist_vqvae
/// for "VQ-VAE". Kinds of later versions have theirs already. Throws Error for a name that is not
/// known.
std::string_view figure_suffix(std::string_view kind);

/// What a person chooses of a new model.
struct ModelOptions {
  std::int64_t latent_dim = 32;  // numbers a code has; more keep more detail
};

/// A new model with fresh parameters drawn from `seed`. Throws Error for a name that is not known,
/// or known and not in this version, and for a shape that does not fit.
std::unique_ptr<Model> make_model(std::string_view kind, const ImageShape& shape,
                                  const ModelOptions& options, std::uint64_t seed);

/// Shapes of a state dict's arrays by PyTorch's names.
using StateShapes = std::map<std::string, Shape>;

/// The description, as make_model() takes it, of the model whose parameters these are, told from
/// names and shapes; images are taken to be square where height and width are 0. Throws Error
/// naming `source` if they are of no model of this version.
nlohmann::json recognise_model(const StateShapes& shapes, std::int64_t height, std::int64_t width,
                               std::string_view source);

/// The model that describe() described, parameters zero. Throws Error if the description is not
/// understood, or is of more than `most` parameters: told before memory is taken for them.
std::unique_ptr<Model> make_model(const nlohmann::json& description,
                                  std::int64_t most = kMostParameters);

/// SHA-256 over all parameters in state-dict order, PyTorch layout, little-endian float32.
std::string weights_sha256(const Model& model);

}  // namespace hourglass
