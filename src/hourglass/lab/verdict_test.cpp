#include "hourglass/lab/verdict.h"

#include <gmock/gmock.h>

#include <cmath>

#include "hourglass/base/message_test.h"

namespace hourglass {
namespace {

/// A run with these errors of training and test images by epoch.
RunNumbers run_of(const std::vector<std::pair<double, double>>& errors,
                  std::optional<double> pca = 0.013) {
  RunNumbers run{"AE", {}, pca, {}};
  for (const auto& [train, test] : errors) {
    EpochResult r;
    r.epoch = std::ssize(run.log) + 1;
    r.train_loss = train;
    r.test_mse = test;
    run.log.push_back(r);
  }
  return run;
}

TEST(Verdict, AModelBetterThanPcaIsFine) {
  const Verdict v = judge(run_of({{0.0101, 0.0101}, {0.01, 0.01}}));
  EXPECT_EQ(v.finding, Finding::fine);
  EXPECT_FALSE(v.bad());
  EXPECT_EQ(v.sentence, "AE .0100 is better than PCA .0130");
  EXPECT_EQ(v.option, "");
}

TEST(Verdict, AModelWhoseErrorStillFallsGainsByMoreEpochs) {
  const Verdict v = judge(run_of({{0.02, 0.02}, {0.01, 0.01}}));
  EXPECT_EQ(v.finding, Finding::still_falling);
  EXPECT_FALSE(v.bad());
  EXPECT_EQ(
      v.sentence,
      "AE .0100 is better than PCA .0130; its error still falls: more `epochs` make it better");
  EXPECT_EQ(v.option + " " + v.value, "epochs 4");
}

TEST(Verdict, AModelThatHasMemorisedIsToldByItsTrainingError) {
  const Verdict v = judge(run_of({{0.004, 0.0155}, {0.00308, 0.0154}}));
  EXPECT_EQ(v.finding, Finding::worse_than_pca);
  EXPECT_EQ(v.sentence,
            "AE .0154 is worse than PCA .0130; train error is 5.0 times lower: it has memorised; "
            "try `augment` or fewer channels");
  EXPECT_EQ(v.option + " " + v.value, "augment shift:2");

  const Verdict better = judge(run_of({{0.002, 0.01}, {0.002, 0.01}}));
  EXPECT_EQ(better.finding, Finding::memorised);
  EXPECT_TRUE(better.bad());
  EXPECT_THAT(better.sentence,
              testing::StartsWith("AE .0100 is better than PCA .0130, but its train error is 5.0"));

  RunNumbers augmented = run_of({{0.002, 0.01}, {0.002, 0.01}});
  augmented.options.augmentation.shift = 2;
  EXPECT_EQ(judge(augmented).option, "");
  EXPECT_THAT(judge(augmented).sentence, testing::EndsWith("try more images or fewer channels"));
}

TEST(Verdict, ALossOfSeveralPartsIsNotComparedWithAnError) {
  RunNumbers run = run_of({{0.002, 0.01}, {0.002, 0.01}});
  run.log.back().loss_parts = {{"reconstruction", 1.0}, {"kl", 1.0}};
  EXPECT_EQ(judge(run).finding, Finding::fine);
}

TEST(Verdict, AModelWorseThanPcaIsTrainedLongerOrDifferently) {
  EXPECT_EQ(judge(run_of({{0.05, 0.05}})).option + " " + judge(run_of({{0.05, 0.05}})).value,
            "epochs 2");
  const Verdict falls = judge(run_of({{0.05, 0.05}, {0.03, 0.03}}));
  EXPECT_EQ(falls.finding, Finding::worse_than_pca);
  EXPECT_EQ(falls.sentence,
            "AE .0300 is worse than PCA .0130; its error still falls: train it longer, `epochs` 4");
  const Verdict stuck = judge(run_of({{0.03, 0.03}, {0.03, 0.03}}));
  EXPECT_EQ(stuck.option + " " + stuck.value, "recipe fast");
  RunNumbers annealed = run_of({{0.05, 0.05}, {0.03, 0.03}});
  annealed.options = find_recipe("fast").options;
  EXPECT_EQ(judge(annealed).option + " " + judge(annealed).value, "epochs 4");
}

TEST(Verdict, AnErrorThatRoseOrIsNoNumberDiverged) {
  const Verdict rose = judge(run_of({{0.02, 0.02}, {0.01, 0.01}, {0.09, 0.08}}));
  EXPECT_EQ(rose.finding, Finding::diverged);
  EXPECT_EQ(rose.sentence,
            "AE rose from .0100 in epoch 2 to .0800: it diverged; try a smaller `learning_rate` "
            "than 0.001");
  EXPECT_EQ(rose.option + " " + rose.value, "learning_rate 0.0001");
  const Verdict none = judge(run_of({{std::nan(""), std::nan("")}}));
  EXPECT_EQ(none.finding, Finding::diverged);
  EXPECT_THAT(none.sentence, testing::StartsWith("AE has an error that is not a number"));
}

TEST(Verdict, WithoutPcaTheErrorStandsAlone) {
  EXPECT_EQ(judge(run_of({{0.01, 0.01}, {0.01, 0.01}}, std::nullopt)).sentence, "AE .0100");
}

TEST(Verdict, OfNoEpochIsRefused) {
  EXPECT_EQ(message_of([] { judge(run_of({})); }),
            "[verdict] the run has no epoch: train it first");
}

TEST(Verdict, ErrorsAreWrittenInThreeDigits) {
  EXPECT_EQ(short_error(0.00382), ".00382");
  EXPECT_EQ(short_error(0.0154), ".0154");
  EXPECT_EQ(short_error(1.25), "1.25");
  EXPECT_EQ(short_error(124.6), "125");
  EXPECT_EQ(short_error(0.000031), "3.1e-05");
  EXPECT_EQ(short_error(0.0), ".00");
}

}  // namespace
}  // namespace hourglass
