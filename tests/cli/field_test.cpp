// Inputs as people have them, from ../shared/field, which says by number what is right for each.
// Skipped where that folder is missing: the modules' own tests hold the same rules on small inputs.

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "hourglass/interop/npy.h"
#include "program.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

/// Rows in double precision, centred.
struct Centred {
  std::int64_t rows, columns;
  std::vector<double> values;  // [rows, columns]

  explicit Centred(const Array& array)
      : rows(array.shape[0]), columns(array.shape[1]), values(array.doubles()) {
    for (std::int64_t c = 0; c < columns; ++c) {
      double mean = 0.0;
      for (std::int64_t r = 0; r < rows; ++r) mean += at(r, c) / static_cast<double>(rows);
      for (std::int64_t r = 0; r < rows; ++r) at(r, c) -= mean;
    }
  }
  double& at(std::int64_t r, std::int64_t c) {
    return values[static_cast<std::size_t>(r * columns + c)];
  }
  /// The scores of the largest axis [rows], in double precision, by power iterations; the axis is
  /// then removed from the rows.
  std::vector<double> take_largest_axis() {
    std::vector<double> axis(static_cast<std::size_t>(columns), 1.0), scores;
    axis[0] = 1.5;
    for (int step = 0; step < 5000; ++step) {
      scores = times(axis);
      std::fill(axis.begin(), axis.end(), 0.0);
      for (std::int64_t i = 0; i < rows * columns; ++i) {
        axis[static_cast<std::size_t>(i % columns)] +=
            at(i / columns, i % columns) * scores[static_cast<std::size_t>(i / columns)];
      }
      const double norm =
          std::sqrt(std::inner_product(axis.begin(), axis.end(), axis.begin(), 0.0));
      for (double& value : axis) value /= norm;
    }
    scores = times(axis);
    for (std::int64_t i = 0; i < rows * columns; ++i) {
      at(i / columns, i % columns) -= scores[static_cast<std::size_t>(i / columns)] *
                                      axis[static_cast<std::size_t>(i % columns)];
    }
    return scores;
  }
  std::vector<double> times(const std::vector<double>& axis) {
    std::vector<double> scores(static_cast<std::size_t>(rows));
    for (std::int64_t i = 0; i < rows * columns; ++i) {
      scores[static_cast<std::size_t>(i / columns)] +=
          at(i / columns, i % columns) * axis[static_cast<std::size_t>(i % columns)];
    }
    return scores;
  }
};

/// Largest |a - b| over largest |b|, after the sign of the largest entries is made equal.
double relative_error(const std::vector<double>& a, const std::vector<double>& b) {
  const auto largest = std::max_element(
      b.begin(), b.end(), [](double x, double y) { return std::abs(x) < std::abs(y); });
  const double sign =
      a[static_cast<std::size_t>(largest - b.begin())] * *largest < 0.0 ? -1.0 : 1.0;
  double error = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) error = std::max(error, std::abs(sign * a[i] - b[i]));
  return error / std::abs(*largest);
}

class CliField : public CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    if (IsSkipped()) return;
    const char* source = std::getenv("HOURGLASS_SOURCE_DIR");
    field = source == nullptr ? "" : fs::path(source) / ".." / "shared" / "field";
    if (!fs::exists(field)) GTEST_SKIP() << "inputs: ../shared/field is not here";
    field = fs::canonical(field);
  }

  std::string at(const std::string& name) const { return (field / name).string(); }

  Outcome train(const Words& more) {
    Words call{"train", "--epochs", "1", "--latent_dim", "2"};
    call.insert(call.end(), more.begin(), more.end());
    return run(call);
  }

  Tensor map_of(const std::string& file) {
    const Outcome outcome = run({"project", "pca", at(file), "-o", "M.npy"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return read_npy(folder / "M.npy").floats();
  }

  fs::path field;
};

TEST_F(CliField, F01RowsAndImagesThatAreAllEqualAreAnAnswer) {
  const Outcome rows = run({"project", "pca", at("F01_zeros_20x129.npy"), "-o", "M.npy"});
  EXPECT_EQ(rows.status, 0) << rows.err;
  EXPECT_THAT(rows.out + rows.err, ContainsRegex("all .* equal"));
  const Outcome images = train({"--dataset", at("F01_black.npz")});
  EXPECT_EQ(images.status, 0) << images.err;
  EXPECT_THAT(images.out + images.err, ContainsRegex("all .*images are equal"));
}

TEST_F(CliField, F02TransparentImagesKeepTheirContrastAndSayOnWhatTheyLie) {
  const Outcome outcome = train({"--dataset", at("F02_black_on_clear")});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("transparent"), HasSubstr("white")));
}

TEST_F(CliField, F03NewPointsLieWithinTheirGroups) {
  ASSERT_EQ(
      run({"project", "umap", at("F03_gauss_a.npy"), "-o", "A.npy", "--save", "s.safetensors"})
          .status,
      0);
  ASSERT_EQ(run({"project", "apply", "s.safetensors", at("F03_gauss_b.npy"), "-o", "B.npy"}).status,
            0);
  ASSERT_EQ(
      run({"project", "apply", "s.safetensors", at("F03_gauss_a.npy"), "-o", "A2.npy"}).status, 0);
  EXPECT_EQ(text_of(folder / "A.npy"), text_of(folder / "A2.npy"));
  const Tensor a = read_npy(folder / "A.npy").floats(), b = read_npy(folder / "B.npy").floats();
  const auto labels = read_npy(field / "F03_gauss_y.npy").integers("labels");
  for (std::int64_t group = 0; group < 5; ++group) {
    double centre[2] = {0, 0}, radius[2] = {0, 0}, count = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (labels[i] != group) continue;
      ++count;
      for (int k : {0, 1})
        centre[k] += static_cast<double>(a[static_cast<std::int64_t>(i) * 2 + k]);
    }
    for (double& c : centre) c /= count;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (labels[i] != group) continue;
      const auto at = static_cast<std::int64_t>(i) * 2;
      for (int m : {0, 1}) {
        const Tensor& map = m == 0 ? a : b;
        radius[m] += std::hypot(static_cast<double>(map[at]) - centre[0],
                                static_cast<double>(map[at + 1]) - centre[1]);
      }
    }
    EXPECT_GT(radius[1] / radius[0], 0.8) << group;
    EXPECT_LT(radius[1] / radius[0], 1.2) << group;
  }
}

TEST_F(CliField, F04AnExplicitFolderIsTheOneThatIsUsed) {
  const Outcome outcome = train({"--dataset", "mnist", "--data_dir", at("F04_dotted")});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out.substr(0, outcome.out.find('\n')), HasSubstr("F04_dotted"));
  EXPECT_THAT(outcome.out, HasSubstr("600 training images"));
  fs::create_directory(folder / "empty");
  const Outcome empty = train({"--dataset", "mnist", "--data_dir", "empty"});
  EXPECT_NE(empty.status, 0);
  EXPECT_THAT(empty.err, HasSubstr("empty"));
}

TEST_F(CliField, F05F06F10PcaIsExactForFarTinyAndOutlyingNumbers) {
  for (const char* file : {"F05_far_f8.npy", "F06_tiny_f4.npy", "F10_outlier.npy"}) {
    const Tensor map = map_of(file);
    ASSERT_EQ(map.size(1), 2);
    Centred rows(read_npy(field / file));
    for (const std::int64_t axis : {0, 1}) {
      std::vector<double> scores;
      for (std::int64_t i = 0; i < map.size(0); ++i) {
        scores.push_back(static_cast<double>(map[i * 2 + axis]));
      }
      EXPECT_LT(relative_error(scores, rows.take_largest_axis()), 1e-3) << file << " " << axis;
    }
  }
}

TEST_F(CliField, F07F08OnlyTheEntriesAskedForAreRead) {
  EXPECT_EQ(run({"project", "pca", at("F07_named_beside_text.npz") + ":embeddings", "-o", "M.npy"})
                .status,
            0);
  EXPECT_EQ(run({"project", "pca", at("F07_named_beside_text.npz"), "-o", "M.npy"}).status, 0);
  const Outcome images = train({"--dataset", at("F08_images_beside_text.npz")});
  EXPECT_EQ(images.status, 0) << images.err;
}

TEST_F(CliField, F09FaintImagesStayReal) {
  const Outcome outcome = train({"--dataset", at("F09_faint.npz")});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr("are equal")));
}

TEST_F(CliField, F11LooseTensorsDoNotStopAnImport) {
  for (const char* file :
       {"F11_p01_dataparallel.pth", "F11_p04_model_state_dict.pth", "F11_p10_lightning.ckpt"}) {
    const std::string to = std::string("models/AE/") + file + ".safetensors";
    const Outcome outcome = run({"import", at(file), "-o", to});
    EXPECT_EQ(outcome.status, 0) << file << outcome.err;
    EXPECT_TRUE(fs::exists(folder / to)) << file;
  }
}

TEST_F(CliField, F12JpegIsReadBesidePng) {
  const Outcome outcome = train({"--dataset", at("F12_mixed_jpg_png"), "--validation", "0"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("21 training images"));  // 25 in all, 2 of each class test
  EXPECT_THAT(outcome.err, Not(HasSubstr("left out")));
}

TEST_F(CliField, F13LabelsAreTextOrWholeRealNumbers) {
  for (const char* labels : {"F13_labels_text.npy", "F13_labels_float.npy"}) {
    const Outcome outcome = run({"project", "umap", at("F13_rows.npy"), "--labels", at(labels),
                                 "-o", "M.npy", "--plot", "map.svg"});
    EXPECT_EQ(outcome.status, 0) << labels << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("10-NN")) << labels;
  }
}

TEST_F(CliField, F14NumpyOfPythonTwoIsRead) {
  EXPECT_EQ(map_of("F14_py2_long.npy").size(0), 60);
}

TEST_F(CliField, F15MacosxIsPassedOver) {
  const Outcome outcome = train({"--dataset", at("F15_macosx")});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, Not(HasSubstr("__MACOSX")));
  EXPECT_THAT(run({"info", "F15_macosx_2", "--json"}).out, Not(HasSubstr("__MACOSX")));
}

TEST_F(CliField, F16AnyPairOfIdxFilesIsRead) {
  for (const Words& more : std::vector<Words>{{"--dataset", at("F16_emnist"), "--transpose"},
                                              {"--dataset", at("F16_qmnist")}}) {
    const Outcome outcome = train(more);
    EXPECT_EQ(outcome.status, 0) << more[1] << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("540 training images of 1 x 28 x 28, 60 validation"));
  }
}

TEST_F(CliField, F17FewWideRowsAreMappedInUnderASecond) {
  if (kSanitized) GTEST_SKIP() << "time: sanitizers have their own";
  Tensor wide(Shape{4, 786432});
  for (std::int64_t i = 0; i < wide.count(); ++i)
    wide[i] = static_cast<float>((i * 2654435761) % 1000);
  write_npy(folder / "wide.npy", wide);
  const Outcome outcome = run({"project", "umap", "wide.npy", "--n_neighbors", "3", "-o", "M.npy"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_LT(outcome.cpu_seconds, 1.0);
}

}  // namespace
}  // namespace hourglass
