#include "train/stepper.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cassert>
#include <cmath>
#include <limits>
#include <thread>

#include "kernels/kernels.h"

namespace hourglass {
namespace {

std::int64_t chunks_of(std::int64_t images) {
  return (images + kChunk - 1) / kChunk;
}

/// Lanes of a batch of so many images that have a chunk.
std::int64_t lanes_of(const StepOptions& options, std::int64_t images) {
  return std::min(options.lanes, chunks_of(images));
}

/// On the bits, so that the loop becomes vectors.
bool all_finite(std::span<const float> values) {
  constexpr std::uint32_t kExponent = 0x7f800000u;
  std::uint32_t found = 0;
  for (const float x : values) {
    found |= (std::bit_cast<std::uint32_t>(x) & kExponent) == kExponent ? 1u : 0u;
  }
  return found == 0;
}

/// Counts a chunk as finished, also where it ends in an exception: the next is waiting for it.
class Finish {
 public:
  explicit Finish(std::atomic<std::int64_t>& finished) : finished_(finished) {}
  ~Finish() { finished_.fetch_add(1, std::memory_order_release); }
  Finish(const Finish&) = delete;
  Finish& operator=(const Finish&) = delete;

 private:
  std::atomic<std::int64_t>& finished_;
};

}  // namespace

// A lane works on one chunk at a time: there are never more chunks under way than lanes.
Stepper::Stepper(Model& model, const StepOptions& options, ThreadPool& pool)
    : model_(model),
      pool_(pool),
      options_(options),
      adam_(std::ssize(model.parameters()), options.adam),
      workspaces_(model, std::min<std::int64_t>(pool.size(), lanes_of(options, options.batch_size))),
      lanes_({lanes_of(options, options.batch_size), model.gradient_count()}),
      lane_sum_({model.gradient_count()}),
      kept_({std::min(kSlice, options.batch_size), model.kept_count()}),
      gradients_({std::ssize(model.parameters())}) {}

void Stepper::run_slice(Losses& losses, const Split& split, std::span<const std::int64_t> rows,
                        std::int64_t begin, std::int64_t end) {
  static_assert(kSlice % (kChunk * kMostLanes) == 0);  // lanes follow on from slice to slice
  const float loss_scale = 1.0f / static_cast<float>(rows.size());
  const ImageShape shape = model_.image_shape();
  const std::int64_t lanes = options_.lanes;
  std::array<std::atomic<std::int64_t>, kMostLanes> finished{};  // chunks of each lane
  pool_.run(chunks_of(end - begin), [&](std::int64_t chunk) {
    const auto lane = static_cast<std::size_t>(chunk % lanes);
    // Chunks are begun in order, so this one's turn comes.
    while (finished[lane].load(std::memory_order_acquire) < chunk / lanes) {
      std::this_thread::yield();
    }
    const Finish finish(finished[lane]);
    Workspaces::Loan loan(workspaces_);
    const std::span<float> gradients = lanes_.row(chunk % lanes);
    if (begin == 0 && chunk < lanes) std::fill(gradients.begin(), gradients.end(), 0.0f);
    const std::int64_t first = begin + chunk * kChunk, last = std::min(first + kChunk, end);
    const View images = loan.images(last - first);
    for (std::int64_t i = first; i < last; ++i) {
      bytes_to_floats(images.row(i - first), split.image(rows[static_cast<std::size_t>(i)], shape));
    }
    const View kept = kept_.view().rows(first - begin, last - begin);
    losses[lane].reconstruction +=
        model_.train_chunk(loan.workspace(), gradients, kept, images, loss_scale).reconstruction;
  });
}

LossParts Stepper::accumulate(const Split& split, std::span<const std::int64_t> rows) {
  constexpr std::int64_t kPiece = 1024 * kLanes;
  const std::int64_t n = std::ssize(rows), lanes = lanes_of(options_, n);
  assert(lanes <= lanes_.size(0));
  std::fill(gradients_.span().begin(), gradients_.span().end(), 0.0f);
  Losses losses{};
  for (std::int64_t begin = 0; begin < n; begin += kSlice) {
    const std::int64_t end = std::min(begin + kSlice, n);
    run_slice(losses, split, rows, begin, end);
    pool_.run(model_.kept_pieces(), [&](std::int64_t piece) {
      model_.add_kept_gradients(piece, gradients_.span(), kept_.view().rows(0, end - begin));
    });
  }
  parallel_for(pool_, lane_sum_.count(), kPiece, [&](std::int64_t begin, std::int64_t end) {
    kernels().sum_parts(lane_sum_.data() + begin, lanes_.data() + begin, lanes,
                        model_.gradient_count(), end - begin);
  });
  model_.fold_gradients(gradients_.span(), lane_sum_.span());
  LossParts sum;
  for (const LossParts& loss : losses) sum.reconstruction += loss.reconstruction;
  return sum;
}

LossParts Stepper::step(const Split& split, std::span<const std::int64_t> rows) {
  LossParts loss = accumulate(split, rows);
  if (!all_finite(gradients_.span())) {
    loss.reconstruction = std::numeric_limits<double>::quiet_NaN();
  }
  if (!std::isfinite(loss.reconstruction)) return loss;
  adam_.step(model_.parameters(), gradients_.span(), pool_);
  model_.prepare();
  return loss;
}

}  // namespace hourglass
