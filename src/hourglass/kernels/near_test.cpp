#include "hourglass/kernels/near.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "hourglass/base/random.h"
#include "hourglass/kernels/each_set_test.h"
#include "hourglass/kernels/impl/ref/ref.h"

namespace hourglass {
namespace {

class Near : public EachKernelSet {
 protected:
  /// Small integers, whose sums are exact.
  std::vector<float> whole(std::int64_t count) {
    std::vector<float> values(static_cast<std::size_t>(count));
    for (float& value : values) value = static_cast<float>(rng_.below(9)) - 4;
    return values;
  }
  Rng rng_{5};
};

using Found = std::vector<std::pair<std::uint32_t, float>>;

Found sorted(const std::vector<std::uint32_t>& pair, const std::vector<float>& value,
             std::int64_t count) {
  Found found;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    found.emplace_back(pair[i], value[i]);
  }
  std::sort(found.begin(), found.end());
  return found;
}

TEST_P(Near, PairsEqualPlainLoops) {
  for (const std::int64_t rows : {1, 5, 64}) {
    for (const std::int64_t depth : {1, 3, 33}) {
      const auto a = whole(rows * depth), b = whole(depth * kLeaf), bias = whole(kLeaf);
      const auto limit = whole(rows);
      std::vector<std::int32_t> offset;
      for (std::int64_t m = 0; m < rows; ++m) {
        offset.push_back(static_cast<std::int32_t>(m * depth));
      }
      const NearProduct product{a.data(), offset.data(), limit.data(), rows,
                                b.data(), bias.data(),   depth};
      std::vector<std::uint32_t> pair(static_cast<std::size_t>((rows + 1) * kLeaf)), plain = pair;
      std::vector<float> value(pair.size()), plain_value = value;
      const std::int64_t count = kernels().near.product({pair.data(), value.data()}, product);
      const std::int64_t plain_count =
          ref::near_kernels().product({plain.data(), plain_value.data()}, product);
      ASSERT_EQ(sorted(pair, value, count), sorted(plain, plain_value, plain_count))
          << rows << " rows, depth " << depth;
    }
  }
}

TEST_P(Near, RefiningKeepsThePairsWithinTheLimit) {
  constexpr std::int64_t kRows = 7, kDepth = 48;
  const auto a = whole(kRows * kDepth), b = whole(kLeaf * kDepth);
  std::vector<std::int32_t> offset;
  for (int m = 0; m < kRows; ++m) offset.push_back(m * static_cast<std::int32_t>(kDepth));
  const std::vector<float> limit(kRows, 600.0f);  // about the middle of the distances
  std::vector<std::uint32_t> pair(kRows * kLeaf);
  for (std::size_t i = 0; i < pair.size(); ++i) pair[i] = static_cast<std::uint32_t>(i);
  std::vector<std::uint32_t> plain = pair;
  std::vector<float> value(pair.size()), plain_value = value;
  const NearRefine refine{a.data(), offset.data(), limit.data(), b.data(), kDepth};
  const auto all = static_cast<std::int64_t>(pair.size());
  const std::int64_t count = kernels().near.refine({pair.data(), value.data()}, all, refine);
  const std::int64_t plain_count =
      ref::near_kernels().refine({plain.data(), plain_value.data()}, all, refine);
  EXPECT_GT(count, 0);
  EXPECT_LT(count, all);
  EXPECT_EQ(sorted(pair, value, count), sorted(plain, plain_value, plain_count));
}

TEST_P(Near, BoxDistancesEqualPlainLoops) {
  const auto points = whole(5 * kLeaf);
  const std::vector<float> low{-2, 0, 1, -4, 3}, high{0, 0, 2, 4, 4};
  std::vector<float> out(kLeaf), plain(kLeaf);
  kernels().near.box(out.data(), points.data(), low.data(), high.data(), 5);
  ref::near_kernels().box(plain.data(), points.data(), low.data(), high.data(), 5);
  EXPECT_EQ(out, plain);
}

TEST_P(Near, SquaredDistancesHaveTheSameBitsInEverySet) {
  for (const std::int64_t d : {1, 7, 8, 9, 100}) {
    std::vector<float> a = whole(d), b = whole(d);
    for (float& value : a) value = value * 0.3f + 1e-3f;
    for (float& value : b) value *= 0.7f;
    EXPECT_EQ(kernels().near.squared_distance(a.data(), b.data(), d),
              ref::near_kernels().squared_distance(a.data(), b.data(), d))
        << d;
  }
}

INSTANTIATE_TEST_SUITE_P(Sets, Near, kEverySet, kernel_set_name);

}  // namespace
}  // namespace hourglass
