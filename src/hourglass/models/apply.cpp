#include "hourglass/models/apply.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "hourglass/base/error.h"
#include "hourglass/base/random.h"
#include "hourglass/tensor/impl/checks.h"

namespace hourglass {
namespace {

/// Enough for the chunks of n images that can run at once.
std::int64_t workspace_count(std::int64_t n, int threads) {
  require(n >= 0, "model", "rows", n, "must be at least 0");
  const std::int64_t chunks = std::max<std::int64_t>(1, n / kChunk + (n % kChunk > 0 ? 1 : 0));
  return std::min({std::int64_t{threads}, chunks, kMostWorkspaces});
}

/// Images of a block of reconstruct(): at most kBlockFloats in all, but enough for every workspace.
std::int64_t block_of(std::int64_t images, std::int64_t pixels) {
  constexpr std::int64_t kBlockFloats = std::int64_t{1} << 21;
  const std::int64_t fitting = std::max(kBlockFloats / pixels, kMostWorkspaces * kChunk);
  return std::min({images, kReconstructBlock, fitting});
}

/// The labels of rows [begin, end), if the model takes labels.
std::span<const std::int64_t> labels_of(const Model& model, std::span<const std::int64_t> labels,
                                        std::int64_t begin, std::int64_t end) {
  if (model.config().classes == 0) return {};
  return labels.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
}

/// Throws Error unless the images are of the model's size, with labels if it takes them.
void check_images(std::string_view operation, const Model& model, const RowSource& images) {
  const ImageShape& shape = model.image_shape();
  if (images.count() > 0 && images.columns() != shape.pixels()) {
    throw Error(operation, "images", fmt::format("of {} columns", images.columns()),
                fmt::format("the model needs {} for {}", shape.pixels(), shape.text()));
  }
  check_labels(model, images.labels(), images.count());
}

/// Weights may be finite and so large that the sums of their products are not. Throws Error naming
/// the model and the first of its outputs [n, d] that is not finite.
void require_finite_output(std::string_view operation, const Model& model, std::string_view what,
                           ConstView rows) {
  try {
    require_finite(operation, what, rows.span());
  } catch (const Error&) {
    const auto values = rows.span();
    const auto bad = std::ranges::find_if(values, [](float x) { return !std::isfinite(x); });
    fail_result(
        operation,
        "the {} of row {} holds {}: the weights of this {} with latent dimension {} are too large; "
        "take an earlier checkpoint, or train with a smaller `learning_rate`",
        what, (bad - values.begin()) / rows.size(1), std::isnan(*bad) ? "NaN" : "an infinity",
        model.kind(), model.latent_dim());
  }
}

/// Calls f(loan, begin, end) for the chunks of n images, on all threads.
template <typename F>
void for_each_chunk(Workspaces& workspaces, std::int64_t n, ThreadPool& pool, const F& f) {
  parallel_for(pool, n, kChunk, [&](std::int64_t begin, std::int64_t end) {
    Workspaces::Loan loan(workspaces);
    f(loan, begin, end);
  });
}

}  // namespace

Workspaces::Workspaces(const Model& model, std::int64_t count) {
  require(count >= 1 && count <= kMostWorkspaces, "model", "count", count,
          "from 1 to kMostWorkspaces are possible");
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

void check_labels(const Model& model, std::span<const std::int64_t> labels, std::int64_t count) {
  const std::int64_t classes = model.config().classes;
  if (classes == 0) return;
  if (std::ssize(labels) != count) {
    fail("model", "{} takes a label for each of {} rows, and there are {}: use data with labels",
         model.kind(), count, labels.size());
  }
  for (const std::int64_t label : labels) {
    if (label < 0 || label >= classes) {
      fail("model", "a label is {}: {} knows classes from 0 to {}", label, model.kind(),
           classes - 1);
    }
  }
}

std::int64_t workspaces_bytes(const Model& model, std::int64_t count) {
  require(count >= 0 && count <= kMostWorkspaces, "model", "count", count,
          "from 0 to kMostWorkspaces are possible");
  const std::int64_t images = kChunk * model.image_shape().pixels();
  return count * (model.workspace_bytes() + images * static_cast<std::int64_t>(sizeof(float)));
}

std::int64_t reconstruct_bytes(const Model& model, std::int64_t n, int threads) {
  require(n >= 0, "model", "n", n, "must be at least 0");
  require(threads >= 1, "model", "threads", threads, "must be at least 1");
  const std::int64_t pixels = model.image_shape().pixels(), block = block_of(n, pixels);
  const bool corrupts = model.corruption().kind != Corruption::Kind::none;
  const std::int64_t floats = block * ((corrupts ? 3 : 2) * pixels + model.latent_dim());
  return workspaces_bytes(model, workspace_count(block, threads)) +
         floats * static_cast<std::int64_t>(sizeof(float));
}

Coder::Coder(const Model& model, ThreadPool& pool, std::int64_t rows)
    : model_(model), pool_(pool), workspaces_(model, workspace_count(rows, pool.size())) {}

Tensor Coder::encode(const RowSource& images) {
  const std::int64_t n = images.count();
  check_images("encode", model_, images);
  Tensor latents({n, model_.latent_dim()});
  for_each_chunk(workspaces_, n, pool_,
                 [&](Workspaces::Loan& loan, std::int64_t begin, std::int64_t end) {
                   const ConstView rows = images.rows(begin, end, loan.images(end - begin));
                   if (!images.keeps_bytes()) require_finite("encode", "images", rows.span());
                   model_.encode(loan.workspace(), latents.view().rows(begin, end),
                                 {rows, labels_of(model_, images.labels(), begin, end)});
                 });
  require_finite_output("encode", model_, "latent vector", latents);
  return latents;
}

Tensor Coder::decode(ConstView latents, std::span<const std::int64_t> labels) {
  require_columns("decode", "latents", latents, model_.latent_dim());
  Tensor images({latents.size(0), model_.image_shape().pixels()});
  decode_into(images, latents, labels);
  return images;
}

void Coder::decode_into(View images, ConstView latents, std::span<const std::int64_t> labels) {
  require_columns("decode", "latents", latents, model_.latent_dim());
  require_finite("decode", "latents", latents.span());
  const std::int64_t n = latents.size(0);
  require_columns("decode", "images", images, model_.image_shape().pixels());
  require(images.size(0) == n, "decode", "images", images.size(0),
          "one row for each latent vector is needed");
  check_labels(model_, labels, n);
  for_each_chunk(workspaces_, n, pool_,
                 [&](Workspaces::Loan& loan, std::int64_t begin, std::int64_t end) {
                   model_.decode(loan.workspace(), images.rows(begin, end),
                                 latents.rows(begin, end), labels_of(model_, labels, begin, end));
                 });
  require_finite_output("decode", model_, "image", images);
}

Tensor encode(const Model& model, const RowSource& images, ThreadPool& pool) {
  return Coder(model, pool, images.count()).encode(images);
}

Tensor decode(const Model& model, ConstView latents, ThreadPool& pool,
              std::span<const std::int64_t> labels) {
  require_columns("decode", "latents", latents, model.latent_dim());
  return Coder(model, pool, latents.size(0)).decode(latents, labels);
}

void reconstruct(const Model& model, const RowSource& images, ThreadPool& pool,
                 const std::function<void(const ReconstructedBlock&)>& each,
                 std::optional<std::uint64_t> corruption_seed) {
  const std::int64_t n = images.count(), pixels = model.image_shape().pixels();
  check_images("reconstruct", model, images);
  const bool corrupts = corruption_seed && model.corruption().kind != Corruption::Kind::none;
  const std::int64_t block = block_of(n, pixels);
  Workspaces workspaces(model, workspace_count(block, pool.size()));
  Tensor originals({block, pixels}), inputs({corrupts ? block : 0, pixels}),
      reconstructions({block, pixels}), latents({block, model.latent_dim()});
  for (std::int64_t first = 0; first < n; first += block) {
    const std::int64_t count = std::min(block, n - first);
    for_each_chunk(
        workspaces, count, pool, [&](Workspaces::Loan& loan, std::int64_t begin, std::int64_t end) {
          const View clean = originals.view().rows(begin, end);
          images.fill_rows(first + begin, first + end, clean);
          if (!images.keeps_bytes()) require_finite("reconstruct", "images", clean.span());
          View input = clean;
          if (corrupts) {
            input = inputs.view().rows(begin, end);
            for (std::int64_t i = 0; i < end - begin; ++i) {
              corrupt(input.row(i), clean.row(i), model.image_shape(), model.corruption(),
                      noise_key(*corruption_seed, kEvaluationEpoch, first + begin + i));
            }
          }
          const auto labels = labels_of(model, images.labels(), first + begin, first + end);
          const View encoded = latents.view().rows(begin, end);
          model.encode(loan.workspace(), encoded, {input, labels});
          model.decode(loan.workspace(), reconstructions.view().rows(begin, end), encoded, labels);
        });
    const ConstView seen = originals.view().rows(0, count);
    each({seen, corrupts ? ConstView(inputs.view().rows(0, count)) : seen,
          reconstructions.view().rows(0, count)});
  }
}

}  // namespace hourglass
