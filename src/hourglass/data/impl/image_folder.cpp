#include "hourglass/data/impl/image_folder.h"

#include <algorithm>
#include <fstream>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/data/impl/image_collector.h"
#include "hourglass/data/impl/image_list.h"
#include "hourglass/data/impl/image_reader.h"
#include "hourglass/data/impl/names.h"
#include "hourglass/data/impl/row_fitter.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTestEvery = 6;
constexpr std::size_t kHeaderBytes = std::size_t{1} << 16;
constexpr double kHeaderShare = 0.1;  // of the time, for progress

/// An image of the list with what its file says of it.
struct Item {
  ListedImage listed;
  ImageHeader header;
  bool lossy = false;  // its pixels are what a library makes of them
};

/// Counts images, and keeps the name of the first.
struct Tally {
  std::int64_t count = 0;
  std::string first;
  void add(const std::string& name) {
    if (count++ == 0) first = as_utf8(name);
  }
};

class FolderReading {
 public:
  FolderReading(const fs::path& folder, const FolderOptions& options, Progress& progress)
      : folder_(folder), options_(options), progress_(progress), list_(list_images(folder)) {}

  Dataset read() {
    train_ = with_headers(list_.train);
    test_ = with_headers(list_.test);
    drop_empty_classes();
    if (!list_.halves) take_each_sixth();
    check_counts();
    if (!options_.image_size) check_sizes();
    if (options_.background.automatic) choose_background();
    return decode();
  }

 private:
  std::string path_of(const Item& item) const { return (folder_ / item.listed.name).string(); }

  std::vector<Item> with_headers(const std::vector<ListedImage>& images) {
    std::vector<Item> items;
    for (const ListedImage& image : images) {
      const fs::path path = folder_ / image.name;
      if (const std::string_view kind = read_header(path, items); !kind.empty()) {
        list_.left_out.add(std::string(kind), as_utf8(image.name), true);
      } else {
        items.back().listed = image;
        const ImageHeader& header = items.back().header;
        if (header.more_pages) pages_.add(image.name);
        if (header.cmyk) cmyk_.add(image.name);
        lossy_ |= items.back().lossy;
      }
      report(++headers_, 0.0, kHeaderShare);
    }
    return items;
  }

  /// Appends an item with the header of the file, or returns the kind of file that is not read.
  static std::string_view read_header(const fs::path& path, std::vector<Item>& items) {
    std::vector<std::uint8_t> start(kHeaderBytes);
    std::ifstream file(path, std::ios::binary);
    file.read(reinterpret_cast<char*>(start.data()), static_cast<std::streamsize>(start.size()));
    start.resize(static_cast<std::size_t>(file.gcount()));
    if (const auto kind = other_image_kind(start); !kind.empty()) return kind;
    const auto add = [&](std::span<const std::uint8_t> bytes) {
      const ImageHeader header = open_image(bytes, path.string())->header();
      const std::string& reader = reader_of(bytes)->name;
      items.push_back({{}, header, reader == "JPEG" || reader == "WebP"});
    };
    try {
      add(start);
    } catch (const Error&) {
      // The start of some files does not say enough; of others, the size alone is implausible.
      add(read_file(path, kMostImageBytes));
    }
    return {};
  }

  /// Classes whose files all turned out to be no images.
  void drop_empty_classes() {
    std::vector<std::int64_t> counts(list_.classes.size());
    for (const Item& item : train_) {
      if (!counts.empty()) ++counts[static_cast<std::size_t>(item.listed.label)];
    }
    std::vector<std::int64_t> labels;
    std::vector<std::string> kept;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      labels.push_back(std::ssize(kept));
      if (counts[i] > 0) kept.push_back(list_.classes[i]);
    }
    if (kept.size() == list_.classes.size()) return;
    for (Item& item : train_)
      item.listed.label = labels[static_cast<std::size_t>(item.listed.label)];
    for (Item& item : test_) {
      const auto label = static_cast<std::size_t>(item.listed.label);
      if (counts[label] == 0) {
        fail_file("data", "{} is of a class without training images: every class must have some",
                  path_of(item));
      }
      item.listed.label = labels[label];
    }
    list_.classes = kept;
  }

  /// Every sixth image of each class, or of all where no class has six.
  void take_each_sixth() {
    std::vector<Item> all = std::move(train_);
    train_.clear();
    test_.clear();
    const auto split = [&](bool by_class) {
      std::size_t k = 0;
      for (std::size_t i = 0; i < all.size(); ++i) {
        if (by_class && i > 0 && all[i].listed.label != all[i - 1].listed.label) k = 0;
        (k++ % kTestEvery == kTestEvery - 1 ? test_ : train_).push_back(all[i]);
      }
    };
    split(true);
    if (!test_.empty() || all.size() < kTestEvery) return;
    train_.clear();
    split(false);
    list_.notes.push_back("no class has six images: every sixth of all is for testing");
  }

  void check_counts() const {
    if (train_.empty()) {
      fail_file("data", "{} holds no images that are read, but {}{}", folder_.string(),
                list_.left_out.kinds(), list_.left_out.remedy());
    }
    if (test_.empty()) {
      fail_file("data", "{} leaves no image to test with: {}", folder_.string(),
                list_.halves ? "put images into its test half"
                             : "at least 6 are needed, of which the sixth is for testing");
    }
  }

  void check_sizes() const {
    const ImageSize size = train_.front().header.shown_size();
    for (const auto* half : {&train_, &test_}) {
      for (const Item& item : *half) {
        const ImageSize other = item.header.shown_size();
        if (other == size) continue;
        fail("data",
             "{} is {} but {} is {} (height x width): give `image_size` HxW to bring all to one "
             "size",
             path_of(train_.front()), size.text(), path_of(item), other.text());
      }
    }
  }

  /// Of black and white, that which leaves the transparent images more contrast, black if equal.
  void choose_background() {
    double on_black = 0.0, on_white = 0.0;
    for (const auto* half : {&train_, &test_}) {
      for (const Item& item : *half) {
        if (!item.header.has_alpha()) continue;
        const auto bytes = read_file(folder_ / item.listed.name, kMostImageBytes);
        const Contrasts contrasts = contrasts_of(*open_image(bytes, path_of(item)));
        if (!contrasts.transparent) continue;
        on_black += contrasts.on_black;
        on_white += contrasts.on_white;
      }
    }
    options_.background = parse_background(on_white > on_black ? "white" : "black");
    chosen_ = true;
  }

  Dataset decode() {
    ImageCollector collector({train_.size(), test_.size()});
    const ImageOptions options{options_.image_size, options_.fit, options_.background};
    std::int64_t done = 0;
    for (const std::size_t half : {0U, 1U}) {
      for (const Item& item : half == 0 ? train_ : test_) {
        const auto bytes = read_file(folder_ / item.listed.name, kMostImageBytes);
        const Image image = read_image(bytes, path_of(item), options);
        if (collector.shape().channels > 0 && (image.shape.height != collector.shape().height ||
                                               image.shape.width != collector.shape().width)) {
          fail_file("data", "{} changed while it was read", path_of(item));
        }
        collector.add(image, half);
        if (!image.reals.empty()) deep_.add(item.listed.name);
        if (image.transparent) transparent_.add(item.listed.name);
        report(++done, kHeaderShare, 1.0);
      }
    }
    return dataset_of(collector);
  }

  Dataset dataset_of(ImageCollector& collector) {
    Dataset dataset;
    dataset.name = folder_name(folder_);
    dataset.shape = collector.shape();
    dataset.class_names = as_utf8_names(list_.classes);
    dataset.source = as_utf8(folder_.string());
    dataset.fit = fit_name(options_.fit);
    dataset.background = background_name(options_.background);
    dataset.lossy_images = lossy_;
    for (const std::size_t half : {0U, 1U}) {
      std::vector<std::int64_t> labels;
      std::vector<std::string> names;
      for (const Item& item : half == 0 ? train_ : test_) {
        if (!list_.classes.empty()) labels.push_back(item.listed.label);
        names.push_back(as_utf8(item.listed.name));
      }
      (half == 0 ? dataset.train : dataset.test) =
          collector.take(half, std::move(labels), std::move(names));
    }
    dataset.notes = notes();
    return dataset;
  }

  std::vector<std::string> notes() const {
    const auto images = std::ssize(train_) + std::ssize(test_);
    std::vector<std::string> all = list_.notes;
    const auto add = [&](const Tally& tally, const std::string& what) {
      if (tally.count == 0) return;
      all.push_back(fmt::format("{} of {} images {} {}, first {}", tally.count, images,
                                tally.count == 1 ? "is" : "are", what, tally.first));
    };
    if (const std::string left = list_.left_out.sentence(images); !left.empty()) {
      all.push_back(left);
    }
    const std::string below = background_name(options_.background);
    const char* const why = !chosen_           ? ""
                            : below == "black" ? " (they would have no more contrast on white)"
                                               : " (they would have less contrast on black)";
    add(transparent_, fmt::format("transparent and laid on {}{}", below, why));
    add(deep_, "of more than 8 bits, so that all are kept as real numbers");
    add(pages_, "of several pages, of which the first is read");
    add(cmyk_, "CMYK, converted without a colour profile");
    return all;
  }

  void report(std::int64_t done, double from, double to) {
    const auto all =
        static_cast<double>(std::max(list_.train.size() + list_.test.size(), std::size_t{1}));
    progress_.update(from + (to - from) * std::min(static_cast<double>(done) / all, 1.0),
                     fmt::format("{} images", done));
  }

  const fs::path& folder_;
  FolderOptions options_;
  Progress& progress_;
  ImageList list_;
  std::vector<Item> train_, test_;
  Tally transparent_, deep_, pages_, cmyk_;
  std::int64_t headers_ = 0;
  bool lossy_ = false, chosen_ = false;
};

}  // namespace

std::string folder_name(const fs::path& folder) {
  fs::path whole = fs::absolute(folder).lexically_normal();
  if (!whole.has_filename()) whole = whole.parent_path();
  const std::string name = whole.filename().string();
  return name.empty() ? "images" : as_utf8(name);
}

Dataset read_image_folder(const fs::path& folder, const FolderOptions& options,
                          Progress& progress) {
  if (options.image_size) check_image_size(*options.image_size);
  return FolderReading(folder, options, progress).read();
}

}  // namespace hourglass
