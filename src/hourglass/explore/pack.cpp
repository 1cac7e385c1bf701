#include "hourglass/explore/pack.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <limits>

#include "hourglass/base/error.h"
#include "hourglass/interop/format_number.h"

namespace hourglass {
namespace {

constexpr std::string_view kSource = "the pack";
const std::string kFormatKey = "hourglass.explore";

/// The array of this name, or null; throws Error for another type or number of axes.
const ArrayView* find(const NamedArrayViews& file, std::string_view name, DType dtype, int rank) {
  const ArrayView* const array = file.find(name);
  if (!array) return nullptr;
  if (array->dtype != dtype || array->shape.rank() != rank) {
    fail_file("explore", "{}'s {} are {} {}: it is damaged; make it again with hourglass explore",
              kSource, name, facts(array->dtype).safetensors, array->shape.text());
  }
  return array;
}

void check_rows(const ArrayView* array, std::string_view name, std::int64_t count) {
  if (!array || array->shape[0] == count) return;
  fail_file(
      "explore",
      "{} has {} for {} of its {} points: it is damaged; make it again with hourglass explore",
      kSource, name, array->shape[0], count);
}

/// Floats from anywhere in memory.
Tensor floats_at(std::span<const std::uint8_t> bytes, Shape shape) {
  Tensor out(shape);
  assert(bytes.size() == static_cast<std::size_t>(out.count()) * sizeof(float));
  if (!bytes.empty()) std::memcpy(out.data(), bytes.data(), bytes.size());
  return out;
}

/// The images of a pack: bytes that it borrows.
class PackImages : public RowStorage {
 public:
  PackImages(std::span<const std::uint8_t> bytes, std::int64_t columns,
             std::span<const std::int64_t> labels)
      : bytes_(bytes), columns_(columns), labels_(labels) {}

  std::int64_t count() const override { return std::ssize(bytes_) / columns_; }
  std::int64_t columns() const override { return columns_; }
  void fill(std::int64_t row, std::span<float> out) const override {
    bytes_to_floats(out, at(row));
  }
  bool keeps_bytes() const override { return true; }
  void fill_bytes(std::int64_t row, std::span<std::uint8_t> out) const override {
    std::ranges::copy(at(row), out.begin());
  }
  std::span<const std::int64_t> labels() const override { return labels_; }

 private:
  std::span<const std::uint8_t> at(std::int64_t row) const {
    return bytes_.subspan(static_cast<std::size_t>(row * columns_),
                          static_cast<std::size_t>(columns_));
  }

  std::span<const std::uint8_t> bytes_;
  std::int64_t columns_;
  std::span<const std::int64_t> labels_;
};

std::vector<std::int64_t> labels_of(const ArrayView* array) {
  std::vector<std::int64_t> labels;
  if (!array) return labels;
  labels.resize(static_cast<std::size_t>(array->shape[0]));
  for (std::size_t i = 0; i < labels.size(); ++i) {
    std::int32_t label = 0;
    std::memcpy(&label, array->bytes.data() + i * sizeof label, sizeof label);
    labels[i] = label;
  }
  return labels;
}

}  // namespace

ExplorePack::ExplorePack(std::span<const std::uint8_t> bytes)
    : arrays_(view_safetensors(bytes, kSource)) {
  if (arrays_.metadata.count(kFormatKey) == 0) {
    fail_file("explore", "{} has no '{}' in its metadata: it is not of hourglass explore", kSource,
              kFormatKey);
  }
  check_format_number("explore", kSource, arrays_.metadata, kFormatKey, kExploreFormat);
  maps_array_ = find(arrays_, "maps", DType::kF32, 3);
  const ArrayView* const labels = find(arrays_, "labels", DType::kI32, 1);
  latents_ = find(arrays_, "latents", DType::kF32, 2);
  images_ = find(arrays_, "images", DType::kU8, 2);
  if (!maps_array_ || maps_array_->shape[0] < 1 || maps_array_->shape[1] < 1 ||
      maps_array_->shape[2] != 2) {
    fail_file("explore", "{} has no map with points: make it again with hourglass explore",
              kSource);
  }
  maps_ = maps_array_->shape[0];
  count_ = maps_array_->shape[1];
  require(count_ <= std::numeric_limits<std::int32_t>::max(), "explore", "count", count_,
          "more points than a search can have");
  check_rows(latents_, "latents", count_);
  check_rows(images_, "images", count_);
  check_rows(labels, "labels", count_);
  if (latents_ && latents_->shape[1] == 0) latents_ = nullptr;
  if (images_ && images_->shape[1] == 0) images_ = nullptr;
  labels_ = labels_of(labels);
}

Tensor ExplorePack::map(std::int64_t index) const {
  assert(index >= 0 && index < maps_);
  const auto size = static_cast<std::size_t>(count_) * 2 * sizeof(float);
  return floats_at(maps_array_->bytes.subspan(static_cast<std::size_t>(index) * size, size),
                   {count_, 2});
}

Tensor ExplorePack::latents() const {
  assert(latents_);
  return floats_at(latents_->bytes, {count_, latent_dim()});
}

std::span<const std::uint8_t> ExplorePack::images() const {
  return images_ ? images_->bytes : std::span<const std::uint8_t>();
}

RowSource ExplorePack::image_rows() const {
  if (!images_) return {};
  const bool all = std::ranges::all_of(labels_, [](std::int64_t label) { return label >= 0; });
  return RowSource(std::make_shared<PackImages>(images_->bytes, image_values(),
                                                all ? labels_ : std::span<const std::int64_t>()));
}

}  // namespace hourglass
