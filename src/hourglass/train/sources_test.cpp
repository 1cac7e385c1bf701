// Training and evaluation read only rows from a source: the storage of rows and their labels change
// no bit.
#include <gmock/gmock.h>

#include "hourglass/data/split.h"
#include "hourglass/models/apply.h"
#include "hourglass/project/pca.h"
#include "hourglass/tensor/rows_test.h"
#include "hourglass/train/small_run_test.h"
#include "hourglass/train/trainer.h"

namespace hourglass {
namespace {

Tensor floats_of(const RowSource& rows) {
  Tensor x({rows.count(), rows.columns()});
  rows.fill_rows(0, rows.count(), x);
  return x;
}

struct Outcome {
  std::vector<std::string> weights;  // after each epoch
  std::vector<double> test_mse, validation_mse;
  std::vector<float> latents;
  std::vector<float> axes;  // of PCA
  bool operator==(const Outcome&) const = default;
};

/// Two epochs on 50 of the images, the other 10 held out.
Outcome outcome_of(Dataset data) {
  const RowSource validation = hold_out(data.train, 10, 3);
  const auto model = make_model("AE", data.shape, {5}, 1);
  ThreadPool pool(2);
  StopAfter observer;
  Trainer(*model, data, {.epochs = 2, .batch_size = 16, .seed = 4}, pool, validation).run(observer);
  Outcome out;
  for (const EpochResult& epoch : observer.results) {
    out.weights.push_back(epoch.weights_sha256);
    out.test_mse.push_back(epoch.test_mse);
    out.validation_mse.push_back(epoch.validation_mse.value());
  }
  const Tensor latents = encode(*model, data.test, pool);
  out.latents.assign(latents.span().begin(), latents.span().end());
  const Pca pca = fit_pca(data.train, 3, pool);
  out.axes.assign(pca.components.span().begin(), pca.components.span().end());
  return out;
}

TEST(Sources, FloatsOrBytesWithLabelsOrWithoutTrainAndEvaluateToTheSameBits) {
  const Dataset labelled = small_data();
  const Outcome expected = outcome_of(labelled);
  ASSERT_EQ(expected.weights.size(), 2u);

  Dataset floats = labelled;
  floats.train = float_rows(floats_of(labelled.train), labels_of(labelled.train));
  floats.test = float_rows(floats_of(labelled.test), labels_of(labelled.test));
  EXPECT_EQ(outcome_of(floats), expected) << "floats";

  const Tensor train = floats_of(labelled.train), test = floats_of(labelled.test);
  Dataset borrowed = labelled;
  borrowed.train = train;
  borrowed.test = test;
  EXPECT_EQ(outcome_of(borrowed), expected) << "borrowed floats without labels";

  Dataset bare = labelled;
  bare.class_names.clear();
  bare.train = byte_rows(bytes_of(labelled.train), 784);
  bare.test = byte_rows(bytes_of(labelled.test), 784);
  EXPECT_EQ(outcome_of(bare), expected) << "bytes without labels";
}

TEST(Sources, ARunOnFloatsWithoutLabelsIsSavedAndGoesOnWithTheSameBits) {
  TemporaryFolder whole, parts;
  SmallRun run;
  run.data.class_names.clear();
  run.data.train = floats_of(run.data.train);
  run.data.test = floats_of(run.data.test);
  run.data.sha256 = dataset_sha256(run.data);
  run.out = whole.path();
  EXPECT_TRUE(run.go(StartMode::fresh));
  const auto expected = read_file(run.paths().checkpoint);
  run.out = parts.path();
  EXPECT_FALSE(run.go(StartMode::fresh, 5));
  EXPECT_TRUE(run.go(StartMode::resume));
  EXPECT_EQ(read_file(run.paths().checkpoint), expected);
}

}  // namespace
}  // namespace hourglass
