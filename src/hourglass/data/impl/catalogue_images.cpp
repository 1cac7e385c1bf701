#include "hourglass/data/impl/catalogue_images.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "hourglass/base/error.h"
#include "hourglass/base/mapped_file.h"
#include "hourglass/data/impl/cifar.h"
#include "hourglass/data/impl/idx_stream.h"
#include "hourglass/data/impl/tar.h"
#include "hourglass/data/impl/transpose.h"
#include "hourglass/interop/zip.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

/// More than the archives of the catalogue unpack to; a damaged one may claim any number.
constexpr std::uint64_t kMostUnpacked = std::uint64_t{1} << 32;

/// The files of a data set, each opened by its name.
class Files {
 public:
  Files(const CatalogueEntry& entry, const FoundFiles& found) : found_(found) {
    if (found.archive.empty()) return;
    if (entry.format == ImageFormat::idx) {
      zip_.emplace(found.archive);
      directory_ = read_zip_directory(zip_->bytes(), found.archive.string(), kMostUnpacked);
    } else {
      std::vector<std::string> names;
      for (const auto& path : found.train) names.push_back(path.string());
      for (const auto& path : found.test) names.push_back(path.string());
      ByteReader reader(found.archive);
      tar_ = read_tar(reader, names, kMostUnpacked);
    }
  }

  /// The name of a file for messages.
  fs::path path_of(const fs::path& file) const {
    return found_.archive.empty() ? file : fs::path(found_.archive.string() + ":" + file.string());
  }

  /// Opens a file; one of a tar archive only once.
  ByteReader open(const fs::path& file) {
    if (found_.archive.empty()) return ByteReader(file);
    if (!zip_) return {std::move(tar_.at(file.string())), path_of(file)};
    const auto entry = std::ranges::find(directory_, file.string(), &ZipEntry::name);
    if (entry == directory_.end()) {
      fail_file("data", "{} has no file {}: fetch it again", found_.archive.string(),
                file.string());
    }
    return {unpack(*entry, found_.archive.string()), path_of(file)};
  }

 private:
  const FoundFiles& found_;
  std::optional<MappedFile> zip_;
  std::vector<ZipEntry> directory_;
  TarFiles tar_;
};

struct Split {
  ImageShape shape;
  ByteImages images;
};

Split read_idx_pair(const CatalogueEntry& entry, const std::vector<fs::path>& paths, Files& files) {
  ByteReader labels_file = files.open(paths[1]);
  std::vector<std::int64_t> labels = read_idx_labels(labels_file);
  ByteReader images_file = files.open(paths[0]);
  IdxImages images = read_idx_images(images_file);
  check_counts(images, labels, images_file.path(), labels_file.path());
  if (entry.transposed) {
    transpose_images(images.pixels, images.shape);
    std::swap(images.shape.height, images.shape.width);
  }
  return {images.shape, {std::move(images.pixels), std::move(labels)}};
}

Split read_batches(const CatalogueEntry& entry, const std::vector<fs::path>& paths, Files& files) {
  Split split{entry.shape, {}};
  for (const auto& path : paths) {
    ByteReader reader = files.open(path);
    // One byte more than any batch, to notice a longer file.
    const std::int64_t record = entry.label_bytes + entry.shape.pixels();
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(
        std::min(reader.most_left(), static_cast<std::uint64_t>(record * entry.train_images + 1))));
    bytes.resize(reader.read(bytes));
    append_cifar(bytes, entry.label_bytes, files.path_of(path), split.images);
  }
  return split;
}

/// Makes labels begin at 0 and throws Error for one without a class.
void place_labels(const CatalogueEntry& entry, const fs::path& path,
                  std::vector<std::int64_t>& labels) {
  for (std::int64_t& label : labels) {
    if (label < entry.first_label) {
      fail_file("data", "{} has the label {}, but its classes begin at {}", path.string(), label,
                entry.first_label);
    }
    if (label - entry.first_label >= std::ssize(entry.class_names)) {
      fail_file("data", "{} has the label {}, but there are only {} classes", path.string(), label,
                entry.class_names.size());
    }
    label -= entry.first_label;
  }
}

Split read_split(const CatalogueEntry& entry, const std::vector<fs::path>& paths, Files& files) {
  const bool idx = entry.format == ImageFormat::idx;
  Split split = idx ? read_idx_pair(entry, paths, files) : read_batches(entry, paths, files);
  place_labels(entry, files.path_of(paths[idx ? 1 : 0]), split.images.labels);
  return split;
}

}  // namespace

Dataset read_catalogued(const CatalogueEntry& entry, const FoundFiles& found) {
  Files files(entry, found);
  Split train = read_split(entry, found.train, files);
  Split test = read_split(entry, found.test, files);
  if (!(train.shape == test.shape)) {
    fail_file("data", "{} has images of {} but {} of {}: they do not belong together",
              files.path_of(found.train[0]).string(), train.shape.text(),
              files.path_of(found.test[0]).string(), test.shape.text());
  }
  Dataset dataset;
  dataset.name = entry.name;
  dataset.class_names = entry.class_names;
  dataset.shape = train.shape;
  dataset.train = std::move(train.images).rows(train.shape);
  dataset.test = std::move(test.images).rows(test.shape);
  dataset.source = found.place().string();
  if (entry.transposed) {
    dataset.notes.push_back(fmt::format(
        "{} is stored with rows and columns swapped: its images were turned upright", entry.name));
  }
  return dataset;
}

}  // namespace hourglass
