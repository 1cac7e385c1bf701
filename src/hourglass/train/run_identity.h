// What makes two runs the same, and what differs if they are not.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "hourglass/train/options.h"

namespace hourglass {

/// What the bits of a run depend on. All of it must be the same to resume a run, except the number
/// of epochs if the learning rate does not depend on it, and `patience`.
struct RunIdentity {
  std::string model;  // describe(), as JSON
  std::string dataset_sha256;
  TrainOptions options;
  std::int64_t validation = 0;  // images held out
};

struct RunDifference {
  std::string option;     // "seed"; "dataset" for other images; "recipe" also if its parts differ
  bool of_model = false;  // an option of the model's kind
  std::string then, now;  // of the recorded run, and of the one here; empty for other images
};

/// Whether two runs are compared as the same run, or as one that can go on as the other.
enum class Compared { as_same, to_resume };

/// The first difference of `here` from `recorded`.
std::optional<RunDifference> first_difference(const RunIdentity& here, const RunIdentity& recorded,
                                              Compared compared);

/// "mnist_32 has seed 0, this run seed 1"
std::string difference_text(const std::string& run, const RunDifference& difference);

/// Throws Error with the first flag that would change the resumed run, and both values.
void check_same_run(const RunIdentity& here, const RunIdentity& recorded,
                    const std::filesystem::path& path);

}  // namespace hourglass
