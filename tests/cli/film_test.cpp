// visualize --film: the maps of a run's epochs as a film, and maps that cannot become one.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "hourglass/interop/npz.h"
#include "samples.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

class CliFilm : public CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    if (IsSkipped()) return;
    write_checkpoint(folder / "models/AE/mnist_4.safetensors");
    maps = folder / "visu/mnist_autoencoder/umap";
    fs::create_directories(maps);
  }

  /// A synthetic map of an epoch, n points in ten classes.
  void write_map(int epoch, std::int64_t n, float value = 0.0f, std::int64_t classes = 10) {
    Tensor map({n, 2});
    std::vector<std::int64_t> labels;
    for (std::int64_t i = 0; i < n; ++i) {
      map[2 * i] = static_cast<float>(i % 17 + 3 * epoch) + value;
      map[2 * i + 1] = static_cast<float>(i % 5);
      labels.push_back(i % classes);
    }
    NpzWriter npz(maps / fmt::format("{}epoch_{}{}.npz", prefix, epoch < 10 ? zero : "", epoch));
    npz.add("map", map);
    npz.add("labels", std::span<const std::int64_t>(labels), Shape{n});
    npz.commit();
  }

  std::string film() const { return text_of(maps / "mnist_4_film.png"); }
  void expect_refused(const std::string& why) {
    const Outcome outcome = run({"visualize", "mnist_4", "--film"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.err, HasSubstr(why));
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    EXPECT_EQ(film(), "");
  }

  fs::path maps;
  std::string prefix = "mnist_4_", zero = "0";
};

TEST_F(CliFilm, JoinsTheEpochsInTheirOrderWithoutTheImagesOfTheRun) {
  for (const int epoch : {10, 1, 5}) write_map(epoch, 60);
  write_text(maps / "mnist_4_epoch_05_trust.npz", "another figure's");
  const Outcome outcome = run({"visualize", "mnist_4", "--film"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("wrote visu/mnist_autoencoder/umap/mnist_4_film.png\n"));
  const std::string bytes = film();
  EXPECT_THAT(bytes, StartsWith("\x89PNG"));
  const std::size_t at = bytes.find("acTL");
  ASSERT_NE(at, std::string::npos);
  // Three maps held, and between two of them at least twelve frames.
  EXPECT_GE(bytes[at + 7], 3 + 2 * 12);
}

TEST_F(CliFilm, TheSameMapsGiveTheSameBytes) {
  for (const int epoch : {1, 2}) write_map(epoch, 60);
  ASSERT_EQ(run({"visualize", "mnist_4", "--film", "--quiet"}).status, 0);
  const std::string first = film();
  ASSERT_EQ(run({"visualize", "mnist_4", "--film", "--quiet", "--threads", "3"}).status, 0);
  EXPECT_EQ(film(), first);
}

TEST_F(CliFilm, WithoutTwoMapsItSaysSo) {
  expect_refused("there is no map of mnist_4 in ");
  write_map(5, 60);
  expect_refused("there is only mnist_4_epoch_05.npz of mnist_4 in ");
}

TEST_F(CliFilm, MapsOfAnotherRunInTheFolderAreNotInIt) {
  prefix = "mnist_4-2_";
  for (const int epoch : {1, 2}) write_map(epoch, 60);
  expect_refused("there is no map of mnist_4 in ");
}

TEST_F(CliFilm, MapsOfVersion010AreReadWhereTheyAre) {
  prefix = zero = "";
  for (const int epoch : {1, 2}) write_map(epoch, 60);
  expect_refused("there is no map of mnist_4 in ");
  const auto owner = [](int seed) {
    return fmt::format(R"({{"run": "mnist_4", "model": "AE", "dataset": "mnist",
                           "dataset_sha256": "of nothing", "latent_dim": 4, "seed": {}}})",
                       seed);
  };
  write_text(maps / "../run.json", owner(77));
  expect_refused("there is no map of mnist_4 in ");
  write_text(maps / "../run.json", owner(0));
  ASSERT_EQ(run({"visualize", "mnist_4", "--film"}).status, 0);
  EXPECT_NE(film(), "");
  EXPECT_TRUE(fs::exists(maps / "epoch_1.npz"));
}

}  // namespace
}  // namespace hourglass
