// Random arguments for arguments_test.cpp, and what a result has to be.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "hourglass/base/random.h"
#include "hourglass/base/threads.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

inline std::int64_t columns_of(ConstView x) {
  return x.shape().rank() == 2 ? x.size(1) : 0;
}

inline std::int64_t pixels_of(const ImageShape& s) {
  const auto usual = [](std::int64_t size) { return size >= 0 && size <= 100; };
  return usual(s.channels) && usual(s.height) && usual(s.width) ? s.pixels() : 1;
}

/// The arguments of one call: usually right, sometimes wrong.
class Draw {
 public:
  Draw(std::uint64_t seed, std::uint64_t call) : rng_(seed, call) {}

  bool chance(double share) { return rng_.uniform() < share; }
  std::int64_t below(int n) {
    return static_cast<std::int64_t>(rng_.below(static_cast<std::uint64_t>(n)));
  }
  template <typename T>
  T one_of(std::initializer_list<T> values) {
    return values.begin()[rng_.below(values.size())];
  }
  /// No memory holds the largest two.
  std::int64_t size() {
    return one_of<std::int64_t>({-1, 0, 0, 1, 1, 2, 2, 3, 3, 5, 12, 100, std::int64_t{1} << 46,
                                 std::numeric_limits<std::int64_t>::max(),
                                 std::numeric_limits<std::int64_t>::min()});
  }
  int integer() {
    return one_of({-1, 0, 1, 1, 2, 2, 3, 5, 64, 65, std::numeric_limits<int>::max(),
                   std::numeric_limits<int>::min()});
  }
  double number() {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    return one_of({0.0, 0.5, 1.0, 2.0, -1.0, 1e-30, 1e30, kInfinity, -kInfinity,
                   std::numeric_limits<double>::quiet_NaN()});
  }
  std::int64_t mostly(std::int64_t usual) { return chance(0.93) ? usual : size(); }
  double mostly(double usual) { return chance(0.93) ? usual : number(); }
  int mostly(int usual) { return chance(0.93) ? usual : integer(); }
  std::string text(std::initializer_list<const char*> values) { return one_of(values); }
  ImageShape shape() {
    const auto side = [&] { return chance(0.9) ? 8 + below(5) : size(); };
    return {chance(0.95) ? 1 + 2 * below(2) : size(), side(), side()};
  }

  /// Values in [0, 1].
  Tensor finite(std::int64_t rows, std::int64_t columns) {
    Tensor x(Shape{rows, columns});
    const bool equal = chance(0.1);
    for (float& value : x.span()) value = equal ? 0.5f : static_cast<float>(rng_.uniform());
    return x;
  }
  /// The same, sometimes with a value that is not finite, or not a matrix.
  Tensor matrix(std::int64_t rows, std::int64_t columns) {
    if (chance(0.03)) return Tensor(Shape{rows});
    Tensor x = finite(rows, columns);
    if (x.count() > 0 && chance(0.03)) {
      x[static_cast<std::int64_t>(rng_.below(static_cast<std::uint64_t>(x.count())))] =
          chance(0.5) ? std::numeric_limits<float>::quiet_NaN()
                      : std::numeric_limits<float>::infinity();
    }
    return x;
  }

 private:
  Rng rng_;
};

inline ThreadPool& pool() {
  static ThreadPool threads(2);
  return threads;
}

inline std::vector<std::int64_t> labels_for(Draw& d, std::int64_t n) {
  std::vector<std::int64_t> labels(static_cast<std::size_t>(d.mostly(n) & 31));
  for (auto& label : labels) label = d.chance(0.02) ? d.size() : d.below(3);
  return labels;
}

inline void expect_finite(std::span<const float> values) {
  for (const float value : values) {
    EXPECT_TRUE(std::isfinite(value)) << value;
    if (!std::isfinite(value)) return;
  }
}

inline void expect_matrix(ConstView x, std::int64_t rows, std::int64_t columns) {
  EXPECT_EQ(x.shape().text(), (Shape{rows, columns}.text()));
  expect_finite(x.span());
}

}  // namespace hourglass
