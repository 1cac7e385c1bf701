// The model contract: all that training, evaluation, figures, checkpoints and the command line know
// of a model. The kinds there are: see registry.h.
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
#include "hourglass/tensor/rows.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// Images that go through a network together, forward and backward, while their activations are in
/// one core's cache.
inline constexpr std::int64_t kChunk = 8;

/// What a new model is made from.
struct ModelOptions {
  std::int64_t latent_dim = 32;  // numbers of a latent vector; more keep more detail
  OptionValues options = {};     // by name, as the kind's table has them
  std::int64_t classes = 0;      // of the labels, for kinds that take them
};

/// What a model is: from this it can be built again.
struct ModelConfig {
  std::string kind;  // "AE", as `--model` has it
  ImageShape shape;
  std::int64_t latent_dim = 0;
  OptionValues options;      // every line of the kind's table
  std::int64_t classes = 0;  // 0: it takes no labels

  template <typename T>
  const T& option(std::string_view name) const {
    return std::get<T>(options.find(name)->second);
  }
};

/// n <= kChunk rows that go through a model together.
struct Chunk {
  ConstView rows;                             // [n, H * W * C], channels last, in [0, 1]
  std::span<const std::int64_t> labels = {};  // [n]; empty where the model takes none
  std::span<const std::uint64_t> keys = {};   // [n]: each decides its row's noise; empty: none
};

/// Sums over the images of a chunk, named by Model::loss_names().
inline constexpr std::size_t kMostLossParts = 4;
struct LossParts {
  std::array<double, kMostLossParts> part{};
  LossParts& operator+=(const LossParts& other);
};

/// How much each part counts in the loss that is minimised.
using LossWeights = std::array<double, kMostLossParts>;
double weighted_sum(const LossParts& parts, const LossWeights& weights);

/// Latent vectors lie in a grid; most models have one of one position. codebook > 0: each position
/// holds one of so many vectors.
struct LatentShape {
  std::int64_t height = 1, width = 1, channels = 0, codebook = 0;
  std::int64_t count() const { return height * width * channels; }
};

/// A network bound to an image shape. Parameters are owned here in the engine's layout; everything
/// else that a chunk needs lies in a Workspace, so that several threads can share one model.
///
/// A kind derives from it, adds its layers to network() in its constructor, in the order of the
/// state dict, and overrides what is virtual.
class Model {
 public:
  /// Buffers for one chunk, all planned when the model was built.
  class Workspace {
   public:
    virtual ~Workspace() = default;

   private:
    friend class Model;
    Tensor corrupted_;  // [kChunk, values], where the model corrupts its input
  };
  /// Where the gradients of a chunk go: a lane's sums, and a row for each image of what deferred
  /// gradients are computed from. Of those a model alone knows the layout.
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

  virtual LatentShape latent_shape() const { return {.channels = config_.latent_dim}; }
  std::int64_t latent_dim() const { return latent_shape().count(); }

  const ParameterList& parameter_list() const { return network_.plan().parameters; }
  /// The parameters in the engine's layout; call prepare() after changing them.
  std::span<float> parameters() { return parameters_.span(); }
  std::span<const float> parameters() const { return parameters_.span(); }
  void prepare() { network_.prepare(derived_.data(), parameters_.data()); }

  std::unique_ptr<Workspace> make_workspace() const;

  /// Bytes of the model itself, and of a workspace, which it makes to see.
  std::int64_t bytes() const;
  std::int64_t workspace_bytes() const;

  /// Floats a lane accumulates gradients in, and how they become the gradient of parameters().
  std::int64_t gradient_count() const { return network_.plan().gradients.size(); }
  void fold_gradients(std::span<float> parameter_gradients, std::span<const float> gradients) const;

  /// Deferred gradients: train() keeps a row of kept_count() floats for each image, and when a
  /// slice of images is through, at most kSlice, the pieces of add_deferred_gradients() compute
  /// them, each by itself and on any thread. They add to parameters that fold_gradients() leaves
  /// alone.
  std::int64_t kept_count() const { return network_.plan().kept.size(); }
  std::int64_t deferred_pieces() const { return network_.deferred_pieces(); }
  void add_deferred_gradients(std::int64_t piece, std::span<float> parameter_gradients,
                              ConstView kept) const;

  /// The loss's parts by name, at most kMostLossParts, and what each counts for when this share of
  /// the run is done, in [0, 1].
  virtual std::span<const std::string_view> loss_names() const;
  virtual LossWeights loss_weights(double progress) const;

  /// Forward and backward. Adds to the lane the gradient of the sum over parts of scale * part.
  LossParts train(Workspace& workspace, Lane lane, const Chunk& chunk,
                  const LossWeights& scale) const;
  /// What train() returns, alone.
  LossParts loss(Workspace& workspace, const Chunk& chunk) const;

  /// latents [n, latent_dim()] from rows; with keys, from rows corrupted as in training.
  void encode(Workspace& workspace, View latents, const Chunk& chunk) const;
  /// rows [n, values] in [0, 1] from latents, n <= kChunk. Where the model takes labels there is
  /// one for each latent vector: that of the image it came from, or one that the caller chooses.
  virtual void decode(Workspace& workspace, View rows, ConstView latents,
                      std::span<const std::int64_t> labels) const = 0;
  /// How rows are corrupted before they are encoded in training; the target is always the clean
  /// row.
  const Corruption& corruption() const { return corruption_; }

  /// How well it reconstructs images: clean ones, and, where training corrupts its input, corrupted
  /// ones too. Same numbers for any number of threads.
  virtual Evaluation evaluate(const RowSource& images, ThreadPool& pool) const;

  /// After each step of the optimiser, with the sum of the lanes: for what is kept as a running
  /// mean and not learned by gradients. prepare() follows.
  virtual void after_step(std::span<const float> /*lane_sum*/) {}

  /// Adds both halves to a graph of another program's operators: from images, and to them. `labels`
  /// is a value's name, or empty where the model takes none.
  virtual std::string emit_encoder(GraphBuilder& graph, const std::string& images,
                                   const std::string& labels) const = 0;
  virtual std::string emit_decoder(GraphBuilder& graph, const std::string& latents,
                                   const std::string& labels) const = 0;

  /// Takes memory for the parameters; they are zero until they are set. The registry calls it,
  /// once.
  void allocate();

 protected:
  Model(ModelConfig config, ParameterList::Mode mode);

  Network& network() { return network_; }
  const Network& network() const { return network_; }
  const float* parameter_data() const { return parameters_.data(); }
  const float* derived_data() const { return derived_.data(); }

  virtual std::unique_ptr<Workspace> new_workspace() const = 0;
  /// As the public functions of these names, from `input`, which may be corrupted, to chunk.rows,
  /// which never are.
  virtual LossParts train_input(Workspace& workspace, Lane lane, const Chunk& chunk,
                                ConstView input, const LossWeights& scale) const = 0;
  virtual LossParts loss_of_input(Workspace& workspace, const Chunk& chunk,
                                  ConstView input) const = 0;
  virtual void encode_input(Workspace& workspace, View latents, const Chunk& chunk,
                            ConstView input) const = 0;

 private:
  ConstView input_of(Workspace& workspace, const Chunk& chunk) const;

  ModelConfig config_;
  Corruption corruption_;
  Network network_;
  Tensor parameters_, derived_;
};

/// SHA-256 over all parameters in state-dict order, PyTorch layout, little-endian float32.
std::string weights_sha256(const Model& model);

}  // namespace hourglass
