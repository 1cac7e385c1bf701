// The accuracy of a k-nearest-neighbour vote. Not a trained classifier.
#pragma once

#include <cstdint>
#include <span>

#include "hourglass/base/threads.h"
#include "hourglass/project/knn.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// The class with the most votes among the labels of neighbours, nearest first; ties go to the
/// class of the nearest neighbour. `neighbour_labels` has at least one label.
std::int64_t vote(std::span<const std::int64_t> neighbour_labels);

/// Whether an accuracy of votes among k neighbours says anything of the points: there are two
/// classes that have k / 2 voters or more, enough to win where classes lie perfectly apart, and
/// nine of ten of the rows `asked` are of such classes. With one class every vote is right, and
/// with one row a class none can be. `voters` are the labels of the rows that vote.
bool votes_can_decide(std::span<const std::int64_t> voters, std::span<const std::int64_t> asked,
                      int k);

/// The same if the rows vote on each other.
bool votes_can_decide(std::span<const std::int64_t> labels, int k);

/// The share of test rows [m, d] whose k nearest training rows [n, d] vote for their label; for
/// latent vectors, `latent_knn_accuracy`. Throws Error if labels and rows differ in number, or if
/// k > n.
double knn_accuracy(ConstView train, std::span<const std::int64_t> train_labels, ConstView test,
                    std::span<const std::int64_t> test_labels, ThreadPool& pool, int k = 10);

/// The same for one set of points [n, d], such as a map: the k nearest other points vote (leave one
/// out). Throws Error if labels and rows differ in number, or if k > n - 1.
double leave_one_out_knn_accuracy(ConstView points, std::span<const std::int64_t> labels,
                                  ThreadPool& pool, int k = 10);

}  // namespace hourglass
