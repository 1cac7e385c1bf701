#include "samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <sstream>

#include "hourglass/data/catalogue.h"
#include "hourglass/data/strokes.h"
#include "hourglass/figures/png.h"
#include "hourglass/models/checkpoint_file.h"
#include "hourglass/tensor/rows_test.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>((value >> shift) & 0xFF);
  return bytes;
}

void write_idx(const fs::path& images, const fs::path& labels, const RowSource& rows) {
  const auto n = static_cast<std::uint32_t>(rows.count());
  const std::vector<std::uint8_t> pixels = bytes_of(rows);
  write_text(images, big_endian(0x803) + big_endian(n) + big_endian(28) + big_endian(28) +
                         std::string(pixels.begin(), pixels.end()));
  std::string bytes = big_endian(0x801) + big_endian(n);
  for (const std::int64_t label : rows.labels()) bytes += static_cast<char>(label);
  write_text(labels, bytes);
}

}  // namespace

void write_small_idx(const fs::path& folder, int train_images, int test_images) {
  write_idx(folder / kIdxFileNames[0], folder / kIdxFileNames[1], make_strokes(train_images, 1));
  write_idx(folder / kIdxFileNames[2], folder / kIdxFileNames[3], make_strokes(test_images, 2));
}

void write_class_folders(const fs::path& folder, const Words& classes, int count) {
  constexpr int kSide = 12;
  std::vector<std::uint8_t> pixels(std::size_t{kSide} * kSide);
  int seed = 0;
  for (const std::string& name : classes) {
    fs::create_directories(folder / name);
    for (int i = 0; i < count; ++i) {
      ++seed;
      for (std::size_t k = 0; k < pixels.size(); ++k) {
        pixels[k] = static_cast<std::uint8_t>((static_cast<int>(k) * seed * 7) % 251);
      }
      const auto png = image_png(pixels, {1, kSide, kSide});
      write_text(folder / name / fmt::format("{}.png", i), std::string(png.begin(), png.end()));
    }
  }
}

std::unique_ptr<Model> write_checkpoint(const fs::path& path, const ImageShape& shape,
                                        std::int64_t latent_dim, const std::string& dataset) {
  auto model = make_model("AE", shape, {latent_dim}, 0);
  fs::create_directories(path.parent_path());
  CheckpointFacts facts;
  facts.dataset = dataset;
  facts.dataset_sha256 = "of nothing";
  facts.class_names = strokes_class_names();
  facts.epochs = 3;
  facts.train_loss = 0.02;
  facts.test_mse = 0.01;
  facts.version = "0.1.0";
  facts.kernels = "ref, lanes 8, chunk 8";
  save_checkpoint(path, *model, facts);
  return model;
}

RunFiles run_files(const fs::path& stem) {
  const auto bytes = [&](const char* ending) { return text_of(stem.string() + ending); };
  RunFiles files{
      bytes(".safetensors"), bytes(".best.safetensors"), bytes(".resume.safetensors"), {}};
  std::istringstream log(bytes(".metrics.jsonl"));
  for (std::string line; std::getline(log, line);) {
    auto json = nlohmann::json::parse(line);
    json.erase("seconds");
    json.erase("images_per_second");
    files.metrics.push_back(json.dump());
  }
  return files;
}

Words files_below(const fs::path& folder) {
  Words found;
  if (!fs::exists(folder)) return found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) found.push_back(fs::relative(entry.path(), folder).string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace hourglass
