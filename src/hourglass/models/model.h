// The model contract: the interface that training, evaluation, figures, checkpoints and the command
// line use. For the kinds of models see registry.h.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

#include "hourglass/base/threads.h"
#include "hourglass/models/corruption.h"
#include "hourglass/models/evaluate.h"
#include "hourglass/models/options.h"
#include "hourglass/nn/graph.h"
#include "hourglass/nn/network.h"
#include "hourglass/tensor/image_size.h"
#include "hourglass/tensor/rows.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// Images that pass through a network together, forward and backward, so that their activations
/// stay in one core's cache.
inline constexpr std::int64_t kChunk = 8;

/// The options of a new model.
struct ModelOptions {
  std::int64_t latent_dim = 32;  // length of a latent vector; a larger one keeps more detail
  OptionValues options = {};     // by name, from the kind's table
  std::int64_t classes = 0;      // of the labels, for kinds with labels
};

/// The full configuration of a model, from which it can be built again.
struct ModelConfig {
  std::string kind;  // "AE", as in `--model`
  ImageShape shape;
  std::int64_t latent_dim = 0;
  OptionValues options;      // all options of the kind's table
  std::int64_t classes = 0;  // 0: it takes no labels

  template <typename T>
  const T& option(std::string_view name) const {
    return std::get<T>(options.find(name)->second);
  }
};

/// n <= kChunk rows that pass through a model together.
struct Chunk {
  ConstView rows;                             // [n, H * W * C], channels last, in [0, 1]
  std::span<const std::int64_t> labels = {};  // [n]; empty if the model takes none
  std::span<const std::uint64_t> keys = {};   // [n]: noise keys of the rows; empty: no noise
};

/// Sums over the images of a chunk, named by Model::loss_names().
inline constexpr std::size_t kMostLossParts = 4;
struct LossParts {
  std::array<double, kMostLossParts> part{};
  LossParts& operator+=(const LossParts& other);
};

/// The weight of each part in the loss that is minimised.
using LossWeights = std::array<double, kMostLossParts>;
double weighted_sum(const LossParts& parts, const LossWeights& weights);

/// Latent vectors form a grid, of one position in most models. codebook > 0: each position holds
/// one of this number of vectors.
struct LatentShape {
  std::int64_t height = 1, width = 1, channels = 0, codebook = 0;
  std::int64_t count() const { return height * width * channels; }
};

/// A network for one image shape. Functions throw Error for shapes and labels that are not the
/// model's; a workspace must be of the same model. It owns the parameters, in the engine's layout;
/// everything else that a chunk needs is in a Workspace, so that several threads can share one
/// model.
///
/// A kind derives from this class, adds its layers to network() in its constructor, in state-dict
/// order, and overrides the virtual functions.
class Model {
 public:
  /// Buffers for one chunk; their sizes are planned when the model is built.
  class Workspace {
   public:
    virtual ~Workspace() = default;

   private:
    friend class Model;
    Tensor corrupted_;  // [kChunk, values], if the model corrupts its input
  };
  /// Outputs of train() for a chunk: the gradient sums of its lane, and a row for each image, from
  /// which deferred gradients are computed. Only the model knows the layout of these rows.
  struct Lane {
    std::span<float> gradients;  // [gradient_count()]: added to
    View kept;                   // [n, kept_count()]
  };

  virtual ~Model() = default;
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  const ModelConfig& config() const { return config_; }
  const std::string& kind() const { return config_.kind; }
  const ImageShape& image_shape() const { return config_.shape; }
  /// A JSON object from which make_model() builds the same model again.
  nlohmann::json describe() const;

  /// The images that the layers take: larger than image_shape() if the model pads images on the
  /// right and below with the edge pixel.
  virtual ImageSize padded_size() const { return {config_.shape.height, config_.shape.width}; }

  virtual LatentShape latent_shape() const { return {.channels = config_.latent_dim}; }
  std::int64_t latent_dim() const { return latent_shape().count(); }

  const ParameterList& parameter_list() const { return network_.plan().parameters; }
  /// The parameters in the engine's layout; call prepare() after changing them.
  std::span<float> parameters() { return parameters_.span(); }
  std::span<const float> parameters() const { return parameters_.span(); }
  void prepare() { network_.prepare(derived_.data(), parameters_.data()); }

  std::unique_ptr<Workspace> make_workspace() const;

  /// Bytes of the model itself, and of a workspace (measured by making one).
  std::int64_t bytes() const;
  std::int64_t workspace_bytes() const;

  /// The number of floats in which a lane accumulates gradients, and the conversion of such sums to
  /// the gradient of parameters().
  std::int64_t gradient_count() const { return network_.plan().gradients.size(); }
  void fold_gradients(std::span<float> parameter_gradients, std::span<const float> gradients) const;

  /// Deferred gradients: train() keeps a row of kept_count() floats for each image. After each
  /// slice of at most kSlice images, add_deferred_gradients() computes them in pieces, each
  /// independent of the others, on any thread. It adds to parameters that fold_gradients() does not
  /// touch.
  std::int64_t kept_count() const { return network_.plan().kept.size(); }
  std::int64_t deferred_pieces() const { return network_.deferred_pieces(); }
  void add_deferred_gradients(std::int64_t piece, std::span<float> parameter_gradients,
                              ConstView kept) const;

  /// The names of the loss's parts, at most kMostLossParts; and their weights when the share
  /// `progress` of the run is done, in [0, 1].
  virtual std::span<const std::string_view> loss_names() const;
  virtual LossWeights loss_weights(double progress) const;

  /// Forward and backward. Adds to the lane the gradient of the sum over parts of scale * part.
  LossParts train(Workspace& workspace, Lane lane, const Chunk& chunk,
                  const LossWeights& scale) const;
  /// The losses that train() returns, without gradients.
  LossParts loss(Workspace& workspace, const Chunk& chunk) const;

  /// latents [n, latent_dim()] from rows; with keys, from rows corrupted as in training.
  void encode(Workspace& workspace, View latents, const Chunk& chunk) const;
  /// rows [n, values] in [0, 1] from latents, n <= kChunk. If the model takes labels, there is one
  /// for each latent vector: that of its image, or one that the caller chooses.
  void decode(Workspace& workspace, View rows, ConstView latents,
              std::span<const std::int64_t> labels) const;
  /// How rows are corrupted before they are encoded in training; the target is always the clean
  /// row.
  const Corruption& corruption() const { return corruption_; }

  /// Scores of the reconstructions of clean images and, if training corrupts its input, of
  /// corrupted ones. Same numbers for any number of threads.
  virtual Evaluation evaluate(const RowSource& images, ThreadPool& pool) const;

  /// Called after each step of the optimiser with the sum of the lanes, before prepare(): for
  /// running means, which are not learned by gradients.
  virtual void after_step(std::span<const float> /*lane_sum*/) {}

  /// Add the encoder and the decoder to a graph of another program's operators. `labels` is the
  /// name of a value, or empty if the model takes none.
  virtual std::string emit_encoder(GraphBuilder& graph, const std::string& images,
                                   const std::string& labels) const = 0;
  virtual std::string emit_decoder(GraphBuilder& graph, const std::string& latents,
                                   const std::string& labels) const = 0;

  /// Allocates the parameters, as zeros. Called once, by the registry.
  void allocate();

 protected:
  Model(ModelConfig config, ParameterList::Mode mode);

  Network& network() { return network_; }
  const Network& network() const { return network_; }
  const float* parameter_data() const { return parameters_.data(); }
  const float* derived_data() const { return derived_.data(); }

  virtual std::unique_ptr<Workspace> new_workspace() const = 0;
  /// The implementations of train(), loss(), encode() and decode(), with checked arguments: `input`
  /// may be corrupted, the target chunk.rows never is.
  virtual LossParts train_input(Workspace& workspace, Lane lane, const Chunk& chunk,
                                ConstView input, const LossWeights& scale) const = 0;
  virtual LossParts loss_of_input(Workspace& workspace, const Chunk& chunk,
                                  ConstView input) const = 0;
  virtual void encode_input(Workspace& workspace, View latents, const Chunk& chunk,
                            ConstView input) const = 0;
  virtual void decode_latents(Workspace& workspace, View rows, ConstView latents,
                              std::span<const std::int64_t> labels) const = 0;

 private:
  /// Throws Error unless rows are those of a chunk, with labels if the model takes them.
  void check_labels(ConstView rows, std::span<const std::int64_t> labels) const;
  ConstView input_of(Workspace& workspace, const Chunk& chunk) const;

  ModelConfig config_;
  Corruption corruption_;
  Network network_;
  Tensor parameters_, derived_;
};

/// SHA-256 over all parameters in state-dict order, PyTorch layout, little-endian float32.
std::string weights_sha256(const Model& model);

}  // namespace hourglass
