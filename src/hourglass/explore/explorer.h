// The engine of the explorer page: everything that the page computes from a pack and a model. Not
// the page's interface to it, which is C: see web/engine/engine.h.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/explore/latents.h"
#include "hourglass/explore/pack.h"
#include "hourglass/explore/shown_map.h"
#include "hourglass/models/apply.h"
#include "hourglass/models/checkpoint_file.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// What is between the data at a position of the map.
struct Blend {
  Tensor latent;                     // [1, d], the weighted mean of the points' latent vectors
  Tensor image;                      // [1, values] in [0, 1], decoded from it; empty: no model
  std::vector<std::int32_t> points;  // the nearest points of the map, nearest first
  std::vector<float> weights;        // of each, summing to 1
  float distance = 0;                // from the position to the nearest point
  bool far = false;                  // whether no data is near: see ShownMap::far
};

/// In which two points are compared: by their latent vectors, by the pixels of their images
/// (bytes), or by their positions on the map shown. Euclidean, of values in [0, 1] for pixels.
enum class Space { latent, pixel, map };

struct NearPoints {
  std::vector<std::int32_t> points;  // nearest first, ties to the lower index
  std::vector<float> distances;      // of each
};

/// One pack and its models, one map of it shown. Single-threaded: one call at a time. Everything
/// that a pack or the page can lack (latent vectors, images, labels, a model) fails, where it is
/// needed, with an Error of one sentence, and the rest works. Results depend neither on earlier
/// calls nor on the number of other rows.
class Explorer {
 public:
  /// `pack` must outlive this. Shows the last map. Throws as ExplorePack does.
  explicit Explorer(std::span<const std::uint8_t> pack);
  ~Explorer();

  const ExplorePack& pack() const { return pack_; }

  /// The model of the last map, a checkpoint's bytes. Throws Error, and leaves the old one, if they
  /// are none, or of a model with latent vectors of another length than the pack's.
  void set_model(std::span<const std::uint8_t> checkpoint);

  /// Shows another map, with the model of its epoch if `checkpoint` is not empty: latent vectors
  /// are then what that model makes of the pack's images, so it is used only where there are such
  /// images. The model of the last map stays in use otherwise, as it does without a checkpoint.
  /// Returns whether the model in use is the map's own. Throws Error for a map that is not in the
  /// pack and as set_model() does, and then shows what it showed.
  bool show(std::int64_t map, std::span<const std::uint8_t> checkpoint = {});

  bool can_decode() const { return model() != nullptr; }
  bool can_encode() const { return model() != nullptr; }
  bool can_place() const { return latents_.has_value() || epoch_.has_value(); }
  const Model* model() const;         ///< In use; null: none.
  std::int64_t latent_dim() const;    ///< Of the model in use, else of the pack; 0: no latents.
  std::int64_t image_values() const;  ///< Likewise, of images.

  /// Images [n, values] of latents [n, d], with labels [n] for models that take them (ignored by
  /// the others).
  Tensor decode(ConstView latents, std::span<const std::int64_t> labels = {});
  /// Latents [n, d] of images [n, values], with labels likewise.
  Tensor encode(ConstView images, std::span<const std::int64_t> labels = {});

  /// What is at a position of the map shown, by the formula of UmapTransformer::inverse_transform
  /// for kBlendPoints. `label` is for models that take them; -1: that of the nearest point that has
  /// one.
  Blend blend(float x, float y, std::int64_t label = -1);
  /// Positions [n, 2] of latents [n, d] on the map shown, as UmapTransformer::transform says.
  Tensor place(ConstView latents);

  /// The k nearest other points of a point, exactly; fewer if the pack has fewer.
  NearPoints near(Space space, std::int64_t point, int k);
  /// Of a latent vector [d], an image [values] (rounded to bytes) or a position [2].
  NearPoints near(Space space, std::span<const float> row, int k);

 private:
  struct Loaded;  // a model with its workspace

  std::unique_ptr<Loaded> load(std::span<const std::uint8_t> checkpoint, std::string_view source);
  Coder& coder(std::string_view what);
  PointLatents& latents();
  /// The label of the first of these points that has one, or 0.
  std::int64_t label_near(std::span<const std::int32_t> points) const;
  /// Where this is a point of the pack, `point`; it is left out.
  NearPoints search(const NeighbourIndex& index, std::span<const float> row, std::int64_t point,
                    int k);
  NearPoints search_pixels(std::span<const std::uint8_t> row, std::int64_t point, int k);

  ThreadPool pool_{1};
  ExplorePack pack_;
  std::optional<PointLatents> latents_;         // of the last map
  std::unique_ptr<Loaded> last_, epoch_model_;  // of the last map, and of the one shown
  std::optional<PointLatents> epoch_;           // by epoch_model_
  ShownMap map_;
};

}  // namespace hourglass
