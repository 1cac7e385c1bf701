// Files that other programs wrote (tests/golden/interop) and the pattern they hold. Not the tests.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <vector>

#include "hourglass/interop/array.h"

namespace hourglass {

class GoldenFiles : public testing::Test {
 protected:
  void SetUp() override {
    const char* const source = std::getenv("HOURGLASS_SOURCE_DIR");
    if (source == nullptr) GTEST_SKIP() << "golden files: HOURGLASS_SOURCE_DIR is not set";
    folder = std::filesystem::path(source) / "tests" / "golden" / "interop";
  }
  std::filesystem::path folder;
};

/// Expects element i to be (i - 2) / 4 in an array of reals, 3 i in an array of integers.
inline void expect_pattern(const Array& array, DType dtype, const Shape& shape) {
  EXPECT_EQ(array.dtype, dtype);
  EXPECT_EQ(array.shape, shape) << array.shape.text() << " for " << shape.text();
  const bool real =
      dtype == DType::kF16 || dtype == DType::kBF16 || dtype == DType::kF32 || dtype == DType::kF64;
  std::vector<double> expected(static_cast<std::size_t>(shape.count()));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto k = static_cast<double>(i);
    expected[i] = real ? (k - 2.0) / 4.0 : 3.0 * k;
  }
  EXPECT_EQ(array.doubles(), expected);
  const Tensor floats = array.floats();
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(static_cast<double>(floats[static_cast<std::int64_t>(i)]), expected[i]);
  }
}

}  // namespace hourglass
