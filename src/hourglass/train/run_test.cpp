#include "hourglass/train/run.h"

#include <nlohmann/json.hpp>

#include "hourglass/base/message_test.h"
#include "hourglass/models/registry.h"
#include "hourglass/train/metrics_log.h"
#include "hourglass/train/run_record.h"
#include "hourglass/train/small_run_test.h"

namespace hourglass {
namespace {

using testing::AllOf;
using testing::HasSubstr;
namespace fs = std::filesystem;

TEST(Run, EqualRunsLeaveEqualBytesForAnyNumberOfThreads) {
  const TemporaryFolder folder;
  SmallRun first, second;
  first.out = folder / "first";
  second.out = folder / "second";
  second.threads = 3;
  EXPECT_TRUE(first.go(StartMode::fresh));
  EXPECT_TRUE(second.go(StartMode::fresh));
  expect_same_files(first.paths(), second.paths());
  EXPECT_EQ(read_metrics(first.paths().metrics).size(), 3u);
}

/// 60 images in batches of 16: 4 steps per epoch.
class StoppedRun : public testing::TestWithParam<int> {};

TEST_P(StoppedRun, EndsInTheSameBytesAsAnUndisturbedOne) {
  const TemporaryFolder folder;
  SmallRun whole, broken;
  for (SmallRun* run : {&whole, &broken}) {
    run->validation = make_strokes(10, 9);
    run->out = folder / (run == &whole ? "whole" : "broken");
  }
  EXPECT_TRUE(whole.go(StartMode::fresh));
  EXPECT_FALSE(broken.go(StartMode::fresh, GetParam()));
  const RunState state = peek_run_state(broken.paths().state);
  EXPECT_FALSE(state.finished());
  EXPECT_EQ(state.position.epochs_done * 4 + state.position.step, GetParam());
  // A stop after the last step of an epoch comes before its evaluation and its line in the log.
  EXPECT_EQ(hashes(broken.paths().metrics).size(), static_cast<std::size_t>((GetParam() - 1) / 4));
  EXPECT_TRUE(broken.go(StartMode::resume));
  expect_same_files(whole.paths(), broken.paths());
}

INSTANTIATE_TEST_SUITE_P(AfterStep, StoppedRun, testing::Values(1, 3, 4, 7, 8, 11),
                         testing::PrintToStringParamName());

TEST(Run, StoppedAtEveryStepEndsInTheSameBytesToo) {
  const TemporaryFolder folder;
  SmallRun whole, broken;
  whole.options.epochs = broken.options.epochs = 2;
  whole.out = folder / "whole";
  broken.out = folder / "broken";
  EXPECT_TRUE(whole.go(StartMode::fresh));
  EXPECT_FALSE(broken.go(StartMode::fresh, 1));
  int goes = 1;
  while (!broken.go(StartMode::resume, 1)) ASSERT_LT(++goes, 10);
  expect_same_files(whole.paths(), broken.paths());
}

/// A schedule of 8 steps in 2 epochs: 4 rise and 4 fall.
TrainOptions scheduled() {
  return {.recipe = "brisk",
          .epochs = 2,
          .batch_size = 16,
          .learning_rate = 4e-3,
          .schedule = {.warmup = 0.5, .decays = true},
          .beta2 = 0.9,
          .seed = 4};
}

TEST(Run, OfARecipeStoppedAtEveryStepEndsInTheSameBytesForAnyNumberOfThreads) {
  const TemporaryFolder folder;
  SmallRun whole, broken;
  whole.options = broken.options = scheduled();
  whole.threads = 1;
  broken.threads = 3;
  whole.out = folder / "whole";
  broken.out = folder / "broken";
  EXPECT_TRUE(whole.go(StartMode::fresh));
  EXPECT_FALSE(broken.go(StartMode::fresh, 1));
  int goes = 1;
  while (!broken.go(StartMode::resume, 1)) ASSERT_LT(++goes, 10);
  expect_same_files(whole.paths(), broken.paths());
}

TEST(Run, EveryPartOfARecipeIsUsed) {
  const TemporaryFolder folder;
  const auto weights = [&](const auto& change) {
    SmallRun run;
    run.kind = "linear";  // any: it is faster than AE
    run.options = scheduled();
    change(run.options);
    run.out = folder.path();
    EXPECT_TRUE(run.go(StartMode::overwrite));
    return hashes(run.paths().metrics).back();
  };
  const std::string as_is = weights([](TrainOptions&) {});
  EXPECT_EQ(weights([](TrainOptions& o) { o.recipe = "name"; }), as_is);
  EXPECT_NE(weights([](TrainOptions& o) { o.schedule.warmup = 0.25; }), as_is);
  EXPECT_NE(weights([](TrainOptions& o) { o.schedule.decays = false; }), as_is);
  EXPECT_NE(weights([](TrainOptions& o) { o.beta2 = 0.95; }), as_is);
}

TEST(Run, LeavesOnRecordWhatRan) {
  const TemporaryFolder folder;
  SmallRun run;
  run.out = folder.path();
  run.options = scheduled();
  EXPECT_TRUE(run.go(StartMode::fresh));
  EXPECT_EQ(load_checkpoint(run.paths().checkpoint).facts.recipe, recipe_text(run.options));
  const std::vector<EpochResult> log = read_metrics(run.paths().metrics);
  ASSERT_EQ(log.size(), 2u);
  EXPECT_EQ(log[0].learning_rate, 4e-3);          // after the last step of the rise
  EXPECT_EQ(log[1].learning_rate, 4e-3 * 1 / 4);  // and of the fall
}

TEST(Run, RecordsOfBeforeThereWasAChoiceOfLanesHaveEight) {
  auto json = to_json(RunRecord{{.lanes = 2}, 0});
  EXPECT_EQ(run_record(json).options.lanes, 2);
  json.erase("lanes");
  EXPECT_EQ(run_record(json).options.lanes, 8);
}

TEST(Run, OfARecipeThatFallsCannotHaveOtherEpochsOrAnotherRecipe) {
  const TemporaryFolder folder;
  SmallRun run;
  run.out = folder.path();
  run.options = scheduled();
  EXPECT_FALSE(run.go(StartMode::fresh, 3));
  const auto refusal = [&](const auto& change) {
    SmallRun other = run;
    change(other.options);
    return message_of([&] { other.go(StartMode::resume); });
  };
  EXPECT_THAT(refusal([](TrainOptions& o) { o.epochs = 3; }),
              HasSubstr(" was started with `epochs` 2, not 3: "));
  EXPECT_THAT(refusal([](TrainOptions& o) { o.recipe = "plain"; }),
              HasSubstr(" was started with `recipe` brisk, not plain: "));
  EXPECT_THAT(refusal([](TrainOptions& o) { o.beta2 = 0.5; }),
              AllOf(HasSubstr("another version's recipe brisk: "), HasSubstr("beta2 0.9,"),
                    HasSubstr("beta2 0.5:"), HasSubstr("`overwrite`")));
}

TEST(Run, MoreEpochsAfterTheEndAreTheSameAsMoreFromTheStart) {
  const TemporaryFolder folder;
  SmallRun whole, longer;
  whole.out = folder / "whole";
  longer.out = folder / "longer";
  EXPECT_TRUE(whole.go(StartMode::fresh));
  longer.options.epochs = 1;
  EXPECT_TRUE(longer.go(StartMode::fresh));
  longer.options.epochs = 3;
  EXPECT_TRUE(longer.go(StartMode::resume));
  expect_same_files(whole.paths(), longer.paths());
}

TEST(Run, RefusesToResumeWhatWouldBecomeAnotherRunAndNamesTheFlag) {
  const TemporaryFolder folder;
  SmallRun run;
  run.out = folder.path();
  EXPECT_FALSE(run.go(StartMode::fresh, 6));
  const auto before = read_file(run.paths().state);
  const std::string path = run.paths().state.string();
  const auto refusal = [&](const auto& change) {
    SmallRun other = run;
    change(other);
    return message_of([&] { other.go(StartMode::resume); });
  };
  const auto text = [&](const char* flag, const char* theirs, const char* ours) {
    return fmt::format(
        "[resume] {} was started with {} {}, not {}: give the same, or `overwrite` to start again",
        path, flag, theirs, ours);
  };
  EXPECT_EQ(refusal([](SmallRun& r) { r.options.seed = 5; }), text("`seed`", "4", "5"));
  EXPECT_EQ(refusal([](SmallRun& r) { r.options.batch_size = 17; }),
            text("`batch_size`", "16", "17"));
  EXPECT_EQ(refusal([](SmallRun& r) { r.options.learning_rate = 0.002; }),
            text("`learning_rate`", "0.001", "0.002"));
  EXPECT_EQ(refusal([](SmallRun& r) { r.options.lanes = 4; }), text("`lanes`", "8", "4"));
  EXPECT_EQ(refusal([](SmallRun& r) { r.validation = make_strokes(3, 0); }),
            text("`validation`", "0", "3"));
  EXPECT_EQ(refusal([](SmallRun& r) { r.data = small_data(7); }),
            "[resume] " + path +
                " was started on other data than `dataset` and `data_dir` give now: give the "
                "same, or `overwrite` to start again");
  EXPECT_EQ(read_file(run.paths().state), before);
}

TEST(Run, CannotResumeWhereNothingIs) {
  const TemporaryFolder folder;
  SmallRun run;
  run.out = folder.path();
  EXPECT_EQ(
      message_of([&] { run.go(StartMode::resume); }),
      "[resume] there is no " + run.paths().state.string() + ": leave `resume` out to start a run");
}

TEST(Run, AsksBeforeItReplacesAnUnfinishedOne) {
  const TemporaryFolder folder;
  SmallRun run;
  run.out = folder.path();
  EXPECT_FALSE(run.go(StartMode::fresh, 6));
  EXPECT_EQ(message_of([&] { run.go(StartMode::fresh); }),
            "[train] strokes_5 is unfinished: `resume` continues it, `overwrite` replaces it, and "
            "another `name` keeps both runs");
  run.options.seed = 8;
  EXPECT_TRUE(run.go(StartMode::overwrite));
  EXPECT_EQ(load_checkpoint(run.paths().checkpoint).facts.seed, 8u);
  EXPECT_EQ(read_metrics(run.paths().metrics).size(), 3u);
}

TEST(Run, OverAFinishedOneTouchesNoFileOfIt) {
  const TemporaryFolder folder;
  SmallRun run;
  run.out = folder.path();
  run.options.epochs = 1;
  EXPECT_TRUE(run.go(StartMode::fresh));
  const auto files_of_first = [&] {
    std::vector<std::vector<std::uint8_t>> all;
    for (const fs::path& file : files_of(run.paths())) {
      all.push_back(fs::exists(file) ? read_file(file) : std::vector<std::uint8_t>());
    }
    return all;
  };
  const auto before = files_of_first();
  run.options.seed = 8;
  EXPECT_TRUE(run.go(StartMode::fresh));
  EXPECT_EQ(files_of_first(), before);
  EXPECT_EQ(load_checkpoint(numbered(run.paths(), 2).checkpoint).facts.seed, 8u);
}

TEST(Run, ThatReplacesAnotherLeavesItUntilItsFirstEpochIsSaved) {
  const TemporaryFolder folder;
  SmallRun run;
  run.out = folder.path();
  run.options.epochs = 1;
  EXPECT_TRUE(run.go(StartMode::fresh));
  const auto old = read_file(run.paths().checkpoint), state = read_file(run.paths().state),
             record = read_file(run.paths().record);
  run.options.seed = 8;
  EXPECT_FALSE(run.go(StartMode::overwrite, 2)) << "stopped in its first epoch";
  EXPECT_EQ(read_file(run.paths().checkpoint), old);
  EXPECT_EQ(read_file(run.paths().state), state);
  EXPECT_EQ(read_file(run.paths().record), record);
  EXPECT_TRUE(run.go(StartMode::overwrite));
  EXPECT_EQ(load_checkpoint(run.paths().checkpoint).facts.seed, 8u);
  EXPECT_EQ(read_metrics(run.paths().metrics).size(), 1u);
  EXPECT_FALSE(fs::exists(numbered(run.paths(), 2).checkpoint));
}

TEST(Run, LeavesARecordOfWhatTheCheckpointLeavesOut) {
  const TemporaryFolder folder;
  SmallRun run;
  run.out = folder.path();
  EXPECT_FALSE(run.go(StartMode::fresh, 6));
  const auto begun = read_record_file(run.paths().record);
  ASSERT_TRUE(begun);
  EXPECT_EQ(begun->finished, "");
  EXPECT_EQ(begun->run, "strokes_5");
  EXPECT_EQ(begun->kind, "AE");
  EXPECT_EQ(begun->settings.options.epochs, 3);
  EXPECT_EQ(begun->settings.options.seed, 4u);
  EXPECT_EQ(begun->dataset_sha256, run.data.sha256);
  EXPECT_TRUE(run.go(StartMode::resume));
  const auto done = read_record_file(run.paths().record);
  EXPECT_EQ(done->started, begun->started);
  EXPECT_GT(done->finished, done->started);
  EXPECT_EQ(done->epochs, 3);
  EXPECT_EQ(done->test_mse, read_metrics(run.paths().metrics).back().test_mse);
}

TEST(Run, ThatNothingCanExtendDropsItsState) {
  const TemporaryFolder folder;
  SmallRun run;
  run.out = folder.path();
  run.options = scheduled();
  EXPECT_TRUE(run.go(StartMode::fresh));
  EXPECT_FALSE(fs::exists(run.paths().state));
  EXPECT_TRUE(run.claim(StartMode::resume).already);
  run.options.epochs = 3;
  EXPECT_EQ(message_of([&] { run.claim(StartMode::resume); }),
            "[resume] strokes_5 has epochs 2, this run epochs 3: it is finished, and nothing can "
            "be added "
            "to it; leave `resume` out");
}

TEST(Run, ALossThatIsNoNumberStopsItWithEpochAndStepAndTheLastCheckpointStays) {
  const TemporaryFolder folder;
  SmallRun run;
  run.out = folder.path();
  run.options.epochs = 1;
  EXPECT_TRUE(run.go(StartMode::fresh));
  const auto checkpoint = read_file(run.paths().checkpoint);
  run.options.learning_rate = 1e30;
  EXPECT_THAT(message_of([&] { run.go(StartMode::fresh); }),
              testing::MatchesRegex(
                  "\\[train\\] the loss is no longer a number at epoch 1, step [2-4]: the last "
                  "checkpoint is kept; try a smaller `learning_rate` than 1e\\+30"));
  EXPECT_EQ(read_file(run.paths().checkpoint), checkpoint);
}

TEST(Run, KeepsTheBestByValidation) {
  const TemporaryFolder folder;
  SmallRun run;
  run.out = folder.path();
  run.validation = make_strokes(10, 9);
  StopAfter observer;
  EXPECT_TRUE(run.go(StartMode::fresh, observer));
  std::int64_t best = 0;
  double smallest = 1e9;
  for (const EpochResult& r : observer.results) {
    ASSERT_TRUE(r.validation_mse.has_value());
    if (*r.validation_mse < smallest) {
      smallest = *r.validation_mse;
      best = r.epoch;
    }
  }
  EXPECT_EQ(load_checkpoint(run.paths().best).facts.epochs, best);
}

TEST(Run, PathsCarryDatasetLatentSizeAndName) {
  const RunPaths plain = run_paths("out", "AE", "mnist", 32, "");
  EXPECT_EQ(plain.checkpoint, "out/models/AE/mnist_32.safetensors");
  EXPECT_EQ(plain.state, "out/models/AE/mnist_32.resume.safetensors");
  EXPECT_EQ(plain.metrics, "out/models/AE/mnist_32.metrics.jsonl");
  EXPECT_EQ(plain.figures, "out/visu/mnist_autoencoder");
  EXPECT_EQ(plain.record, "out/models/AE/mnist_32.run.json");
  EXPECT_EQ(plain.images, "out/models/AE/mnist_32.images.tsv");
  const RunPaths named = run_paths("out", "AE", "mnist", 32, "b-x2");
  EXPECT_EQ(named.best, "out/models/AE/mnist_32_b-x2.best.safetensors");
  EXPECT_EQ(named.figures, "out/visu/mnist_autoencoder");
  EXPECT_EQ(numbered(plain, 2).run, "mnist_32-2");
  EXPECT_EQ(numbered(plain, 2).lock, "out/models/AE/mnist_32-2.lock");
  EXPECT_EQ(run_of(named.best).checkpoint, named.checkpoint);
  EXPECT_EQ(message_of([] { run_paths("out", "AE", "mnist", 32, "b-2"); }),
            "[train] name is 'b-2': a number at the end is given by hourglass; use another");
  EXPECT_EQ(message_of([] { run_paths("out", "AE", "mnist", 32, "a/b"); }),
            "[train] name is 'a/b': use letters, digits, '-', '_' and '.' only");
}

}  // namespace
}  // namespace hourglass
