// The line at the bottom of every figure, with its model and data.
#pragma once

#include <string>
#include <string_view>

#include "hourglass/models/checkpoint_file.h"
#include "hourglass/models/model.h"

namespace hourglass {

/// "AE · mnist · d 32 · epoch 20 · seed 0 · test MSE 0.00403", with the data set that is shown. An
/// imported model has its files instead of epoch and seed, and no error if none was measured.
std::string stamp_of(const Model& model, std::string_view dataset, const CheckpointFacts& facts);

}  // namespace hourglass
