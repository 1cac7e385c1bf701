#include "hourglass/lab/gallery.h"

#include "hourglass/base/message_test.h"
#include "hourglass/interop/npz.h"
#include "hourglass/models/apply.h"
#include "hourglass/models/registry.h"
#include "hourglass/train/small_run_test.h"

namespace hourglass {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Test rows 0 to 4 of classes 2, 0, 2, "a:b" and 5; nothing of the others.
Dataset five_images() {
  Dataset data;
  data.shape = {1, 8, 8};
  data.class_names = {"0", "1", "2", "a:b", "4", "5"};
  data.test = byte_rows(std::vector<std::uint8_t>(5 * 64), 64, {2, 0, 2, 3, 5});
  return data;
}

using Rows = std::pair<std::int64_t, std::int64_t>;
Rows pair_of(const std::string& text, const Dataset& data) {
  const ImagePair pair = parse_pair(text, data);
  return {pair.first, pair.second};
}

TEST(ImagePair, IsOfTheFirstTestImagesOfTwoClassesByNameOrLabel) {
  const Dataset data = five_images();
  EXPECT_EQ(pair_of("2:0", data), Rows(0, 1));
  EXPECT_EQ(pair_of("5:2", data), Rows(4, 0));
  EXPECT_EQ(pair_of("3:0", data), Rows(3, 1)) << "a label";
}

TEST(ImagePair, IsOfTwoTestRows) {
  EXPECT_EQ(pair_of("#4:#2", five_images()), Rows(4, 2));
  EXPECT_EQ(pair_of("#4:0", five_images()), Rows(4, 1));
}

TEST(ImagePair, AClassWithAColonInItsNameIsUnderstood) {
  EXPECT_EQ(pair_of("a:b:5", five_images()), Rows(3, 4));
  EXPECT_EQ(pair_of("5:a:b", five_images()), Rows(4, 3));
}

TEST(ImagePair, LeftOutIsTwoAndFiveOrTheFirstTwoClassesThatHaveImages) {
  Dataset data = five_images();
  EXPECT_EQ(pair_of("", data), Rows(0, 4));
  data.class_names = {"cat", "dog", "fox", "hen", "owl", "rat"};
  EXPECT_EQ(pair_of("", data), Rows(1, 0));
  data.test = byte_rows(std::vector<std::uint8_t>(5 * 64), 64, {1, 1, 1, 1, 1});
  EXPECT_EQ(pair_of("", data), Rows(0, 1)) << "one class: the first two rows";
}

TEST(ImagePair, WhatIsNotThereIsRefusedWithWhatThereIs) {
  for (const char* text : {"2", "2:9", "1:2", "#5:#0", "#-1:#0", "x:y", "2:", ":"}) {
    const std::string error = message_of([&] { parse_pair(text, five_images()); });
    EXPECT_THAT(error, HasSubstr(fmt::format("[interpolate] '{}' is not two of the classes 0, 1, 2",
                                             text)));
    EXPECT_THAT(error, HasSubstr("two test rows from #0 to #4"));
  }
}

TEST(Gallery, TheFirstTestImageOfEachClassIsFoundAndAnAbsentClassIsMarked) {
  EXPECT_THAT(first_of_each_class(five_images()), ElementsAre(1, -1, 0, 3, -1, 4));
}

TEST(Gallery, KindsOfFiguresAreParsedInTheirOrder) {
  EXPECT_THAT(parse_figure_kinds("umap,recon"), ElementsAre(FigureKind::umap, FigureKind::recon));
  EXPECT_EQ(message_of([] { parse_figure_kinds("recon,tsne"); }),
            "[figures] no figure is called 'tsne': choose from recon,pca,umap,interp,noise");
}

TEST(Gallery, FiguresLieByKindAndEpochAndTheDataOfTheEpochBeforeIsFound) {
  const TemporaryFolder folder;
  const Dataset data = small_data();
  const auto model = make_model("AE", data.shape, {3}, 1);
  ThreadPool pool(1);
  CheckpointFacts facts;
  facts.epochs = 10;
  Gallery gallery{*model, data, facts, {folder.path(), "r_3"}, {FigureFormat::png}, pool};
  EXPECT_EQ(gallery.path(FigureKind::umap, "png", "_trust"),
            folder / "umap" / "r_3_epoch_10_trust.png");
  EXPECT_FALSE(gallery.earlier_data(FigureKind::umap));
  make_folder(folder / "umap");
  for (const char* name : {"r_3_epoch_01.npz", "r_3_epoch_05.npz", "r_3_epoch_05_trust.npz",
                           "r_3_epoch_10.npz", "r_3_epoch_15.npz", "r_3_epoch_09.png",
                           "r_3-2_epoch_09.npz", "r_32_epoch_08.npz", "epoch_7.npz"}) {
    write_file(folder / "umap" / name, std::string_view("x"));
  }
  EXPECT_EQ(gallery.earlier_data(FigureKind::umap), folder / "umap" / "r_3_epoch_05.npz");
}

TEST(Gallery, AReconstructionFigureSavesWhatItShows) {
  const TemporaryFolder folder;
  const Dataset data = small_data();
  const auto model = make_model("AE", data.shape, {3}, 1);
  ThreadPool pool(2);
  Gallery gallery{*model, data, {}, {folder.path(), "r_3"}, {FigureFormat::png}, pool};
  const auto written = draw_recon(gallery);
  EXPECT_THAT(written, ElementsAre(folder / "recon" / "r_3_epoch_00.png",
                                   folder / "recon" / "r_3_epoch_00.npz"));
  const auto arrays = read_npz(written[1]);
  const auto rows = arrays.at("rows").integers("rows"),
             labels = arrays.at("labels").integers("labels");
  const Tensor images = arrays.at("originals").floats();
  EXPECT_EQ(images.shape(), (Shape{std::ssize(rows), 1, 28, 28}));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(labels[i], data.test.labels()[static_cast<std::size_t>(rows[i])]);
    std::vector<float> pixels(28 * 28);
    data.test.fill(rows[i], pixels);
    for (std::size_t p = 0; p < pixels.size(); ++p) {
      ASSERT_EQ(images[static_cast<std::int64_t>(i * pixels.size() + p)], pixels[p]);
    }
  }
}

/// A denoising model of the small data, and the figure of its reconstructions on some threads.
struct DenoisingFigure {
  explicit DenoisingFigure(int threads) : pool(threads) { written = draw_recon(gallery); }

  TemporaryFolder folder;
  Dataset data = small_data();
  std::unique_ptr<Model> model = make_model(
      "AE", data.shape, {.latent_dim = 3, .options = {{"corruption", std::string("mask:0.5")}}}, 1);
  ThreadPool pool;
  Gallery gallery{*model, data, {}, {folder.path(), "r_3"}, {FigureFormat::png}, pool};
  std::vector<std::filesystem::path> written;
};

TEST(DenoisingFigure, SavesTheCorruptedImagesOfEvaluationAndTheirReconstructions) {
  DenoisingFigure figure(2);
  const auto arrays = read_npz(figure.written.back());
  const auto rows = arrays.at("rows").integers("rows");
  const Tensor corrupted = arrays.at("corrupted").floats();
  const Tensor reconstructions = arrays.at("reconstructions").floats();
  EXPECT_EQ(corrupted.shape(), (Shape{std::ssize(rows), 1, 28, 28}));
  EXPECT_EQ(reconstructions.shape(), corrupted.shape());
  std::int64_t compared = 0;
  reconstruct(
      *figure.model, figure.data.test, figure.pool,
      [&](const ReconstructedBlock& block) {
        ASSERT_EQ(block.inputs.size(0), figure.data.test.count()) << "one block";
        for (std::size_t i = 0; i < rows.size(); ++i, ++compared) {
          const auto saved = [&](const Tensor& images) {
            return images.span().subspan(i * 28 * 28, 28 * 28);
          };
          EXPECT_THAT(saved(corrupted), testing::ElementsAreArray(block.inputs.row(rows[i])));
          EXPECT_THAT(saved(reconstructions),
                      testing::ElementsAreArray(block.reconstructions.row(rows[i])));
        }
      },
      kEvaluationSeed);
  EXPECT_EQ(compared, std::ssize(rows));
}

TEST(DenoisingFigure, IsTheSameForAnyNumberOfThreads) {
  const DenoisingFigure one(1), three(3);
  ASSERT_EQ(one.written.size(), three.written.size());
  for (std::size_t i = 0; i < one.written.size(); ++i) {
    EXPECT_EQ(read_file(one.written[i]), read_file(three.written[i])) << one.written[i];
  }
}

TEST(DenoisingFigure, SaysTheCorruptionAndBothErrors) {
  DenoisingFigure figure(2);
  figure.gallery.facts.test_mse = 0.125;
  const Evaluation measured = figure.model->evaluate(figure.data.test, figure.pool);
  const auto corrupted = std::ranges::find(measured.metrics, kCorruptedMse, &Score::name);
  const std::string caption = recon_text(figure.gallery).caption;
  EXPECT_THAT(caption, HasSubstr("with 50 % of the pixels made black, its reconstruction"));
  EXPECT_THAT(caption, HasSubstr(fmt::format("{:.5f} from corrupted images, 0.12500 from clean",
                                             corrupted->value)));
}

}  // namespace
}  // namespace hourglass
