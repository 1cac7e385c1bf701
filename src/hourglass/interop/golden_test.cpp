// Files that NumPy and the Python safetensors package wrote (tests/golden/interop/record.py).
#include <gmock/gmock.h>

#include <numeric>

#include "hourglass/interop/golden_files_test.h"
#include "hourglass/interop/npy.h"
#include "hourglass/interop/npz.h"
#include "hourglass/interop/safetensors.h"

namespace hourglass {
namespace {

using GoldenTest = GoldenFiles;

TEST_F(GoldenTest, TheSafetensorsPackagesFileIsRead) {
  const NamedArrays file = read_safetensors(folder / "reference.safetensors");
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
