#include "hourglass/train/options.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/base/impl/suggest.h"

namespace hourglass {

void check_options(const TrainOptions& o) {
  require(o.epochs >= 1, "train", "epochs", o.epochs, "must be at least 1");
  require(o.epochs <= 1'000'000'000, "train", "epochs", o.epochs, "must be at most 1000000000");
  check_batch(o.batch_size, o.lanes);
  require(o.learning_rate > 0.0 && std::isfinite(o.learning_rate), "train", "learning_rate",
          o.learning_rate, "must be above 0");
  require(o.schedule.warmup >= 0.0 && o.schedule.warmup <= 1.0, "train", "warmup",
          o.schedule.warmup, "must be from 0 to 1");
  require(o.beta2 >= 0.0 && o.beta2 < 1.0, "train", "beta2", o.beta2,
          "must be at least 0 and below 1");
  require(o.weight_decay >= 0.0 && o.weight_decay <= 1.0, "train", "weight_decay", o.weight_decay,
          "must be from 0 to 1");
  require(o.patience >= 0, "train", "patience", o.patience, "must be at least 0");
  check_augmentation(o.augmentation);
}

void check_patience(const TrainOptions& o, std::int64_t validation) {
  if (o.patience == 0) return;
  require(!o.schedule.needs_total(), "train", "patience", o.patience,
          "the learning rate of this `recipe` follows the number of epochs, so the run has to "
          "reach its end: leave `patience` out");
  require(validation > 0, "train", "patience", o.patience,
          "it needs images held out: give `validation` a number");
}

void check_batch(std::int64_t batch_size, std::int64_t lanes) {
  require(batch_size >= 1, "train", "batch_size", batch_size, "must be at least 1");
  require(batch_size <= 65536, "train", "batch_size", batch_size, "must be at most 65536");
  require(
      lanes >= 1 && lanes <= kMostLanes && std::has_single_bit(static_cast<std::uint64_t>(lanes)),
      "train", "lanes", lanes, "must be 1, 2, 4, 8 or 16");
}

std::span<const Recipe> recipes() {
  static const std::array kRecipes{
      Recipe{"a constant learning rate; a run can always be extended", TrainOptions{}},
      Recipe{"a learning rate that rises, then falls to 0: a good model in few epochs",
             {.recipe = "fast",
              .epochs = 5,
              .batch_size = 64,
              .learning_rate = 1e-2,
              .schedule = {.warmup = 0.05, .decays = true},
              .beta2 = 0.95}},
      Recipe{"2,400 steps of small batches, for a few hundred to a few thousand images",
             {.recipe = "small",
              .epochs = 0,
              .batch_size = 32,
              .learning_rate = 8e-3,
              .schedule = {.warmup = 0.3, .decays = true},
              .beta2 = 0.99,
              .weight_decay = 0.05},
             2400},
  };
  return kRecipes;
}

const Recipe& find_recipe(std::string_view name) {
  std::vector<std::string> names;
  for (const Recipe& recipe : recipes()) {
    if (recipe.options.recipe == name) return recipe;
    names.push_back(recipe.options.recipe);
  }
  const std::string near = suggestion(name, names);
  fail("train", "no recipe is called '{}'{} {}", name,
       near.empty() ? ": there are" : near + " There are", fmt::join(names, ", "));
}

std::int64_t recipe_epochs(const Recipe& recipe, std::int64_t images, std::int64_t batch_size) {
  require(images >= 0, "train", "images", images, "must be at least 0");
  check_batch(batch_size, kUsualLanes);
  if (recipe.steps == 0) return recipe.options.epochs;
  const std::int64_t steps = std::max<std::int64_t>((images + batch_size - 1) / batch_size, 1);
  return std::max<std::int64_t>((recipe.steps + steps / 2) / steps, 1);
}

std::string recipe_text(const TrainOptions& o) {
  std::string text =
      fmt::format("{}: batch {}, learning rate {}", o.recipe, o.batch_size, o.learning_rate);
  if (o.schedule.warmup > 0.0) {
    text += fmt::format(" after a rise over {} % of the steps", 100.0 * o.schedule.warmup);
  }
  if (o.schedule.decays) text += fmt::format(", falling to 0 over {} epochs", o.epochs);
  if (o.beta2 != TrainOptions{}.beta2) text += fmt::format(", beta2 {}", o.beta2);
  if (o.weight_decay != 0.0) text += fmt::format(", weight decay {}", o.weight_decay);
  if (o.augmentation != Augmentation{}) {
    text += fmt::format(", augmented by {}", augmentation_text(o.augmentation));
  }
  if (o.lanes != kUsualLanes) text += fmt::format(", {} lane{}", o.lanes, o.lanes == 1 ? "" : "s");
  return text;
}

std::string recipe_record(const TrainOptions& options) {
  const std::string text = recipe_text(options);
  return text == recipe_text({}) ? "" : text;
}

}  // namespace hourglass
