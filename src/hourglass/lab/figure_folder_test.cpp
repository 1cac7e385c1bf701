#include "hourglass/lab/figure_folder.h"

#include <gmock/gmock.h>

#include "hourglass/base/file.h"
#include "hourglass/base/temporary_folder_test.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

using testing::Pair;

constexpr const char* kOwner = R"({"run": "mnist_32_a.b", "model": "AE", "dataset": "mnist",
    "dataset_sha256": "abc", "latent_dim": 32, "seed": 18446744073709551615})";
const FigureOwner kTheOwner{"mnist_32_a.b", "AE", "mnist", "abc", 32, 18446744073709551615u};

class FigureFolderTest : public testing::Test {
 protected:
  void leave(const fs::path& file, std::string_view text = "x") const {
    make_folder((visu_ / file).parent_path());
    write_file(visu_ / file, text);
  }
  TemporaryFolder temporary_;
  fs::path visu_ = temporary_ / "visu";
  FigureFolder figures_{visu_ / "mnist_autoencoder", "mnist_32"};
};

TEST_F(FigureFolderTest, NamesOfFilesBeginWithTheRunAndSortByEpoch) {
  EXPECT_EQ(figures_.path("recon", 5, "png"),
            visu_ / "mnist_autoencoder/recon/mnist_32_epoch_05.png");
  EXPECT_EQ(figures_.path("umap", 100, "npz", "_trust"),
            visu_ / "mnist_autoencoder/umap/mnist_32_epoch_100_trust.npz");
  EXPECT_EQ(figures_.loss("svg"), visu_ / "mnist_autoencoder/loss/mnist_32.svg");
  EXPECT_EQ(figures_.model(5), visu_ / "mnist_autoencoder/umap/mnist_32_epoch_05.safetensors");
  EXPECT_EQ(figures_.film(), visu_ / "mnist_autoencoder/umap/mnist_32_film.png");
}

TEST_F(FigureFolderTest, FilesOfARunAreItsOwnAndNoneOfARunWithASimilarName) {
  const std::vector<fs::path> own{"mnist_autoencoder/loss/mnist_32.png",
                                  "mnist_autoencoder/recon/mnist_32.best_epoch_03.png",
                                  "mnist_autoencoder/recon/mnist_32_epoch_05.png",
                                  "mnist_autoencoder/umap/mnist_32_epoch_05.npz.tmp.12",
                                  "mnist_autoencoder/umap/mnist_32_epoch_05.safetensors",
                                  "mnist_autoencoder/umap/mnist_32_epoch_05_trust.pdf",
                                  "mnist_autoencoder/umap/mnist_32_film.png"};
  for (const fs::path& file : own) leave(file);
  for (const char* other :
       {"recon/mnist_32-2_epoch_05.png", "recon/mnist_32_epoch_05_epoch_01.png",
        "umap/mnist_32_epoch_05_film.png", "loss/mnist_32_film.png", "loss/mnist_32_epoch_05.png",
        "recon/mnist_32_epoch_05.safetensors", "umap/mnist_32_epoch_05_trust.safetensors",
        "umap/mnist_32_film.safetensors", "recon/mnist_32_note.txt", "recon/mnist_32_epoch_05.txt",
        "recon/mnist_320_epoch_05.png", "thesis.txt", "loss/mnist_32_a.png",
        "recon/mnist_32_epoch_-5.png"}) {
    leave(fs::path("mnist_autoencoder") / other);
  }
  std::vector<fs::path> expected;
  for (const fs::path& file : own) expected.push_back(visu_ / file);
  EXPECT_EQ(figures_.files(), expected);
}

TEST_F(FigureFolderTest, ARunThatBeganUnderVersion010HasItsEarlierMaps) {
  const FigureFolder figures{figures_.folder, "mnist_32", visu_ / "mnist_autoencoder"};
  for (const char* file : {"umap/epoch_1.npz", "umap/epoch_5.npz", "umap/epoch_20.npz",
                           "umap/mnist_32_epoch_10.npz", "umap/mnist_32_epoch_15.npz"}) {
    leave(fs::path("mnist_autoencoder") / file);
  }
  const fs::path umap = visu_ / "mnist_autoencoder/umap";
  EXPECT_THAT(figures.data_by_epoch("umap"),
              ElementsAre(Pair(1, umap / "epoch_1.npz"), Pair(5, umap / "epoch_5.npz"),
                          Pair(10, umap / "mnist_32_epoch_10.npz"),
                          Pair(15, umap / "mnist_32_epoch_15.npz")));
  EXPECT_THAT(figures_.data_by_epoch("umap"), testing::SizeIs(2));
}

TEST_F(FigureFolderTest, AFolderOfVersion010IsReadOnlyIfItsRunJsonNamesTheRun) {
  const fs::path folder = visu_ / "mnist_autoencoder";
  EXPECT_EQ(older_figures(folder, "_a.b", kTheOwner), fs::path());
  leave("mnist_autoencoder_a_b/run.json", kOwner);
  EXPECT_EQ(older_figures(folder, "_a.b", kTheOwner), visu_ / "mnist_autoencoder_a_b");
  FigureOwner other = kTheOwner;
  other.seed = 1;
  EXPECT_EQ(older_figures(folder, "_a.b", other), fs::path());
  // The figures that a later run moved aside.
  leave("mnist_autoencoder_previous/run.json", kOwner);
  other = kTheOwner;
  other.run += ".previous";
  EXPECT_EQ(older_figures(folder, ".previous", other), visu_ / "mnist_autoencoder_previous");
}

TEST_F(FigureFolderTest, AnOwnerThatIsNoneIsNothing) {
  for (const char* text : {"", "{}", "[1]", R"({"run": 1})", "{\"run\": \"a\""}) {
    EXPECT_FALSE(parse_figure_owner(text)) << text;
  }
}

}  // namespace
}  // namespace hourglass
