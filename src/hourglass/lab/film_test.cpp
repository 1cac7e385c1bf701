#include "hourglass/lab/film.h"

#include <cmath>

#include "hourglass/base/message_test.h"
#include "hourglass/interop/npz.h"
#include "hourglass/train/small_run_test.h"

namespace hourglass {
namespace {

using testing::HasSubstr;

class Film : public testing::Test {
 protected:
  /// A made-up map of an epoch: n points in `classes` classes, moved by `value`.
  void write_map(int epoch, std::int64_t n, float value = 0.0f, std::int64_t classes = 3) const {
    Tensor map({n, 2});
    std::vector<std::int64_t> labels;
    for (std::int64_t i = 0; i < n; ++i) {
      map[2 * i] = static_cast<float>(i % 17 + 3 * epoch) + value;
      map[2 * i + 1] = static_cast<float>(i % 5);
      labels.push_back(i % classes);
    }
    make_folder(folder_ / "umap");
    NpzWriter npz(path_of(epoch));
    npz.add("map", map);
    npz.add("labels", std::span<const std::int64_t>(labels), Shape{n});
    npz.commit();
  }
  std::filesystem::path path_of(int epoch) const { return figures().path("umap", epoch, "npz"); }
  FigureFolder figures() const { return {folder_.path(), "r"}; }
  std::filesystem::path make() const {
    return make_film(figures(), {"Latents", "AE", {"a", "b", "c"}, 0});
  }
  void expect_refused(const std::string& why) const {
    const std::string error = message_of([&] { make(); });
    EXPECT_THAT(error, HasSubstr(why));
    EXPECT_EQ(error.find('\n'), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(figures().film()));
  }

  TemporaryFolder folder_;
};

TEST_F(Film, PointsThatAreNotFiniteAreLeftOut) {
  write_map(1, 30);
  write_map(2, 30, std::nanf(""));
  EXPECT_EQ(make(), figures().film());
  EXPECT_GT(std::filesystem::file_size(figures().film()), 1000u);
}

TEST_F(Film, OneMapIsNone) {
  expect_refused("there is no map of r in ");
  write_map(5, 30);
  expect_refused("there is only r_epoch_05.npz of r in ");
}

TEST_F(Film, MapsOfDifferentPointsAreNamed) {
  write_map(1, 30);
  write_map(2, 29);
  expect_refused("r_epoch_02.npz are maps of different points");
  write_map(2, 30, 0.0f, 2);
  expect_refused("r_epoch_02.npz are maps of different points");
}

TEST_F(Film, DamagedAndForeignFilesAreNamed) {
  write_map(1, 30);
  const auto bytes = read_file(path_of(1));
  write_file(path_of(2), std::span(bytes).first(300));
  expect_refused("r_epoch_02.npz");
  write_map(1, 30, 0.0f, 4);
  expect_refused("label 3 is none of the model's 3 classes");
}

}  // namespace
}  // namespace hourglass
