// The line under every figure that says what it is of.
#pragma once

#include <string>
#include <string_view>

#include "hourglass/models/checkpoint_file.h"
#include "hourglass/models/model.h"

namespace hourglass {

/// "AE · mnist · d 32 · epoch 20 · seed 0 · test MSE 0.00403", with the dataset that is shown; of
/// an imported model the files that it came from, and no error where none was measured.
std::string stamp_of(const Model& model, std::string_view dataset, const CheckpointFacts& facts);

}  // namespace hourglass
