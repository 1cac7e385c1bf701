#include "hourglass/data/catalogue.h"

#include <gmock/gmock.h>

#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/data/environment_test.h"

namespace hourglass {
namespace {

TEST(Catalogue, IsConsistent) {
  for (const auto& entry : catalogue()) {
    EXPECT_EQ(find_in_catalogue(entry.name), &entry);
    EXPECT_EQ(entry.class_names.size(), 10u);
    EXPECT_GE(entry.mirrors.size(), 2u);
    for (const auto& mirror : entry.mirrors) {
      EXPECT_TRUE(mirror.starts_with("https://") && mirror.ends_with("/")) << mirror;
    }
    for (std::size_t i = 0; i < entry.files.size(); ++i) {
      const auto& file = entry.files[i];
      EXPECT_EQ(file.name, kIdxFileNames[i]);
      EXPECT_EQ(file.sha256.size(), 64u);
      const std::int64_t images = i < 2 ? entry.train_images : entry.test_images;
      EXPECT_EQ(file.bytes, i % 2 == 0 ? 16 + images * entry.shape.pixels() : 8 + images);
    }
  }
  EXPECT_EQ(find_in_catalogue("cifar10"), nullptr);
}

TEST(Catalogue, KnowsStrokesToo) {
  EXPECT_THAT(known_datasets(), testing::ElementsAre("mnist", "fashion_mnist", "strokes"));
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
