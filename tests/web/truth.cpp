// Packs, models and what the explorer computes from them with the kernel set `portable`, as files:
// for bits.ts, which compares the page's engine with them.
//   page_truth FOLDER
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "hourglass/base/file.h"
#include "hourglass/base/random.h"
#include "hourglass/explore/explorer.h"
#include "hourglass/interop/safetensors.h"
#include "hourglass/kernels/kernels.h"
#include "hourglass/models/registry.h"
#include "hourglass/project/umap/umap.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kPositions = 400, kAsked = 100;
constexpr int kNear = 10;

/// Images of three soft discs each.
std::vector<std::uint8_t> made_images(std::int64_t n, const ImageShape& shape) {
  Rng rng(3, 1);
  std::vector<std::uint8_t> bytes;
  bytes.reserve(static_cast<std::size_t>(n * shape.pixels()));
  const auto height = static_cast<double>(shape.height), width = static_cast<double>(shape.width);
  for (std::int64_t i = 0; i < n; ++i) {
    double y[3], x[3], radius[3], light[3];
    for (int s = 0; s < 3; ++s) {
      y[s] = rng.uniform(0, height), x[s] = rng.uniform(0, width);
      radius[s] = rng.uniform(2, height / 3), light[s] = rng.uniform(80, 255);
    }
    for (std::int64_t p = 0; p < shape.height * shape.width; ++p) {
      for (std::int64_t c = 0; c < shape.channels; ++c) {
        double value = 0;
        for (int s = 0; s < 3; ++s) {
          const double dy = static_cast<double>(p / shape.width) - y[s];
          const double dx = static_cast<double>(p % shape.width) - x[s];
          const bool inside = dy * dy + dx * dx < radius[s] * radius[s];
          if (inside) value = std::fmod(value + light[s] * static_cast<double>(c + 1) / 2, 256);
        }
        bytes.push_back(static_cast<std::uint8_t>(value));
      }
    }
  }
  return bytes;
}

Tensor made_rows(std::int64_t n, std::int64_t columns, double low, double high) {
  Rng rng(5, 1);
  Tensor rows({n, columns});
  for (float& x : rows.span()) x = static_cast<float>(rng.uniform(low, high));
  return rows;
}

/// Arrays of results, and their memory.
class Results {
 public:
  void add(const std::string& name, Tensor values) {
    tensors_.push_back({name, std::move(values)});
  }
  void add(const std::string& name, std::vector<float> values) {
    Tensor copy({std::ssize(values)});
    std::copy(values.begin(), values.end(), copy.data());
    add(name, std::move(copy));
  }
  /// Points, which floats of this size hold exactly.
  void add_points(const std::string& name, const std::vector<std::int32_t>& points) {
    add(name, std::vector<float>(points.begin(), points.end()));
  }
  void write(const fs::path& path) const {
    std::vector<NamedArrayView> arrays;
    for (const auto& [name, tensor] : tensors_) arrays.push_back({name, tensor});
    write_safetensors(path, arrays);
  }

 private:
  std::vector<std::pair<std::string, Tensor>> tensors_;
};

template <typename T>
void append(std::vector<T>& all, std::span<const T> some) {
  all.insert(all.end(), some.begin(), some.end());
}

/// What is at positions of and around the map.
void add_blends(Results& results, Explorer& explorer, const std::string& prefix) {
  const Tensor positions = made_rows(kPositions, 2, -12, 22);
  std::vector<float> latents, images, weights, numbers;
  std::vector<std::int32_t> points;
  for (std::int64_t i = 0; i < kPositions; ++i) {
    const Blend blend = explorer.blend(positions.row(i)[0], positions.row(i)[1]);
    append<float>(latents, blend.latent.span());
    append<float>(images, blend.image.span());
    append<float>(weights, blend.weights);
    append<std::int32_t>(points, blend.points);
    numbers.push_back(blend.distance);
    numbers.push_back(blend.far ? 1 : 0);
  }
  results.add(prefix + "at.positions", positions.clone());
  results.add(prefix + "at.latents", std::move(latents));
  results.add(prefix + "at.images", std::move(images));
  results.add(prefix + "at.weights", std::move(weights));
  results.add_points(prefix + "at.points", points);
  results.add(prefix + "at.numbers", std::move(numbers));
}

/// Neighbours of points, and of rows that are in no pack.
void add_neighbours(Results& results, Explorer& explorer, const std::string& prefix) {
  const std::pair<Space, std::string> spaces[] = {
      {Space::latent, "latent"}, {Space::pixel, "pixel"}, {Space::map, "map"}};
  for (const auto& [space, name] : spaces) {
    const std::int64_t columns = space == Space::latent  ? explorer.latent_dim()
                                 : space == Space::pixel ? explorer.image_values()
                                                         : 2;
    const Tensor rows = made_rows(kAsked, columns, 0, 1);
    std::vector<std::int32_t> points;
    std::vector<float> distances;
    for (std::int64_t i = 0; i < kAsked; ++i) {
      for (const NearPoints& near :
           {explorer.near(space, i, kNear), explorer.near(space, rows.row(i), kNear)}) {
        append<std::int32_t>(points, near.points);
        append<float>(distances, near.distances);
      }
    }
    results.add(prefix + name + ".rows", rows.clone());
    results.add_points(prefix + name + ".points", points);
    results.add(prefix + name + ".distances", std::move(distances));
  }
}

struct Case {
  std::string name, kind;
  ImageShape shape;
  std::int64_t latent_dim, count;
};

void write_case(const fs::path& folder, const Case& c) {
  ThreadPool pool;
  const auto model = make_model(c.kind, c.shape, {.latent_dim = c.latent_dim}, 1);
  const auto early = make_model(c.kind, c.shape, {.latent_dim = c.latent_dim}, 2);
  const fs::path pack = folder / (c.name + "_pack.safetensors");
  const std::vector<std::uint8_t> images = made_images(c.count, c.shape);
  Tensor pixels({c.count, c.shape.pixels()});
  bytes_to_floats(pixels.span(), images);
  const Tensor latents = encode(*model, pixels, pool);
  const UmapResult mapped = umap(latents, {.n_epochs = 50}, pool);
  Tensor maps({2, c.count, 2});
  std::ranges::copy(made_rows(c.count, 2, 0, 10).span(), maps.data());
  std::ranges::copy(mapped.map.span(), maps.data() + c.count * 2);
  const std::vector<NamedArrayView> arrays{
      {"maps", maps},
      {"latents", latents},
      {"images", ArrayView(std::span(images), Shape{c.count, c.shape.pixels()})}};
  write_safetensors(pack, arrays, {{"hourglass.explore", "1"}});
  CheckpointFacts facts;
  facts.dataset = "made";
  save_checkpoint(folder / (c.name + "_model.safetensors"), *model, facts);
  save_checkpoint(folder / (c.name + "_early.safetensors"), *early, facts);

  const std::vector<std::uint8_t> bytes = read_file(pack);
  Explorer explorer(bytes);
  explorer.set_model(read_file(folder / (c.name + "_model.safetensors")));
  Results results;
  results.add("encode", explorer.encode(pixels));
  results.add("decode", explorer.decode(latents));
  const Tensor others = made_rows(c.count, c.latent_dim, -1, 1);
  results.add("place.latents", others.clone());
  results.add("place", explorer.place(others));
  add_blends(results, explorer, "");
  add_neighbours(results, explorer, "");
  explorer.show(0, read_file(folder / (c.name + "_early.safetensors")));
  add_blends(results, explorer, "early.");
  add_neighbours(results, explorer, "early.");
  results.write(folder / (c.name + "_results.safetensors"));
}

}  // namespace
}  // namespace hourglass

int main(int count, char** arguments) {
  using namespace hourglass;
  if (count != 2) {
    std::fputs("usage: page_truth FOLDER\n", stderr);
    return 2;
  }
  select_kernels(KernelSet::portable);
  make_folder(arguments[1]);
  write_case(arguments[1], {"grey", "AE", {1, 28, 28}, 32, 1000});
  write_case(arguments[1], {"colour", "AE", {3, 64, 64}, 64, 600});
  // More columns than neighbours are searched for in leaves.
  write_case(arguments[1], {"linear", "linear", {1, 28, 28}, 80, 600});
  return 0;
}
