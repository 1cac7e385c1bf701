// How often a point's nearest neighbours name its class rightly. Not a trained classifier.
#pragma once

#include <cstdint>
#include <span>

#include "hourglass/base/threads.h"
#include "hourglass/project/knn.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// The class with the most votes among labels of neighbours, nearest first; of classes with equally
/// many votes the one that owns the nearest neighbour. `neighbour_labels` has at least one label.
std::int64_t vote(std::span<const std::int64_t> neighbour_labels);

/// The share of test rows [m, d] whose k nearest training rows [n, d] vote for their label: with
/// codes, `latent_knn_accuracy`. Throws Error where labels and rows differ in number, or k > n.
double knn_accuracy(ConstView train, std::span<const std::int64_t> train_labels, ConstView test,
                    std::span<const std::int64_t> test_labels, ThreadPool& pool, int k = 10);

/// The same of one set of points [n, d], each voted on by its k nearest others (leave one out):
/// what is said of a map. Throws Error where labels and rows differ in number, or k > n - 1.
double leave_one_out_knn_accuracy(ConstView points, std::span<const std::int64_t> labels,
                                  ThreadPool& pool, int k = 10);

}  // namespace hourglass
