#include "hourglass/data/open.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <span>
#include <string_view>
#include <utility>

#include "hourglass/base/error.h"
#include "hourglass/base/hash.h"
#include "hourglass/data/catalogue.h"
#include "hourglass/data/fit.h"
#include "hourglass/data/impl/array_images.h"
#include "hourglass/data/impl/catalogue_images.h"
#include "hourglass/data/impl/idx_folder.h"
#include "hourglass/data/impl/image_folder.h"
#include "hourglass/data/impl/table_images.h"
#include "hourglass/data/impl/transpose.h"
#include "hourglass/data/manage.h"
#include "hourglass/data/strokes.h"
#include "hourglass/interop/table.h"
#include "hourglass/tensor/impl/checks.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

Dataset draw_strokes(const OpenOptions& options) {
  if (options.strokes_train < 1 || options.strokes_test < 1) {
    fail("data", "{} training and {} test images of strokes: there must be at least 1 of each",
         options.strokes_train, options.strokes_test);
  }
  Dataset dataset;
  dataset.name = "strokes";
  dataset.shape = strokes_shape();
  dataset.class_names = strokes_class_names();
  dataset.train = make_strokes(options.strokes_train, options.strokes_seed);
  dataset.test = make_strokes(options.strokes_test, options.strokes_seed + 1);
  dataset.source = "built in";
  return dataset;
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool is_numpy_file(const std::string& path) {
  std::error_code ignored;
  const std::string extension = fs::path(path).extension().string();
  return (extension == ".npz" || extension == ".npy") && fs::is_regular_file(path, ignored);
}

bool is_table_file(const std::string& path) {
  std::error_code ignored;
  return table_format(path).has_value() && fs::is_regular_file(path, ignored);
}

Dataset read_by_path(const std::string& path, const OpenOptions& options) {
  if (is_numpy_file(path)) return read_array_images(path, options.image_size);
  if (is_table_file(path)) return read_table_images(path, options.image_size);
  if (!is_folder(path)) {
    std::error_code ignored;
    if (fs::exists(path, ignored)) {
      fail_file("data", "{} is not a folder of images, nor a .npz, .npy, .csv or .tsv file", path);
    }
    if (path.find('/') != std::string::npos) fail_file("data", "{}: no such folder", path);
    fail_unknown_dataset(path);
  }
  if (holds_idx_files(path)) return read_idx_folder(path, options.transpose);
  return read_image_folder(
      path, {options.image_size, parse_fit(options.fit), parse_background(options.background)},
      *options.progress);
}

/// Swaps rows and columns.
void transpose(Dataset& dataset) {
  dataset.train = transposed(dataset.train, dataset.shape);
  dataset.test = transposed(dataset.test, dataset.shape);
  std::swap(dataset.shape.height, dataset.shape.width);
}

template <typename T>
void hash_values(Sha256& hash, std::span<const T> values) {
  static_assert(std::endian::native == std::endian::little, "the hash is over little-endian bytes");
  hash.update({reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes()});
}

/// Eight letters mark data that version 0.1.0 did not have; it had the number of images there.
void hash_mark(Sha256& hash, std::string_view mark) {
  assert(mark.size() == sizeof(std::int64_t));
  hash.update({reinterpret_cast<const std::uint8_t*>(mark.data()), mark.size()});
}

void hash_images(Sha256& hash, const RowSource& images, const ImageShape& shape) {
  require_pixels("data", shape);
  require(images.count() == 0 || images.columns() == shape.pixels(), "data", "shape", shape.text(),
          "the images have another number of values");
  if (!images.keeps_bytes() && images.count() > 0) hash_mark(hash, "float32 ");
  if (images.labels().empty() && images.count() > 0) hash_mark(hash, "nolabels");
  const std::int64_t sizes[] = {images.count(), shape.channels, shape.height, shape.width};
  hash_values<std::int64_t>(hash, sizes);
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(shape.pixels()));
  std::vector<float> values(bytes.size());
  for (std::int64_t i = 0; i < images.count(); ++i) {
    if (images.keeps_bytes()) {
      images.fill_bytes(i, bytes);
      hash_values<std::uint8_t>(hash, bytes);
    } else {
      images.fill(i, values);
      hash_values<float>(hash, values);
    }
  }
  hash_values(hash, images.labels());
}

}  // namespace

Dataset open_dataset(const std::string& name_or_path, const OpenOptions& options) {
  if (options.image_size) check_image_size(*options.image_size);
  parse_fit(options.fit);
  parse_background(options.background);
  Dataset dataset;
  const CatalogueEntry* entry = find_in_catalogue(name_or_path);
  if (options.transpose && (entry != nullptr || name_or_path == "strokes")) {
    fail("data", "`transpose` is for images of your own: those of {} are upright", name_or_path);
  }
  if (entry != nullptr) {
    dataset = read_catalogued(*entry, find_or_download(*entry, options));
  } else if (name_or_path == "strokes") {
    dataset = draw_strokes(options);
  } else {
    dataset = read_by_path(name_or_path, options);
  }
  if (options.transpose) transpose(dataset);
  const auto& size = options.image_size;
  if (size && *size != ImageSize{dataset.shape.height, dataset.shape.width}) {
    dataset.fit = options.fit;
    Background below = parse_background(options.background);
    below.automatic = false;
    dataset.background = background_name(below);
    for (RowSource* images : {&dataset.train, &dataset.test}) {
      *images = fit_rows(*images, dataset.shape, *size, parse_fit(options.fit), below);
    }
    dataset.shape.height = size->height;
    dataset.shape.width = size->width;
  }
  dataset.sha256 = dataset_sha256(dataset);
  return dataset;
}

std::string dataset_sha256(const Dataset& dataset) {
  Sha256 hash;
  hash_images(hash, dataset.train, dataset.shape);
  hash_images(hash, dataset.test, dataset.shape);
  return hash.hex();
}

}  // namespace hourglass
