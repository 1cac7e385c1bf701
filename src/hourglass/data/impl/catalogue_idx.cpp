#include "hourglass/data/impl/catalogue_entries.h"

namespace hourglass {
namespace {

/// A data set of 60,000 + 10,000 images under MNIST's file names; `files` in the order of
/// kIdxFileNames.
CatalogueEntry like_mnist(std::string name, std::string title, const char* torchvision_folder,
                          std::vector<CatalogueFile> files) {
  CatalogueEntry entry;
  entry.folders = {name, std::string(torchvision_folder) + "/raw"};
  entry.name = std::move(name);
  entry.title = std::move(title);
  entry.train_images = 60000;
  entry.test_images = 10000;
  entry.class_names = digit_names();
  entry.files = std::move(files);
  entry.train = {std::string(kIdxFileNames[0]), std::string(kIdxFileNames[1])};
  entry.test = {std::string(kIdxFileNames[2]), std::string(kIdxFileNames[3])};
  return entry;
}

CatalogueEntry mnist() {
  CatalogueEntry entry =
      like_mnist("mnist", "MNIST handwritten digits", "MNIST",
                 {{"train-images-idx3-ubyte.gz",
                   "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                   ChecksumOf::content, 47040016, 9912422},
                  {"train-labels-idx1-ubyte.gz",
                   "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                   ChecksumOf::content, 60008, 28881},
                  {"t10k-images-idx3-ubyte.gz",
                   "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                   ChecksumOf::content, 7840016, 1648877},
                  {"t10k-labels-idx1-ubyte.gz",
                   "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
                   ChecksumOf::content, 10008, 4542}});
  entry.licence = "CC BY-SA 3.0";
  entry.mirrors = {"https://ossci-datasets.s3.amazonaws.com/mnist/",
                   "https://storage.googleapis.com/cvdf-datasets/mnist/",
                   "https://raw.githubusercontent.com/fgnt/mnist/master/"};
  return entry;
}

CatalogueEntry fashion_mnist() {
  CatalogueEntry entry =
      like_mnist("fashion_mnist", "Fashion-MNIST", "FashionMNIST",
                 {{"train-images-idx3-ubyte.gz",
                   "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                   ChecksumOf::content, 47040016, 26421880},
                  {"train-labels-idx1-ubyte.gz",
                   "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                   ChecksumOf::content, 60008, 29515},
                  {"t10k-images-idx3-ubyte.gz",
                   "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                   ChecksumOf::content, 7840016, 4422102},
                  {"t10k-labels-idx1-ubyte.gz",
                   "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
                   ChecksumOf::content, 10008, 5148}});
  entry.licence = "MIT";
  entry.class_names = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                       "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};
  entry.mirrors = {
      "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
      "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"};
  return entry;
}

// The checksums of KMNIST and QMNIST are those that torchvision and TensorFlow Datasets record for
// the publishers' files.
CatalogueEntry kmnist() {
  CatalogueEntry entry =
      like_mnist("kmnist", "Kuzushiji-MNIST, cursive Japanese", "KMNIST",
                 {{"train-images-idx3-ubyte.gz",
                   "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
                   ChecksumOf::file, 47040016, 18165135},
                  {"train-labels-idx1-ubyte.gz",
                   "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
                   ChecksumOf::file, 60008, 29497},
                  {"t10k-images-idx3-ubyte.gz",
                   "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
                   ChecksumOf::file, 7840016, 3041136},
                  {"t10k-labels-idx1-ubyte.gz",
                   "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c",
                   ChecksumOf::file, 10008, 5120}});
  entry.licence = "CC BY-SA 4.0";
  entry.class_names = {"o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"};
  entry.mirrors = {"https://codh.rois.ac.jp/kmnist/dataset/kmnist/"};
  return entry;
}

CatalogueEntry qmnist() {
  CatalogueEntry entry =
      like_mnist("qmnist", "QMNIST, all of MNIST's test digits", "QMNIST",
                 {{"qmnist-train-images-idx3-ubyte.gz",
                   "9e26a7bf1683614e065d7b76460ccd52807165b3f22561fb782bd9f38c52b51d",
                   ChecksumOf::file, 47040016, 9700000},
                  {"qmnist-train-labels-idx2-int.gz",
                   "2c05dc77f6b916b38e455e97ab129a42a444f3dbef09b278a366f82904e0dd9f",
                   ChecksumOf::file, 1920012, 463024},
                  {"qmnist-test-images-idx3-ubyte.gz",
                   "43fc22bf7498b8fc98de98369d72f752d0deabc280a43a7bcc364ab19e57b375",
                   ChecksumOf::file, 47040016, 9700000},
                  {"qmnist-test-labels-idx2-int.gz",
                   "9fbcbe594c3766fdf4f0b15c5165dc0d1e57ac604e01422608bb72c906030d06",
                   ChecksumOf::file, 1920012, 526800}});
  entry.licence = "BSD 3-clause";
  entry.test_images = 60000;
  entry.train = {"qmnist-train-images-idx3-ubyte", "qmnist-train-labels-idx2-int"};
  entry.test = {"qmnist-test-images-idx3-ubyte", "qmnist-test-labels-idx2-int"};
  entry.mirrors = {"https://raw.githubusercontent.com/facebookresearch/qmnist/master/"};
  return entry;
}

}  // namespace

std::vector<std::string> digit_names() {
  return {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
}

std::vector<CatalogueEntry> idx_entries() {
  return {mnist(), fashion_mnist(), kmnist(), qmnist()};
}

}  // namespace hourglass
