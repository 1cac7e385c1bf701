#include "hourglass/lab/explore_kept.h"

#include <gmock/gmock.h>

#include "hourglass/base/file.h"
#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/interop/npz.h"
#include "hourglass/lab/explore_drawn.h"
#include "hourglass/train/small_run_test.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

class KeptPackTest : public testing::Test {
 protected:
  std::vector<std::uint8_t> pack(const std::string& key) {
    ExploreRows rows;
    rows.title = "x";
    rows.rows = Tensor({4, 2});
    rows.rows[3] = 1.0f;
    return make_explore_pack(explore_rows(std::move(rows), {}), std::nullopt, {}, {}, key, pool_);
  }
  TemporaryFolder folder_;
  ThreadPool pool_{1};
  ExploreSource source_{"abc", "def", {"train", "test"}, 7, true, "maps", {{"recon", "hourglass"}}};
};

TEST_F(KeptPackTest, SaysWhatItWasMadeFrom) {
  const auto bytes = pack(source_.key());
  write_file(folder_ / "x.safetensors", bytes);
  const auto kept = read_kept_pack(folder_ / "x.safetensors");
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->source, source_);
  EXPECT_EQ(kept->bytes, bytes);
  const PackOutline outline = outline_pack(bytes);
  EXPECT_EQ(outline.points, 4);
  EXPECT_EQ(outline.total, 4);
  EXPECT_FALSE(outline.images);
}

TEST_F(KeptPackTest, WhatIsMissingDamagedOrNoPackIsNothing) {
  const fs::path path = folder_ / "x.safetensors";
  EXPECT_FALSE(read_kept_pack(path));
  EXPECT_FALSE(read_kept_pack(folder_.path())) << "a folder";
  auto bytes = pack(source_.key());
  for (const std::size_t size : {std::size_t{0}, std::size_t{5}, bytes.size() - 1}) {
    write_file(path, std::span<const std::uint8_t>(bytes).first(size));
    EXPECT_FALSE(read_kept_pack(path)) << size;
  }
  bytes[9] = '!';
  write_file(path, bytes);
  EXPECT_FALSE(read_kept_pack(path)) << "its header is no JSON";
  write_file(path, pack("not a key"));
  EXPECT_FALSE(read_kept_pack(path));
  write_file(path, pack(""));
  EXPECT_FALSE(read_kept_pack(path));
}

class DrawnMaps : public testing::Test {
 protected:
  void draw(std::int64_t epoch, std::int64_t n) {
    const fs::path path = figures_.path("umap", epoch, "npz");
    make_folder(path.parent_path());
    Tensor map({n, 2});
    std::vector<std::int64_t> labels;
    for (std::int64_t i = 0; i < n; ++i) {
      map[2 * i] = static_cast<float>(100 * epoch + i);
      labels.push_back(i % 2);
    }
    NpzWriter npz(path);
    npz.add("map", map);
    npz.add("labels", std::span<const std::int64_t>(labels), Shape{n});
    npz.commit();
  }
  TemporaryFolder folder_;
  FigureFolder figures_{folder_.path(), "strokes_3"};
};

TEST_F(DrawnMaps, AreThoseBeforeTheEpochOfTheChosenPoints) {
  for (const std::int64_t epoch : {1, 5, 10}) draw(epoch, 6);
  const auto maps = drawn_maps(figures_, 10, {1, 4}, 6);
  ASSERT_EQ(maps.size(), 2u);
  EXPECT_EQ(maps[1].epoch, 5);
  EXPECT_EQ(maps[1].map.shape(), (Shape{2, 2}));
  EXPECT_EQ(maps[1].map[2], 504.0f);
}

TEST_F(DrawnMaps, OfOtherPointsOrDamagedArePassedOver) {
  draw(1, 6);
  draw(2, 7);
  write_file(figures_.path("umap", 3, "npz"), std::string_view("no archive"));
  EXPECT_EQ(drawn_maps(figures_, 10, {1, 4}, 6).size(), 1u);
}

TEST_F(DrawnMaps, HaveAnotherHashWhenOneIsDrawnAgain) {
  EXPECT_EQ(drawn_maps_sha256(figures_, 10), "");
  draw(1, 6);
  const std::string one = drawn_maps_sha256(figures_, 10);
  EXPECT_EQ(drawn_maps_sha256(figures_, 1), "") << "of no earlier epoch";
  draw(1, 7);
  EXPECT_NE(drawn_maps_sha256(figures_, 10), one);
}

TEST_F(DrawnMaps, AreThePointsOfAModelWithoutItsImages) {
  Checkpoint checkpoint{make_model("AE", strokes_shape(), {3}, 1), {}, {}};
  checkpoint.facts.epochs = 5;
  checkpoint.facts.class_names = {"even", "odd"};
  EXPECT_FALSE(drawn_points(figures_, checkpoint));
  draw(1, 6);
  EXPECT_FALSE(drawn_points(figures_, checkpoint)) << "not the model's own epoch";
  draw(5, 6);
  const auto drawn = drawn_points(figures_, checkpoint);
  ASSERT_TRUE(drawn);
  ThreadPool pool(1);
  const auto bytes =
      make_explore_pack(drawn->points, explore_facts(checkpoint), drawn->mapping, {}, "", pool);
  const NamedArrays file = parse_safetensors(bytes, "the pack");
  EXPECT_EQ(file.find("maps")->shape, (Shape{2, 6, 2}));
  EXPECT_EQ(file.find("latents"), nullptr);
  EXPECT_EQ(file.find("labels")->integers("labels")[1], 1);
  EXPECT_EQ(file.find("directions.components")->shape, (Shape{3, 3}));
  EXPECT_EQ(outline_pack(bytes).epochs, (std::vector<std::int64_t>{1, 5}));
  EXPECT_EQ(outline_pack(bytes).missing.size(), 1u);
}

}  // namespace
}  // namespace hourglass
