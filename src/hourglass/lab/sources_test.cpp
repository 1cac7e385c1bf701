// Figures and scores of images that are kept as floats, and of images without labels.
#include <gmock/gmock.h>

#include <map>
#include <nlohmann/json.hpp>

#include "hourglass/base/message_test.h"
#include "hourglass/base/progress.h"
#include "hourglass/interop/npz.h"
#include "hourglass/lab/evaluation.h"
#include "hourglass/lab/film.h"
#include "hourglass/lab/gallery.h"
#include "hourglass/lab/latents.h"
#include "hourglass/lab/projector.h"
#include "hourglass/tensor/rows_test.h"
#include "hourglass/train/small_run_test.h"

namespace hourglass {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Tensor floats_of(const RowSource& rows) {
  Tensor x({rows.count(), rows.columns()});
  rows.fill_rows(0, rows.count(), x);
  return x;
}

Dataset floats_with_labels() {
  Dataset data = small_data();
  data.train = float_rows(floats_of(data.train), labels_of(data.train));
  data.test = float_rows(floats_of(data.test), labels_of(data.test));
  return data;
}

Dataset floats_without_labels() {
  Dataset data = small_data();
  data.class_names.clear();
  data.train = floats_of(data.train);
  data.test = floats_of(data.test);
  return data;
}

class Sources : public testing::Test {
 protected:
  std::vector<std::filesystem::path> draw(const Dataset& data, std::int64_t epoch,
                                          std::span<const FigureKind> kinds = kFigureKinds) const {
    CheckpointFacts facts;
    facts.epochs = epoch;
    Gallery gallery{*model_, data, facts, {folder_.path(), "r_3"}, {FigureFormat::png}, pool_};
    return draw_figures(gallery, kinds, parse_pair("", data), true);
  }
  std::map<std::string, Array> data_of(const std::string& figure) const {
    return read_npz(folder_ / figure / "r_3_epoch_01.npz");
  }

  TemporaryFolder folder_;
  std::unique_ptr<Model> model_ = make_model("AE", strokes_shape(), {3}, 1);
  mutable ThreadPool pool_{2};
};

TEST_F(Sources, EveryFigureOfFloatsIsThatOfTheSameBytes) {
  std::vector<std::vector<std::uint8_t>> expected;
  for (const auto& path : draw(small_data(), 1)) expected.push_back(read_file(path));
  std::size_t at = 0;
  for (const auto& path : draw(floats_with_labels(), 1)) {
    EXPECT_EQ(read_file(path), expected.at(at++)) << path;
  }
  EXPECT_EQ(at, expected.size());
}

TEST_F(Sources, EveryFigureOfImagesWithoutLabelsIsDrawnWithoutClasses) {
  const Dataset data = floats_without_labels();
  for (const auto& path : draw(data, 1)) EXPECT_GT(std::filesystem::file_size(path), 500u) << path;
  for (const char* figure : {"recon", "pca", "umap"}) {
    EXPECT_FALSE(data_of(figure).contains("labels")) << figure;
    EXPECT_FALSE(data_of(figure).contains("map_knn_accuracy")) << figure;
  }
  EXPECT_TRUE(data_of("umap").contains("trustworthiness"));
  EXPECT_EQ(data_of("recon").at("rows").integers("rows"),
            (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST_F(Sources, MapsWithoutLabelsMakeAFilm) {
  const Dataset data = floats_without_labels();
  for (const std::int64_t epoch : {1, 2}) draw(data, epoch, std::array{FigureKind::umap});
  const auto film = make_film({folder_.path(), "r_3"}, {"Latents", "AE", {}, 0});
  EXPECT_GT(std::filesystem::file_size(film), 1000u);
}

TEST_F(Sources, ImagesWithoutLabelsAreJoinedByRowAlone) {
  const Dataset data = floats_without_labels();
  const ImagePair pair = parse_pair("#3:#1", data);
  EXPECT_EQ(pair.first, 3);
  EXPECT_EQ(pair.second, 1);
  EXPECT_THAT(message_of([&] { parse_pair("2:5", data); }),
              StartsWith("[interpolate] '2:5' is not two test rows from #0 to #19"));
}

TEST_F(Sources, EvaluationLacksNothingButTheAccuracyWhereThereAreNoLabels) {
  const ModelScores known = evaluate_model(*model_, small_data(), pool_),
                    floats = evaluate_model(*model_, floats_with_labels(), pool_),
                    bare = evaluate_model(*model_, floats_without_labels(), pool_);
  EXPECT_EQ(floats.knn_accuracy, known.knn_accuracy);
  for (const ModelScores* other : {&floats, &bare}) {
    EXPECT_EQ(other->model.scores.mse, known.model.scores.mse);
    EXPECT_EQ(other->baselines.pca->mse, known.baselines.pca->mse);
    EXPECT_NEAR(other->baselines.mean_image.mse, known.baselines.mean_image.mse, 1e-8);
    EXPECT_EQ(other->latent_norms.mean, known.latent_norms.mean);
  }
  EXPECT_FALSE(bare.knn_accuracy);
  EXPECT_TRUE(nlohmann::json::parse(to_json(bare, "a").dump()).at("latent_knn_accuracy").is_null());
}

TEST_F(Sources, LatentsHaveLabelsOnlyWhereEveryImageHasOne) {
  Dataset data = small_data();
  data.train = floats_of(data.train);
  EXPECT_TRUE(have_labels(data, {"test"}));
  EXPECT_FALSE(have_labels(data, {"train", "test"}));
  EXPECT_TRUE(encode_splits(*model_, data, {"test", "train"}, pool_).labels.empty());
  EXPECT_EQ(encode_splits(*model_, data, {"test"}, pool_).labels.size(), 20u);
}

TEST_F(Sources, ImagesWithoutLabelsAreExportedToTheProjectorByIndex) {
  export_projector(*model_, "model", floats_without_labels(), {"test"}, folder_.path(), pool_);
  const auto bytes = read_file(folder_ / "metadata.tsv");
  EXPECT_THAT(std::string(bytes.begin(), bytes.end()), StartsWith("0\n1\n2\n"));
}

}  // namespace
}  // namespace hourglass
