#include "hourglass/lab/map_scores.h"

#include <gmock/gmock.h>

#include <numeric>

namespace hourglass {
namespace {

constexpr std::int64_t kRows = 20;

/// Two groups of ten points on a line, far from each other.
Tensor two_groups() {
  Tensor x({kRows, 1});
  for (std::int64_t i = 0; i < kRows; ++i) x[i] = static_cast<float>(i + (i < 10 ? 0 : 1000));
  return x;
}

std::vector<std::int64_t> group_of_each() {
  std::vector<std::int64_t> labels(kRows, 0);
  std::fill(labels.begin() + 10, labels.end(), 7);
  return labels;
}

TEST(MapScores, OfAMapThatIsTheSpaceAreAllOne) {
  const Tensor x = two_groups();
  ThreadPool pool(2);
  const MapScores scores = score_map(x, x, group_of_each(), {.k = 3}, pool);
  EXPECT_EQ(scores.quality.trustworthiness, 1.0);
  EXPECT_EQ(scores.quality.continuity, 1.0);
  EXPECT_EQ(scores.quality.neighbour_overlap, 1.0);
  EXPECT_EQ(scores.space_accuracy, 1.0);
  EXPECT_EQ(scores.map_accuracy, 1.0);
}

TEST(MapScores, TheAccuracyInAMapThatPairsTheClassesIsZero) {
  Tensor pairs({kRows, 1});
  for (std::int64_t i = 0; i < kRows; ++i) {
    pairs[i] = static_cast<float>(100 * (i % 10)) + (i < 10 ? 0.0f : 1.0f);
  }
  ThreadPool pool(2);
  const MapScores scores = score_map(two_groups(), pairs, group_of_each(), {.k = 1}, pool);
  EXPECT_EQ(scores.space_accuracy, 1.0);
  EXPECT_EQ(scores.map_accuracy, 0.0);
}

TEST(MapScores, WithoutLabelsHaveNoAccuracy) {
  const Tensor x = two_groups();
  ThreadPool pool(1);
  const MapScores scores = score_map(x, x, {}, {.k = 3}, pool);
  EXPECT_FALSE(scores.space_accuracy);
  EXPECT_FALSE(scores.map_accuracy);
}

TEST(MapScores, ClassesThatNoVoteCanTellApartHaveNoAccuracy) {
  const Tensor x = two_groups();
  ThreadPool pool(1);
  std::vector<std::int64_t> one(kRows, 3), own(kRows);
  std::iota(own.begin(), own.end(), 0);
  for (const auto& labels : {one, own}) {
    const MapScores scores = score_map(x, x, labels, {.k = 3}, pool);
    EXPECT_FALSE(scores.space_accuracy);
    EXPECT_FALSE(scores.map_accuracy);
    EXPECT_EQ(score_line(scores, "rows"),
              "Trustworthiness 1.000 · continuity 1.000 · neighbour overlap 1.000 · 3 neighbours");
  }
}

TEST(MapScores, EqualRowsAndFewerThanThreeCannotBeScored) {
  const Tensor x = two_groups(), equal({kRows, 2});
  EXPECT_TRUE(can_be_scored(x, x));
  EXPECT_FALSE(can_be_scored(x, equal));
  EXPECT_FALSE(can_be_scored(equal, x));
  EXPECT_FALSE(can_be_scored(x.view().rows(0, 2), x.view().rows(0, 2)));
}

TEST(MapScores, ALineNamesEachScoreAndTheSampleIfThereIsOne) {
  MapScores scores;
  scores.quality.trustworthiness = 0.9724;
  scores.quality.continuity = 0.5;
  scores.quality.neighbour_overlap = 0.25;
  scores.quality.k = 10;
  EXPECT_EQ(score_line(scores, "latents"),
            "Trustworthiness 0.972 · continuity 0.500 · neighbour overlap 0.250 · 10 neighbours");
  scores.space_accuracy = 0.972;
  scores.map_accuracy = 0.9;
  scores.quality.sampled = true;
  scores.quality.rows = {0, 2, 5};
  EXPECT_EQ(score_line(scores, "latents"),
            "Trustworthiness 0.972 · continuity 0.500 · neighbour overlap 0.250 · 10-NN accuracy "
            "97.2 % (latents), 90.0 % (map) · of 3 sampled points");
}

}  // namespace
}  // namespace hourglass
