// The options of a run as JSON: everything that its bits depend on beside model, data, seed,
// program and kernels. Stored in checkpoints, so that the run can be verified, and in states, for
// resuming.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>

#include "hourglass/train/options.h"

namespace hourglass {

struct RunRecord {
  TrainOptions options;         // without the seed, and with the epochs only if they matter
  std::int64_t validation = 0;  // images held out
};

/// The keys recipe, batch_size, learning_rate, warmup, decays, beta2, lanes, validation; patience
/// if there is one; and epochs if the learning rate depends on it (otherwise a run of more epochs
/// is the same run).
nlohmann::json to_json(const RunRecord& record);

/// Throws nlohmann::json::exception if it is none; ranges are not checked. Old records without a
/// recipe are plain, those without lanes have 8.
RunRecord run_record(const nlohmann::json& json);

}  // namespace hourglass
