#include "hourglass/measure/knn_accuracy.h"

#include <gmock/gmock.h>

#include <array>
#include <vector>

#include "../tests/golden/golden.h"
#include "hourglass/base/error.h"

namespace hourglass {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

struct Labelled {
  Tensor points;
  std::vector<std::int64_t> labels;
};

/// The same data as clustered() in record_measures.py.
Labelled clustered(std::uint64_t seed, std::int64_t n) {
  Labelled set{golden::noise(seed, Shape{n, 3}), {}};
  for (std::int64_t i = 0; i < n; ++i) {
    set.labels.push_back(i % 5);
    for (float& value : set.points.row(i))
      value += static_cast<float>(0.4 * static_cast<double>(i % 5));
  }
  return set;
}

TEST(Vote, DecidesOnlyBetweenClassesThatCanWin) {
  const auto labels = [](std::initializer_list<int> sizes) {
    std::vector<std::int64_t> all;
    for (const int size : sizes)
      all.insert(all.end(), static_cast<std::size_t>(size), std::ssize(all));
    return all;
  };
  EXPECT_FALSE(votes_can_decide(labels({50}), 10)) << "one class";
  EXPECT_FALSE(votes_can_decide(labels({1, 1, 1, 1, 1, 1, 1, 1, 1, 1}), 4)) << "one row a class";
  EXPECT_TRUE(votes_can_decide(labels({6, 6}), 10));
  EXPECT_FALSE(votes_can_decide(labels({5, 5}), 10))
      << "the four others of a class lose against five";
  EXPECT_TRUE(votes_can_decide(labels({60, 60, 3}), 10));
  EXPECT_FALSE(votes_can_decide(labels({10, 10, 5}), 10)) << "a fifth of the rows cannot win";
  EXPECT_FALSE(votes_can_decide(labels({50, 1}), 10)) << "only one class can win";
  EXPECT_FALSE(votes_can_decide(std::vector<std::int64_t>{}, 10));
  EXPECT_TRUE(votes_can_decide(labels({5, 5}), std::vector<std::int64_t>{0}, 10));
  EXPECT_FALSE(votes_can_decide(labels({5, 5}), std::vector<std::int64_t>{9}, 10)) << "unknown";
  EXPECT_FALSE(votes_can_decide(labels({20}), std::vector<std::int64_t>{0, 0}, 10));
}

TEST(Vote, MostVotesWin) {
  EXPECT_EQ(vote(std::array<std::int64_t, 5>{1, 2, 2, 1, 2}), 2);
}

TEST(Vote, ATieGoesToTheClassOfTheNearest) {
  EXPECT_EQ(vote(std::array<std::int64_t, 5>{7, 3, 3, 5, 7}), 7);
  EXPECT_EQ(vote(std::array<std::int64_t, 5>{9, 3, 5, 5, 3}), 3);
}

TEST(KnnAccuracy, EqualsScikitLearn) {
  const Labelled train = clustered(3, 300), test = clustered(4, 200);
  ThreadPool pool(2);
  EXPECT_DOUBLE_EQ(knn_accuracy(train.points, train.labels, test.points, test.labels, pool),
                   golden::read("measures.txt").at("knn_accuracy")[0]);
}

TEST(KnnAccuracy, LeaveOneOutEqualsScikitLearn) {
  const Labelled train = clustered(3, 300);
  ThreadPool pool(2);
  EXPECT_NEAR(leave_one_out_knn_accuracy(train.points, train.labels, pool),
              golden::read("measures.txt").at("leave_one_out")[0], 1e-9);
}

TEST(KnnAccuracy, LabelsMustBeAsManyAsRows) {
  const Labelled train = clustered(3, 20);
  const std::vector<std::int64_t> few(19);
  ThreadPool pool(1);
  EXPECT_THAT([&] { leave_one_out_knn_accuracy(train.points, few, pool); },
              ThrowsMessage<Error>(HasSubstr("20 x 3 and 19 labels")));
}

TEST(KnnAccuracy, FewerPointsThanNeighboursIsAnError) {
  const Labelled train = clustered(3, 10);
  ThreadPool pool(1);
  EXPECT_THAT([&] { leave_one_out_knn_accuracy(train.points, train.labels, pool); },
              ThrowsMessage<Error>(HasSubstr("10 neighbours asked for among 9 other rows")));
}

}  // namespace
}  // namespace hourglass
