// A model applied to any number of images: chunk by chunk, on all threads. An image's result does
// not depend on the images beside it, to the bit.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/threads.h"
#include "models/model.h"

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

/// Pixel bytes as floats in [0, 1], byte / 255.
void bytes_to_floats(std::span<float> out, std::span<const std::uint8_t> bytes);

/// latents [n, latent_dim] of images given as bytes [n, H, W, C] or as floats [n, H * W * C].
Tensor encode(const Model& model, std::span<const std::uint8_t> images, ThreadPool& pool);
Tensor encode(const Model& model, ConstView images, ThreadPool& pool);

/// images [n, H * W * C], channels last, in [0, 1], from latents [n, latent_dim].
Tensor decode(const Model& model, ConstView latents, ThreadPool& pool);

/// Workspaces that these functions make at most, so that many threads do not take much memory: as
/// many as the most lanes of a training step.
inline constexpr std::int64_t kMostWorkspaces = 16;

/// Reconstructions of images given as bytes, in blocks of at most `kReconstructBlock`, in order;
/// `each` is called with views [n, H * W * C] of originals and reconstructions that live until it
/// returns.
inline constexpr std::int64_t kReconstructBlock = 1024;
void reconstruct(const Model& model, std::span<const std::uint8_t> images, ThreadPool& pool,
                 const std::function<void(ConstView originals, ConstView reconstructions)>& each);

}  // namespace hourglass
