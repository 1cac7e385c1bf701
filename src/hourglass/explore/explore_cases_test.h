// Packs and models for the tests of the explorer: written and read back as bytes, as the page gets
// them.
#pragma once

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "hourglass/base/file.h"
#include "hourglass/explore/explorer.h"
#include "hourglass/interop/impl/bytes.h"
#include "hourglass/models/contract_cases_test.h"
#include "hourglass/project/umap/model.h"

namespace hourglass {

/// The bytes of a file that `write` writes.
template <typename F>
std::vector<std::uint8_t> bytes_written(const F& write) {
  const auto path = std::filesystem::path(testing::TempDir()) /
                    fmt::format("hourglass_explore_{}.safetensors", ::getpid());
  write(path);
  std::vector<std::uint8_t> bytes = read_file(path);
  std::filesystem::remove(path);
  return bytes;
}

inline std::vector<std::uint8_t> checkpoint_of(const Model& model) {
  CheckpointFacts facts;
  facts.dataset = "made";
  return bytes_written([&](const auto& path) { save_checkpoint(path, model, facts); });
}

/// What a pack is made of; an empty part is left out.
struct MadePack {
  std::vector<Tensor> maps;  // [n, 2] each
  Tensor latents;            // [n, d]
  std::vector<std::uint8_t> images;
  std::int64_t values = 0;  // of an image
  std::vector<std::int32_t> labels;
  std::map<std::string, std::string> metadata = {{"hourglass.explore", "1"}, {"facts", "{}"}};

  std::int64_t count() const { return maps.front().size(0); }

  std::vector<std::uint8_t> bytes() const {
    const std::int64_t n = count(), m = std::ssize(maps);
    Tensor all({m, n, 2});
    for (std::int64_t i = 0; i < m; ++i) {
      std::ranges::copy(maps[static_cast<std::size_t>(i)].span(), all.data() + i * n * 2);
    }
    std::vector<NamedArrayView> arrays{{"maps", all}};
    if (latents.count() > 0) arrays.push_back({"latents", latents});
    if (!images.empty()) {
      arrays.push_back({"images", ArrayView(std::span(images), Shape{n, values})});
    }
    std::vector<std::uint8_t> label_bytes;
    for (const std::int32_t label : labels) append_little(label_bytes, label);
    if (!labels.empty()) {
      arrays.push_back({"labels", ArrayView(DType::kI32, Shape{n}, label_bytes)});
    }
    return bytes_written([&](const auto& path) { write_safetensors(path, arrays, metadata); });
  }
};

inline std::vector<std::uint8_t> random_bytes(std::int64_t count, std::uint64_t seed) {
  Rng rng(seed, 7);
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(count));
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(rng.below(256));
  return bytes;
}

inline MadePack made_pack(std::int64_t n, std::int64_t d, std::int64_t values) {
  MadePack pack;
  pack.maps.push_back(random_rows(n, 2, 11));
  pack.maps.push_back(random_rows(n, 2, 12));
  pack.latents = random_rows(n, d, 13);
  pack.images = random_bytes(n * values, 14);
  pack.values = values;
  for (std::int64_t i = 0; i < n; ++i) pack.labels.push_back(static_cast<std::int32_t>(i % 3));
  return pack;
}

/// The images of a pack as the model gets them.
inline Tensor images_of(const MadePack& pack) {
  Tensor out({pack.count(), pack.values});
  bytes_to_floats(out.span(), pack.images);
  return out;
}

/// Latents and their map as the transformer of UMAP takes them.
inline UmapModel as_umap(ConstView latents, ConstView map) {
  UmapModel model;
  model.data = Tensor(latents.shape());
  std::ranges::copy(latents.span(), model.data.data());
  model.fitted.map = Tensor(map.shape());
  std::ranges::copy(map.span(), model.fitted.map.data());
  model.fitted.n_neighbors = model.options.n_neighbors;
  model.fitted.n_epochs = 1;
  model.fitted.curve = {1, 1};
  return model;
}

inline std::vector<std::int64_t> wide(std::span<const std::int32_t> labels) {
  return {labels.begin(), labels.end()};
}

}  // namespace hourglass
