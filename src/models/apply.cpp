#include "models/apply.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace hourglass {
namespace {

std::int64_t image_count(const Model& model, std::span<const std::uint8_t> images) {
  assert(std::ssize(images) % model.image_shape().pixels() == 0);
  return std::ssize(images) / model.image_shape().pixels();
}

/// Enough for the chunks of n images that can be under way at once.
std::int64_t workspace_count(std::int64_t n, const ThreadPool& pool) {
  return std::min({std::int64_t{pool.size()}, (n + kChunk - 1) / kChunk, kMostWorkspaces});
}

/// Images of a block of reconstruct(): no more than fill kBlockFloats, which large ones would go far
/// beyond, but enough for every workspace.
std::int64_t block_of(std::int64_t images, std::int64_t pixels) {
  constexpr std::int64_t kBlockFloats = std::int64_t{1} << 21;
  const std::int64_t fitting = std::max(kBlockFloats / pixels, kMostWorkspaces * kChunk);
  return std::min({images, kReconstructBlock, fitting});
}

/// Calls f(loan, begin, end) for the chunks of n images, on all threads.
template <typename F>
void for_each_chunk(const Model& model, std::int64_t n, ThreadPool& pool, const F& f) {
  Workspaces workspaces(model, workspace_count(n, pool));
  parallel_for(pool, n, kChunk, [&](std::int64_t begin, std::int64_t end) {
    Workspaces::Loan loan(workspaces);
    f(loan, begin, end);
  });
}

}  // namespace

Workspaces::Workspaces(const Model& model, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    entries_.push_back(std::make_unique<Loan::Entry>(
        Loan::Entry{model.make_workspace(), Tensor({kChunk, model.image_shape().pixels()})}));
    free_.push_back(entries_.back().get());
  }
}

Workspaces::Loan::Loan(Workspaces& owner) : owner_(owner) {
  std::unique_lock lock(owner.mutex_);
  owner.given_back_.wait(lock, [&] { return !owner.free_.empty(); });
  entry_ = owner.free_.back();
  owner.free_.pop_back();
}

Workspaces::Loan::~Loan() {
  {
    const std::lock_guard lock(owner_.mutex_);
    owner_.free_.push_back(entry_);
  }
  owner_.given_back_.notify_one();
}

void bytes_to_floats(std::span<float> out, std::span<const std::uint8_t> bytes) {
  assert(out.size() == bytes.size());
  static constexpr auto kTable = [] {
    std::array<float, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i) table[i] = static_cast<float>(i) / 255.0f;
    return table;
  }();
  for (std::size_t i = 0; i < bytes.size(); ++i) out[i] = kTable[bytes[i]];
}

Tensor encode(const Model& model, std::span<const std::uint8_t> images, ThreadPool& pool) {
  const std::int64_t n = image_count(model, images), pixels = model.image_shape().pixels();
  Tensor latents({n, model.latent_dim()});
  for_each_chunk(model, n, pool, [&](Workspaces::Loan& loan, std::int64_t begin, std::int64_t end) {
    const View chunk = loan.images(end - begin);
    bytes_to_floats(chunk.span(), images.subspan(static_cast<std::size_t>(begin * pixels),
                                                 static_cast<std::size_t>(chunk.count())));
    model.encode_chunk(loan.workspace(), latents.view().rows(begin, end), chunk);
  });
  return latents;
}

Tensor encode(const Model& model, ConstView images, ThreadPool& pool) {
  Tensor latents({images.size(0), model.latent_dim()});
  for_each_chunk(model, images.size(0), pool,
                 [&](Workspaces::Loan& loan, std::int64_t begin, std::int64_t end) {
                   model.encode_chunk(loan.workspace(), latents.view().rows(begin, end),
                                      images.rows(begin, end));
                 });
  return latents;
}

Tensor decode(const Model& model, ConstView latents, ThreadPool& pool) {
  Tensor images({latents.size(0), model.image_shape().pixels()});
  for_each_chunk(model, latents.size(0), pool,
                 [&](Workspaces::Loan& loan, std::int64_t begin, std::int64_t end) {
                   model.decode_chunk(loan.workspace(), images.view().rows(begin, end),
                                      latents.rows(begin, end));
                 });
  return images;
}

void reconstruct(const Model& model, std::span<const std::uint8_t> images, ThreadPool& pool,
                 const std::function<void(ConstView, ConstView)>& each) {
  const std::int64_t n = image_count(model, images), pixels = model.image_shape().pixels();
  const std::int64_t block = block_of(n, pixels);
  Workspaces workspaces(model, workspace_count(block, pool));
  Tensor originals({block, pixels}), reconstructions({block, pixels}),
      latents({block, model.latent_dim()});
  for (std::int64_t first = 0; first < n; first += block) {
    const std::int64_t count = std::min(block, n - first);
    parallel_for(pool, count, kChunk, [&](std::int64_t begin, std::int64_t end) {
      Workspaces::Loan loan(workspaces);
      const View chunk = originals.view().rows(begin, end);
      bytes_to_floats(chunk.span(),
                      images.subspan(static_cast<std::size_t>((first + begin) * pixels),
                                     static_cast<std::size_t>(chunk.count())));
      const View codes = latents.view().rows(begin, end);
      model.encode_chunk(loan.workspace(), codes, chunk);
      model.decode_chunk(loan.workspace(), reconstructions.view().rows(begin, end), codes);
    });
    each(originals.view().rows(0, count), reconstructions.view().rows(0, count));
  }
}

}  // namespace hourglass
