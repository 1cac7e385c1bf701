// NumPy's files in any byte and memory order, and images as files, read and written.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "hourglass/data/image.h"
#include "hourglass/interop/npy.h"
#include "hourglass/interop/npz.h"
#include "samples.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class CliArrays : public CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    if (IsSkipped()) return;
    write_checkpoint(folder / "models/AE/mnist_4.safetensors");
  }

  /// An .npy of this matrix with elements of type T, as other machines or programs may write it.
  template <typename T>
  void write_matrix(const std::string& name, const char* descr, bool fortran, bool swapped) {
    std::string text = fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': ({}, 4), }}\n",
                                   descr, fortran ? "True" : "False", kRows);
    std::string bytes("\x93NUMPY\x01\x00", 8);
    bytes += static_cast<char>(text.size());
    bytes += '\0';
    bytes += text;
    for (int i = 0; i < kRows * 4; ++i) {
      const int row = fortran ? i % kRows : i / 4, column = fortran ? i / kRows : i % 4;
      const T value = static_cast<T>(value_at(row, column));
      std::string element(reinterpret_cast<const char*>(&value), sizeof(T));
      if (swapped) std::reverse(element.begin(), element.end());
      bytes += element;
    }
    write_text(folder / name, bytes);
  }
  static int value_at(int row, int column) { return (row * 5 + column * 3) % 11 - 5; }

  /// The bytes of the file that the program makes from it.
  std::string made_by(const Words& call, const std::string& file) {
    const Outcome outcome = run(call);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return text_of(folder / file);
  }

  static constexpr int kRows = 12;
};

TEST_F(CliArrays, LatentsInAnyByteOrderMemoryOrderAndWidthDecodeToTheSameImages) {
  write_matrix<float>("Z.npy", "<f4", false, false);
  const std::string expected = made_by({"decode", "mnist_4", "Z.npy", "-o", "X.npy"}, "X.npy");
  ASSERT_EQ(expected.size(), 128U + kRows * 784 * 4);
  const auto expect_same = [&](const std::string& what) {
    fs::remove(folder / "X.npy");
    EXPECT_TRUE(made_by({"decode", "mnist_4", what, "-o", "X.npy"}, "X.npy") == expected) << what;
  };
  write_matrix<float>("Z.npy", ">f4", false, true);
  expect_same("Z.npy");
  write_matrix<float>("Z.npy", "<f4", true, false);
  expect_same("Z.npy");
  write_matrix<double>("Z.npy", ">f8", true, true);
  expect_same("Z.npy");
  write_matrix<std::int8_t>("Z.npy", "|i1", true, false);
  expect_same("Z.npy");
  write_matrix<std::int64_t>("Z.npy", ">i8", false, true);
  expect_same("Z.npy");

  NpzWriter npz(folder / "Z.npz");
  npz.add("latents", read_npy(folder / "Z.npy"));
  npz.add("map", read_npy(folder / "Z.npy"));
  npz.commit();
  expect_same("Z.npz:latents");
  EXPECT_EQ(run({"decode", "mnist_4", "Z.npz", "-o", "X.npy"}).err,
            "hourglass: [read] Z.npz holds more than one matrix (latents, map): name one, as "
            "Z.npz:latents\n");
}

TEST_F(CliArrays, MatricesAndLabelsInAnyOrderGiveTheSameMap) {
  write_matrix<float>("X.npy", "<f4", false, false);
  const Words call{"project", "pca", "X.npy", "-o", "MAP.npy"};
  const std::string expected = made_by(call, "MAP.npy");
  ASSERT_NE(expected, "");
  write_matrix<double>("X.npy", ">f8", true, true);
  EXPECT_TRUE(made_by(call, "MAP.npy") == expected);

  std::string labels(
      "\x93NUMPY\x01\x00\x3b\x00{'descr': '>i4', 'fortran_order': True, 'shape': (12,), } \n",
      10 + 0x3b);
  for (int i = 0; i < kRows; ++i) labels += std::string{0, 0, 0, static_cast<char>(i % 2)};
  write_text(folder / "L.npy", labels);
  const Outcome scored =
      run({"project", "quality", "X.npy", "MAP.npy", "--labels", "L.npy", "--k", "3"});
  EXPECT_EQ(scored.status, 0) << scored.err;
}

TEST_F(CliArrays, AFolderOfPngsHasThePixelsOfTheNumbers) {
  write_checkpoint(folder / "models/AE/color_4.safetensors", {3, 8, 12}, 4, "photos");
  write_matrix<float>("Z.npy", "<f4", false, false);
  for (const std::string model : {"mnist_4", "color_4"}) {
    ASSERT_EQ(run({"decode", model, "Z.npy", "-o", "X.npy"}).status, 0);
    const Outcome outcome = run({"decode", model, "Z.npy", "-o", model + "/all/"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.out, "wrote " + model + "/all/\nnext: hourglass visualize " + model + "\n");
    EXPECT_THAT(files_below(folder / model / "all"),
                ElementsAre("00.png", "01.png", "02.png", "03.png", "04.png", "05.png", "06.png",
                            "07.png", "08.png", "09.png", "10.png", "11.png"));
    const Array numbers = read_npy(folder / "X.npy");
    const Tensor values = numbers.floats();
    for (int i = 0; i < kRows; ++i) {
      const Image image = read_image(folder / model / "all" / fmt::format("{:02}.png", i));
      ASSERT_EQ(image.shape, (ImageShape{numbers.shape[1], numbers.shape[2], numbers.shape[3]}));
      const std::int64_t area = image.shape.height * image.shape.width;
      for (std::int64_t c = 0; c < image.shape.channels; ++c) {
        for (std::int64_t p = 0; p < area; ++p) {
          const float value = values[(i * image.shape.channels + c) * area + p];
          const auto byte = image.bytes[static_cast<std::size_t>(p * image.shape.channels + c)];
          ASSERT_LE(std::abs(byte - value * 255.0F), 0.501F) << model << " " << i << " " << p;
        }
      }
    }
  }
  // A folder of images like any other: two of the twelve are test images.
  const Outcome back = run({"encode", "mnist_4", "--dataset", "mnist_4", "-o", "again.npy"});
  EXPECT_THAT(back.out, HasSubstr("12 images of mnist_4 (train, then test)")) << back.err;
}

TEST_F(CliArrays, AFolderWithOtherPngsIsRefusedAndOneOfTheSameNamesIsWrittenOver) {
  write_matrix<float>("Z.npy", "<f4", false, false);
  ASSERT_EQ(run({"decode", "mnist_4", "Z.npy", "-o", "out/"}).status, 0);
  ASSERT_EQ(run({"decode", "mnist_4", "Z.npy", "-o", "out"}).status, 0);
  write_text(folder / "out/12.png", "kept");
  EXPECT_EQ(run({"decode", "mnist_4", "Z.npy", "-o", "out"}).err,
            "hourglass: [decode] out holds 12.png, which is none of these 12 images: name an empty "
            "folder\n");
  const Outcome nowhere = run({"decode", "mnist_4", "Z.npy", "-o", "other"});
  EXPECT_EQ(nowhere.status, 2);
  EXPECT_EQ(nowhere.err,
            "hourglass: [decode] --output is other: name a .npy, .npz, .csv or .tsv for numbers, a "
            ".png, .svg or .pdf to look at, or a folder, with / at its end, for a PNG of each\n");
}

TEST_F(CliArrays, AnNpzOfImagesIsADataSetAsDecodedOnesAre) {
  write_matrix<float>("Z.npy", "<f4", false, false);
  ASSERT_EQ(run({"decode", "mnist_4", "Z.npy", "-o", "X.npy"}).status, 0);
  const std::vector<std::int64_t> labels{1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0};
  NpzWriter npz(folder / "mine.npz");
  npz.add("images", read_npy(folder / "X.npy"));
  npz.add("labels", std::span<const std::int64_t>(labels), Shape{kRows});
  npz.commit();
  const Outcome trained =
      run({"train", "--dataset", "mine.npz", "--latent_dim", "4", "--epochs", "1"});
  ASSERT_EQ(trained.status, 0) << trained.err;
  EXPECT_THAT(trained.out, HasSubstr("AE d 4 on mine: 9 training images of 1 x 28 x 28, 1 "));
  EXPECT_THAT(trained.out, HasSubstr("next: hourglass eval mine_4\n"));
  const Outcome encoded = run({"encode", "mine_4", "--dataset", "mine.npz", "--split", "test", "-o",
                               "C.npy", "--labels_out", "L.npy"});
  ASSERT_EQ(encoded.status, 0) << encoded.err;
  EXPECT_THAT(read_npy(folder / "L.npy").integers("labels"), ElementsAre(1, 0));
}

TEST_F(CliArrays, EqualImagesTrainAndAreSaidToBeEqual) {
  const std::vector<std::uint8_t> black(12 * 16 * 16, 0);
  NpzWriter npz(folder / "black.npz");
  npz.add("images", ArrayView(std::span<const std::uint8_t>(black), Shape{12, 16, 16}));
  npz.commit();
  const Outcome trained =
      run({"train", "--dataset", "black.npz", "--latent_dim", "2", "--epochs", "1"});
  ASSERT_EQ(trained.status, 0) << trained.err;
  EXPECT_THAT(trained.err, HasSubstr("all training images are equal"));
  const Outcome measured = run({"eval", "black_2", "--dataset", "black.npz"});
  ASSERT_EQ(measured.status, 0) << measured.err;
  EXPECT_THAT(measured.out, HasSubstr("linear PCA, k 2           0.00000"));
  EXPECT_THAT(measured.out, HasSubstr("(all training images are equal: PCA is their mean)"));
}

}  // namespace
}  // namespace hourglass
