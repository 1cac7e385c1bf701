// Runs that end before their last epoch.
#include "hourglass/train/run.h"

#include <algorithm>

#include "hourglass/base/message_test.h"
#include "hourglass/train/small_run_test.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A run whose error on these held-out images grows early: they are of another kind than those it
/// is trained on.
SmallRun impatient(const fs::path& out) {
  SmallRun run;
  run.out = out;
  run.options.epochs = 40;
  run.options.learning_rate = 0.02;
  run.options.patience = 2;
  run.validation = make_strokes(4, 9);
  return run;
}

TEST(Patience, EndsARunAfterPatienceEpochsWithoutASmallerValidationError) {
  const TemporaryFolder folder;
  const SmallRun run = impatient(folder.path());
  EXPECT_TRUE(run.go(StartMode::fresh));
  const std::vector<EpochResult> log = read_metrics(run.paths().metrics);
  ASSERT_LT(log.size(), 40u) << "the run reached its end";
  const auto best =
      std::ranges::min_element(log, {}, [](const EpochResult& r) { return *r.validation_mse; });
  EXPECT_EQ(log.back().epoch - best->epoch, 2);
  EXPECT_EQ(load_checkpoint(run.paths().best).facts.epochs, best->epoch);
  EXPECT_TRUE(run.claim(StartMode::fresh).already);
}

TEST(Patience, OfARunStoppedAtEveryEpochEndsInTheSameBytes) {
  const TemporaryFolder folder;
  const SmallRun whole = impatient(folder / "whole"), broken = impatient(folder / "broken");
  EXPECT_TRUE(whole.go(StartMode::fresh));
  EXPECT_FALSE(broken.go(StartMode::fresh, 3));
  int goes = 1;
  while (!broken.go(StartMode::resume, 3)) ASSERT_LT(++goes, 100);
  expect_same_files(whole.paths(), broken.paths());
}

TEST(Patience, NeedsImagesHeldOutAndARateThatDoesNotFall) {
  const TemporaryFolder folder;
  SmallRun run = impatient(folder.path());
  run.validation = {};
  EXPECT_THAT(message_of([&] { run.go(StartMode::fresh); }),
              HasSubstr("`patience` is 2: it needs images held out"));
  run = impatient(folder.path());
  run.options.schedule.decays = true;
  EXPECT_THAT(message_of([&] { run.go(StartMode::fresh); }),
              HasSubstr("`patience` is 2: the learning rate"));
}

}  // namespace
}  // namespace hourglass
