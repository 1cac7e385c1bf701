#include "train/stepper.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <limits>

#include "kernels/kernels.h"

namespace hourglass {
namespace {

std::int64_t chunks_of(std::int64_t images) {
  return (images + kChunk - 1) / kChunk;
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

}  // namespace

Stepper::Stepper(Model& model, std::int64_t batch_size, const AdamOptions& options,
                 ThreadPool& pool)
    : model_(model),
      pool_(pool),
      adam_(std::ssize(model.parameters()), options),
      workspaces_(model, pool.size()),
      lanes_({std::min(kLaneCount, chunks_of(batch_size)), model.gradient_count()}),
      lane_sum_({model.gradient_count()}),
      gradients_({std::ssize(model.parameters())}) {}

LossParts Stepper::accumulate(const Split& split, std::span<const std::int64_t> rows) {
  const std::int64_t n = std::ssize(rows), chunks = chunks_of(n);
  const std::int64_t lanes = std::min(kLaneCount, chunks);
  assert(lanes <= lanes_.size(0));
  const float loss_scale = 1.0f / static_cast<float>(n);
  const ImageShape shape = model_.image_shape();
  std::array<LossParts, kLaneCount> losses{};
  pool_.run(lanes, [&](std::int64_t lane) {
    Workspaces::Loan loan(workspaces_);
    const std::span<float> gradients = lanes_.row(lane);
    std::fill(gradients.begin(), gradients.end(), 0.0f);
    LossParts& loss = losses[static_cast<std::size_t>(lane)];
    for (std::int64_t chunk = lane; chunk < chunks; chunk += kLaneCount) {
      const std::int64_t begin = chunk * kChunk, end = std::min(begin + kChunk, n);
      const View images = loan.images(end - begin);
      for (std::int64_t i = begin; i < end; ++i) {
        bytes_to_floats(images.row(i - begin),
                        split.image(rows[static_cast<std::size_t>(i)], shape));
      }
      loss.reconstruction +=
          model_.train_chunk(loan.workspace(), gradients, images, loss_scale).reconstruction;
    }
  });
  constexpr std::int64_t kPiece = 1024 * kLanes;
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
