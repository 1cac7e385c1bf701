#include "hourglass/explore/explorer.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "hourglass/base/message_test.h"
#include "hourglass/explore/explore_cases_test.h"
#include "hourglass/explore/near_images.h"

namespace hourglass {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::int64_t kValues = 28 * 28;

std::unique_ptr<Model> small_model(std::uint64_t seed = 1, std::int64_t latent_dim = 6) {
  return make_model("AE", {1, 28, 28}, {.latent_dim = latent_dim}, seed);
}

Tensor position(float x, float y) {
  Tensor at({1, 2});
  at[0] = x, at[1] = y;
  return at;
}

TEST(Explorer, PlacesAndBlendsAsTheTransformerOfUmapDoes) {
  ThreadPool pool(1);
  const MadePack pack = made_pack(300, 6, 5);
  const auto bytes = pack.bytes();
  Explorer explorer(bytes);
  for (const std::size_t map : {1, 0}) {
    explorer.show(static_cast<std::int64_t>(map));
    const UmapModel model = as_umap(pack.latents, pack.maps[map]);
    const UmapTransformer transformer(model, pool);
    const Tensor rows = random_rows(50, 6, 99);
    EXPECT_THAT(explorer.place(rows).span(),
                ElementsAreArray(transformer.transform(rows, pool).span()));
    for (const float x : {0.0f, 0.3f, 0.8f, 2.0f}) {
      const Blend blend = explorer.blend(x, 0.5f);
      EXPECT_THAT(blend.latent.span(),
                  ElementsAreArray(transformer.inverse_transform(position(x, 0.5f), pool).span()));
    }
  }
}

TEST(Explorer, ABlendNamesItsPointsWithWeightsThatSumToOne) {
  const MadePack pack = made_pack(300, 6, 5);
  const auto bytes = pack.bytes();
  Explorer explorer(bytes);
  const Blend blend = explorer.blend(0.5f, 0.5f);
  ASSERT_THAT(blend.points, SizeIs(15));
  EXPECT_NEAR(std::accumulate(blend.weights.begin(), blend.weights.end(), 0.0), 1.0, 1e-6);
  EXPECT_TRUE(std::is_sorted(blend.weights.rbegin(), blend.weights.rend()));
  std::vector<double> mean(6, 0.0);
  for (std::size_t i = 0; i < blend.points.size(); ++i) {
    for (std::size_t c = 0; c < 6; ++c) {
      mean[c] += static_cast<double>(blend.weights[i]) *
                 static_cast<double>(pack.latents.row(blend.points[i])[c]);
    }
  }
  for (std::int64_t c = 0; c < 6; ++c) {
    EXPECT_NEAR(mean[static_cast<std::size_t>(c)], static_cast<double>(blend.latent[c]), 1e-6);
  }
  EXPECT_THAT(blend.image.span(), IsEmpty());
  EXPECT_FALSE(explorer.can_decode());
}

TEST(Explorer, APositionIsFarWhereNoDataAreNear) {
  // Two groups, one unit wide and ten apart.
  MadePack pack = made_pack(400, 3, 5);
  for (std::int64_t i = 0; i < 200; ++i) pack.maps[1].row(i)[0] += 10;
  const auto bytes = pack.bytes();
  Explorer explorer(bytes);
  EXPECT_FALSE(explorer.blend(0.5f, 0.5f).far);
  EXPECT_FALSE(explorer.blend(10.5f, 0.5f).far);
  EXPECT_FALSE(explorer.blend(1.05f, 0.5f).far) << "a little way around a group";
  const Blend between = explorer.blend(5.5f, 0.5f);
  EXPECT_TRUE(between.far);
  EXPECT_NEAR(between.distance, 4.5f, 0.1f);
}

TEST(Explorer, FindsTheNearestOtherPointsInEachSpace) {
  MadePack pack = made_pack(500, 6, kValues);
  std::copy_n(pack.images.begin() + 7 * kValues, kValues, pack.images.begin() + 3 * kValues);
  const auto bytes = pack.bytes();
  Explorer explorer(bytes);
  ThreadPool pool(1);
  for (const Space space : {Space::latent, Space::map}) {
    const ConstView rows = space == Space::latent ? pack.latents : pack.maps[1];
    const Neighbours all = nearest_neighbours(rows, 10, pool);
    for (const std::int64_t point : {0, 7, 499}) {
      const NearPoints near = explorer.near(space, point, 10);
      EXPECT_THAT(near.points, ElementsAreArray(all.indices_of(point)));
      EXPECT_THAT(near.distances, ElementsAreArray(all.distances_of(point)));
    }
  }
  const NearPoints near = explorer.near(Space::pixel, 7, 10);
  EXPECT_THAT(near.points, SizeIs(10));
  EXPECT_EQ(near.points[0], 3);
  EXPECT_EQ(near.distances[0], 0.0f);
  const Tensor images = images_of(pack);
  const NearPoints of_row = explorer.near(Space::pixel, images.row(7), 11);
  EXPECT_THAT(of_row.points, SizeIs(11));
  EXPECT_THAT(std::vector(of_row.points.begin(), of_row.points.begin() + 2), ElementsAre(3, 7));
  const Neighbours by_floats = nearest_neighbours(images, 10, pool);
  EXPECT_THAT(near.points, ElementsAreArray(by_floats.indices_of(7)));
  EXPECT_NEAR(near.distances[9], by_floats.distances_of(7)[9], 1e-4f);
}

TEST(Explorer, EqualPointsGoByIndexAndAPointIsNeverItsOwnNeighbour) {
  MadePack pack = made_pack(30, 2, 4);
  std::ranges::fill(pack.latents.span(), 1.0f);
  std::ranges::fill(pack.images, std::uint8_t{9});
  std::ranges::fill(pack.maps[1].span(), 2.0f);
  const auto bytes = pack.bytes();
  Explorer explorer(bytes);
  for (const Space space : {Space::latent, Space::pixel, Space::map}) {
    EXPECT_THAT(explorer.near(space, 1, 3).points, ElementsAre(0, 2, 3));
    EXPECT_THAT(explorer.near(space, 29, 3).points, ElementsAre(0, 1, 2));
    EXPECT_THAT(explorer.near(space, 5, 100).points, SizeIs(29));
  }
}

TEST(Explorer, WhatAPackLacksFailsInOneSentenceAndTheRestWorks) {
  MadePack bare = made_pack(20, 3, 4);
  bare.latents = Tensor();
  bare.images.clear();
  bare.labels.clear();
  const auto bytes = bare.bytes();
  Explorer explorer(bytes);
  EXPECT_FALSE(explorer.can_place());
  EXPECT_THAT(message_of([&] { explorer.blend(0, 0); }), HasSubstr("no latent vectors here"));
  EXPECT_THAT(message_of([&] { explorer.place(random_rows(1, 3)); }),
              HasSubstr("no latent vectors"));
  EXPECT_THAT(message_of([&] { explorer.near(Space::latent, 0, 3); }), HasSubstr("no latent"));
  EXPECT_THAT(message_of([&] { explorer.near(Space::pixel, 0, 3); }), HasSubstr("no images here"));
  EXPECT_THAT(message_of([&] { explorer.decode(random_rows(1, 3)); }), HasSubstr("no model here"));
  EXPECT_THAT(message_of([&] { explorer.encode(random_rows(1, 4)); }), HasSubstr("no model here"));
  EXPECT_THAT(message_of([&] { explorer.near(Space::map, 20, 3); }), HasSubstr("`point` is 20"));
  EXPECT_THAT(message_of([&] { explorer.show(2); }), HasSubstr("`map` is 2"));
  EXPECT_THAT(explorer.near(Space::map, 0, 3).points, SizeIs(3));

  // A model decodes without latent vectors of the points.
  const auto model = small_model();
  explorer.set_model(checkpoint_of(*model));
  EXPECT_THAT(explorer.decode(random_rows(2, 6)).span(), SizeIs(2 * kValues));
}

TEST(Explorer, OnePointIsAPack) {
  const MadePack pack = made_pack(1, 6, kValues);
  const auto bytes = pack.bytes();
  Explorer explorer(bytes);
  explorer.set_model(checkpoint_of(*small_model()));
  const Blend blend = explorer.blend(3, 4);
  EXPECT_THAT(blend.points, ElementsAre(0));
  EXPECT_THAT(blend.weights, ElementsAre(1.0f));
  EXPECT_THAT(blend.latent.span(), ElementsAreArray(pack.latents.span()));
  EXPECT_THAT(blend.image.span(), SizeIs(kValues));
  EXPECT_THAT(explorer.place(random_rows(1, 6, 5)).span(), ElementsAreArray(pack.maps[1].span()));
  for (const Space space : {Space::latent, Space::pixel, Space::map}) {
    EXPECT_THAT(explorer.near(space, 0, 10).points, IsEmpty());
  }
}

TEST(Explorer, AnEpochsModelNeedsImagesOfItsSize) {
  MadePack pack = made_pack(30, 6, 10);
  const auto bytes = pack.bytes();
  Explorer explorer(bytes);
  explorer.set_model(checkpoint_of(*small_model(1)));
  const Tensor latents = random_rows(3, 6, 5), before = explorer.decode(latents);
  EXPECT_FALSE(explorer.show(0, checkpoint_of(*small_model(2))));
  EXPECT_THAT(explorer.decode(latents).span(), ElementsAreArray(before.span()));
  EXPECT_TRUE(explorer.show(1));
}

TEST(Explorer, AMapThatIsRefusedLeavesTheOneShown) {
  MadePack pack = made_pack(30, 6, 10);
  pack.maps[0][5] = std::numeric_limits<float>::quiet_NaN();
  const auto bytes = pack.bytes();
  Explorer explorer(bytes);
  EXPECT_THAT(message_of([&] { explorer.show(0); }), HasSubstr("nan"));
  EXPECT_THAT(explorer.place(pack.latents).span(), ElementsAreArray(pack.maps[1].span()));
}

TEST(Explorer, RefusesAModelOfAnotherRun) {
  const MadePack pack = made_pack(30, 5, 10);
  const auto bytes = pack.bytes();
  Explorer explorer(bytes);
  EXPECT_THAT(message_of([&] { explorer.set_model(checkpoint_of(*small_model())); }),
              HasSubstr("latent vectors of 6 numbers and the pack of 5"));
  EXPECT_FALSE(explorer.can_decode());
}

TEST(ExplorePack, RefusesWhatIsNoPackInOneSentence) {
  const auto complaint = [](const MadePack& pack) {
    const auto bytes = pack.bytes();
    return message_of([&] { Explorer explorer(bytes); });
  };
  MadePack pack = made_pack(10, 2, 4);
  pack.metadata["hourglass.explore"] = "2";
  EXPECT_THAT(complaint(pack), HasSubstr("2"));
  pack.metadata.clear();
  EXPECT_THAT(complaint(pack), HasSubstr("not of hourglass explore"));
  pack = made_pack(10, 2, 4);
  pack.latents = random_rows(9, 2);
  EXPECT_THAT(complaint(pack), HasSubstr("latents for 9 of its 10 points"));
  pack = made_pack(10, 2, 4);
  pack.maps.clear();
  pack.maps.push_back(Tensor({0, 2}));
  pack.latents = Tensor();
  pack.images.clear();
  pack.labels.clear();
  EXPECT_THAT(complaint(pack), HasSubstr("no map with points"));

  const std::vector<std::uint8_t> whole = made_pack(10, 2, 4).bytes();
  for (const std::size_t length :
       {std::size_t{0}, std::size_t{7}, whole.size() / 2, whole.size() - 1}) {
    const std::span<const std::uint8_t> part = std::span(whole).first(length);
    EXPECT_NE(message_of([&] { Explorer explorer(part); }), "no error") << length;
  }
}

TEST(ExplorePack, MayBeAtAnyAddress) {
  const MadePack pack = made_pack(50, 6, 5);
  std::vector<std::uint8_t> bytes = pack.bytes();
  bytes.insert(bytes.begin(), 0);
  Explorer explorer(std::span<const std::uint8_t>(bytes).subspan(1));
  EXPECT_THAT(explorer.place(pack.latents).span(), ElementsAreArray(pack.maps[1].span()));
}

TEST(NearImages, AreThoseOfWholeNumberSums) {
  // Longer than the piece after which a search may stop, and sums beyond 32 bits.
  constexpr std::int64_t kLong = 70'001;
  std::vector<std::uint8_t> images(static_cast<std::size_t>(3 * kLong), 0);
  std::fill_n(images.begin() + kLong, kLong, std::uint8_t{255});
  images[static_cast<std::size_t>(3 * kLong) - 1] = 2;
  const auto near = near_images(images, std::span<const std::uint8_t>(images).first(kLong), 5);
  ASSERT_THAT(near, SizeIs(3));
  EXPECT_EQ(near[0].row, 0);
  EXPECT_EQ(near[1].row, 2);
  EXPECT_EQ(near[1].squared, 4u);
  EXPECT_EQ(near[2].squared, std::uint64_t{255} * 255 * kLong);
}

}  // namespace
}  // namespace hourglass
