// The data sets that are known by name and downloaded if missing: their files, mirrors and
// checksums. Not the files themselves, and not `strokes`, which is drawn (strokes.h).
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/tensor/shape.h"

namespace hourglass {

/// What the checksum of a file is over.
enum class ChecksumOf {
  content,  // the decompressed bytes: of mirrors that compress the same file differently
  file,     // the bytes as they are downloaded
};

/// A file to download.
struct CatalogueFile {
  std::string name;  // "train-images-idx3-ubyte.gz"
  std::string sha256;
  ChecksumOf checksum_of = ChecksumOf::content;
  std::int64_t bytes = 0;           // the most that it has: of a .gz, when unpacked
  std::int64_t download_bytes = 0;  // about; for progress bars and lists
};

/// How the images are stored.
enum class ImageFormat {
  idx,    // idx.h
  cifar,  // batches of records: label bytes, then a plane each of red, green and blue
};

struct CatalogueEntry {
  std::string name;   // "fashion_mnist"
  std::string title;  // "Fashion-MNIST"
  std::string licence;
  ImageShape shape;
  std::int64_t train_images = 0;
  std::int64_t test_images = 0;
  std::vector<std::string> class_names;

  std::vector<CatalogueFile> files;
  std::vector<std::string> mirrors;  // https, each ending in '/', tried in this order
  /// Where the files may be, below a folder of data sets, searched in this order: our own folder,
  /// into which they are downloaded, then those of other programs, such as torchvision.
  std::vector<std::string> folders;
  /// Names, below a folder of data sets, of versions that are not read: for messages.
  std::vector<std::string> unreadable;

  ImageFormat format = ImageFormat::idx;
  /// What is read: of IDX the images, then the labels, without ".gz"; of CIFAR the batches.
  std::vector<std::string> train, test;
  /// The folder of these within the archive files[0]; empty where they are the files.
  std::string archive_folder;
  int label_bytes = 1;           // of CIFAR: before each image; the last is the label
  std::int64_t first_label = 0;  // the label of the first class in the files
  bool transposed = false;       // whether rows and columns are swapped in the files
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
