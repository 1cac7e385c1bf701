// Same bits: for any number of threads and for the kernel sets that promise it. From one machine to
// the next: see recorded_bits_test.cpp.
#include <gtest/gtest.h>
#include <hwy/highway.h>

#include <bit>
#include <cstring>
#include <map>

#include "hourglass/data/split.h"
#include "hourglass/data/strokes.h"
#include "hourglass/kernels/each_set_test.h"
#include "hourglass/models/apply.h"
#include "hourglass/models/registry.h"
#include "hourglass/project/pca.h"
#include "hourglass/train/stepper.h"
#include "hourglass/train/trainer.h"

namespace hourglass {
namespace {

struct Outcome {
  std::string weights;
  std::vector<double> losses;
  bool operator==(const Outcome&) const = default;
};

/// Every step of `epochs` epochs on strokes, the short last batches included.
Outcome train(std::int64_t images, std::int64_t batch_size, std::int64_t epochs, int threads,
              std::int64_t lanes = kUsualLanes) {
  const RowSource split = make_strokes(images, 0);
  const auto model = make_model("AE", strokes_shape(), {32}, 0);
  ThreadPool pool(threads);
  Stepper stepper(*model, {.batch_size = batch_size, .lanes = lanes}, pool);
  Outcome outcome;
  std::vector<std::int64_t> order(static_cast<std::size_t>(images));
  for (std::int64_t epoch = 1; epoch <= epochs; ++epoch) {
    epoch_order(0, epoch, order);
    for (std::int64_t b = 0; b < batch_count(images, batch_size); ++b) {
      outcome.losses.push_back(stepper.step(split, {batch_of(order, b, batch_size)}).loss);
    }
  }
  outcome.weights = weights_sha256(*model);
  return outcome;
}

bool same_bits(std::span<const float> a, std::span<const float> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

class Threads : public testing::TestWithParam<int> {};

TEST_P(Threads, DoNotChangeABitOfTrainingWithBatchesOf128And100) {
  for (const std::int64_t batch : {128, 100}) {
    static std::map<std::int64_t, Outcome> alone;
    if (!alone.contains(batch)) alone[batch] = train(270, batch, 1, 1);
    const Outcome together = train(270, batch, 1, GetParam());
    EXPECT_EQ(together.weights, alone[batch].weights) << "batch " << batch;
    EXPECT_EQ(together.losses, alone[batch].losses) << "batch " << batch;
  }
}

TEST_P(Threads, DoNotChangeABitForAnyNumberOfLanes) {
  for (const std::int64_t lanes : {1, 2, 4, 16}) {
    static std::map<std::int64_t, Outcome> alone;
    if (!alone.contains(lanes)) alone[lanes] = train(150, 100, 1, 1, lanes);
    EXPECT_EQ(train(150, 100, 1, GetParam(), lanes), alone[lanes]) << lanes << " lanes";
  }
}

TEST_P(Threads, DoNotChangeABitOfCodesImagesAndScores) {
  const RowSource split = make_strokes(203, 3);
  const auto model = make_model("AE", strokes_shape(), {32}, 1);
  ThreadPool one(1), many(GetParam());
  const Tensor latents = encode(*model, split, one);
  EXPECT_TRUE(same_bits(encode(*model, split, many).span(), latents.span()));
  EXPECT_TRUE(same_bits(decode(*model, latents, many).span(), decode(*model, latents, one).span()));
  const auto a = model->evaluate(split, one).scores, b = model->evaluate(split, many).scores;
  EXPECT_EQ(a.mse, b.mse);
  EXPECT_EQ(a.psnr, b.psnr);
  EXPECT_EQ(a.ssim, b.ssim);
}

TEST_P(Threads, DoNotChangeABitOfPrincipalComponents) {
  const RowSource split = make_strokes(300, 3);
  Tensor images({split.count(), strokes_shape().pixels()});
  split.fill_rows(0, split.count(), images);
  ThreadPool one(1), many(GetParam());
  const Pca a = fit_pca(images, 8, one), b = fit_pca(images, 8, many);
  EXPECT_TRUE(same_bits(a.mean.span(), b.mean.span()));
  EXPECT_TRUE(same_bits(a.components.span(), b.components.span()));
  EXPECT_EQ(a.explained_variance, b.explained_variance);
  EXPECT_TRUE(same_bits(a.transform(images, one).span(), a.transform(images, many).span()));
}

INSTANTIATE_TEST_SUITE_P(, Threads, testing::Values(2, 3, 8, 17),
                         testing::PrintToStringParamName());

TEST(Determinism, SetsThatFuseTrainToTheSameBits) {
  const std::vector<KernelSet> sets = fused_sets_here();
  if (sets.size() < 2) GTEST_SKIP() << "this processor has fewer than two kernel sets that fuse";
  std::vector<Outcome> outcomes;
  for (const KernelSet set : sets) {
    const WithKernels chosen(set);
    outcomes.push_back(train(100, 64, 2, 2));
  }
  for (const Outcome& outcome : outcomes) EXPECT_EQ(outcome, outcomes[0]);
}

TEST(Determinism, AnotherNumberOfLanesIsAnotherRun) {
  EXPECT_NE(train(100, 64, 1, 2, 4).weights, train(100, 64, 1, 2).weights);
}

TEST(Determinism, PortableTrainsToTheSameBitsWithAndWithoutSse4) {
#if HWY_ARCH_X86
  const WithKernels before(KernelSet::portable);
  const Outcome quick = train(20, 16, 1, 2);
  hwy::SetSupportedTargetsForTest(HWY_STATIC_TARGET);
  const Kernels* with_sse4 = &kernels();
  select_kernels(KernelSet::portable);
  const bool another = &kernels() != with_sse4;
  const Outcome plain = train(20, 16, 1, 2);
  hwy::SetSupportedTargetsForTest(0);
  if (!another) GTEST_SKIP() << "this processor has no SSE4";
  EXPECT_EQ(quick, plain);
#else
  GTEST_SKIP() << "SSE4 is of x86 processors";
#endif
}

}  // namespace
}  // namespace hourglass
