#include "hourglass/data/catalogue.h"

#include <fmt/ranges.h>

#include <cstdlib>

#include "hourglass/base/error.h"
#include "hourglass/base/impl/suggest.h"

namespace hourglass {
namespace {

CatalogueEntry mnist() {
  CatalogueEntry entry;
  entry.name = "mnist";
  entry.title = "MNIST handwritten digits";
  entry.torchvision_folder = "MNIST";
  entry.licence = "CC BY-SA 3.0";
  entry.train_images = 60000;
  entry.test_images = 10000;
  entry.class_names = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
  entry.files = {{
      {"train-images-idx3-ubyte",
       "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db", 47040016, 9912422},
      {"train-labels-idx1-ubyte",
       "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5", 60008, 28881},
      {"t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
       7840016, 1648877},
      {"t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
       10008, 4542},
  }};
  entry.mirrors = {"https://ossci-datasets.s3.amazonaws.com/mnist/",
                   "https://storage.googleapis.com/cvdf-datasets/mnist/",
                   "https://raw.githubusercontent.com/fgnt/mnist/master/"};
  return entry;
}

CatalogueEntry fashion_mnist() {
  CatalogueEntry entry;
  entry.name = "fashion_mnist";
  entry.title = "Fashion-MNIST";
  entry.torchvision_folder = "FashionMNIST";
  entry.licence = "MIT";
  entry.train_images = 60000;
  entry.test_images = 10000;
  entry.class_names = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                       "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};
  entry.files = {{
      {"train-images-idx3-ubyte",
       "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888", 47040016, 26421880},
      {"train-labels-idx1-ubyte",
       "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9", 60008, 29515},
      {"t10k-images-idx3-ubyte", "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
       7840016, 4422102},
      {"t10k-labels-idx1-ubyte", "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
       10008, 5148},
  }};
  entry.mirrors = {
      "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
      "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"};
  return entry;
}

/// The variable's value; nothing when it is unset or empty.
std::optional<std::filesystem::path> folder_from(const char* variable) {
  const char* value = std::getenv(variable);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

}  // namespace

const std::vector<CatalogueEntry>& catalogue() {
  static const std::vector<CatalogueEntry> entries = {mnist(), fashion_mnist()};
  return entries;
}

const CatalogueEntry* find_in_catalogue(std::string_view name) {
  for (const auto& entry : catalogue()) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

std::vector<std::string> known_datasets() {
  std::vector<std::string> names;
  for (const auto& entry : catalogue()) names.push_back(entry.name);
  names.emplace_back("strokes");
  return names;
}

std::optional<std::filesystem::path> cache_folder() {
  // A relative XDG_CACHE_HOME is to be ignored (XDG Base Directory Specification).
  const auto cache = folder_from("XDG_CACHE_HOME");
  if (cache && cache->is_absolute()) return *cache / "hourglass";
  if (const auto home = folder_from("HOME")) return *home / ".cache" / "hourglass";
  return std::nullopt;
}

void fail_unknown_dataset(std::string_view name) {
  const auto names = known_datasets();
  const std::string hint = suggestion(name, names);
  fail("data", "unknown data set {}{} {}, and any folder of images by its path", name,
       hint.empty() ? ": known are" : hint + " Known are", fmt::join(names, ", "));
}

}  // namespace hourglass
