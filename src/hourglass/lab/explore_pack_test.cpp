#include "hourglass/lab/explore_pack.h"

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "hourglass/base/message_test.h"
#include "hourglass/interop/safetensors.h"
#include "hourglass/measure/reconstruction.h"
#include "hourglass/models/apply.h"
#include "hourglass/project/procrustes.h"
#include "hourglass/project/umap/umap.h"
#include "hourglass/train/small_run_test.h"

namespace hourglass {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

/// A pack as the page reads it.
struct Read {
  NamedArrays file;
  nlohmann::json facts;

  const Array* find(const std::string& name) const { return file.find(name); }
  Tensor floats(const std::string& name) const { return file.find(name)->floats(); }
  std::int64_t points() const { return find("rows")->shape[0]; }
};

Read read(const std::vector<std::uint8_t>& bytes) {
  Read out{parse_safetensors(bytes, "the pack"), {}};
  EXPECT_EQ(out.file.metadata.at("hourglass.explore"), "1");
  out.facts = nlohmann::json::parse(out.file.metadata.at("facts"));
  return out;
}

Tensor random_rows(std::int64_t n, std::int64_t d, std::uint64_t seed = 1) {
  Tensor rows({n, d});
  Rng rng(seed);
  for (float& x : rows.span()) x = static_cast<float>(rng.normal());
  return rows;
}

void expect_equal(const Tensor& a, const Tensor& b) {
  EXPECT_TRUE(std::ranges::equal(a.span(), b.span()));
}

void expect_finite(const Tensor& values) {
  for (const float x : values.span()) EXPECT_TRUE(std::isfinite(x));
}

class ExplorePackTest : public testing::Test {
 protected:
  Read of_model(const ExploreExtent& extent = {}, const ExploreMapping& mapping = {},
                const std::vector<std::string>& splits = {"test"}) {
    ExplorePoints points = explore_model(*model_, data_, splits, extent, pool_);
    points.title = "strokes_3";
    const ExploreModel model{"AE", model_->latent_dim(), 4, 0.01, false};
    return read(
        make_explore_pack(points, model, mapping, {{"recon", "hourglass x"}}, "key", pool_));
  }
  Read of_rows(ExploreRows rows, const ExploreMapping& mapping = {},
               const ExploreExtent& extent = {}) {
    const ExplorePoints points = explore_rows(std::move(rows), extent);
    return read(make_explore_pack(points, std::nullopt, mapping, {}, "", pool_));
  }
  Read of_bare(Tensor rows) {
    ExploreRows all;
    all.title = "X.npy";
    all.rows = std::move(rows);
    return of_rows(std::move(all));
  }

  ThreadPool pool_{2};
  Dataset data_ = small_data();
  std::unique_ptr<Model> model_ = make_model("AE", data_.shape, {3}, 1);
};

TEST_F(ExplorePackTest, HasTheImagesLatentsLabelsAndErrorsOfTheTestImages) {
  data_.fit = "pad";
  data_.background = "#102030";
  const Read pack = of_model();
  ASSERT_EQ(pack.points(), 20);
  const Tensor latents = encode(*model_, data_.test, pool_);
  expect_equal(pack.floats("latents"), latents);
  const Array& images = *pack.find("images");
  EXPECT_EQ(images.dtype, DType::kU8);
  EXPECT_EQ(images.shape, (Shape{20, 784}));
  std::vector<std::uint8_t> image(784);
  data_.test.fill_bytes(7, image);
  EXPECT_TRUE(std::equal(image.begin(), image.end(), images.bytes.begin() + 7 * 784));
  EXPECT_THAT(pack.find("labels")->integers("labels"),
              testing::ElementsAreArray(data_.test.labels()));
  const Tensor decoded = decode(*model_, latents, pool_);
  Tensor original({1, 784});
  data_.test.fill(7, original.row(0));
  EXPECT_EQ(pack.floats("error")[7],
            static_cast<float>(image_mse(original.data(), decoded.row(7).data(), 784)));
  EXPECT_EQ(pack.facts["title"], "strokes_3");
  EXPECT_EQ(pack.facts["kind"], "AE");
  EXPECT_EQ(pack.facts["latent_dim"], 3);
  EXPECT_EQ(pack.facts["shape"]["width"], 28);
  EXPECT_EQ(pack.facts["centred_digits"], true);
  EXPECT_EQ(pack.facts["fit"], "pad");
  EXPECT_EQ(pack.facts["background"], "#102030");
  EXPECT_EQ(pack.facts["epochs"], nlohmann::json({4}));
  EXPECT_EQ(pack.facts["commands"]["recon"], "hourglass x");
  EXPECT_THAT(pack.facts["missing"], IsEmpty());
  EXPECT_EQ(pack.file.metadata.at("hourglass.explore_key"), "key");
}

TEST_F(ExplorePackTest, TheMapIsUmapOfTheLatentVectorsBySeedAndScored) {
  ExploreMapping mapping;
  mapping.seed = 5;
  const Read pack = of_model({}, mapping);
  UmapOptions options;
  options.seed = 5;
  const Tensor map = umap(encode(*model_, data_.test, pool_), options, pool_).map;
  EXPECT_EQ(pack.find("maps")->shape, (Shape{1, 20, 2}));
  expect_equal(pack.floats("maps"), map);
  EXPECT_EQ(pack.facts["map_method"], "UMAP");
  EXPECT_EQ(pack.facts["scored_rows"], 20);
  double mean = 0;
  const Tensor trust = pack.floats("trustworthiness");
  for (const float x : trust.span()) mean += x / 20.0;
  EXPECT_NEAR(mean, pack.facts["scores"]["trustworthiness"], 1e-6);
  EXPECT_EQ(pack.find("continuity")->shape, (Shape{20}));
  EXPECT_EQ(pack.find("overlap")->shape, (Shape{20}));
}

TEST_F(ExplorePackTest, TheMapIsTurnedToFitTheLastDrawnOneAndTheDrawnOnesComeFirst) {
  ExploreMapping mapping;
  mapping.earlier.push_back({1, random_rows(20, 2, 2)});
  mapping.earlier.push_back({3, random_rows(20, 2, 3)});
  const Read pack = of_model({}, mapping);
  EXPECT_EQ(pack.facts["epochs"], nlohmann::json({1, 3, 4}));
  const Tensor maps = pack.floats("maps");
  ASSERT_EQ(maps.shape(), (Shape{3, 20, 2}));
  EXPECT_EQ(maps[40 + 5], mapping.earlier[1].map[5]);
  const Tensor map = umap(encode(*model_, data_.test, pool_), {}, pool_).map;
  const Tensor turned = align_to(map, mapping.earlier[1].map);
  EXPECT_EQ(maps[80 + 11], turned[11]);
}

TEST_F(ExplorePackTest, AMapOfOtherPointsIsRefused) {
  ExploreMapping mapping;
  mapping.earlier.push_back({1, random_rows(19, 2)});
  EXPECT_THAT(message_of([&] { of_model({}, mapping); }), HasSubstr("map"));
  ExploreMapping given;
  given.given = random_rows(19, 2);
  EXPECT_THAT(message_of([&] { of_model({}, given); }), HasSubstr("map"));
}

TEST_F(ExplorePackTest, BothSplitsFollowEachOtherWithTheirOwnRows) {
  const Read pack = of_model({}, {}, {"train", "test"});
  ASSERT_EQ(pack.points(), 80);
  EXPECT_EQ(pack.facts["splits"], nlohmann::json({"train", "test"}));
  const auto rows = pack.find("rows")->integers("rows");
  const auto& split = pack.find("split")->bytes;
  EXPECT_EQ(split[59], 0);
  EXPECT_EQ(rows[59], 59);
  EXPECT_EQ(split[60], 1);
  EXPECT_EQ(rows[60], 0);
}

TEST_F(ExplorePackTest, ALimitIsSaidAndEveryRowKeepsItsNumber) {
  const Read whole = of_model(), pack = of_model({.limit = 6, .seed = 3});
  ASSERT_EQ(pack.points(), 6);
  EXPECT_EQ(pack.facts["total"], 20);
  const auto rows = pack.find("rows")->integers("rows");
  for (std::int64_t i = 0; i < 6; ++i) {
    EXPECT_EQ(pack.floats("error")[i], whole.floats("error")[rows[static_cast<std::size_t>(i)]]);
  }
}

TEST_F(ExplorePackTest, TheDirectionsAreThoseOfLargestVarianceWithTheirRange) {
  const Read pack = of_model();
  const Tensor components = pack.floats("directions.components");
  EXPECT_EQ(components.shape(), (Shape{3, 3}));
  const Tensor ranges = pack.floats("directions.ranges");
  EXPECT_LT(ranges[0], 0);
  EXPECT_GT(ranges[1], 0);
  EXPECT_GE(ranges[1] - ranges[0], ranges[5] - ranges[4]);
  EXPECT_EQ(of_bare(random_rows(40, 50)).find("directions.components")->shape, (Shape{32, 50}));
}

TEST_F(ExplorePackTest, ImagesAreLeftOutByFlagOrSizeAndThatIsSaid) {
  const Read without = of_model({.images = false});
  EXPECT_EQ(without.find("images"), nullptr);
  EXPECT_NE(without.find("error"), nullptr);
  EXPECT_THAT(without.facts["missing"].dump(), HasSubstr("`no_images`"));
  ExploreExtent small;
  small.most_image_bytes = 10000;
  const Read large = of_model(small);
  EXPECT_EQ(large.find("images"), nullptr);
  EXPECT_THAT(large.facts["missing"].dump(), HasSubstr("`limit` 12 shows that many"));
  small.limit = 12;
  EXPECT_NE(of_model(small).find("images"), nullptr);
}

TEST_F(ExplorePackTest, MoreLatentVectorsThanAPageOpensAreRefusedWithARemedy) {
  ExploreExtent small;
  small.most_latent_bytes = 120;
  EXPECT_THAT(message_of([&] { of_model(small); }), HasSubstr("`limit` 10"));
}

TEST_F(ExplorePackTest, ImagesWithoutLabelsHaveNone) {
  data_.test = data_.test.selected({0, 1, 2, 3, 4, 5});
  Tensor floats({6, 784});
  data_.test.fill_rows(0, 6, floats);
  data_.test = float_rows(std::move(floats));
  const Read pack = of_model();
  EXPECT_EQ(pack.find("labels"), nullptr);
  EXPECT_THAT(pack.facts["class_names"], IsEmpty());
  EXPECT_THAT(pack.facts["missing"].dump(), HasSubstr("no labels"));
}

TEST_F(ExplorePackTest, OneTwoAndThreePointsAndEqualOnesHaveAMap) {
  for (const std::int64_t n : {1, 2, 3}) {
    const Read pack = of_bare(random_rows(n, 4));
    EXPECT_EQ(pack.find("maps")->shape, (Shape{1, n, 2})) << n;
    EXPECT_EQ(pack.facts["scores"].is_null(), n < 3) << n;
    expect_finite(pack.floats("maps"));
  }
  Tensor equal({12, 3});
  std::ranges::fill(equal.span(), 2.5f);
  const Read pack = of_bare(std::move(equal));
  EXPECT_TRUE(pack.facts["scores"].is_null());
  EXPECT_EQ(pack.find("directions.mean"), nullptr);
  expect_finite(pack.floats("maps"));
}

TEST_F(ExplorePackTest, LatentDimensionsOneAndTwoHaveAMap) {
  for (const std::int64_t d : {1, 2}) {
    const Read pack = of_bare(random_rows(30, d));
    EXPECT_EQ(pack.find("latents")->shape, (Shape{30, d}));
    EXPECT_EQ(pack.find("directions.ranges")->shape, (Shape{d, 2}));
    EXPECT_FALSE(pack.facts["scores"].is_null());
  }
}

TEST_F(ExplorePackTest, ABareMatrixSaysThatThereIsNoModelNoImageAndNoLabel) {
  const Read pack = of_bare(random_rows(30, 5));
  EXPECT_TRUE(pack.facts["kind"].is_null());
  EXPECT_TRUE(pack.facts["shape"].is_null());
  EXPECT_EQ(pack.facts["missing"].size(), 3u);
  EXPECT_EQ(pack.facts["epochs"].size(), 0u);
  EXPECT_EQ(pack.facts["title"], "X.npy");
}

TEST_F(ExplorePackTest, AMatrixMayBringMapLabelsNamesColumnsAndImages) {
  ExploreRows rows;
  rows.rows = random_rows(20, 5);
  for (std::int64_t i = 0; i < 20; ++i) {
    rows.labels.push_back(i % 2);
    rows.names.push_back(fmt::format("{}.png", i));
  }
  rows.names[3] = "caf\xE9.png";  // not UTF-8
  rows.class_names = {"a", "b"};
  rows.columns.emplace_back("age", std::vector<float>(20, 3.0f));
  rows.images = data_.test;
  rows.shape = data_.shape;
  ExploreMapping mapping;
  mapping.given = random_rows(20, 2);
  const float first = mapping.given[0];
  const Read pack = of_rows(std::move(rows), mapping);
  EXPECT_EQ(pack.facts["map_method"], "given");
  EXPECT_EQ(pack.floats("maps")[0], first);
  EXPECT_EQ(pack.facts["class_names"], nlohmann::json({"a", "b"}));
  EXPECT_EQ(pack.floats("column.age")[19], 3.0f);
  EXPECT_EQ(pack.find("images")->shape, (Shape{20, 784}));
  const auto names = nlohmann::json::parse(pack.file.metadata.at("names"));
  EXPECT_EQ(names[2], "2.png");
  EXPECT_THAT(pack.facts["missing"], testing::SizeIs(1));
}

TEST_F(ExplorePackTest, OnlyASampleOfManyRowsIsScoredAndTheOthersAreNotANumber) {
  ExploreRows rows;
  rows.rows = random_rows(20100, 2);
  ExploreMapping mapping;
  mapping.given = random_rows(20100, 2);
  const Read pack = of_rows(std::move(rows), mapping);
  EXPECT_EQ(pack.facts["scored_rows"], 2000);
  const Tensor trust = pack.floats("trustworthiness");
  const auto measured = std::ranges::count_if(trust.span(), [](float x) { return !std::isnan(x); });
  EXPECT_EQ(measured, 2000);
}

TEST_F(ExplorePackTest, IsTheSameForAnyNumberOfThreads) {
  ThreadPool one(1), three(3);
  std::vector<std::vector<std::uint8_t>> packs;
  for (ThreadPool* pool : {&one, &three}) {
    const ExplorePoints points = explore_model(*model_, data_, {"train", "test"}, {}, *pool);
    packs.push_back(make_explore_pack(points, std::nullopt, {}, {}, "", *pool));
  }
  EXPECT_EQ(packs[0], packs[1]);
}

}  // namespace
}  // namespace hourglass
