#include "hourglass/data/strokes.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "hourglass/base/error.h"
#include "hourglass/base/hash.h"
#include "hourglass/tensor/rows_test.h"

namespace hourglass {
namespace {

using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(Strokes, ThePixelsAreTheSameOnEveryMachine) {
  EXPECT_EQ(sha256_hex(bytes_of(make_strokes(1000, 0))),
            "a750602515a3114a7383572331bcf1729257826c797b4bb48f9f0a0482abd653");
}

TEST(Strokes, ASmallerCountIsAPrefixOfALargerOne) {
  const RowSource large = make_strokes(57, 3);
  const RowSource small = make_strokes(23, 3);
  const auto bytes = bytes_of(large);
  EXPECT_THAT(bytes_of(small), ElementsAreArray(std::span(bytes).first(23 * 784)));
  EXPECT_THAT(labels_of(small), ElementsAreArray(large.labels().first(23)));
}

TEST(Strokes, AnotherSeedGivesOtherImagesAndAnotherOrder) {
  const RowSource a = make_strokes(20, 0);
  const RowSource b = make_strokes(20, 1);
  EXPECT_NE(bytes_of(a), bytes_of(b));
  EXPECT_NE(labels_of(a), labels_of(b));
}

TEST(Strokes, EveryDigitIsThereEquallyOften) {
  std::array<int, 10> counts{};
  for (const auto label : labels_of(make_strokes(200, 9)))
    ++counts.at(static_cast<std::size_t>(label));
  EXPECT_THAT(counts, testing::Each(20));
}

TEST(Strokes, NoImagesAreAnEmptySplit) {
  EXPECT_EQ(make_strokes(0, 0).count(), 0);
}

TEST(Strokes, ACountThatCannotBeIsRefusedWithItsRange) {
  EXPECT_THAT([] { make_strokes(-1, 0); },
              ThrowsMessage<Error>(HasSubstr("-1 images asked for: must be from 0 to 10000000")));
}

TEST(Strokes, TheInkIsCentredByMassInsideTheSheetAndAsBrightAsHandwriting) {
  const RowSource split = make_strokes(500, 4);
  std::array<std::uint8_t, 784> image;
  double all_ink = 0.0;
  for (std::int64_t i = 0; i < split.count(); ++i) {
    split.fill_bytes(i, image);
    double mass = 0.0, x = 0.0, y = 0.0;
    int brightest = 0, border = 0;
    for (int p = 0; p < 784; ++p) {
      const int value = image[static_cast<std::size_t>(p)];
      const int row = p / 28, column = p % 28;
      mass += value;
      x += value * (column + 0.5);
      y += value * (row + 0.5);
      brightest = std::max(brightest, value);
      if (row == 0 || row == 27 || column == 0 || column == 27) border = std::max(border, value);
    }
    EXPECT_NEAR(x / mass, 14.0, 0.1) << "image " << i;
    EXPECT_NEAR(y / mass, 14.0, 0.1) << "image " << i;
    EXPECT_GT(brightest, 170) << "image " << i;
    EXPECT_EQ(border, 0) << "image " << i;
    all_ink += mass / (784 * 255.0);
  }
  EXPECT_NEAR(all_ink / static_cast<double>(split.count()), 0.13, 0.02);
}

// The bytes of an IDX file after its header; empty if there is no such file.
std::vector<std::uint8_t> idx_body(const std::filesystem::path& path, std::size_t header,
                                   std::size_t size) {
  const gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) return {};
  std::vector<std::uint8_t> bytes(header + size);
  const int got = gzread(file, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(file);
  if (got != static_cast<int>(bytes.size())) return {};
  bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(header));
  return bytes;
}

std::int32_t dot(const std::int16_t* a, const std::int16_t* b) {
  std::int32_t sum = 0;
  for (int i = 0; i < 784; ++i) sum += a[i] * b[i];
  return sum;
}

// The label of most of the ten nearest rows of `train`; ties go to the smaller digit.
int ten_nearest_vote(const std::int16_t* image, const std::vector<std::int16_t>& train,
                     const std::vector<std::int32_t>& norms,
                     const std::vector<std::uint8_t>& labels) {
  std::vector<std::pair<std::int32_t, std::size_t>> distances(norms.size());
  for (std::size_t j = 0; j < norms.size(); ++j) {
    distances[j] = {norms[j] - 2 * dot(image, &train[j * 784]), j};
  }
  std::nth_element(distances.begin(), distances.begin() + 9, distances.end());
  std::array<int, 10> votes{};
  for (int k = 0; k < 10; ++k) ++votes.at(labels[distances[static_cast<std::size_t>(k)].second]);
  return static_cast<int>(std::max_element(votes.begin(), votes.end()) - votes.begin());
}

TEST(SlowStrokes, TenNearestNeighboursTrainedOnMnistReadThem) {
  const char* source = std::getenv("HOURGLASS_SOURCE_DIR");
  const auto folder = std::filesystem::path(source ? source : ".") / "../shared/data/mnist";
  constexpr std::size_t kTrain = 60000;
  const auto labels = idx_body(folder / "train-labels-idx1-ubyte.gz", 8, kTrain);
  const auto pixels = idx_body(folder / "train-images-idx3-ubyte.gz", 16, kTrain * 784);
  if (labels.empty() || pixels.empty()) {
    GTEST_SKIP() << "strokes are not read by neighbours trained on MNIST: no MNIST in " << folder;
  }
  const std::vector<std::int16_t> train(pixels.begin(), pixels.end());
  std::vector<std::int32_t> norms(kTrain);
  for (std::size_t j = 0; j < kTrain; ++j) norms[j] = dot(&train[j * 784], &train[j * 784]);

  const RowSource strokes = make_strokes(500, 11);
  const auto bytes = bytes_of(strokes);
  const std::vector<std::int16_t> images(bytes.begin(), bytes.end());
  int right = 0;
  for (std::size_t i = 0; i < strokes.labels().size(); ++i) {
    right +=
        ten_nearest_vote(&images[i * 784], train, norms, labels) == strokes.labels()[i] ? 1 : 0;
  }
  const double accuracy = right / 500.0;
  RecordProperty("accuracy", std::to_string(accuracy));
  EXPECT_GE(accuracy, 0.85);  // 0.92 when it was drawn; 0.70 is what the data set must reach
}

}  // namespace
}  // namespace hourglass
