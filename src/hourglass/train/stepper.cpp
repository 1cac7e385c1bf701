#include "hourglass/train/stepper.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cassert>
#include <cmath>
#include <limits>
#include <thread>

#include "hourglass/base/error.h"
#include "hourglass/base/random.h"
#include "hourglass/kernels/kernels.h"

namespace hourglass {
namespace {

std::int64_t chunks_of(std::int64_t images) {
  return (images + kChunk - 1) / kChunk;
}

/// The number of lanes with at least one chunk, for a batch of `images`.
std::int64_t lanes_of(const StepOptions& options, std::int64_t images) {
  return std::min(options.lanes, chunks_of(images));
}

/// Tests the bits, so that the compiler vectorises the loop.
bool all_finite(std::span<const float> values) {
  constexpr std::uint32_t kExponent = 0x7f800000u;
  std::uint32_t found = 0;
  for (const float x : values) {
    found |= (std::bit_cast<std::uint32_t>(x) & kExponent) == kExponent ? 1u : 0u;
  }
  return found == 0;
}

/// Counts a chunk as finished, also after an exception, because the next chunk waits for it.
class Finish {
 public:
  explicit Finish(std::atomic<std::int64_t>& finished) : finished_(finished) {}
  ~Finish() { finished_.fetch_add(1, std::memory_order_release); }
  Finish(const Finish&) = delete;
  Finish& operator=(const Finish&) = delete;

 private:
  std::atomic<std::int64_t>& finished_;
};

/// A lane runs one chunk at a time, so at most as many chunks run at once as there are lanes.
std::int64_t workspace_count(const StepOptions& options, int threads) {
  return std::min<std::int64_t>(threads, lanes_of(options, options.batch_size));
}

const StepOptions& checked(const StepOptions& options) {
  check_batch(options.batch_size, options.lanes);
  check_augmentation(options.augmentation);
  return options;
}

}  // namespace

void Stepper::check(const RowSource& source, const Batch& batch) const {
  const std::int64_t images = std::ssize(batch.rows);
  require(images >= 1 && images <= options_.batch_size, "train", "rows", images,
          "a batch has from 1 to `batch_size` of them");
  require(batch.progress >= 0.0 && batch.progress <= 1.0, "train", "progress", batch.progress,
          "must be from 0 to 1");
  require(source.columns() == model_.image_shape().pixels(), "train", "source", source.columns(),
          "the model's images have another number of values");
  require(model_.config().classes == 0 || std::ssize(source.labels()) == source.count(), "train",
          "labels", source.labels().size(), "the model needs one for each image");
  for (const std::int64_t row : batch.rows) {
    require(row >= 0 && row < source.count(), "train", "rows", row, "the source has no such row");
  }
}

Stepper::Stepper(Model& model, const StepOptions& options, ThreadPool& pool)
    : model_(model),
      pool_(pool),
      options_(checked(options)),
      adam_(std::ssize(model.parameters()), options.adam),
      workspaces_(model, workspace_count(options, pool.size())),
      lanes_({lanes_of(options, options.batch_size), model.gradient_count()}),
      lane_sum_({model.gradient_count()}),
      kept_({std::min(kSlice, options.batch_size), model.kept_count()}),
      gradients_({std::ssize(model.parameters())}) {}

std::int64_t Stepper::bytes(const Model& model, const StepOptions& options, int threads) {
  checked(options);
  const std::int64_t parameters = std::ssize(model.parameters());
  const std::int64_t floats = 3 * parameters +  // gradients, and Adam's m and v
                              (lanes_of(options, options.batch_size) + 1) * model.gradient_count() +
                              std::min(kSlice, options.batch_size) * model.kept_count();
  return workspaces_bytes(model, workspace_count(options, threads)) +
         floats * static_cast<std::int64_t>(sizeof(float));
}

void Stepper::run_slice(Losses& losses, const RowSource& source, const Batch& batch,
                        const LossWeights& scale, std::int64_t begin, std::int64_t end) {
  // Chunk k of the batch is in lane k mod lanes, in every slice.
  static_assert(kSlice % (kChunk * kMostLanes) == 0);
  const std::int64_t lanes = options_.lanes;
  std::array<std::atomic<std::int64_t>, kMostLanes> finished{};  // chunks of each lane
  pool_.run(chunks_of(end - begin), [&](std::int64_t chunk) {
    const auto lane = static_cast<std::size_t>(chunk % lanes);
    // Chunks are started in order, so this wait ends.
    while (finished[lane].load(std::memory_order_acquire) < chunk / lanes) {
      std::this_thread::yield();
    }
    const Finish finish(finished[lane]);
    const std::span<float> gradients = lanes_.row(chunk % lanes);
    if (begin == 0 && chunk < lanes) std::fill(gradients.begin(), gradients.end(), 0.0f);
    const std::int64_t first = begin + chunk * kChunk, last = std::min(first + kChunk, end);
    losses[lane] += run_chunk(source, batch, scale, first, last,
                              {gradients, kept_.view().rows(first - begin, last - begin)});
  });
}

LossParts Stepper::run_chunk(const RowSource& source, const Batch& batch, const LossWeights& scale,
                             std::int64_t first, std::int64_t last, Model::Lane lane) {
  Workspaces::Loan loan(workspaces_);
  const View images = loan.images(last - first);
  std::array<std::uint64_t, kChunk> keys;
  std::array<std::int64_t, kChunk> labels;
  const bool labelled = model_.config().classes > 0;
  for (std::int64_t i = first; i < last; ++i) {
    const std::int64_t row = batch.rows[static_cast<std::size_t>(i)];
    const auto at = static_cast<std::size_t>(i - first);
    keys[at] = noise_key(batch.seed, batch.epoch, row);
    if (labelled) labels[at] = source.labels()[static_cast<std::size_t>(row)];
    source.fill(row, images.row(i - first));
    augment(images.row(i - first), model_.image_shape(), options_.augmentation, keys[at]);
  }
  const auto n = static_cast<std::size_t>(last - first);
  return model_.train(loan.workspace(), lane,
                      {images, {labels.data(), labelled ? n : 0}, {keys.data(), n}}, scale);
}

LossParts Stepper::accumulate(const RowSource& source, const Batch& batch,
                              const LossWeights& weights) {
  constexpr std::int64_t kPiece = 1024 * kVectorFloats;
  const std::int64_t n = std::ssize(batch.rows), lanes = lanes_of(options_, n);
  assert(lanes <= lanes_.size(0));
  std::fill(gradients_.span().begin(), gradients_.span().end(), 0.0f);
  LossWeights scale = weights;
  for (double& part : scale) part *= static_cast<double>(1.0f / static_cast<float>(n));
  Losses losses{};
  for (std::int64_t begin = 0; begin < n; begin += kSlice) {
    const std::int64_t end = std::min(begin + kSlice, n);
    run_slice(losses, source, batch, scale, begin, end);
    pool_.run(model_.deferred_pieces(), [&](std::int64_t piece) {
      model_.add_deferred_gradients(piece, gradients_.span(), kept_.view().rows(0, end - begin));
    });
  }
  parallel_for(pool_, lane_sum_.count(), kPiece, [&](std::int64_t begin, std::int64_t end) {
    kernels().sum_parts(lane_sum_.data() + begin, lanes_.data() + begin, lanes,
                        model_.gradient_count(), end - begin);
  });
  model_.fold_gradients(gradients_.span(), lane_sum_.span());
  LossParts sum;
  for (const LossParts& loss : losses) sum += loss;
  return sum;
}

BatchLoss Stepper::step(const RowSource& source, const Batch& batch) {
  check(source, batch);
  const LossWeights weights = model_.loss_weights(batch.progress);
  BatchLoss result;
  result.parts = accumulate(source, batch, weights);
  result.loss = all_finite(gradients_.span()) ? weighted_sum(result.parts, weights)
                                              : std::numeric_limits<double>::quiet_NaN();
  if (!std::isfinite(result.loss)) return result;
  adam_.step(model_.parameters(), gradients_.span(), pool_);
  model_.after_step(lane_sum_.span());
  model_.prepare();
  return result;
}

}  // namespace hourglass
