// The options of a training run, on which its bits depend beside model and data; and the recipes,
// which are named sets of options.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "hourglass/train/augmentation.h"
#include "hourglass/train/schedule.h"

namespace hourglass {

/// Lanes: separate sums of gradients of a batch (stepper.h).
inline constexpr std::int64_t kUsualLanes = 8;
inline constexpr std::int64_t kMostLanes = 16;

/// The defaults are the recipe "plain". The model is drawn from the same seed.
struct TrainOptions {
  std::string recipe = "plain";      // the recipe that these options started from
  std::int64_t epochs = 50;          // in all, including those before a resume
  std::int64_t batch_size = 128;     // images per step; larger: less noise, fewer steps per epoch
  double learning_rate = 1e-3;       // of Adam; the largest if it changes
  Schedule schedule = {};            // of the learning rate
  double beta2 = 0.999;              // decay of Adam's second moments; smaller adapts faster
  double weight_decay = 0.0;         // a step shrinks the weights by this share of the rate (AdamW)
  Augmentation augmentation = {};    // of the training images
  std::int64_t lanes = kUsualLanes;  // the most useful threads; another number rounds differently
  std::int64_t patience = 0;  // the run ends after so many epochs without a smaller validation
                              // error; 0: it does not
  std::uint64_t seed = 0;     // of the model and of the order of the images
};

/// Throw Error naming the option that is out of range.
void check_options(const TrainOptions& options);
void check_batch(std::int64_t batch_size, std::int64_t lanes);

struct Recipe {
  std::string_view summary;  // its purpose, a few words
  TrainOptions options;
  std::int64_t steps = 0;  // in all, about, for any number of images; 0: use options.epochs
};

/// Below this number of training images the recipe `small` is better.
inline constexpr std::int64_t kSmallSet = 5000;

/// Every recipe, the default one first.
std::span<const Recipe> recipes();

/// The recipe `name`. Throws Error with the nearest name for an unknown one.
const Recipe& find_recipe(std::string_view name);

/// Throws Error if a run with `patience` has a learning rate that depends on its length, or no
/// validation images.
void check_patience(const TrainOptions& options, std::int64_t validation);

/// Epochs of a recipe for this number of training images and this batch size.
std::int64_t recipe_epochs(const Recipe& recipe, std::int64_t images, std::int64_t batch_size);

/// The recipe and all options that differ from the plain ones, in one line: "plain: batch 128,
/// learning rate 0.001".
std::string recipe_text(const TrainOptions& options);

/// recipe_text() for a checkpoint; "" for the unchanged plain recipe.
std::string recipe_record(const TrainOptions& options);

}  // namespace hourglass
