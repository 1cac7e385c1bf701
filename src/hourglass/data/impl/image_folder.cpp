#include "hourglass/data/impl/image_folder.h"

#include <algorithm>
#include <array>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/data/impl/byte_images.h"
#include "hourglass/data/png.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTestEvery = 6;

/// Names in a folder, sorted by their bytes, without those that begin with a dot.
struct Listing {
  std::vector<std::string> folders;
  std::vector<std::string> pngs;
  std::int64_t others = 0;
};

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

Listing list(const fs::path& folder) {
  Listing listing;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    const std::string name = entries->path().filename().string();
    std::error_code unreadable;
    if (name.starts_with('.')) continue;
    if (entries->is_directory(unreadable)) {
      listing.folders.push_back(name);
    } else if (lower(entries->path().extension().string()) == ".png") {
      listing.pngs.push_back(name);
    } else {
      ++listing.others;
    }
  }
  if (error) fail_file("data", "cannot read the folder {}: {}", folder.string(), error.message());
  std::sort(listing.folders.begin(), listing.folders.end());
  std::sort(listing.pngs.begin(), listing.pngs.end());
  return listing;
}

struct Item {
  fs::path path;
  std::int64_t label = 0;
};

/// The list of files to read.
struct Plan {
  std::vector<std::string> class_names;
  std::vector<Item> train, test;
  std::int64_t ignored = 0;  // files that are no PNG
};

/// The images of one class folder; at least one.
std::vector<Item> items_of(const fs::path& folder, std::int64_t label, Plan& plan) {
  const Listing listing = list(folder);
  plan.ignored += listing.others;
  if (listing.pngs.empty()) {
    fail_file("data", "the class folder {} holds no PNG: put images there or remove it",
              folder.string());
  }
  std::vector<Item> items;
  for (const auto& name : listing.pngs) items.push_back({folder / name, label});
  return items;
}

void append(std::vector<Item>& to, const std::vector<Item>& items) {
  to.insert(to.end(), items.begin(), items.end());
}

/// For a folder with train/ and test/.
Plan plan_from_halves(const fs::path& folder) {
  Plan plan;
  plan.class_names = list(folder / "train").folders;
  const auto& names = plan.class_names;
  for (std::size_t i = 0; i < names.size(); ++i) {
    append(plan.train, items_of(folder / "train" / names[i], static_cast<std::int64_t>(i), plan));
  }
  for (const auto& name : list(folder / "test").folders) {
    const auto known = std::lower_bound(names.begin(), names.end(), name);
    if (known == names.end() || *known != name) {
      fail_file("data", "{} is a class that {} lacks: every class must have training images",
                (folder / "test" / name).string(), (folder / "train").string());
    }
    append(plan.test, items_of(folder / "test" / name, known - names.begin(), plan));
  }
  return plan;
}

/// For a folder of class folders: every sixth image of a class is a test image.
Plan plan_from_classes(const fs::path& folder, const Listing& listing) {
  Plan plan;
  plan.class_names = listing.folders;
  for (std::size_t i = 0; i < listing.folders.size(); ++i) {
    const auto items = items_of(folder / listing.folders[i], static_cast<std::int64_t>(i), plan);
    for (std::size_t k = 0; k < items.size(); ++k) {
      (k % kTestEvery == kTestEvery - 1 ? plan.test : plan.train).push_back(items[k]);
    }
  }
  return plan;
}

Plan make_plan(const fs::path& folder) {
  const Listing listing = list(folder);
  const auto has = [&](const char* name) {
    return std::binary_search(listing.folders.begin(), listing.folders.end(), name);
  };
  const bool halves = has("train") && has("test");
  Plan plan = halves ? plan_from_halves(folder) : plan_from_classes(folder, listing);
  if (plan.train.empty()) {
    fail_file("data", "{} holds no images in class folders: put PNGs into {}CLASS/NAME.png",
              folder.string(), (folder / (halves ? "train/" : "")).string());
  }
  if (plan.test.empty()) {
    fail_file("data", "{} leaves no image to test with: {}", folder.string(),
              halves ? "put class folders into its test/"
                     : "a class needs at least 6, of which the sixth is test");
  }
  return plan;
}

/// Collects images of one size: grey until the first image with colours.
class Collector {
 public:
  /// Has both splits, because a coloured image changes all earlier ones.
  Collector(std::optional<ImageSize> size, ByteImages& train, ByteImages& test)
      : size_(size), splits_{&train, &test} {}

  void add(const Item& item, ByteImages& split) {
    ByteImage image = read_png(item.path);
    if (size_) image = resize(image, *size_);
    if (first_.empty()) {
      first_ = item.path;
      shape_ = {1, image.shape.height, image.shape.width};
    }
    if (image.shape.height != shape_.height || image.shape.width != shape_.width) {
      fail(
          "data",
          "{} is {} x {} but {} is {} x {} (height x width): give `image_size` HxW to bring all to "
          "one size",
          first_.string(), shape_.height, shape_.width, item.path.string(), image.shape.height,
          image.shape.width);
    }
    const bool grey = is_grey(image);
    if (!grey && shape_.channels == 1) become_coloured();
    put(image, grey, split);
    split.labels.push_back(item.label);
  }

  const ImageShape& shape() const { return shape_; }

 private:
  void become_coloured() {
    shape_.channels = 3;
    for (ByteImages* split : splits_) {
      std::vector<std::uint8_t> wide;
      wide.reserve(split->pixels.size() * 3);
      for (const std::uint8_t value : split->pixels) wide.insert(wide.end(), 3, value);
      split->pixels = std::move(wide);
    }
  }

  void put(const ByteImage& image, bool grey, ByteImages& split) const {
    auto& pixels = split.pixels;
    if (image.shape.channels == shape_.channels) {
      pixels.insert(pixels.end(), image.pixels.begin(), image.pixels.end());
    } else if (grey && image.shape.channels == 3) {
      for (std::size_t i = 0; i < image.pixels.size(); i += 3) pixels.push_back(image.pixels[i]);
    } else {
      for (const std::uint8_t value : image.pixels) pixels.insert(pixels.end(), 3, value);
    }
  }

  std::optional<ImageSize> size_;
  std::array<ByteImages*, 2> splits_;
  ImageShape shape_;
  fs::path first_;  // empty before the first image
};

}  // namespace

std::string folder_name(const fs::path& folder) {
  fs::path whole = fs::absolute(folder).lexically_normal();
  if (!whole.has_filename()) whole = whole.parent_path();
  const std::string name = whole.filename().string();
  return name.empty() ? "images" : name;
}

Dataset read_image_folder(const fs::path& folder, std::optional<ImageSize> image_size,
                          Progress& progress) {
  if (image_size) check_image_size(*image_size);
  const Plan plan = make_plan(folder);
  Dataset dataset;
  ByteImages train, test;
  Collector collector(image_size, train, test);
  const auto all = static_cast<double>(plan.train.size() + plan.test.size());
  double done = 0.0;
  for (const bool training : {true, false}) {
    for (const Item& item : training ? plan.train : plan.test) {
      collector.add(item, training ? train : test);
      progress.update(++done / all, fmt::format("{:.0f} images", done));
    }
  }
  dataset.name = folder_name(folder);
  dataset.shape = collector.shape();
  dataset.train = std::move(train).rows(dataset.shape);
  dataset.test = std::move(test).rows(dataset.shape);
  dataset.class_names = plan.class_names;
  dataset.source = folder.string();
  if (plan.ignored > 0) {
    dataset.source += fmt::format(" ({} file{} other than PNG left out)", plan.ignored,
                                  plan.ignored == 1 ? "" : "s");
  }
  return dataset;
}

}  // namespace hourglass
