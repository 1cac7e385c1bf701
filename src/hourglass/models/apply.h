// A model applied to any number of images: chunk by chunk, on all threads. An image's result does
// not depend on the images beside it, to the bit.
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

/// Workspaces, lent to whichever task asks. Which one a task gets changes nothing. Where there are
/// fewer than tasks at once, some wait.
class Workspaces {
 public:
  Workspaces(const Model& model, std::int64_t count);

  /// Borrows one, once there is one, and gives it back when destroyed.
  class Loan {
   public:
    explicit Loan(Workspaces& owner);
    ~Loan();
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    Model::Workspace& workspace() { return *entry_->workspace; }
    /// Room for the chunk's images as floats: [n, H * W * C].
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

/// Workspaces that these functions make at most, so that many threads do not take much memory: as
/// many as the most lanes of a training step.
inline constexpr std::int64_t kMostWorkspaces = 16;

/// The noise keys of evaluation are those of this seed and of this epoch, which no training has.
inline constexpr std::uint64_t kEvaluationSeed = 0;
inline constexpr std::int64_t kEvaluationEpoch = 0;

/// Throws Error where the model takes labels and these are not `count` of its classes.
void check_labels(const Model& model, std::span<const std::int64_t> labels, std::int64_t count);

/// latents [n, latent_dim] of images [n, H * W * C]; models that take labels take the images'.
/// This and what follows throw Error where such labels are missing.
Tensor encode(const Model& model, const RowSource& images, ThreadPool& pool);

/// images [n, H * W * C], channels last, in [0, 1], from latents [n, latent_dim] and, for models
/// that take them, labels [n].
Tensor decode(const Model& model, ConstView latents, ThreadPool& pool,
              std::span<const std::int64_t> labels = {});

/// Images as they go through a model: what it is asked for, what it sees, and what it gives; views
/// [n, H * W * C] that live until the function that was given them returns. `inputs` are
/// `originals` where nothing is corrupted.
struct ReconstructedBlock {
  ConstView originals, inputs, reconstructions;
};

/// Reconstructions of images in blocks of at most `kReconstructBlock`, in order. With a seed each
/// image is corrupted as the model's training does it, by the key of (seed, kEvaluationEpoch, row).
inline constexpr std::int64_t kReconstructBlock = 1024;
void reconstruct(const Model& model, const RowSource& images, ThreadPool& pool,
                 const std::function<void(const ReconstructedBlock&)>& each,
                 std::optional<std::uint64_t> corruption_seed = {});

/// Bytes of workspaces, and those that reconstruct() takes for n images, corrupted where the model
/// does it.
std::int64_t workspaces_bytes(const Model& model, std::int64_t count);
std::int64_t reconstruct_bytes(const Model& model, std::int64_t n, int threads);

}  // namespace hourglass
