// Claims about an autoencoder's latent vectors, as numbers: are classes compact, is there empty
// space between them, and what is wrong with random latent vectors? docs/autoencoder.md quotes it.
//   example_latent_claims                        on a model trained here, on built-in digits
//   example_latent_claims CHECKPOINT DATASET     on another
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <span>

#include "hourglass/base/error.h"
#include "hourglass/data/open.h"
#include "hourglass/data/strokes.h"
#include "hourglass/generate/samplers.h"
#include "hourglass/measure/knn_accuracy.h"
#include "hourglass/models/apply.h"
#include "hourglass/models/checkpoint_file.h"
#include "hourglass/models/registry.h"
#include "hourglass/project/knn.h"
#include "hourglass/project/pca.h"
#include "hourglass/project/quality.h"
#include "hourglass/project/umap/umap.h"
#include "hourglass/train/trainer.h"

using namespace hourglass;

constexpr std::int64_t kSamples = 1000;  // latent vectors, or pairs of them, for each median

double distance(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::pow(double(a[i]) - double(b[i]), 2);
  return std::sqrt(sum);
}

/// The median distance from a query to the nearest of `latents`.
double nearest(ConstView latents, ConstView queries, ThreadPool& pool) {
  std::vector<float> found = nearest_neighbours(latents, queries, 1, pool).distances;
  std::nth_element(found.begin(), found.begin() + std::ssize(found) / 2, found.end());
  return static_cast<double>(found[found.size() / 2]);
}

/// Midpoints of random pairs of rows of `latents` that `wanted` accepts.
Tensor midpoints(ConstView latents, const std::function<bool(std::size_t, std::size_t)>& wanted,
                 Rng& rng) {
  Tensor middle({kSamples, latents.size(1)});
  const auto n = static_cast<std::uint64_t>(latents.size(0));
  for (std::int64_t i = 0; i < kSamples;) {
    const auto a = rng.below(n), b = rng.below(n);
    if (a == b || !wanted(a, b)) continue;
    const auto x = latents.row(static_cast<std::int64_t>(a));
    const auto y = latents.row(static_cast<std::int64_t>(b));
    for (std::size_t j = 0; j < x.size(); ++j) middle.row(i)[j] = (x[j] + y[j]) / 2;
    ++i;
  }
  return middle;
}

/// The share of the latents' variance that lies within their classes.
double share_within_classes(ConstView latents, std::span<const std::int64_t> labels) {
  const std::int64_t classes = *std::ranges::max_element(labels) + 1, d = latents.size(1);
  Tensor means({classes + 1, d});  // the last row: of all
  std::vector<float> counts(static_cast<std::size_t>(classes) + 1);
  const auto add = [&](std::int64_t to, std::int64_t i) {
    const float n = ++counts[static_cast<std::size_t>(to)];
    for (std::int64_t j = 0; j < d; ++j)
      means[to * d + j] += (latents[i * d + j] - means[to * d + j]) / n;
  };
  for (std::int64_t i = 0; i < latents.size(0); ++i) {
    add(labels[static_cast<std::size_t>(i)], i);
    add(classes, i);
  }
  double within = 0, total = 0;
  for (std::int64_t i = 0; i < latents.size(0); ++i) {
    within += std::pow(distance(latents.row(i), means.row(labels[static_cast<std::size_t>(i)])), 2);
    total += std::pow(distance(latents.row(i), means.row(classes)), 2);
  }
  return within / total;
}

/// Samples with the mean and spread of each column, and no correlation between columns.
Tensor sample_uncorrelated(ConstView latents, Rng& rng) {
  Tensor out = sample_standard_normal(kSamples, latents.size(1), rng);
  for (std::int64_t j = 0; j < latents.size(1); ++j) {
    double sum = 0, squares = 0;
    for (std::int64_t i = 0; i < latents.size(0); ++i) {
      const double x = static_cast<double>(latents.row(i)[static_cast<std::size_t>(j)]);
      sum += x;
      squares += x * x;
    }
    const double n = static_cast<double>(latents.size(0)), mean = sum / n;
    const double spread = std::sqrt(std::max(0.0, squares / n - mean * mean));
    for (std::int64_t i = 0; i < kSamples; ++i) {
      float& x = out.row(i)[static_cast<std::size_t>(j)];
      x = static_cast<float>(mean + spread * static_cast<double>(x));
    }
  }
  return out;
}

/// Prints the mean norm, the distance to real latents relative to that of test latents, and how far
/// latents move when they are decoded and encoded again, relative to their norm.
void print_source(const char* name, const Model& model, ConstView latents, ConstView train,
                  double usual, ThreadPool& pool) {
  const Tensor again = encode(model, decode(model, latents, pool), pool);
  const std::vector<float> origin(static_cast<std::size_t>(latents.size(1)));
  double moved = 0, mean_norm = 0;
  for (std::int64_t i = 0; i < latents.size(0); ++i) {
    const double norm = distance(latents.row(i), origin);
    mean_norm += norm / static_cast<double>(latents.size(0));
    moved += distance(latents.row(i), again.row(i)) / norm / static_cast<double>(latents.size(0));
  }
  std::printf("  %-36s norm %6.2f  nearest %5.2f  moves %6.1f %%\n", name, mean_norm,
              nearest(train, latents, pool) / usual, 100 * moved);
}

int main(int argc, char** argv) try {
  ThreadPool pool(available_threads());
  Dataset data;
  std::unique_ptr<Model> model;
  std::uint64_t seed = 0;
  if (argc == 3) {
    Checkpoint checkpoint = load_checkpoint(argv[1]);
    model = std::move(checkpoint.model);
    seed = checkpoint.facts.seed;
    data = open_dataset(argv[2]);
    if (data.test.count() < kSamples) fail("latent_claims", "{} has too few test images", argv[2]);
  } else {
    data.shape = strokes_shape();
    data.train = make_strokes(4000, 1);
    data.test = make_strokes(1000, 2);
    model = make_model("AE", data.shape, {.latent_dim = 16}, seed);
    Trainer(*model, data, {.epochs = 4, .batch_size = 32}, pool).run();
  }
  const Tensor train = encode(*model, data.train, pool);
  const Tensor test = encode(*model, data.test, pool);
  const auto labels = data.test.labels();

  std::printf("compact classes, %d test latents, latent dimension %d\n", int(test.size(0)),
              int(test.size(1)));
  std::printf("  variance within classes          %5.1f %% of all\n",
              100 * share_within_classes(test, labels));
  const auto accuracy = [&](ConstView x) {
    return 100 * leave_one_out_knn_accuracy(x, labels, pool);
  };
  const Tensor plane = fit_pca(test, 2, pool).transform(test, pool);
  const Tensor map = umap(test, {.seed = seed}, pool).map;
  std::printf(
      "  10-NN accuracy                   %5.1f %% of latents, %.1f %% in the UMAP, %.1f %% in the "
      "PCA\n",
      accuracy(test), accuracy(map), accuracy(plane));
  std::printf("  trustworthiness                  %5.3f of the UMAP, %.3f of the PCA\n",
              map_quality(test, map, {}, pool).trustworthiness,
              map_quality(test, plane, {}, pool).trustworthiness);

  Rng rng(seed, 200);
  const double usual = nearest(train, test.view().rows(0, kSamples), pool);
  const auto same = [&](std::size_t a, std::size_t b) { return labels[a] == labels[b]; };
  const Tensor within = midpoints(test, same, rng),
               between = midpoints(test, std::not_fn(same), rng);
  const double inside = nearest(train, within, pool) / usual;
  const double outside = nearest(train, between, pool) / usual;
  // For comparison: a cloud with the same mean and covariance, but without holes.
  const GaussianSampler sampler(train);
  const Tensor cloud = sampler.sample(train.size(0), rng), others = sampler.sample(kSamples, rng);
  const auto any = [](std::size_t, std::size_t) { return true; };
  const Tensor control = midpoints(others, any, rng);
  std::printf(
      "empty space, median distance to the nearest training latent; 1: that of a test latent, "
      "%.2f\n",
      usual);
  std::printf(
      "  midpoints within a class         %5.2f\n  midpoints of two classes         %5.2f\n",
      inside, outside);
  std::printf("  midpoints in a Gaussian cloud    %5.2f of its own\n",
              nearest(cloud, control, pool) / nearest(cloud, others, pool));

  std::printf(
      "random latents, %d of each: norm; distance to the nearest training latent, as above;\n"
      "how far a latent moves, relative to its norm, when it is decoded and encoded again\n",
      int(kSamples));
  const auto print = [&](const char* name, ConstView latents) {
    print_source(name, *model, latents, train, usual, pool);
  };
  print("N(0, I)", sample_standard_normal(kSamples, test.size(1), rng));
  print("N(mean, variances), uncorrelated", sample_uncorrelated(train, rng));
  print("N(mean, covariance)", others);
  print("midpoints within a class", within);
  print("midpoints of two classes", between);
  print("real latents (test)", test.view().rows(0, kSamples));
  return outside > inside ? EXIT_SUCCESS : EXIT_FAILURE;
} catch (const Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return EXIT_FAILURE;
}
