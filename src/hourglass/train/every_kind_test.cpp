// Training of every kind of model, with noise and labels: threads change no bit, a resumed run
// gives the same bytes, and the run is verified.
#include <gmock/gmock.h>

#include "hourglass/base/message_test.h"
#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/models/contract_cases_test.h"
#include "hourglass/train/small_run_test.h"
#include "hourglass/train/stepper.h"
#include "hourglass/train/verify.h"

namespace hourglass {
namespace {

class TrainingOfEveryKind : public testing::TestWithParam<ContractCase> {};
INSTANTIATE_TEST_SUITE_P(, TrainingOfEveryKind, testing::ValuesIn(contract_cases()), name_of_case);

TEST_P(TrainingOfEveryKind, HasTheSameBitsForAnyNumberOfThreads) {
  const Images some(random_rows(150, GetParam().shape.pixels()));
  const RowSource source = some.source();
  std::vector<std::int64_t> rows(150);
  for (std::int64_t i = 0; i < 150; ++i) rows[static_cast<std::size_t>(i)] = i * 7 % 150;
  const auto trained = [&](int threads) {
    const auto model = GetParam().make(6);
    ThreadPool pool(threads);
    Stepper stepper(*model, {.batch_size = 150, .adam = {.learning_rate = 5e-3}}, pool);
    std::pair<std::string, double> result;
    for (std::int64_t step = 0; step < 3; ++step) {
      const double progress = static_cast<double>(step) / 3;
      result.second += stepper.step(source, {rows, 4, 1 + step, progress}).loss;
    }
    result.first = weights_sha256(*model);
    return result;
  };
  const auto one = trained(1);
  EXPECT_EQ(trained(2), one);
  EXPECT_EQ(trained(5), one);
}

struct RunCase {
  std::string name, kind;
  OptionValues options;
};

void PrintTo(const RunCase& c, std::ostream* out) {
  *out << c.name;
}

class RunOfEveryKind : public testing::TestWithParam<RunCase> {
 protected:
  SmallRun run(const std::string& name) const {
    SmallRun run;
    run.kind = GetParam().kind;
    run.model_options = GetParam().options;
    run.out = folder_ / name;
    return run;
  }
  TemporaryFolder folder_;
};
using std::string_literals::operator""s;
INSTANTIATE_TEST_SUITE_P(
    , RunOfEveryKind,
    testing::Values(RunCase{"Deeper", "AE", {{"widths", std::vector<std::int64_t>{16, 32, 32}}}},
                    RunCase{
                        "ResidualMask", "AE", {{"residual", true}, {"corruption", "mask:0.5"s}}},
                    RunCase{"LinearGaussian", "linear", {{"corruption", "gaussian:0.3"s}}},
                    RunCase{"Toy", "toy", {{"noise", 0.3}, {"corruption", "salt_pepper:0.1"s}}}),
    [](const auto& test) { return test.param.name; });

TEST_P(RunOfEveryKind, GoesOnAfterAStopToTheBytesOfAnUndisturbedRun) {
  const SmallRun undisturbed = run("undisturbed"), stopped = run("stopped");
  ASSERT_TRUE(undisturbed.go(StartMode::fresh));
  ASSERT_FALSE(stopped.go(StartMode::fresh, 6)) << "in the second epoch";
  ASSERT_TRUE(stopped.go(StartMode::resume));
  EXPECT_EQ(read_file(stopped.paths().checkpoint), read_file(undisturbed.paths().checkpoint));
  const auto found = read_metrics(stopped.paths().metrics),
             expected = read_metrics(undisturbed.paths().metrics);
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].train_loss, expected[i].train_loss);
    EXPECT_EQ(found[i].weights_sha256, expected[i].weights_sha256);
    ASSERT_EQ(found[i].loss_parts.size(), expected[i].loss_parts.size());
    for (std::size_t k = 0; k < found[i].loss_parts.size(); ++k) {
      EXPECT_EQ(found[i].loss_parts[k].value, expected[i].loss_parts[k].value);
    }
  }
}

TEST_P(RunOfEveryKind, IsVerified) {
  SmallRun made = run("made");
  ASSERT_TRUE(made.go(StartMode::fresh));
  const Checkpoint checkpoint = load_checkpoint(made.paths().checkpoint);
  const auto log = read_metrics(made.paths().metrics);
  ASSERT_EQ(why_not_comparable(checkpoint.facts, made.data), std::nullopt);
  ThreadPool pool(1);
  StopAfter silent;
  const Verification same = verify_run(checkpoint, log, made.data, 3, pool, silent);
  EXPECT_EQ(same.epochs, 3);
  EXPECT_EQ(same.differs_from, std::nullopt);
  EXPECT_EQ(same.found, weights_sha256(*checkpoint.model));
}

TEST_P(RunOfEveryKind, IsNotGoneOnWithUnderOtherOptions) {
  const SmallRun stopped = run("stopped");
  ASSERT_FALSE(stopped.go(StartMode::fresh, 6));
  SmallRun other = stopped;
  other.model_options["corruption"] = "mask:0.25"s;
  EXPECT_THAT(message_of([&] { other.go(StartMode::resume); }), testing::HasSubstr("corruption"));
}

TEST(RunWithLabels, IsRefusedWhereTheDataHaveNone) {
  const TemporaryFolder folder;
  SmallRun run;
  run.kind = "toy";
  run.out = folder.path();
  Tensor images({60, run.data.shape.pixels()});
  run.data.train = float_rows(std::move(images));
  EXPECT_EQ(message_of([&] { run.go(StartMode::fresh); }),
            "[model] toy takes a label for each of 60 rows, and there are 0: use data with labels");
}

TEST(RunWithLossParts, RecordsTheMeanOfEachAndTheirWeightedSum) {
  const TemporaryFolder folder;
  SmallRun run;
  run.kind = "toy";
  run.out = folder.path();
  run.options.epochs = 1;
  ASSERT_TRUE(run.go(StartMode::fresh));
  const auto log = read_metrics(run.paths().metrics);
  ASSERT_EQ(log.size(), 1u);
  ASSERT_EQ(log[0].loss_parts.size(), 2u);
  EXPECT_EQ(log[0].loss_parts[0].name, "reconstruction");
  EXPECT_EQ(log[0].loss_parts[1].name, "spread");
  // The spread counts from 0 to less than 0.1 of itself.
  EXPECT_GT(log[0].train_loss, log[0].loss_parts[0].value);
  EXPECT_LT(log[0].train_loss, log[0].loss_parts[0].value + 0.1 * log[0].loss_parts[1].value);
}

}  // namespace
}  // namespace hourglass
