#include "hourglass/project/umap/model.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "../tests/golden/golden.h"
#include "hourglass/base/error.h"

namespace hourglass {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr std::int64_t kGroups = 10;

/// Ten groups of 8-dimensional noise; row i belongs to group i % 10.
Tensor planted(std::uint64_t seed, std::int64_t n) {
  Tensor x = golden::noise(seed, Shape{n, 8});
  const Tensor centres = golden::noise(77, Shape{kGroups, 8});
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < 8; ++j) x.row(i)[j] += 6 * centres.row(i % kGroups)[j];
  }
  return x;
}

UmapModel fitted(const Tensor& x, UmapOptions options = {.n_epochs = 90, .seed = 4}) {
  ThreadPool pool(2);
  return fit_umap(x.clone(), options, pool);
}

double distance(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t c = 0; c < a.size(); ++c) {
    sum += std::pow(static_cast<double>(a[c]) - static_cast<double>(b[c]), 2);
  }
  return std::sqrt(sum);
}

bool all_finite(const Tensor& map) {
  const auto values = map.span();
  return std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
}

double extent(const Tensor& map) {
  const auto [low, high] = std::ranges::minmax(map.span());
  return static_cast<double>(high) - static_cast<double>(low);
}

double median_distance(const Tensor& a, const Tensor& b) {
  std::vector<double> apart;
  for (std::int64_t i = 0; i < a.size(0); ++i) apart.push_back(distance(a.row(i), b.row(i)));
  std::ranges::nth_element(apart, apart.begin() + std::ssize(apart) / 2);
  return apart[apart.size() / 2];
}

TEST(UmapModel, MappedRowsHaveTheirOwnPositions) {
  ThreadPool pool(2);
  for (const Metric metric : {Metric::euclidean, Metric::cosine}) {
    Tensor x = planted(31, 600);
    std::ranges::copy(x.row(20), x.row(300).begin());
    const UmapModel model = fitted(x, {.metric = metric, .n_epochs = 90, .seed = 4});
    const Tensor again = transform(model, model.data, pool);
    for (std::int64_t i = 0; i < 600; ++i) {
      const auto expected = model.fitted.map.row(i == 300 ? 20 : i);
      EXPECT_TRUE(std::ranges::equal(again.row(i), expected)) << metric_name(metric) << " " << i;
    }
  }
}

/// The mean distance of the group's points from `centre`.
double radius(ConstView map, std::int64_t group, std::span<const float> centre) {
  double sum = 0, count = 0;
  for (std::int64_t i = group; i < map.size(0); i += kGroups, ++count) {
    sum += distance(map.row(i), centre);
  }
  return sum / count;
}

/// Not in a ring around them, as new points are that are pushed away by all others.
TEST(UmapModel, NewRowsAreSpreadAsWidelyAsTheMappedOnes) {
  ThreadPool pool(2);
  for (const std::int64_t rows : {300, 600, 2000}) {
    const UmapModel model = fitted(planted(31, rows));
    const Tensor positions = transform(model, planted(32, 600), pool);
    double mean_ratio = 0;
    for (std::int64_t group = 0; group < kGroups; ++group) {
      std::vector<float> centre(2, 0.0f);
      float count = 0;
      for (std::int64_t i = group; i < rows; i += kGroups, ++count) {
        for (std::size_t d = 0; d < 2; ++d) centre[d] += model.fitted.map.row(i)[d];
      }
      for (float& c : centre) c /= count;
      const double ratio =
          radius(positions, group, centre) / radius(model.fitted.map, group, centre);
      EXPECT_GT(ratio, 0.75) << rows << " rows, group " << group;
      EXPECT_LT(ratio, 1.25) << rows << " rows, group " << group;
      mean_ratio += ratio / kGroups;
    }
    EXPECT_GT(mean_ratio, 0.8) << rows;
    EXPECT_LT(mean_ratio, 1.2) << rows;
  }
}

TEST(UmapModel, NewRowsLandInTheirGroups) {
  ThreadPool pool(2);
  const UmapModel model = fitted(planted(31, 600));
  const Tensor fresh = planted(32, 100);
  const Tensor positions = transform(model, fresh, pool);
  const Neighbours near = nearest_neighbours(model.fitted.map, positions, 5, pool);
  for (std::int64_t i = 0; i < 100; ++i) {
    for (const std::int32_t j : near.indices_of(i)) EXPECT_EQ(j % kGroups, i % kGroups) << i;
  }
}

TEST(UmapModel, APositionDependsNeitherOnOtherRowsNorOnThreads) {
  const UmapModel model = fitted(planted(31, 300));
  const Tensor fresh = planted(33, 500);
  ThreadPool one(1), three(3);
  const UmapTransformer transformer(model, one);
  const Tensor all = transformer.transform(fresh, three);
  const Tensor back = transformer.inverse_transform(all, three);
  for (const std::int64_t i : {0, 31, 32, 250, 499}) {
    const Tensor alone = transformer.transform(fresh.view().rows(i, i + 1), one);
    EXPECT_TRUE(std::ranges::equal(alone.span(), all.row(i))) << "row " << i;
    const std::int64_t first = std::max<std::int64_t>(0, i - 6);
    const Tensor seven = transformer.transform(fresh.view().rows(first, i + 1), one);
    EXPECT_TRUE(std::ranges::equal(seven.row(i - first), all.row(i))) << "row " << i;
    const Tensor one_back = transformer.inverse_transform(alone, one);
    EXPECT_TRUE(std::ranges::equal(one_back.span(), back.row(i))) << "row " << i;
  }
}

TEST(UmapModel, TheInverseTransformLeadsToTheGroup) {
  ThreadPool pool(2);
  const UmapModel model = fitted(planted(31, 600));
  const Tensor back = inverse_transform(model, model.fitted.map, pool);
  const Neighbours near = nearest_neighbours(model.data, back, 1, pool);
  for (std::int64_t i = 0; i < 600; ++i) {
    EXPECT_EQ(near.indices_of(i)[0] % kGroups, i % kGroups) << i;
  }
  // A step of a thousandth of the map changes the data row little.
  Tensor moved = model.fitted.map.clone();
  const auto step = static_cast<float>(extent(moved) / 1000);
  for (float& v : moved.span()) v += step;
  EXPECT_LT(median_distance(back, inverse_transform(model, moved, pool)), 0.3);
  // Far outside there is an answer too.
  Tensor far(Shape{1, 2});
  far[0] = 1e6f;
  EXPECT_TRUE(all_finite(inverse_transform(model, far, pool)));
}

TEST(UmapModel, HardRowsAreMapped) {
  ThreadPool pool(1);
  Tensor same(Shape{50, 3});
  const UmapModel equal = fitted(same);
  EXPECT_TRUE(all_finite(transform(equal, same, pool)));
  const UmapModel model = fitted(planted(31, 100));
  Tensor far(Shape{1, 8});
  far[3] = 1e30f;
  EXPECT_TRUE(all_finite(transform(model, far, pool)));
  EXPECT_EQ(transform(model, Tensor(Shape{0, 8}), pool).size(0), 0);
}

TEST(UmapModel, InvalidInputIsNamed) {
  ThreadPool pool(1);
  const UmapModel model = fitted(planted(31, 50));
  EXPECT_THAT(
      [&] {
        transform(model, Tensor(Shape{2, 7}), pool);
      },
      ThrowsMessage<Error>(HasSubstr("the rows have 7 columns: the model's have 8")));
  EXPECT_THAT(
      [&] {
        inverse_transform(model, Tensor(Shape{2, 3}), pool);
      },
      ThrowsMessage<Error>(HasSubstr("the positions have 3 columns: the model's have 2")));
  Tensor bad(Shape{2, 8});
  bad[9] = std::numeric_limits<float>::infinity();
  EXPECT_THAT([&] { transform(model, bad, pool); },
              ThrowsMessage<Error>(HasSubstr("row 1, column 1 is inf")));
}

UmapModel rebuilt(const UmapParts& parts) {
  std::map<std::string, Tensor> tensors;
  for (const auto& [name, view] : parts.tensors) {
    Tensor copy(view.shape());
    std::ranges::copy(view.span(), copy.span().begin());
    tensors.emplace(name, std::move(copy));
  }
  return umap_from_parts(std::move(tensors), parts.metadata);
}

TEST(UmapModel, IsTheSameAfterItsParts) {
  ThreadPool pool(1);
  const UmapModel model = fitted(planted(31, 80), {.n_neighbors = 7,
                                                   .n_components = 3,
                                                   .metric = Metric::cosine,
                                                   .n_epochs = 30,
                                                   .learning_rate = 0.7f,
                                                   .init = UmapInit::pca,
                                                   .min_dist = 0.01f,
                                                   .seed = 18446744073709551615u});
  const UmapModel again = rebuilt(parts_of(model));
  EXPECT_EQ(parts_of(again).metadata, parts_of(model).metadata);
  EXPECT_EQ(again.options.seed, model.options.seed);
  EXPECT_EQ(again.options.min_dist, model.options.min_dist);
  EXPECT_EQ(again.fitted.curve.b, model.fitted.curve.b);
  const Tensor fresh = planted(34, 20);
  EXPECT_TRUE(std::ranges::equal(transform(again, fresh, pool).span(),
                                 transform(model, fresh, pool).span()));
}

TEST(UmapModel, PartsThatDoNotFitAreNamed) {
  const UmapModel model = fitted(planted(31, 50));
  const auto with = [&](const std::string& key, const std::string& value) {
    UmapParts parts = parts_of(model);
    parts.metadata[key] = value;
    return parts;
  };
  const auto expect = [](const UmapParts& parts, const std::string& words) {
    EXPECT_THAT([&] { rebuilt(parts); }, ThrowsMessage<Error>(HasSubstr(words)));
  };
  expect(with("n_neighbors", "1"), "`n_neighbors` is 1");
  expect(with("min_dist", "0.1x"), "min_dist is \"0.1x\"");
  expect(with("metric", "chess"), "metric is \"chess\"");
  expect(with("fitted.a", "nan"), "fitted.a is \"nan\"");
  expect(with("fitted.n_neighbors", "51"), "do not fit together");
  expect(with("n_components", "3"), "50 rows and 3 columns are needed");
  UmapParts parts = parts_of(model);
  parts.tensors.pop_back();
  expect(parts, "no tensor map");
  parts = parts_of(model);
  parts.metadata.erase("seed");
  expect(parts, "has no value for seed");
}

}  // namespace
}  // namespace hourglass
