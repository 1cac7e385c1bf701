#include "hourglass/train/options.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "hourglass/base/message_test.h"
#include "hourglass/base/temporary_folder_test.h"

namespace hourglass {
namespace {

TEST(TrainOptions, OutOfRangeAreNamed) {
  const auto refusal = [](const TrainOptions& options) {
    return message_of([&] { check_options(options); });
  };
  EXPECT_EQ(refusal({.epochs = -1}), "[train] `epochs` is -1: must be at least 1");
  EXPECT_EQ(refusal({.epochs = std::int64_t{1} << 40}),
            "[train] `epochs` is 1099511627776: must be at most 1000000000");
  EXPECT_EQ(refusal({.augmentation = {.shift = 65}}),
            "[train] `shift` is 65: must be from 0 to 64");
  EXPECT_EQ(refusal({.batch_size = 0}), "[train] `batch_size` is 0: must be at least 1");
  EXPECT_EQ(refusal({.batch_size = 65537}), "[train] `batch_size` is 65537: must be at most 65536");
  EXPECT_EQ(refusal({.learning_rate = 0.0}), "[train] `learning_rate` is 0: must be above 0");
  EXPECT_EQ(refusal({.learning_rate = std::nan("")}),
            "[train] `learning_rate` is nan: must be above 0");
  EXPECT_EQ(refusal({.schedule = {.warmup = 1.5}}), "[train] `warmup` is 1.5: must be from 0 to 1");
  EXPECT_EQ(refusal({.beta2 = 1.0}), "[train] `beta2` is 1: must be at least 0 and below 1");
  for (const std::int64_t lanes : {0, 3, 12, 32}) {
    EXPECT_EQ(refusal({.lanes = lanes}),
              fmt::format("[train] `lanes` is {}: must be 1, 2, 4, 8 or 16", lanes));
  }
  for (const std::int64_t lanes : {1, 2, 4, 8, 16})
    EXPECT_NO_THROW(check_options({.lanes = lanes}));
}

TEST(Recipes, AreValidAndHaveNamesOfTheirOwnAndTheFirstIsTheDefault) {
  std::set<std::string> names;
  for (const Recipe& recipe : recipes()) {
    TrainOptions told = recipe.options;
    told.epochs = recipe_epochs(recipe, 981, told.batch_size);
    check_options(told);
    EXPECT_TRUE(names.insert(recipe.options.recipe).second) << recipe.options.recipe;
    EXPECT_EQ(recipe_text(find_recipe(recipe.options.recipe).options), recipe_text(recipe.options));
  }
  EXPECT_EQ(recipes()[0].options.recipe, TrainOptions{}.recipe);
}

TEST(Recipes, PlainIsTheReferenceAndKeepsItsRate) {
  const TrainOptions plain = find_recipe("plain").options;
  EXPECT_EQ(plain.batch_size, 128);
  EXPECT_EQ(plain.learning_rate, 1e-3);
  EXPECT_EQ(plain.beta2, 0.999);
  EXPECT_FALSE(plain.schedule.needs_total());
}

TEST(Recipes, ThatAreUnknownAreRefusedWithTheNearestName) {
  EXPECT_EQ(message_of([] { find_recipe("fsat"); }),
            "[train] no recipe is called 'fsat': did you mean fast? There are plain, fast, small");
  EXPECT_EQ(message_of([] { find_recipe("slow-and-steady"); }),
            "[train] no recipe is called 'slow-and-steady': there are plain, fast, small");
}

TEST(Recipes, OfSoManyStepsHaveTheEpochsThatComeNearestAndOneAtLeast) {
  const Recipe& small = find_recipe("small");
  EXPECT_EQ(recipe_epochs(small, 981, 32), 77) << "2,387 steps";
  EXPECT_EQ(recipe_epochs(small, 5, 32), 2400);
  EXPECT_EQ(recipe_epochs(small, 1'000'000, 32), 1);
  EXPECT_EQ(recipe_epochs(find_recipe("fast"), 981, 64), 5) << "by epochs";
}

TEST(Recipes, SayAllThatDecidesThemInOneLine) {
  EXPECT_EQ(recipe_text({.batch_size = 100}), "plain: batch 100, learning rate 0.001");
  EXPECT_EQ(recipe_text({.recipe = "brisk",
                         .epochs = 7,
                         .learning_rate = 0.25,
                         .schedule = {.warmup = 0.125, .decays = true},
                         .beta2 = 0.5}),
            "brisk: batch 128, learning rate 0.25 after a rise over 12.5 % of the steps, falling "
            "to 0 over 7 epochs, beta2 0.5");
  EXPECT_EQ(recipe_text({.lanes = 16}), "plain: batch 128, learning rate 0.001, 16 lanes");
}

TEST(Recipes, ArePutOnRecordWhereTheyAreNotPlain) {
  EXPECT_EQ(recipe_record({.epochs = 3, .seed = 9}), "");
  EXPECT_EQ(recipe_record({.batch_size = 64}), "plain: batch 64, learning rate 0.001");
  const TrainOptions fast = find_recipe("fast").options;
  EXPECT_EQ(recipe_record(fast), recipe_text(fast));
}

}  // namespace
}  // namespace hourglass
