#include "sweep.h"

#include <gmock/gmock.h>

#include <set>

namespace hourglass {
namespace {

using testing::ElementsAre;

TEST(Sweep, ASampleHasOneOfEachPartAndIsTheSameForTheSameSeed) {
  for (std::uint64_t stream = 0; stream < 50; ++stream) {
    const std::vector<std::size_t> sample = sample_of(100, 4, stream);
    ASSERT_EQ(sample.size(), 4U);
    for (std::size_t part = 0; part < 4; ++part) EXPECT_EQ(sample[part] / 25, part);
    EXPECT_EQ(sample, sample_of(100, 4, stream));
  }
}

TEST(Sweep, EveryMomentIsInSomeSample) {
  std::set<std::size_t> seen;
  for (std::uint64_t stream = 0; stream < 1000; ++stream) {
    for (const std::size_t i : sample_of(30, 3, stream)) seen.insert(i);
  }
  EXPECT_EQ(seen.size(), 30U);
}

TEST(Sweep, ASampleOfMoreThanThereAreIsAllOfThem) {
  EXPECT_THAT(sample_of(3, 8, 0), ElementsAre(0, 1, 2));
  EXPECT_THAT(sample_of(0, 8, 0), ElementsAre());
}

}  // namespace
}  // namespace hourglass
