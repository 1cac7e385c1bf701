#include "hourglass/lab/baselines.h"

#include "hourglass/train/small_run_test.h"

namespace hourglass {
namespace {

TEST(Baselines, TheMeanImagesErrorIsTheMeanSquareAroundIt) {
  Dataset data;
  data.shape = {1, 8, 8};
  data.class_names = {"all"};
  // Two training images of one grey each, 0 and 102: the mean is 51, which is 0.2.
  std::vector<std::uint8_t> greys(64, 0);
  greys.insert(greys.end(), 64, 102);
  data.train = byte_rows(greys, 64);
  data.test = byte_rows(std::vector<std::uint8_t>(64, 153), 64);  // 0.6
  ThreadPool pool(1);
  const Baselines b = measure_baselines(data, 4, pool);
  EXPECT_NEAR(b.mean_image.mse, 0.16, 1e-7);  // float32 pixels
  EXPECT_EQ(b.components, 2);                 // as many as there are training images
  ASSERT_TRUE(b.pca);
  EXPECT_NEAR(b.pca->mse, 0.0, 1e-10);  // grey images are on one line
}

TEST(Baselines, PcaOfMoreDirectionsHasASmallerError) {
  const Dataset data = small_data();
  ThreadPool pool(2);
  const Baselines few = measure_baselines(data, 2, pool), more = measure_baselines(data, 16, pool);
  EXPECT_LT(more.pca->mse, few.pca->mse);
  EXPECT_LT(few.pca->mse, few.mean_image.mse);
  EXPECT_EQ(more.mean_image.mse, few.mean_image.mse);
}

TEST(Baselines, TheNumberOfThreadsChangesNoBit) {
  const Dataset data = small_data();
  ThreadPool one(1), three(3);
  const Baselines a = measure_baselines(data, 8, one), b = measure_baselines(data, 8, three);
  EXPECT_EQ(a.pca->mse, b.pca->mse);
  EXPECT_EQ(a.pca->ssim, b.pca->ssim);
  EXPECT_EQ(a.mean_image.psnr, b.mean_image.psnr);
}

}  // namespace
}  // namespace hourglass
