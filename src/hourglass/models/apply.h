// Applies a model to any number of images: chunk by chunk, on all threads. The result of an image
// is the same to the bit, whatever the other images are.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/models/model.h"
#include "hourglass/tensor/rows.h"

namespace hourglass {

/// A pool of workspaces. Results do not depend on which one a task gets. If there are fewer than
/// tasks, some tasks wait.
class Workspaces {
 public:
  Workspaces(const Model& model, std::int64_t count);

  /// Borrows a workspace, waiting until one is free; gives it back when destroyed.
  class Loan {
   public:
    explicit Loan(Workspaces& owner);
    ~Loan();
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    Model::Workspace& workspace() { return *entry_->workspace; }
    /// Memory for the chunk's images as floats: [n, H * W * C].
    View images(std::int64_t n) {
      return {entry_->images.data(), Shape{n, entry_->images.size(1)}};
    }

   private:
    friend class Workspaces;
    struct Entry {
      std::unique_ptr<Model::Workspace> workspace;
      Tensor images;
    };
    Workspaces& owner_;
    Entry* entry_;
  };

 private:
  std::vector<std::unique_ptr<Loan::Entry>> entries_;
  std::vector<Loan::Entry*> free_;
  std::mutex mutex_;
  std::condition_variable given_back_;
};

/// These functions make at most this number of workspaces, so that many threads do not take much
/// memory. It equals the largest number of lanes of a training step.
inline constexpr std::int64_t kMostWorkspaces = 16;

/// Noise keys of evaluation come from this seed and this epoch, which no training has.
inline constexpr std::uint64_t kEvaluationSeed = 0;
inline constexpr std::int64_t kEvaluationEpoch = 0;

/// Throws Error if the model takes labels and these are not `count` labels of its classes.
void check_labels(const Model& model, std::span<const std::int64_t> labels, std::int64_t count);

/// A model with workspaces that it keeps, for many small calls. Safe to call from several threads.
class Coder {
 public:
  /// Both are borrowed; `rows` is the most that one call is expected to get, which decides how many
  /// workspaces there are.
  Coder(const Model& model, ThreadPool& pool, std::int64_t rows = 1);

  /// latents [n, latent_dim] of images [n, H * W * C]; models with labels take those of the images.
  /// This and decode() throw Error for another number of columns, for values that are not finite,
  /// given or computed, and if the model needs labels that are missing.
  Tensor encode(const RowSource& images);
  /// images [n, H * W * C], channels last, in [0, 1], from latents [n, latent_dim] and, for models
  /// with labels, labels [n].
  Tensor decode(ConstView latents, std::span<const std::int64_t> labels = {});
  /// The same into existing memory; allocates nothing.
  void decode_into(View images, ConstView latents, std::span<const std::int64_t> labels = {});

 private:
  const Model& model_;
  ThreadPool& pool_;
  Workspaces workspaces_;
};

/// The same with a Coder that is used once.
Tensor encode(const Model& model, const RowSource& images, ThreadPool& pool);
Tensor decode(const Model& model, ConstView latents, ThreadPool& pool,
              std::span<const std::int64_t> labels = {});

/// Target, input and output of a model: views [n, H * W * C], valid until the function that gets
/// them returns. `inputs` are `originals` if nothing is corrupted.
struct ReconstructedBlock {
  ConstView originals, inputs, reconstructions;
};

/// Reconstructs images in blocks of at most `kReconstructBlock`, in order. With a seed each image
/// is corrupted as in the model's training, by the key of (seed, kEvaluationEpoch, row).
inline constexpr std::int64_t kReconstructBlock = 1024;
void reconstruct(const Model& model, const RowSource& images, ThreadPool& pool,
                 const std::function<void(const ReconstructedBlock&)>& each,
                 std::optional<std::uint64_t> corruption_seed = {});

/// Bytes of `count` workspaces; and bytes that reconstruct() takes for n images, corrupted if the
/// model corrupts its input.
std::int64_t workspaces_bytes(const Model& model, std::int64_t count);
std::int64_t reconstruct_bytes(const Model& model, std::int64_t n, int threads);

}  // namespace hourglass
