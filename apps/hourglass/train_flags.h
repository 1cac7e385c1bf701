// The flags of `hourglass train`, and what they ask for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "common.h"
#include "hourglass/data/dataset.h"
#include "hourglass/models/registry.h"
#include "hourglass/train/record_file.h"
#include "hourglass/train/run_identity.h"

namespace hourglass::cli {

struct TrainFlags {
  Common common;
  std::string model = "AE";
  std::map<std::string, std::string> model_options;  // by name; "": not given
  std::string dataset = "mnist";
  std::int64_t latent_dim = 32;
  std::string recipe = "plain";
  // 0, -1 and no value: the recipe's.
  TrainOptions options{.epochs = 0, .batch_size = 0, .learning_rate = 0.0, .weight_decay = -1.0};
  std::string augment;
  std::int64_t validation = -1;  // -1: a tenth of the user's own images, none of a known data set
  bool visualize = false;
  std::filesystem::path tensorboard;  // empty: none
  std::string name;
  bool resume = false;
  bool overwrite = false;
  bool json = false;
};

void declare_train_flags(CLI::App& app, TrainFlags& flags);

/// Throws Error for flags that contradict each other or are out of range.
void check_train_flags(const TrainFlags& flags);

/// The run that the flags ask for on these images, before any is held out. To resume, what the
/// flags leave open is that of the `recorded` run; otherwise that is null.
struct AskedRun {
  TrainOptions options;
  std::int64_t validation = 0;  // images to hold out
  ModelOptions model;
};
AskedRun asked_run(const TrainFlags& flags, const Dataset& data, const RunIdentity* recorded);

/// Where the images come from, for the run's record.
DataOrigin origin_of(const TrainFlags& flags, const Dataset& data);

/// A call with the same flags, for a next command; without --resume and --overwrite.
std::string train_call(const TrainFlags& flags);

}  // namespace hourglass::cli
