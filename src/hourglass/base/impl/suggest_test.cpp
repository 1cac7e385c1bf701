#include "hourglass/base/impl/suggest.h"

#include <gtest/gtest.h>

namespace hourglass {
namespace {

const std::string kNames[] = {"mnist", "fashion_mnist", "strokes"};

TEST(EditDistance, CountsInsertionsDeletionsReplacementsAndSwaps) {
  EXPECT_EQ(edit_distance("", ""), 0);
  EXPECT_EQ(edit_distance("", "abc"), 3);
  EXPECT_EQ(edit_distance("mnist", "mnst"), 1);
  EXPECT_EQ(edit_distance("mnist", "mnits"), 1);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
}

TEST(EditDistance, IgnoresCapitalsAndDashes) {
  EXPECT_EQ(edit_distance("Fashion-MNIST", "fashion_mnist"), 0);
}

TEST(NearestName, FindsWhatWasMeant) {
  EXPECT_EQ(nearest_name("mnits", kNames), "mnist");
  EXPECT_EQ(nearest_name("FashionMNIST", kNames), "fashion_mnist");
  EXPECT_EQ(nearest_name("stroke", kNames), "strokes");
}

TEST(NearestName, SaysNothingWhenNothingIsNear) {
  EXPECT_EQ(nearest_name("cifar10", kNames), "");
  EXPECT_EQ(nearest_name("", kNames), "");
  EXPECT_EQ(nearest_name("mnist", {}), "");
}

TEST(Suggestion, IsTheEndOfAMessage) {
  EXPECT_EQ(suggestion("mnits", kNames), ": did you mean mnist?");
  EXPECT_EQ(suggestion("cifar10", kNames), "");
}

}  // namespace
}  // namespace hourglass
