#include "hourglass/measure/knn_accuracy.h"

#include <algorithm>
#include <map>
#include <vector>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

void check_labels(std::string_view what, ConstView rows, std::span<const std::int64_t> labels) {
  if (rows.shape().rank() == 2 && rows.size(0) == std::ssize(labels)) return;
  fail("knn_accuracy", "{} points have shape {} and {} labels: one label per row is needed", what,
       rows.shape().text(), labels.size());
}

double share_named_rightly(const Neighbours& neighbours, std::span<const std::int64_t> known,
                           std::span<const std::int64_t> asked) {
  std::vector<std::int64_t> labels(static_cast<std::size_t>(neighbours.k));
  std::int64_t right = 0;
  for (std::int64_t i = 0; i < neighbours.rows; ++i) {
    const auto indices = neighbours.indices_of(i);
    std::transform(indices.begin(), indices.end(), labels.begin(),
                   [&](std::int32_t j) { return known[static_cast<std::size_t>(j)]; });
    if (vote(labels) == asked[static_cast<std::size_t>(i)]) ++right;
  }
  return neighbours.rows == 0 ? 0.0
                              : static_cast<double>(right) / static_cast<double>(neighbours.rows);
}

/// Of each class; `self` of them may not vote, since the row asked is one of them.
bool can_decide(std::span<const std::int64_t> voters, std::span<const std::int64_t> asked, int k,
                std::int64_t self) {
  std::map<std::int64_t, std::int64_t> count;
  for (const std::int64_t label : voters) ++count[label];
  const auto can_win = [&](std::int64_t label) {
    const auto found = count.find(label);
    return found != count.end() && 2 * (found->second - self) >= k;
  };
  const auto classes =
      std::ranges::count_if(count, [&](const auto& c) { return can_win(c.first); });
  const auto rows = std::ranges::count_if(asked, can_win);
  return classes >= 2 && 10 * rows >= 9 * std::ssize(asked);
}

}  // namespace

bool votes_can_decide(std::span<const std::int64_t> voters, std::span<const std::int64_t> asked,
                      int k) {
  return can_decide(voters, asked, k, 0);
}

bool votes_can_decide(std::span<const std::int64_t> labels, int k) {
  return can_decide(labels, labels, k, 1);
}

std::int64_t vote(std::span<const std::int64_t> neighbour_labels) {
  require(!neighbour_labels.empty(), "knn_accuracy", "neighbour_labels", "empty",
          "a vote needs at least one");
  std::int64_t winner = neighbour_labels[0];
  std::ptrdiff_t most = 0;
  // Nearest first, and only more votes replace a winner, so ties go to the nearest.
  for (const std::int64_t label : neighbour_labels) {
    const auto votes = std::count(neighbour_labels.begin(), neighbour_labels.end(), label);
    if (votes > most) {
      most = votes;
      winner = label;
    }
  }
  return winner;
}

double knn_accuracy(ConstView train, std::span<const std::int64_t> train_labels, ConstView test,
                    std::span<const std::int64_t> test_labels, ThreadPool& pool, int k) {
  check_labels("training", train, train_labels);
  check_labels("test", test, test_labels);
  return share_named_rightly(nearest_neighbours(train, test, k, pool), train_labels, test_labels);
}

double leave_one_out_knn_accuracy(ConstView points, std::span<const std::int64_t> labels,
                                  ThreadPool& pool, int k) {
  check_labels("the", points, labels);
  return share_named_rightly(nearest_neighbours(points, k, pool), labels, labels);
}

}  // namespace hourglass
