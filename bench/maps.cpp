// The measurements of maps for script/bench that the program itself does not offer:
//
//     bench_maps pixels DATASET OUT.npy LABELS.npy [ROWS]   every image as a row in [0, 1]
//     bench_maps tile IN.npy ROWS OUT.npy                   IN's rows repeated, with noise
//     bench_maps neighbours IN.npy                          the search for neighbours alone
//     bench_maps layout IN.npy                              UMAP's layout alone
//     bench_maps transform IN.npy                           new points into a map, one by one
//     bench_maps pca IN.npy COMPONENTS                      PCA's fit and transform alone
//
// The last four read numbers of threads from standard input, one on a line, and answer each with a
// line of JSON: the seconds taken.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/base/progress.h"
#include "hourglass/base/random.h"
#include "hourglass/data/open.h"
#include "hourglass/interop/npy.h"
#include "hourglass/project/knn.h"
#include "hourglass/project/pca.h"
#include "hourglass/project/umap/curve.h"
#include "hourglass/project/umap/fuzzy_union.h"
#include "hourglass/project/umap/layout.h"
#include "hourglass/project/umap/model.h"
#include "hourglass/project/umap/smooth_distances.h"
#include "hourglass/project/umap/spectral.h"

namespace hourglass {
namespace {

void write_pixels(const std::string& dataset, const std::string& out, const std::string& labels,
                  std::int64_t most) {
  OpenOptions options;
  options.allow_download = false;
  const Dataset data = open_dataset(dataset, options);
  const std::int64_t columns = data.shape.pixels();
  const std::int64_t rows = std::min(most, data.train.count() + data.test.count());
  Tensor x({rows, columns});
  std::vector<std::int64_t> y;
  for (const RowSource* split : {&data.train, &data.test}) {
    for (std::int64_t i = 0; i < split->count() && std::ssize(y) < rows; ++i) {
      split->fill(i, x.row(std::ssize(y)));
      y.push_back(split->labels()[static_cast<std::size_t>(i)]);
    }
  }
  write_npy(out, x);
  write_npy(labels, {std::span<const std::int64_t>(y), {rows}});
}

/// Adds noise of a hundredth of the data's standard deviation, so that no two rows are equal and
/// neighbourhoods stay the same.
void write_tiled(const std::string& in, std::int64_t rows, const std::string& out) {
  const Tensor x = read_npy(in).floats();
  double squares = 0, sum = 0;
  for (const float v : x.span()) {
    sum += static_cast<double>(v);
    squares += static_cast<double>(v) * static_cast<double>(v);
  }
  const auto count = static_cast<double>(x.count());
  const double noise = 0.01 * std::sqrt(squares / count - sum / count * (sum / count));
  Rng rng(0, 1);
  Tensor tiled({rows, x.size(1)});
  for (std::int64_t i = 0; i < tiled.count(); ++i) {
    tiled[i] = x[i % x.count()] + static_cast<float>(noise * rng.uniform(-1.0, 1.0));
  }
  write_npy(out, tiled);
}

/// Answers every number of threads with the result of measured(pool).
template <typename Measured>
void serve(const Measured& measured) {
  for (int threads = 0; std::cin >> threads;) {
    ThreadPool pool(threads);
    const double started = monotonic_seconds();
    nlohmann::json line = measured(pool);
    if (!line.contains("seconds")) line["seconds"] = monotonic_seconds() - started;
    fmt::print("{}\n", line.dump());
    std::fflush(stdout);
  }
}

constexpr int kNeighbours = 14;  // without the point itself: umap-learn's 15

void serve_neighbours(const std::string& in) {
  const Tensor x = read_npy(in).floats();
  serve([&](ThreadPool& pool) {
    const Neighbours found = nearest_neighbours(x, NeighbourOptions{.k = kNeighbours}, pool);
    return nlohmann::json{{"recall", found.recall}, {"how", found.how}};
  });
}

void serve_layout(const std::string& in) {
  const Tensor x = read_npy(in).floats();
  ThreadPool all(available_threads());
  const Neighbours neighbours = nearest_neighbours(x, kNeighbours, all);
  const LayoutOptions options{.epochs = 200};
  const FuzzyGraph graph =
      without_weak_edges(fuzzy_union(neighbours, smooth_distances(neighbours, 1.0f, all), all),
                         1.0f / static_cast<float>(options.epochs));
  Rng rng(0, 1);
  const SpectralStart start = spectral_start(graph, x, 2, rng, all);
  const Curve curve = fit_curve(0.1f, 1.0f);
  serve([&](ThreadPool& pool) {
    Tensor positions = start.positions.clone();
    const double started = monotonic_seconds();
    UmapLayout(positions, graph, curve, options).run(options.epochs, pool);
    return nlohmann::json{{"seconds", monotonic_seconds() - started}};
  });
}

/// Transforms the last rows (a tenth, at most 500) one by one into a map of the others.
void serve_transform(const std::string& in) {
  const Tensor x = read_npy(in).floats();
  const std::int64_t held_out = std::min<std::int64_t>(500, x.size(0) / 10);
  const std::int64_t mapped = x.size(0) - held_out;
  ThreadPool all(available_threads());
  Tensor base({mapped, x.size(1)});
  std::ranges::copy(x.view().rows(0, mapped).span(), base.data());
  const UmapModel model = fit_umap(std::move(base), {}, all);
  const UmapTransformer transformer(model, all);
  serve([&](ThreadPool& pool) {
    std::vector<double> seconds;
    for (std::int64_t i = mapped; i < x.size(0); ++i) {
      const double started = monotonic_seconds();
      transformer.transform(x.view().rows(i, i + 1), pool);
      seconds.push_back(monotonic_seconds() - started);
    }
    std::sort(seconds.begin(), seconds.end());
    return nlohmann::json{{"seconds", seconds[seconds.size() / 2]},
                          {"slowest", seconds.back()},
                          {"points", held_out}};
  });
}

void serve_pca(const std::string& in, int components) {
  const Tensor x = read_npy(in).floats();
  serve([&](ThreadPool& pool) {
    const Tensor scores = fit_pca(x, components, pool).transform(x, pool);
    return nlohmann::json{{"rows", scores.size(0)}};
  });
}

int run(const std::vector<std::string>& words) {
  const std::string verb = words.empty() ? "" : words[0];
  if (verb == "pixels" && words.size() >= 4) {
    write_pixels(words[1], words[2], words[3],
                 words.size() > 4 ? std::atoll(words[4].c_str()) : std::int64_t{1} << 40);
  } else if (verb == "tile" && words.size() == 4) {
    write_tiled(words[1], std::atoll(words[2].c_str()), words[3]);
  } else if (verb == "neighbours" && words.size() == 2) {
    serve_neighbours(words[1]);
  } else if (verb == "layout" && words.size() == 2) {
    serve_layout(words[1]);
  } else if (verb == "transform" && words.size() == 2) {
    serve_transform(words[1]);
  } else if (verb == "pca" && words.size() == 3) {
    serve_pca(words[1], std::atoi(words[2].c_str()));
  } else {
    fmt::print(
        stderr,
        "usage: bench_maps pixels|tile|neighbours|layout|transform|pca ...: see bench/maps.cpp\n");
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace hourglass

int main(int argc, char** argv) {
  try {
    return hourglass::run({argv + 1, argv + argc});
  } catch (const hourglass::Error& e) {
    fmt::print(stderr, "{}\n", e.what());
    return 1;
  }
}
