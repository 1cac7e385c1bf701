#include "hourglass/explore/explorer.h"

#include <algorithm>
#include <cmath>

#include "hourglass/base/error.h"
#include "hourglass/explore/near_images.h"
#include "hourglass/project/umap/new_points.h"
#include "hourglass/tensor/impl/checks.h"

namespace hourglass {

struct Explorer::Loaded {
  Loaded(Checkpoint read, ThreadPool& pool)
      : checkpoint(std::move(read)), coder(*checkpoint.model, pool) {}

  Checkpoint checkpoint;
  Coder coder;
};

Explorer::Explorer(std::span<const std::uint8_t> pack)
    : pack_(pack), map_(pack_.map(pack_.maps() - 1), pool_) {
  if (pack_.latent_dim() > 0) latents_.emplace(pack_.latents());
}

Explorer::~Explorer() = default;

std::unique_ptr<Explorer::Loaded> Explorer::load(std::span<const std::uint8_t> checkpoint,
                                                 std::string_view source) {
  auto loaded = std::make_unique<Loaded>(parse_checkpoint(checkpoint, std::string(source)), pool_);
  const std::int64_t d = loaded->checkpoint.model->latent_dim();
  if (latents_ && d != pack_.latent_dim()) {
    fail_file("explore",
              "{} has latent vectors of {} numbers and the pack of {}: they are not of one run",
              source, d, pack_.latent_dim());
  }
  return loaded;
}

void Explorer::set_model(std::span<const std::uint8_t> checkpoint) {
  last_ = load(checkpoint, "the model");
}

bool Explorer::show(std::int64_t map, std::span<const std::uint8_t> checkpoint) {
  require(map >= 0 && map < pack_.maps(), "explore", "map", map,
          fmt::format("the pack has maps from 0 to {}", pack_.maps() - 1));
  std::unique_ptr<Loaded> own;
  if (!checkpoint.empty()) own = load(checkpoint, "the model of this map");
  ShownMap shown(pack_.map(map), pool_);
  const bool encodes = own && pack_.image_values() == own->checkpoint.model->image_shape().pixels();
  epoch_.reset();  // before the model that it borrows
  epoch_model_ = encodes ? std::move(own) : nullptr;
  if (encodes) {
    epoch_.emplace(pack_.image_rows(), epoch_model_->coder,
                   epoch_model_->checkpoint.model->latent_dim());
  }
  map_ = std::move(shown);
  return encodes || (map == pack_.maps() - 1 && last_);
}

const Model* Explorer::model() const {
  const Loaded* const used = epoch_model_ ? epoch_model_.get() : last_.get();
  return used ? used->checkpoint.model.get() : nullptr;
}

std::int64_t Explorer::latent_dim() const {
  return model() ? model()->latent_dim() : pack_.latent_dim();
}

std::int64_t Explorer::image_values() const {
  return model() ? model()->image_shape().pixels() : pack_.image_values();
}

Coder& Explorer::coder(std::string_view what) {
  if (!model()) fail("explore", "there is no model here: nothing can be {}", what);
  return epoch_model_ ? epoch_model_->coder : last_->coder;
}

PointLatents& Explorer::latents() {
  if (epoch_) return *epoch_;
  if (!latents_) {
    fail("explore", "there are no latent vectors here: positions of the map lead to no data");
  }
  return *latents_;
}

Tensor Explorer::decode(ConstView latents, std::span<const std::int64_t> labels) {
  return coder("decoded").decode(latents, labels);
}

Tensor Explorer::encode(ConstView images, std::span<const std::int64_t> labels) {
  Coder& coder = this->coder("encoded");
  require_matrix("encode", "images", images);
  Tensor copy(images.shape());
  std::ranges::copy(images.span(), copy.data());
  return coder.encode(float_rows(std::move(copy), {labels.begin(), labels.end()}));
}

Blend Explorer::blend(float x, float y, std::int64_t label) {
  PointLatents& latents = this->latents();
  Tensor position({1, 2});
  position[0] = x, position[1] = y;
  Neighbours near = map_.index().query(position, map_.blend_points(), pool_);
  Blend blend;
  blend.latent = blend_of(latents.with(near.indices), near, pool_);
  blend.weights.resize(near.indices.size());
  blend_weights(blend.weights, near.distances);
  double sum = 0;
  for (const float weight : blend.weights) sum += static_cast<double>(weight);
  for (float& weight : blend.weights) {
    weight = static_cast<float>(static_cast<double>(weight) / sum);
  }
  blend.distance = near.distances.front();
  blend.far = map_.far(blend.distance);
  blend.points = std::move(near.indices);
  if (!model()) return blend;
  std::vector<std::int64_t> labels;
  if (model()->config().classes > 0) labels = {label >= 0 ? label : label_near(blend.points)};
  blend.image = decode(blend.latent, labels);
  return blend;
}

std::int64_t Explorer::label_near(std::span<const std::int32_t> points) const {
  if (pack_.labels().empty()) return 0;
  for (const std::int32_t point : points) {
    const std::int64_t label = pack_.labels()[static_cast<std::size_t>(point)];
    if (label >= 0) return label;
  }
  return 0;
}

Tensor Explorer::place(ConstView latents) {
  require_matrix("explore", "latents", latents);
  if (latents.size(0) == 0) return Tensor({0, 2});
  return place_among(map_.positions(),
                     this->latents().index(pool_).query(latents, map_.blend_points(), pool_),
                     pool_);
}

NearPoints Explorer::near(Space space, std::int64_t point, int k) {
  require(point >= 0 && point < pack_.count(), "explore", "point", point,
          fmt::format("the pack has points from 0 to {}", pack_.count() - 1));
  switch (space) {
    case Space::latent: {
      PointLatents& latents = this->latents();
      return search(latents.index(pool_), latents.all().row(point), point, k);
    }
    case Space::pixel: {
      const auto values = static_cast<std::size_t>(pack_.image_values());
      return search_pixels(pack_.images().subspan(static_cast<std::size_t>(point) * values, values),
                           point, k);
    }
    case Space::map:
      return search(map_.index(), map_.positions().row(point), point, k);
  }
  return {};
}

NearPoints Explorer::near(Space space, std::span<const float> row, int k) {
  switch (space) {
    case Space::latent:
      return search(latents().index(pool_), row, -1, k);
    case Space::pixel: {
      require_finite("explore", "row", row);
      std::vector<std::uint8_t> bytes(row.size());
      std::ranges::transform(row, bytes.begin(), [](float x) {
        return static_cast<std::uint8_t>(std::lround(std::clamp(x, 0.0f, 1.0f) * 255.0f));
      });
      return search_pixels(bytes, -1, k);
    }
    case Space::map:
      return search(map_.index(), row, -1, k);
  }
  return {};
}

NearPoints Explorer::search(const NeighbourIndex& index, std::span<const float> row,
                            std::int64_t point, int k) {
  require(k >= 1, "explore", "k", k, "must be at least 1");
  const bool own = point >= 0;  // is found too, unless as many others are as near
  const int asked =
      static_cast<int>(std::min<std::int64_t>(std::int64_t{k} + (own ? 1 : 0), pack_.count()));
  const Neighbours found =
      index.query(ConstView(row.data(), Shape{1, std::ssize(row)}), asked, pool_);
  NearPoints near;
  for (std::size_t i = 0; i < found.indices.size() && std::ssize(near.points) < k; ++i) {
    if (found.indices[i] == point) continue;
    near.points.push_back(found.indices[i]);
    near.distances.push_back(found.distances[i]);
  }
  return near;
}

NearPoints Explorer::search_pixels(std::span<const std::uint8_t> row, std::int64_t point, int k) {
  require(k >= 1, "explore", "k", k, "must be at least 1");
  if (pack_.images().empty()) {
    fail("explore", "there are no images here: pixels cannot be compared");
  }
  require(std::ssize(row) == pack_.image_values(), "explore", "row", row.size(),
          fmt::format("the pack's images have {} values", pack_.image_values()));
  NearPoints near;
  for (const NearImage& image : near_images(pack_.images(), row, k, point)) {
    near.points.push_back(image.row);
    near.distances.push_back(
        static_cast<float>(std::sqrt(static_cast<double>(image.squared)) / 255.0));
  }
  return near;
}

}  // namespace hourglass
