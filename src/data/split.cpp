#include "data/split.h"

#include <algorithm>
#include <cassert>
#include <vector>

#include "base/error.h"
#include "base/random.h"

namespace hourglass {
namespace {

// Streams of the user's one seed. Far from the small numbers that other purposes count from.
constexpr std::uint64_t kHoldOutStream = 0x686f6c645f6f7574u;
constexpr std::uint64_t kOrderStream = 0x6f72646572000000u;

/// Which images are held out, in ascending order.
std::vector<std::int64_t> choose(std::int64_t images, std::int64_t count, std::uint64_t seed) {
  Rng rng(seed, kHoldOutStream);
  auto order = random_permutation(images, rng);
  order.resize(static_cast<std::size_t>(count));
  std::sort(order.begin(), order.end());
  return order;
}

}  // namespace

Split hold_out(Split& train, const ImageShape& shape, std::int64_t count, std::uint64_t seed) {
  Split held;
  if (count < 0 || (count > 0 && count >= train.count())) {
    fail("data", "{} images to be held out of {} training images: must be from 0 to {}", count,
         train.count(), train.count() - 1);
  }
  if (count == 0) return held;
  const auto chosen = choose(train.count(), count, seed);
  const auto size = static_cast<std::size_t>(shape.pixels());
  held.pixels.reserve(chosen.size() * size);
  held.labels.reserve(chosen.size());
  std::int64_t kept = 0;
  auto next = chosen.begin();
  for (std::int64_t i = 0; i < train.count(); ++i) {
    const auto image = train.image(i, shape);
    const std::int64_t label = train.labels[static_cast<std::size_t>(i)];
    if (next != chosen.end() && *next == i) {
      held.pixels.insert(held.pixels.end(), image.begin(), image.end());
      held.labels.push_back(label);
      ++next;
    } else {
      std::copy(image.begin(), image.end(), train.pixels.begin() + kept * shape.pixels());
      train.labels[static_cast<std::size_t>(kept++)] = label;
    }
  }
  train.labels.resize(static_cast<std::size_t>(kept));
  train.pixels.resize(static_cast<std::size_t>(kept) * size);
  return held;
}

bool images_are_equal(const Split& split, const ImageShape& shape) {
  const auto pixels = static_cast<std::size_t>(shape.pixels());
  const std::span<const std::uint8_t> all(split.pixels);
  // Each value is that of the image before.
  return split.count() > 1 &&
         std::equal(all.begin() + static_cast<std::ptrdiff_t>(pixels), all.end(), all.begin());
}

void epoch_order(std::uint64_t seed, std::int64_t epoch, std::span<std::int64_t> order) {
  Rng rng(seed, kOrderStream + static_cast<std::uint64_t>(epoch));
  random_permutation(order, rng);
}

std::int64_t batch_count(std::int64_t images, std::int64_t batch_size) {
  assert(images >= 0 && batch_size >= 1);
  return images / batch_size + (images % batch_size != 0 ? 1 : 0);
}

std::span<const std::int64_t> batch_of(std::span<const std::int64_t> order, std::int64_t b,
                                       std::int64_t batch_size) {
  assert(b >= 0 && b < batch_count(static_cast<std::int64_t>(order.size()), batch_size));
  const auto begin = static_cast<std::size_t>(b * batch_size);
  return order.subspan(begin, std::min(order.size() - begin, static_cast<std::size_t>(batch_size)));
}

}  // namespace hourglass
