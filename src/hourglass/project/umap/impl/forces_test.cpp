#include "hourglass/project/umap/impl/forces.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "../tests/golden/golden.h"
#include "hourglass/kernels/each_set_test.h"

namespace hourglass {
namespace {

constexpr Curve kCurve{1.577, 0.895};

/// What apply_forces() should do with one vertex, in doubles.
std::vector<double> moved_plainly(const Field& f, std::vector<double> own,
                                  const std::vector<std::int32_t>& edges, std::uint32_t random) {
  const double a = f.curve.a, b = f.curve.b;
  const auto force = [&](std::int64_t other, bool pull) {
    double square = 0;
    std::vector<double> difference(own.size());
    for (std::size_t d = 0; d < own.size(); ++d) {
      difference[d] = own[d] - static_cast<double>(f.positions[other * f.dims + std::int64_t(d)]);
      square += difference[d] * difference[d];
    }
    if (square == 0) return;
    const double p = std::pow(square, b);
    const double farthest = -static_cast<double>(kFarthestPull) / static_cast<double>(f.rate);
    const double strength =
        pull ? std::max(-2 * a * b * static_cast<double>(f.pull) * p / (square * (1 + a * p)),
                        farthest)
             : 2 * b * static_cast<double>(f.repulsion_strength) / ((0.001 + square) * (1 + a * p));
    for (std::size_t d = 0; d < own.size(); ++d) {
      own[d] += static_cast<double>(f.rate) * std::clamp(strength * difference[d], -4.0, 4.0);
    }
  };
  for (const std::int32_t edge : edges) {
    force(edge, true);
    for (int s = 0; s < f.negative_samples; ++s) {
      random ^= random << 13;
      random ^= random >> 17;
      random ^= random << 5;
      force(static_cast<std::int64_t>(static_cast<double>(random >> 8) * static_cast<double>(f.n) *
                                      0x1p-24),
            false);
    }
  }
  return own;
}

/// A block of vertices with 0, 1, 2, 3 edges and so on in turn, in a field of 100 positions.
struct Scene {
  Tensor positions;
  std::vector<std::int32_t> targets;
  Field field;
  ForceBlock block;

  explicit Scene(std::int64_t dims) : positions(golden::noise(5, Shape{100, dims})) {
    for (float& v : positions.span()) v *= 8;
    field = {.positions = positions.data(),
             .n = 100,
             .dims = dims,
             .curve = kCurve,
             .pull = 2,
             .rate = 0.5f};
    for (int lane = 0; lane < kForceBlock; ++lane) {
      block.first[lane] = static_cast<std::int32_t>(targets.size());
      block.count[lane] = lane % 5;
      for (int e = 0; e < lane % 5; ++e) targets.push_back((lane * 7 + e * 13) % 100);
      block.random[lane] = first_random(3, static_cast<std::uint64_t>(lane));
      for (std::int64_t d = 0; d < dims; ++d) {
        block.own[d * kForceBlock + lane] = positions[lane * dims + d] + 0.25f;
      }
    }
    targets.push_back(0);
    block.targets = targets.data();
  }
  std::vector<double> own(int lane) const {
    std::vector<double> values;
    for (std::int64_t d = 0; d < field.dims; ++d) {
      values.push_back(static_cast<double>(block.own[d * kForceBlock + lane]));
    }
    return values;
  }
};

class Forces : public EachKernelSet {};

TEST_P(Forces, AreThoseOfThePaper) {
  for (const std::int64_t dims : {1, 2, 3, 64}) {
    Scene scene(dims);
    const Scene before(dims);
    apply_forces(scene.field, scene.block);
    for (int lane = 0; lane < kForceBlock; ++lane) {
      const auto* first = scene.targets.data() + before.block.first[lane];
      const auto expected =
          moved_plainly(before.field, before.own(lane), {first, first + before.block.count[lane]},
                        before.block.random[lane]);
      for (std::size_t d = 0; d < expected.size(); ++d) {
        // A power precise to four digits, in steps of at most 0.4, of which there are at most 24.
        EXPECT_NEAR(scene.own(lane)[d], expected[d], 2e-3) << dims << " dims, lane " << lane;
      }
    }
  }
}

TEST_P(Forces, HaveTheSameBitsInEverySetAndBlock) {
  for (const std::int64_t dims : {2, 3}) {
    Scene all(dims);
    apply_forces(all.field, all.block);
    for (int lane = 0; lane < kForceBlock; lane += 3) {
      Scene alone(dims);
      select_kernels(KernelSet::portable);
      for (int other = 0; other < kForceBlock; ++other) {
        if (other != lane) alone.block.count[other] = 0;
      }
      apply_forces(alone.field, alone.block);
      EXPECT_EQ(alone.own(lane), all.own(lane)) << dims << " dims, lane " << lane;
      select_kernels(GetParam());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sets, Forces, kEverySet, kernel_set_name);

}  // namespace
}  // namespace hourglass
