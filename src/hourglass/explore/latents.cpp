#include "hourglass/explore/latents.h"

#include <algorithm>

namespace hourglass {

PointLatents::PointLatents(Tensor given) : rows_(std::move(given)) {}

PointLatents::PointLatents(RowSource images, Coder& coder, std::int64_t latent_dim)
    : rows_({images.count(), latent_dim}),
      images_(std::move(images)),
      coder_(&coder),
      known_(static_cast<std::size_t>(images_.count()), false) {}

ConstView PointLatents::with(std::span<const std::int32_t> points) {
  if (!coder_) return rows_;
  std::vector<std::int64_t> missing;
  for (const std::int32_t point : points) {
    if (!known_[static_cast<std::size_t>(point)]) missing.push_back(point);
  }
  if (missing.empty()) return rows_;
  const Tensor encoded = coder_->encode(images_.selected(missing));
  for (std::size_t i = 0; i < missing.size(); ++i) {
    std::ranges::copy(encoded.row(static_cast<std::int64_t>(i)), rows_.row(missing[i]).begin());
    known_[static_cast<std::size_t>(missing[i])] = true;
  }
  return rows_;
}

ConstView PointLatents::all() {
  if (!coder_) return rows_;
  rows_ = coder_->encode(images_);
  coder_ = nullptr;
  images_ = {};
  known_ = {};
  return rows_;
}

const NeighbourIndex& PointLatents::index(ThreadPool& pool) {
  if (!index_) index_.emplace(all(), Metric::euclidean, pool);
  return *index_;
}

}  // namespace hourglass
