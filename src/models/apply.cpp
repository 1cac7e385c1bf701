#include "models/apply.h"

#include <algorithm>
#include <cassert>

namespace hourglass {
namespace {

/// Calls f(loan, begin, end) for the chunks of n images, on all threads.
template <typename F>
void for_each_chunk(const Model& model, std::int64_t n, ThreadPool& pool, const F& f) {
  Workspaces workspaces(model, pool.size());
  parallel_for(pool, n, kChunk, [&](std::int64_t begin, std::int64_t end) {
    Workspaces::Loan loan(workspaces);
    f(loan, begin, end);
  });
}

}  // namespace

Workspaces::Workspaces(const Model& model, int count) {
  for (int i = 0; i < count; ++i) {
    entries_.push_back(std::make_unique<Loan::Entry>(
        Loan::Entry{model.make_workspace(), Tensor({kChunk, model.image_shape().pixels()})}));
    free_.push_back(entries_.back().get());
  }
}

Workspaces::Loan::Loan(Workspaces& owner) : owner_(owner) {
  const std::lock_guard lock(owner.mutex_);
  assert(!owner.free_.empty());  // as many as threads, and a thread borrows one at a time
  entry_ = owner.free_.back();
  owner.free_.pop_back();
}

Workspaces::Loan::~Loan() {
  const std::lock_guard lock(owner_.mutex_);
  owner_.free_.push_back(entry_);
}

Tensor encode(const Model& model, const RowSource& images, ThreadPool& pool) {
  const std::int64_t n = images.count();
  assert(n == 0 || images.columns() == model.image_shape().pixels());
  Tensor latents({n, model.latent_dim()});
  for_each_chunk(model, n, pool, [&](Workspaces::Loan& loan, std::int64_t begin, std::int64_t end) {
    model.encode(loan.workspace(), latents.view().rows(begin, end),
                 {images.rows(begin, end, loan.images(end - begin)), labels_of(model, images, begin, end)});
  });
  return latents;
}

Tensor decode(const Model& model, ConstView latents, ThreadPool& pool) {
  Tensor images({latents.size(0), model.image_shape().pixels()});
  for_each_chunk(model, latents.size(0), pool,
                 [&](Workspaces::Loan& loan, std::int64_t begin, std::int64_t end) {
                   model.decode(loan.workspace(), images.view().rows(begin, end),
                                latents.rows(begin, end), {});
                 });
  return images;
}

void reconstruct(const Model& model, const RowSource& images, ThreadPool& pool,
                 const std::function<void(ConstView, ConstView)>& each) {
  const std::int64_t n = images.count(), pixels = model.image_shape().pixels();
  assert(n == 0 || images.columns() == pixels);
  Workspaces workspaces(model, pool.size());
  const std::int64_t block = std::min(n, kReconstructBlock);
  Tensor originals({block, pixels}), reconstructions({block, pixels}),
      latents({block, model.latent_dim()});
  for (std::int64_t first = 0; first < n; first += block) {
    const std::int64_t count = std::min(block, n - first);
    parallel_for(pool, count, kChunk, [&](std::int64_t begin, std::int64_t end) {
      Workspaces::Loan loan(workspaces);
      const View chunk = originals.view().rows(begin, end);
      images.fill_rows(first + begin, first + end, chunk);
      const View codes = latents.view().rows(begin, end);
      model.encode(loan.workspace(), codes, {chunk});
      model.decode(loan.workspace(), reconstructions.view().rows(begin, end), codes, {});
    });
    each(originals.view().rows(0, count), reconstructions.view().rows(0, count));
  }
}

}  // namespace hourglass
