// How a run trains, on record: all that decides its bits beside model, data, seed, program and
// kernels, as JSON. In checkpoints, whose run can so be verified, and in states, which can go on.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>

#include "hourglass/train/options.h"

namespace hourglass {

struct RunRecord {
  TrainOptions options;         // without the seed, and with the epochs only where they matter
  std::int64_t validation = 0;  // images held out
};

/// The keys recipe, batch_size, learning_rate, warmup, decays, beta2, lanes, validation; and epochs
/// where a step's learning rate depends on it: otherwise a run of more epochs is the same run.
nlohmann::json to_json(const RunRecord& record);

/// Throws nlohmann::json::exception where it is none; ranges are not checked. Records of before
/// there were recipes are plain, of before there was a choice of lanes have 8.
RunRecord run_record(const nlohmann::json& json);

}  // namespace hourglass
