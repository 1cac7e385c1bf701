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

void check_options(const TrainOptions& options) {
  if (options.epochs < 1) fail("train", "epochs is {}: must be at least 1", options.epochs);
  if (options.batch_size < 1) {
    fail("train", "batch_size is {}: must be at least 1", options.batch_size);
  }
  if (options.batch_size > 65536) {
    fail("train", "batch_size is {}: must be at most 65536", options.batch_size);
  }
  if (!(options.learning_rate > 0.0 && std::isfinite(options.learning_rate))) {
    fail("train", "learning_rate is {}: must be above 0", options.learning_rate);
  }
  if (!(options.schedule.warmup >= 0.0 && options.schedule.warmup <= 1.0)) {
    fail("train", "warmup is {}: must be from 0 to 1", options.schedule.warmup);
  }
  if (!(options.beta2 >= 0.0 && options.beta2 < 1.0)) {
    fail("train", "beta2 is {}: must be at least 0 and below 1", options.beta2);
  }
  if (!(options.weight_decay >= 0.0 && options.weight_decay <= 1.0)) {
    fail("train", "weight_decay is {}: must be from 0 to 1", options.weight_decay);
  }
  if (options.lanes < 1 || options.lanes > kMostLanes ||
      !std::has_single_bit(static_cast<std::uint64_t>(options.lanes))) {
    fail("train", "lanes is {}: must be 1, 2, 4, 8 or 16", options.lanes);
  }
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
