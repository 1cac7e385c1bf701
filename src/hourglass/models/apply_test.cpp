#include "hourglass/models/apply.h"

#include <gmock/gmock.h>

#include <limits>

#include "hourglass/base/error.h"
#include "hourglass/models/registry.h"

namespace hourglass {
namespace {

using testing::ThrowsMessage;

class Apply : public testing::Test {
 protected:
  std::unique_ptr<Model> model_ = make_model("linear", {1, 8, 8}, {3}, 1);
  ThreadPool pool_{2};
};

TEST_F(Apply, LatentVectorsOfAnotherWidthAreNotDecoded) {
  for (const Shape& shape : {Shape{5, 2}, Shape{5, 4}, Shape{15}}) {
    const Tensor latents(shape);
    EXPECT_THAT([&] { decode(*model_, latents, pool_); },
                ThrowsMessage<Error>(fmt::format(
                    "[decode] `latents` is of shape {}: 3 columns are needed", shape.text())));
  }
}

TEST_F(Apply, ImagesOfAnotherSizeAreNotEncoded) {
  const Tensor images({2, 63});
  EXPECT_THAT(
      [&] { encode(*model_, images, pool_); },
      ThrowsMessage<Error>("[encode] `images` is of 63 columns: the model needs 64 for 1 x 8 x 8"));
  EXPECT_THROW(reconstruct(*model_, images, pool_, [](const ReconstructedBlock&) {}), Error);
}

TEST_F(Apply, ValuesThatAreNotFiniteAreRefused) {
  Tensor latents({2, 3}), images({2, 64});
  latents[4] = std::numeric_limits<float>::quiet_NaN();
  images[64] = std::numeric_limits<float>::infinity();
  EXPECT_THAT([&] { decode(*model_, latents, pool_); },
              ThrowsMessage<Error>("[decode] `latents` is nan at index 4: every value must be a "
                                   "finite number"));
  EXPECT_THROW(encode(*model_, images, pool_), Error);
}

TEST_F(Apply, FiniteWeightsThatAreTooLargeAreNamedInsteadOfGivingNan) {
  std::ranges::fill(model_->parameters(), 3e38f);
  model_->prepare();
  Tensor images({5, 64});
  std::ranges::fill(images.row(3), 1.0f);
  EXPECT_THAT(
      [&] { encode(*model_, images, pool_); },
      ThrowsMessage<Error>("[encode] the latent vector of row 3 holds an infinity: the weights of "
                           "this linear with latent dimension 3 are too large; take an "
                           "earlier checkpoint, or train with a smaller `learning_rate`"));
}

TEST_F(Apply, ACoderForNoRowsStillCodesSome) {
  Coder coder(*model_, pool_, 0);
  EXPECT_EQ(coder.decode(Tensor({9, 3})).size(0), 9);
  EXPECT_THROW(Coder(*model_, pool_, -1), Error);
  Tensor few({8, 64});
  EXPECT_THROW(coder.decode_into(few, Tensor({9, 3})), Error);
}

TEST_F(Apply, AChunkIsCheckedForRowsColumnsAndOutputs) {
  const auto workspace = model_->make_workspace();
  Tensor rows({kChunk, 64}), latents({kChunk, 3}), wide({kChunk, 4}), many({kChunk + 1, 3}),
      many_rows({kChunk + 1, 64});
  model_->decode(*workspace, rows, latents, {});
  EXPECT_THROW(model_->decode(*workspace, rows, wide, {}), Error);
  EXPECT_THROW(model_->decode(*workspace, many_rows, many, {}), Error);
  EXPECT_THROW(model_->decode(*workspace, latents, latents, {}), Error);
  EXPECT_THROW(model_->encode(*workspace, wide, {rows}), Error);
  EXPECT_THROW(model_->loss(*workspace, {latents}), Error);
}

TEST(MakeModel, OptionsThatAConfigurationLacksAreTheUsualOnes) {
  const auto model = make_model(ModelConfig{"linear", {1, 8, 8}, 3, {}, 0}, 1);
  EXPECT_EQ(model->config().option<std::string>(kCorruptionOption), "none");
}

}  // namespace
}  // namespace hourglass
