// Held-out images, the order of an epoch and its batches. Pure functions of their seeds.
#pragma once

#include <cstdint>
#include <span>

#include "hourglass/tensor/rows.h"

namespace hourglass {

/// Takes `count` images out of `train`, chosen by `seed` alone, and returns them; both keep their
/// order. 0 takes none. Throws Error unless at least one image is left. No image is copied.
RowSource hold_out(RowSource& train, std::int64_t count, std::uint64_t seed);

/// Whether there are two images or more and they do not differ.
bool images_are_equal(const RowSource& images);

/// The order in which epoch `epoch` (from 1) sees the images: a random permutation of 0 ..
/// order.size() - 1 that depends on nothing but (seed, epoch, order.size()). Allocates nothing.
void epoch_order(std::uint64_t seed, std::int64_t epoch, std::span<std::int64_t> order);

/// How many batches `images` make: the last one may be short. batch_size >= 1.
std::int64_t batch_count(std::int64_t images, std::int64_t batch_size);

/// Batch b of an order: its part [b * batch_size, (b + 1) * batch_size), cut at the end.
std::span<const std::int64_t> batch_of(std::span<const std::int64_t> order, std::int64_t b,
                                       std::int64_t batch_size);

}  // namespace hourglass
