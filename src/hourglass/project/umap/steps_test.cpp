// The steps of UMAP, each against umap-learn on the same input.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>

#include "../tests/golden/golden.h"
#include "hourglass/base/error.h"
#include "hourglass/project/knn.h"
#include "hourglass/project/umap/curve.h"
#include "hourglass/project/umap/fuzzy_union.h"
#include "hourglass/project/umap/impl/eigenvectors.h"
#include "hourglass/project/umap/impl/fixed_math.h"
#include "hourglass/project/umap/smooth_distances.h"
#include "hourglass/project/umap/spectral.h"

namespace hourglass {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

/// 60 points, two of them the same, as in record_projections.py.
Tensor recorded_points() {
  Tensor x = golden::noise(3, Shape{60, 4});
  for (std::size_t j = 0; j < 4; ++j) x.row(7)[j] = x.row(6)[j];
  return x;
}

Neighbours recorded_neighbours(Metric metric = Metric::euclidean) {
  ThreadPool pool(1);
  return nearest_neighbours(recorded_points(), {.k = 9, .metric = metric}, pool);
}

FuzzyGraph recorded_graph() {
  ThreadPool pool(1);
  const Neighbours neighbours = recorded_neighbours();
  return fuzzy_union(neighbours, smooth_distances(neighbours, 1, pool), pool);
}

/// A ring of n vertices.
FuzzyGraph ring(std::int32_t n) {
  FuzzyGraph graph;
  graph.offsets.push_back(0);
  for (std::int32_t v = 0; v < n; ++v) {
    const std::int32_t before = (v + n - 1) % n, after = (v + 1) % n;
    graph.targets.insert(graph.targets.end(), {std::min(before, after), std::max(before, after)});
    graph.weights.insert(graph.weights.end(), {1.0f, 1.0f});
    graph.offsets.push_back(graph.edges());
  }
  return graph;
}

/// A path of n vertices.
FuzzyGraph path(std::int32_t n) {
  FuzzyGraph graph;
  graph.offsets.push_back(0);
  for (std::int32_t v = 0; v < n; ++v) {
    if (v > 0) graph.targets.push_back(v - 1);
    if (v + 1 < n) graph.targets.push_back(v + 1);
    graph.weights.resize(graph.targets.size(), 1.0f);
    graph.offsets.push_back(graph.edges());
  }
  return graph;
}

TEST(FixedMath, AgreesWithTheStandardLibrary) {
  for (double x = -20; x < 20; x += 0.37) {
    EXPECT_NEAR(fixed_math::exp(x) / std::exp(x), 1.0, 1e-14) << x;
    EXPECT_NEAR(fixed_math::pow(1.5 + x / 20, 1.79) / std::pow(1.5 + x / 20, 1.79), 1.0, 1e-14);
  }
  EXPECT_EQ(fixed_math::exp(0), 1.0);
  EXPECT_EQ(fixed_math::exp(-1000), 0.0);
}

TEST(Neighbours, HaveTheDistancesOfUmapLearn) {
  const auto golden = golden::read("projections.txt");
  for (const Metric metric : {Metric::euclidean, Metric::cosine}) {
    const auto& expected = golden.at(fmt::format("neighbours_{}", metric_name(metric)));
    const Neighbours neighbours = recorded_neighbours(metric);
    ASSERT_EQ(neighbours.distances.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_NEAR(static_cast<double>(neighbours.distances[i]), expected[i], 1e-6)
          << metric_name(metric) << ", index " << i;
    }
  }
}

TEST(SmoothDistances, EqualUmapLearn) {
  ThreadPool pool(2);
  const auto golden = golden::read("projections.txt");
  const Neighbours neighbours = recorded_neighbours();
  for (const auto& [name, connectivity] : {std::pair("smooth_1", 1.0f), {"smooth_2.5", 2.5f}}) {
    const SmoothDistances smooth = smooth_distances(neighbours, connectivity, pool);
    const auto& expected = golden.at(name);
    for (std::size_t i = 0; i < 60; ++i) {
      EXPECT_NEAR(static_cast<double>(smooth.rho[i]), expected[i], 1e-6) << name << " rho " << i;
      const double sigma = expected[60 + i];
      EXPECT_NEAR(static_cast<double>(smooth.sigma[i]), sigma, 1e-5) << name << " sigma " << i;
    }
  }
}

TEST(FuzzyUnion, EqualsUmapLearn) {
  const auto golden = golden::read("projections.txt");
  const auto &from = golden.at("fuzzy_from"), &to = golden.at("fuzzy_to");
  const auto& weight = golden.at("fuzzy_weight");
  const FuzzyGraph graph = recorded_graph();
  ASSERT_EQ(graph.edges(), std::ssize(weight));
  for (std::int64_t v = 0; v < graph.vertices(); ++v) {
    for (auto e = static_cast<std::size_t>(graph.offsets[static_cast<std::size_t>(v)]);
         e < static_cast<std::size_t>(graph.offsets[static_cast<std::size_t>(v + 1)]); ++e) {
      EXPECT_EQ(static_cast<double>(v), from[e]) << "edge " << e;
      EXPECT_EQ(graph.targets[e], to[e]) << "edge " << e;
      EXPECT_NEAR(static_cast<double>(graph.weights[e]), weight[e], 1e-5) << "edge " << e;
    }
  }
}

TEST(Eigenvectors, EqualUmapLearnsStart) {
  ThreadPool pool(2);
  const auto expected = golden::read("projections.txt").at("spectral");
  const auto vectors = laplacian_eigenvectors(recorded_graph(), 2, pool);
  ASSERT_TRUE(vectors.has_value());
  for (std::size_t k = 0; k < 2; ++k) {
    double product = 0;  // of two unit vectors: 1 or -1 if they are the same direction
    for (std::size_t v = 0; v < 60; ++v) product += (*vectors)[k][v] * expected[2 * v + k];
    EXPECT_NEAR(std::abs(product), 1.0, 1e-6) << "vector " << k;  // its own tolerance is 1e-4
  }
}

TEST(FuzzyUnion, BothEndsOfAnEdgeSeeTheSameWeight) {
  const FuzzyGraph graph = recorded_graph();
  std::vector<std::vector<float>> dense(60, std::vector<float>(60));
  for (std::size_t v = 0; v < 60; ++v) {
    for (auto e = static_cast<std::size_t>(graph.offsets[v]);
         e < static_cast<std::size_t>(graph.offsets[v + 1]); ++e) {
      dense[v][static_cast<std::size_t>(graph.targets[e])] = graph.weights[e];
    }
  }
  for (std::size_t v = 0; v < 60; ++v) {
    for (std::size_t w = 0; w < 60; ++w) EXPECT_EQ(dense[v][w], dense[w][v]) << v << " " << w;
  }
}

TEST(Curve, EqualsUmapLearn) {
  const auto expected = golden::read("projections.txt").at("curve");
  const float settings[][2] = {{0.1f, 1}, {0, 1}, {0.5f, 1}, {0.01f, 2}, {0.99f, 1}};
  for (std::size_t i = 0; i < 5; ++i) {
    const Curve curve = fit_curve(settings[i][0], settings[i][1]);
    EXPECT_NEAR(curve.a, expected[2 * i], 1e-4) << "min_dist " << settings[i][0];
    EXPECT_NEAR(curve.b, expected[2 * i + 1], 1e-4) << "min_dist " << settings[i][0];
  }
  EXPECT_THAT([] { fit_curve(2, 1); },
              ThrowsMessage<Error>(HasSubstr("min_dist is 2 and spread 1")));
}

TEST(Eigenvectors, OfAPathAreItsSlowestWaves) {
  ThreadPool pool(2);
  for (const std::int32_t n : {50, 600}) {  // all eigenvectors at once, and by iteration
    const auto vectors = laplacian_eigenvectors(path(n), 2, pool);
    ASSERT_TRUE(vectors.has_value()) << n;
    // sqrt(degree) cos(pi k v / (n - 1)), of length 1; the largest entries are at an end.
    const double pi = 3.14159265358979323846;
    for (std::int32_t v = 0; v < n; ++v) {
      const double height = std::sqrt((v == 0 || v == n - 1 ? 1.0 : 2.0) / (n - 1));
      for (std::size_t k = 0; k < 2; ++k) {
        const double wave = height * std::cos(pi * static_cast<double>((k + 1)) * v / (n - 1));
        const double got = (*vectors)[k][static_cast<std::size_t>(v)];
        EXPECT_NEAR(std::abs(got), std::abs(wave), 1e-5) << n << " wave " << k << " vertex " << v;
      }
    }
  }
}

TEST(SpectralStart, ComponentsStandApart) {
  // Two rings of 30, one after the other.
  FuzzyGraph graph = ring(30);
  const FuzzyGraph again = graph;
  for (const std::int32_t t : again.targets) graph.targets.push_back(t + 30);
  graph.weights.insert(graph.weights.end(), again.weights.begin(), again.weights.end());
  for (std::size_t v = 1; v < again.offsets.size(); ++v) {
    graph.offsets.push_back(again.offsets[v] + again.edges());
  }
  ThreadPool pool(1);
  Rng rng(1);
  const SpectralStart start = spectral_start(graph, golden::noise(1, Shape{60, 3}), 2, rng, pool);
  EXPECT_EQ(start.components, 2);
  EXPECT_EQ(start.how, UmapStart::kComponents);
  for (std::int64_t v = 0; v < 30; ++v) {
    EXPECT_GE(start.positions[2 * v], -0.01f) << v;
    EXPECT_LE(start.positions[2 * (v + 30)], 0.01f) << v;
  }
}

}  // namespace
}  // namespace hourglass
