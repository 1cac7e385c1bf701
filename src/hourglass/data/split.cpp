#include "hourglass/data/split.h"

#include <algorithm>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/base/random.h"

namespace hourglass {

std::vector<std::int64_t> held_out_rows(std::int64_t images, std::int64_t count,
                                        std::uint64_t seed) {
  if (count < 0 || (count > 0 && count >= images)) {
    fail("data", "{} images to be held out of {} training images: must be from 0 to {}", count,
         images, images - 1);
  }
  if (count == 0) return {};
  Rng rng(seed, Stream::hold_out);
  auto order = random_permutation(images, rng);
  order.resize(static_cast<std::size_t>(count));
  std::sort(order.begin(), order.end());
  return order;
}

RowSource hold_out(RowSource& train, std::vector<std::int64_t> rows) {
  if (rows.empty()) return {};
  std::vector<std::int64_t> left;
  auto next = rows.begin();
  for (std::int64_t i = 0; i < train.count(); ++i) {
    if (next != rows.end() && *next == i) {
      ++next;
    } else {
      left.push_back(i);
    }
  }
  RowSource held = train.selected(std::move(rows));
  train = train.selected(std::move(left));
  return held;
}

RowSource hold_out(RowSource& train, std::int64_t count, std::uint64_t seed) {
  return hold_out(train, held_out_rows(train.count(), count, seed));
}

bool images_are_equal(const RowSource& images) {
  const auto size = static_cast<std::size_t>(images.columns());
  std::vector<float> first(size), other(size);
  if (images.count() < 2) return false;
  images.fill(0, first);
  for (std::int64_t i = 1; i < images.count(); ++i) {
    images.fill(i, other);
    if (other != first) return false;
  }
  return true;
}

void epoch_order(std::uint64_t seed, std::int64_t epoch, std::span<std::int64_t> order) {
  Rng rng(seed,
          static_cast<std::uint64_t>(Stream::epoch_order) + static_cast<std::uint64_t>(epoch));
  random_permutation(order, rng);
}

std::int64_t batch_count(std::int64_t images, std::int64_t batch_size) {
  require(images >= 0, "data", "images", images, "must be at least 0");
  require(batch_size >= 1, "data", "batch_size", batch_size, "must be at least 1");
  return images / batch_size + (images % batch_size != 0 ? 1 : 0);
}

std::span<const std::int64_t> batch_of(std::span<const std::int64_t> order, std::int64_t b,
                                       std::int64_t batch_size) {
  require(b >= 0 && b < batch_count(std::ssize(order), batch_size), "data", "b", b,
          "the order has no such batch");
  const auto begin = static_cast<std::size_t>(b * batch_size);
  return order.subspan(begin, std::min(order.size() - begin, static_cast<std::size_t>(batch_size)));
}

}  // namespace hourglass
