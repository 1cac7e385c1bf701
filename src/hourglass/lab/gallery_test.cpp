#include "hourglass/lab/gallery.h"

#include "hourglass/interop/npz.h"
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
    const std::string error = error_of([&] { parse_pair(text, five_images()); });
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
  EXPECT_EQ(error_of([] { parse_figure_kinds("recon,tsne"); }),
            "[figures] no figure is called 'tsne': choose from recon,pca,umap,interp,noise");
}

TEST(Gallery, FiguresLieByKindAndEpochAndTheDataOfTheEpochBeforeIsFound) {
  const TemporaryFolder folder;
  const Dataset data = small_data();
  const auto model = make_model("AE", data.shape, {3}, 1);
  ThreadPool pool(1);
  CheckpointFacts facts;
  facts.epochs = 10;
  Gallery gallery{*model, data, facts, folder.path(), {FigureFormat::png}, pool};
  EXPECT_EQ(gallery.path(FigureKind::umap, "png", "_trust"),
            folder / "umap" / "epoch_10_trust.png");
  EXPECT_FALSE(gallery.earlier_data(FigureKind::umap));
  make_folder(folder / "umap");
  for (const char* name : {"epoch_1.npz", "epoch_5.npz", "epoch_5_trust.npz", "epoch_10.npz",
                           "epoch_15.npz", "epoch_9.png"}) {
    write_file(folder / "umap" / name, std::string_view("x"));
  }
  EXPECT_EQ(gallery.earlier_data(FigureKind::umap), folder / "umap" / "epoch_5.npz");
}

TEST(Gallery, AReconstructionFigureSavesWhatItShows) {
  const TemporaryFolder folder;
  const Dataset data = small_data();
  const auto model = make_model("AE", data.shape, {3}, 1);
  ThreadPool pool(2);
  Gallery gallery{*model, data, {}, folder.path(), {FigureFormat::png}, pool};
  const auto written = draw_recon(gallery);
  EXPECT_THAT(written,
              ElementsAre(folder / "recon" / "epoch_0.png", folder / "recon" / "epoch_0.npz"));
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

}  // namespace
}  // namespace hourglass
