// Held-out images, the order of images in an epoch, and its batches. Pure functions of their seeds.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hourglass/tensor/rows.h"

namespace hourglass {

/// The rows that hold_out() takes, ascending.
std::vector<std::int64_t> held_out_rows(std::int64_t images, std::int64_t count,
                                        std::uint64_t seed);

/// Takes rows (ascending) out of `train` and returns them; both keep their order. No image is
/// copied.
RowSource hold_out(RowSource& train, std::vector<std::int64_t> rows);

/// Takes `count` images out of `train`, chosen by `seed` alone, likewise. 0 takes none. Throws
/// Error unless at least one image is left.
RowSource hold_out(RowSource& train, std::int64_t count, std::uint64_t seed);

/// Whether there are at least two images and all are equal.
bool images_are_equal(const RowSource& images);

/// The order of images in epoch `epoch` (from 1): a random permutation of 0 .. order.size() - 1
/// that depends on (seed, epoch, order.size()) alone. Allocates nothing.
void epoch_order(std::uint64_t seed, std::int64_t epoch, std::span<std::int64_t> order);

/// The number of batches of `images`; the last one may be smaller. batch_size >= 1.
std::int64_t batch_count(std::int64_t images, std::int64_t batch_size);

/// Batch b of an order: [b * batch_size, (b + 1) * batch_size), at most up to the end.
std::span<const std::int64_t> batch_of(std::span<const std::int64_t> order, std::int64_t b,
                                       std::int64_t batch_size);

}  // namespace hourglass
