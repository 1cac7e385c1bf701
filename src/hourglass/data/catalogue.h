// The data sets that are known by name and downloaded if missing: their files, mirrors and
// checksums. Not the files themselves, and not `strokes`, which is drawn (strokes.h).
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/tensor/shape.h"

namespace hourglass {

struct CatalogueFile {
  std::string name;             // without ".gz"
  std::string sha256;           // of the decompressed bytes: compressed ones differ by mirror
  std::int64_t bytes = 0;       // decompressed
  std::int64_t gzip_bytes = 0;  // as downloaded; for progress bars
};

struct CatalogueEntry {
  std::string name;                // "fashion_mnist"
  std::string title;               // "Fashion-MNIST"
  std::string torchvision_folder;  // "FashionMNIST"
  std::string licence;
  ImageShape shape;
  std::int64_t train_images = 0;
  std::int64_t test_images = 0;
  std::vector<std::string> class_names;
  std::array<CatalogueFile, 4> files;  // in the order of kIdxFileNames
  std::vector<std::string> mirrors;    // https, each ending in '/', tried in this order
};

/// MNIST's file names: train images and labels, test images and labels.
inline constexpr std::array<std::string_view, 4> kIdxFileNames = {
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte"};

const std::vector<CatalogueEntry>& catalogue();

/// The entry of that name, or nullptr.
const CatalogueEntry* find_in_catalogue(std::string_view name);

/// Every name that open_dataset() knows, `strokes` included.
std::vector<std::string> known_datasets();

/// The folder of downloads: $XDG_CACHE_HOME/hourglass, or ~/.cache/hourglass; nullopt if the
/// environment has neither.
std::optional<std::filesystem::path> cache_folder();

/// Throws Error: "[data] unknown data set X: did you mean Y? ...".
[[noreturn]] void fail_unknown_dataset(std::string_view name);

}  // namespace hourglass
