// The data sets that come as one archive. Their checksums are those that TensorFlow Datasets
// records for the publishers' files.
#include "hourglass/data/impl/catalogue_entries.h"

namespace hourglass {
namespace {

CatalogueEntry emnist(const std::string& split, std::int64_t train_images, std::int64_t test_images,
                      std::vector<std::string> class_names) {
  CatalogueEntry entry;
  entry.name = "emnist_" + split;
  entry.title = "EMNIST, the split \"" + split + "\"";
  entry.licence = "none stated (NIST, a work of the US government)";
  entry.train_images = train_images;
  entry.test_images = test_images;
  entry.class_names = std::move(class_names);
  entry.files = {{"gzip.zip", "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e",
                  ChecksumOf::file, 561753746, 561753746}};
  entry.mirrors = {"https://biometrics.nist.gov/cs_links/EMNIST/"};
  entry.folders = {"emnist", "emnist/gzip", entry.name, "EMNIST/raw", "EMNIST/raw/gzip"};
  entry.archive_folder = "gzip/";
  for (auto* part : {&entry.train, &entry.test}) {
    const std::string stem = "emnist-" + split + (part == &entry.train ? "-train" : "-test");
    *part = {stem + "-images-idx3-ubyte", stem + "-labels-idx1-ubyte"};
  }
  entry.transposed = true;
  return entry;
}

std::vector<std::string> letters(char first, char last) {
  std::vector<std::string> names;
  for (char c = first; c <= last; ++c) names.emplace_back(1, c);
  return names;
}

/// The classes of `byclass` without the small letters that look like their capitals.
std::vector<std::string> merged_classes() {
  std::vector<std::string> names = digit_names();
  for (auto& name : letters('A', 'Z')) names.push_back(std::move(name));
  for (const char* name : {"a", "b", "d", "e", "f", "g", "h", "n", "q", "r", "t"}) {
    names.emplace_back(name);
  }
  return names;
}

std::vector<std::string> all_classes() {
  std::vector<std::string> names = digit_names();
  for (auto& name : letters('A', 'Z')) names.push_back(std::move(name));
  for (auto& name : letters('a', 'z')) names.push_back(std::move(name));
  return names;
}

CatalogueEntry cifar(const char* name, const char* title, const char* archive, const char* folder) {
  CatalogueEntry entry;
  entry.name = name;
  entry.title = title;
  entry.licence = "none stated (its authors ask to be cited)";
  entry.shape = {3, 32, 32};
  entry.train_images = 50000;
  entry.test_images = 10000;
  // The second redirects to the first; redirects to another host are not followed.
  entry.mirrors = {"https://cave.cs.toronto.edu/kriz/", "https://www.cs.toronto.edu/~kriz/"};
  // The archive or its folder lies in our own folder, or where torchvision has its own version.
  entry.folders = {name, std::string(name) + "/" + folder, "", folder};
  entry.format = ImageFormat::cifar;
  entry.archive_folder = std::string(folder) + "/";
  entry.files = {{archive, "", ChecksumOf::file, 0, 0}};
  return entry;
}

CatalogueEntry cifar10() {
  CatalogueEntry entry = cifar("cifar10", "CIFAR-10, small photographs", "cifar-10-binary.tar.gz",
                               "cifar-10-batches-bin");
  entry.files[0].sha256 = "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd";
  entry.files[0].bytes = entry.files[0].download_bytes = 170052171;
  entry.class_names = {"airplane", "automobile", "bird",  "cat",  "deer",
                       "dog",      "frog",       "horse", "ship", "truck"};
  entry.train = {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin",
                 "data_batch_5.bin"};
  entry.test = {"test_batch.bin"};
  entry.unreadable = {"cifar-10-batches-py", "cifar-10-python.tar.gz"};
  return entry;
}

CatalogueEntry cifar100() {
  CatalogueEntry entry = cifar("cifar100", "CIFAR-100, small photographs",
                               "cifar-100-binary.tar.gz", "cifar-100-binary");
  entry.files[0].sha256 = "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec";
  entry.files[0].bytes = entry.files[0].download_bytes = 168513733;
  entry.class_names = {
      "apple",       "aquarium_fish", "baby",      "bear",       "beaver",       "bed",
      "bee",         "beetle",        "bicycle",   "bottle",     "bowl",         "boy",
      "bridge",      "bus",           "butterfly", "camel",      "can",          "castle",
      "caterpillar", "cattle",        "chair",     "chimpanzee", "clock",        "cloud",
      "cockroach",   "couch",         "crab",      "crocodile",  "cup",          "dinosaur",
      "dolphin",     "elephant",      "flatfish",  "forest",     "fox",          "girl",
      "hamster",     "house",         "kangaroo",  "keyboard",   "lamp",         "lawn_mower",
      "leopard",     "lion",          "lizard",    "lobster",    "man",          "maple_tree",
      "motorcycle",  "mountain",      "mouse",     "mushroom",   "oak_tree",     "orange",
      "orchid",      "otter",         "palm_tree", "pear",       "pickup_truck", "pine_tree",
      "plain",       "plate",         "poppy",     "porcupine",  "possum",       "rabbit",
      "raccoon",     "ray",           "road",      "rocket",     "rose",         "sea",
      "seal",        "shark",         "shrew",     "skunk",      "skyscraper",   "snail",
      "snake",       "spider",        "squirrel",  "streetcar",  "sunflower",    "sweet_pepper",
      "table",       "tank",          "telephone", "television", "tiger",        "tractor",
      "train",       "trout",         "tulip",     "turtle",     "wardrobe",     "whale",
      "willow_tree", "wolf",          "woman",     "worm"};
  entry.train = {"train.bin"};
  entry.test = {"test.bin"};
  entry.label_bytes = 2;  // of the twenty superclasses, then of the hundred classes
  entry.unreadable = {"cifar-100-python", "cifar-100-python.tar.gz"};
  return entry;
}

}  // namespace

std::vector<CatalogueEntry> emnist_entries() {
  std::vector<CatalogueEntry> entries = {
      emnist("balanced", 112800, 18800, merged_classes()),
      emnist("byclass", 697932, 116323, all_classes()),
      emnist("bymerge", 697932, 116323, merged_classes()),
      emnist("digits", 240000, 40000, digit_names()),
      emnist("letters", 124800, 20800, letters('a', 'z')),
      emnist("mnist", 60000, 10000, digit_names()),
  };
  entries[4].first_label = 1;  // a is 1
  return entries;
}

std::vector<CatalogueEntry> cifar_entries() {
  return {cifar10(), cifar100()};
}

}  // namespace hourglass
