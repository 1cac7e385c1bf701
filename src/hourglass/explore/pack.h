// The pack of the explorer, as the engine of its page reads it: what the points are. Not the words
// of the page, which are for its script alone. docs/formats.md, "The pack of the explorer".
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hourglass/interop/safetensors.h"
#include "hourglass/tensor/rows.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// The newest format that the metadata `hourglass.explore` of a pack may name.
inline constexpr int kExploreFormat = 1;

/// Borrows the bytes of a pack: images are not copied.
class ExplorePack {
 public:
  /// `bytes` must outlive this. Throws Error in one line if they are not a pack, damaged or of a
  /// newer format, or if an array has another type or number of rows than the others.
  explicit ExplorePack(std::span<const std::uint8_t> bytes);
  ExplorePack(const ExplorePack&) = delete;

  std::int64_t count() const { return count_; }  ///< Points, at least 1.
  std::int64_t maps() const { return maps_; }    ///< At least 1.
  std::int64_t latent_dim() const { return latents_ ? latents_->shape[1] : 0; }  ///< 0: none
  std::int64_t image_values() const { return images_ ? images_->shape[1] : 0; }  ///< 0: none

  Tensor map(std::int64_t index) const;  ///< [count, 2], copied; 0 <= index < maps()
  Tensor latents() const;                ///< [count, latent_dim], copied; there must be some
  /// [count, image_values()]; empty without images.
  std::span<const std::uint8_t> images() const;
  /// [count], -1: none; empty without labels.
  const std::vector<std::int64_t>& labels() const { return labels_; }
  /// The images as floats, with the labels where every point has one. Must not outlive this.
  RowSource image_rows() const;

 private:
  NamedArrayViews arrays_;
  const ArrayView* maps_array_ = nullptr;
  const ArrayView* latents_ = nullptr;  // null: none
  const ArrayView* images_ = nullptr;   // likewise
  std::int64_t count_ = 0, maps_ = 0;
  std::vector<std::int64_t> labels_;
};

}  // namespace hourglass
