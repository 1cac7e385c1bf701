#include "samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
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

/// The fields of a protocol buffer message: number, and the number or bytes that it holds.
struct Field {
  std::uint64_t number, value;
  std::string_view bytes;
};
std::vector<Field> fields_of(std::string_view message) {
  std::vector<Field> fields;
  std::size_t at = 0;
  const auto varint = [&] {
    std::uint64_t value = 0;
    for (int shift = 0; at < message.size(); shift += 7) {
      const auto byte = static_cast<std::uint8_t>(message[at++]);
      value |= std::uint64_t{byte & 0x7Fu} << shift;
      if ((byte & 0x80u) == 0) break;
    }
    return value;
  };
  while (at < message.size()) {
    const std::uint64_t key = varint();
    Field field{key >> 3, 0, {}};
    const std::uint64_t type = key & 7;
    if (type == 0) {
      field.value = varint();
    } else {
      const std::size_t size = type == 1 ? 8 : type == 5 ? 4 : static_cast<std::size_t>(varint());
      field.bytes = message.substr(at, size);
      at += size;
    }
    fields.push_back(field);
  }
  return fields;
}

/// A point of a scalar: its step, its tag and its value.
using Points = std::map<std::pair<std::uint64_t, std::string>, float>;

void add_event(std::string_view event, Points& points) {
  std::uint64_t step = 0;
  for (const Field& field : fields_of(event)) {
    if (field.number == 2) step = field.value;
  }
  for (const Field& field : fields_of(event)) {
    if (field.number == 7) {  // a start: cancels what comes later
      std::erase_if(points, [&](const auto& point) { return point.first.first >= step; });
    }
    if (field.number != 5) continue;
    const std::string_view entry = fields_of(field.bytes).at(0).bytes;
    const auto parts = fields_of(entry);
    float value = 0.0f;
    std::memcpy(&value, parts.at(1).bytes.data(), sizeof value);
    points[{step, std::string(parts.at(0).bytes)}] = value;
  }
}

/// The points of a folder's event files, read in the order of their names.
Points points_of(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  Points points;
  for (const fs::path& file : files) {
    const std::string bytes = text_of(file);
    for (std::size_t at = 0; at + 12 <= bytes.size();) {
      std::uint64_t size = 0;
      std::memcpy(&size, bytes.data() + at, sizeof size);
      if (size > bytes.size() || at + 12 + size + 4 > bytes.size()) break;
      add_event(std::string_view(bytes).substr(at + 12, size), points);
      at += 12 + size + 4;
    }
  }
  return points;
}

}  // namespace

std::map<std::string, float> logged_scalars(const fs::path& folder) {
  std::map<std::string, float> all;
  for (const fs::path& part : {folder, folder / "steps"}) {
    for (const auto& [key, value] : points_of(part)) {
      if (key.second == "images_per_second") continue;
      all[key.second + " " + std::to_string(key.first)] = value;
    }
  }
  return all;
}

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
