// What decides the bits of a training run, beside model and data; and the recipes, the named
// choices of all of it to begin from.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "hourglass/train/augmentation.h"
#include "hourglass/train/schedule.h"

namespace hourglass {

/// Sums of gradients that a batch is cut into (stepper.h).
inline constexpr std::int64_t kUsualLanes = 8;
inline constexpr std::int64_t kMostLanes = 16;

/// The recipe "plain" as it stands here. The model is drawn from the same seed.
struct TrainOptions {
  std::string recipe = "plain";    // the recipe that these began as
  std::int64_t epochs = 50;        // in all, also of a resumed run
  std::int64_t batch_size = 128;   // images a step; larger is steadier and learns less a pass
  double learning_rate = 1e-3;     // of Adam; where it changes, the largest
  Schedule schedule = {};          // how it changes
  double beta2 = 0.999;            // Adam's memory of squares; smaller follows them sooner
  double weight_decay = 0.0;       // share of the rate by which a step shrinks the weights (AdamW)
  Augmentation augmentation = {};  // of the training images
  std::int64_t lanes = kUsualLanes;  // threads that can help; another number rounds otherwise
  std::uint64_t seed = 0;            // of the order of the images, too
};

/// Throws Error naming the option that is out of range.
void check_options(const TrainOptions& options);

struct Recipe {
  std::string_view summary;  // what it is for, a few words
  TrainOptions options;
  std::int64_t steps = 0;  // about so many in all, whatever the number of images; 0: by epochs
};

/// Training images below which the recipe `small` is the better choice.
inline constexpr std::int64_t kSmallSet = 5000;

/// Every recipe, the default one first.
std::span<const Recipe> recipes();

/// The recipe `name`. Throws Error with the nearest name there is.
const Recipe& find_recipe(std::string_view name);

/// Epochs of a recipe on so many training images in batches of this size.
std::int64_t recipe_epochs(const Recipe& recipe, std::int64_t images, std::int64_t batch_size);

/// A recipe in one line, with all that --recipe and the flags over it decide: "plain: batch 128,
/// learning rate 0.001".
std::string recipe_text(const TrainOptions& options);

/// recipe_text for a checkpoint to keep; "" for the plain recipe without a flag over it.
std::string recipe_record(const TrainOptions& options);

}  // namespace hourglass
