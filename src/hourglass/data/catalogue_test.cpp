#include "hourglass/data/catalogue.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "hourglass/base/message_test.h"
#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/data/environment_test.h"

namespace hourglass {
namespace {

TEST(Catalogue, IsConsistent) {
  for (const auto& entry : catalogue()) {
    SCOPED_TRACE(entry.name);
    EXPECT_EQ(find_in_catalogue(entry.name), &entry);
    EXPECT_FALSE(entry.title.empty() || entry.licence.empty());
    EXPECT_GE(entry.mirrors.size(), 1u);
    for (const auto& mirror : entry.mirrors) {
      EXPECT_TRUE(mirror.starts_with("https://") && mirror.ends_with("/")) << mirror;
    }
    std::set<std::string> names(entry.class_names.begin(), entry.class_names.end());
    EXPECT_EQ(names.size(), entry.class_names.size()) << "a class twice";
    for (const auto& file : entry.files) {
      EXPECT_EQ(file.sha256.size(), 64u);
      EXPECT_EQ(file.sha256.find_first_not_of("0123456789abcdef"), std::string::npos);
      EXPECT_GT(file.bytes, 0);
      EXPECT_GT(file.download_bytes, 0);
    }
    if (entry.archive_folder.empty()) {
      ASSERT_EQ(entry.files.size(), 4u);
      for (std::size_t i = 0; i < 4; ++i) {
        const std::string& name = (i < 2 ? entry.train : entry.test).at(i % 2);
        EXPECT_EQ(entry.files[i].name, name + ".gz");
        const std::int64_t images = i < 2 ? entry.train_images : entry.test_images;
        const std::int64_t labels =
            name.ends_with("idx2-int") ? 12 + images * 8 * 4 : 8 + images;  // of 8 columns
        EXPECT_EQ(entry.files[i].bytes, i % 2 == 0 ? 16 + images * entry.shape.pixels() : labels);
      }
    } else {
      EXPECT_EQ(entry.files.size(), 1u);
    }
  }
}

TEST(Catalogue, KeepsTheChecksumsAndMirrorsOfVersion010) {
  const CatalogueEntry& mnist = *find_in_catalogue("mnist");
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(mnist.files[i].name, std::string(kIdxFileNames[i]) + ".gz");
    EXPECT_EQ(mnist.files[i].checksum_of, ChecksumOf::content);
  }
  EXPECT_EQ(mnist.folders, (std::vector<std::string>{"mnist", "MNIST/raw"}));
  EXPECT_EQ(mnist.mirrors.size(), 3u);
  EXPECT_EQ(find_in_catalogue("fashion_mnist")->folders[1], "FashionMNIST/raw");
}

TEST(Catalogue, ClassesAreThoseOfThePublishers) {
  const auto classes = [](const char* name) { return find_in_catalogue(name)->class_names; };
  EXPECT_EQ(classes("emnist_byclass").size(), 62u);
  EXPECT_EQ(classes("emnist_byclass")[10], "A");
  EXPECT_EQ(classes("emnist_byclass")[61], "z");
  EXPECT_EQ(classes("emnist_balanced").size(), 47u);
  EXPECT_EQ(classes("emnist_balanced")[46], "t");
  EXPECT_EQ(classes("emnist_letters").size(), 26u);
  EXPECT_EQ(find_in_catalogue("emnist_letters")->first_label, 1);
  EXPECT_EQ(classes("cifar10")[9], "truck");
  EXPECT_EQ(classes("cifar100").size(), 100u);
  EXPECT_TRUE(std::ranges::is_sorted(classes("cifar100")));
}

TEST(Catalogue, KnowsStrokesToo) {
  EXPECT_THAT(
      known_datasets(),
      testing::ElementsAre("mnist", "fashion_mnist", "kmnist", "qmnist", "emnist_balanced",
                           "emnist_byclass", "emnist_bymerge", "emnist_digits", "emnist_letters",
                           "emnist_mnist", "cifar10", "cifar100", "strokes"));
}

TEST(Catalogue, TheNameOfAFamilyListsItsMembers) {
  EXPECT_EQ(message_of([] { fail_unknown_dataset("emnist"); }),
            "[data] unknown data set emnist: there are emnist_balanced, emnist_byclass, "
            "emnist_bymerge, emnist_digits, emnist_letters, emnist_mnist");
  EXPECT_THAT(message_of([] { fail_unknown_dataset("cifar-10"); }),
              testing::HasSubstr("did you mean cifar10?"));
}

TEST(CacheFolder, FollowsTheEnvironment) {
  const ScopedVariable home("HOME", "/home/ada");
  {
    const ScopedVariable cache("XDG_CACHE_HOME", "/var/cache/ada");
    EXPECT_EQ(cache_folder(), "/var/cache/ada/hourglass");
  }
  {
    const ScopedVariable relative("XDG_CACHE_HOME", "relative");
    EXPECT_EQ(cache_folder(), "/home/ada/.cache/hourglass");
  }
  const ScopedVariable cache("XDG_CACHE_HOME", "");
  EXPECT_EQ(cache_folder(), "/home/ada/.cache/hourglass");
  const ScopedVariable homeless("HOME", "");
  EXPECT_EQ(cache_folder(), std::nullopt);
}

}  // namespace
}  // namespace hourglass
