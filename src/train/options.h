// What decides the bits of a training run, beside model and data; and the recipes, the named
// choices of all of it to begin from.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "train/schedule.h"

namespace hourglass {

/// Sums of gradients that a batch is cut into (stepper.h).
inline constexpr std::int64_t kUsualLanes = 8;
inline constexpr std::int64_t kMostLanes = 16;

/// The recipe "plain" as it stands here. The model is drawn from the same seed.
struct TrainOptions {
  std::string recipe = "plain";   // the recipe that these began as
  std::int64_t epochs = 50;       // in all, also of a resumed run
  std::int64_t batch_size = 128;  // images a step; larger is steadier and learns less a pass
  double learning_rate = 1e-3;    // of Adam; where it changes, the largest
  Schedule schedule = {};         // how it changes
  double beta2 = 0.999;           // Adam's memory of squares; smaller follows them sooner
  std::int64_t lanes = kUsualLanes;  // threads that can help; another number rounds otherwise
  std::uint64_t seed = 0;         // of the order of the images, too
};

/// Throws Error naming the option that is out of range.
void check_options(const TrainOptions& options);

struct Recipe {
  std::string_view summary;  // what it is for, a few words
  TrainOptions options;
};

/// Every recipe, the default one first.
std::span<const Recipe> recipes();

/// The options of the recipe `name`. Throws Error with the nearest name there is.
TrainOptions recipe_options(std::string_view name);

/// A recipe in one line, with all that --recipe and the flags over it decide: "plain: batch 128,
/// learning rate 0.001".
std::string recipe_text(const TrainOptions& options);

/// recipe_text for a checkpoint to keep; "" for the plain recipe without a flag over it.
std::string recipe_record(const TrainOptions& options);

}  // namespace hourglass
