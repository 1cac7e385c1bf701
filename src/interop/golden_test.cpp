// Files that NumPy and the Python safetensors package wrote (tests/golden/interop/record.py).
#include <gmock/gmock.h>

#include <cstdlib>
#include <numeric>

#include "interop/npy.h"
#include "interop/npz.h"
#include "interop/safetensors.h"

namespace hourglass {
namespace {

class GoldenTest : public testing::Test {
 protected:
  void SetUp() override {
    const char* const source = std::getenv("HOURGLASS_SOURCE_DIR");
    if (source == nullptr) GTEST_SKIP() << "golden files: HOURGLASS_SOURCE_DIR is not set";
    folder = std::filesystem::path(source) / "tests" / "golden" / "interop";
  }
  std::filesystem::path folder;
};

/// That element i is (i - 2) / 4 in a real array, 3 i in one of whole numbers.
void expect_pattern(const Array& array, DType dtype, const Shape& shape) {
  EXPECT_EQ(array.dtype, dtype);
  EXPECT_EQ(array.shape, shape) << array.shape.text() << " for " << shape.text();
  const bool real = dtype == DType::kF16 || dtype == DType::kF32 || dtype == DType::kF64;
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

TEST_F(GoldenTest, TheSafetensorsPackagesFileIsRead) {
  const SafetensorsFile file = read_safetensors(folder / "reference.safetensors");
  ASSERT_EQ(file.arrays.size(), 9u);
  expect_pattern(*file.find("encoder.conv1.weight"), DType::kF32, Shape{2, 1, 3, 3});
  expect_pattern(*file.find("encoder.conv1.bias"), DType::kF32, Shape{2});
  expect_pattern(*file.find("sums"), DType::kF64, Shape{3});
  expect_pattern(*file.find("half"), DType::kF16, Shape{2, 2});
  expect_pattern(*file.find("step"), DType::kI64, Shape{});
  expect_pattern(*file.find("order"), DType::kI64, Shape{5});
  expect_pattern(*file.find("image"), DType::kU8, Shape{2, 3});
  expect_pattern(*file.find("empty"), DType::kF32, Shape{0, 4});
  EXPECT_EQ(file.find("mask")->dtype, DType::kBool);
  EXPECT_THAT(file.find("mask")->integers("mask"), testing::ElementsAre(1, 0, 1));
  EXPECT_THAT(file.metadata,
              testing::ElementsAre(testing::Pair("format", "np"),
                                   testing::Pair("text", "quotes \" and \xc3\xbc and \n")));
}

TEST_F(GoldenTest, NumPysArraysAreReadInBothOrdersOfAxesAndOfBytes) {
  expect_pattern(read_npy(folder / "float32.npy"), DType::kF32, Shape{2, 3, 4});
  expect_pattern(read_npy(folder / "float64_fortran.npy"), DType::kF64, Shape{3, 4});
  expect_pattern(read_npy(folder / "float32_big_fortran.npy"), DType::kF32, Shape{2, 3, 2, 5});
  expect_pattern(read_npy(folder / "int64_big.npy"), DType::kI64, Shape{7});
  expect_pattern(read_npy(folder / "uint8.npy"), DType::kU8, Shape{4, 5});
  expect_pattern(read_npy(folder / "scalar.npy"), DType::kF32, Shape{});
  expect_pattern(read_npy(folder / "empty.npy"), DType::kF32, Shape{0, 3});
}

TEST_F(GoldenTest, NumPysArchivesAreReadStoredAndDeflated) {
  for (const char* name : {"stored.npz", "deflated.npz"}) {
    const auto arrays = read_npz(folder / name);
    ASSERT_EQ(arrays.size(), 3u);
    expect_pattern(arrays.at("latents"), DType::kF32, Shape{6, 3});
    expect_pattern(arrays.at("labels"), DType::kI64, Shape{6});
    EXPECT_EQ(arrays.at("zeros").shape, (Shape{40, 40}));
    EXPECT_EQ(arrays.at("zeros").doubles(), std::vector<double>(1600));
  }
}

}  // namespace
}  // namespace hourglass
