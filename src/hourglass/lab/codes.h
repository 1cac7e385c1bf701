// The codes of a data set's images, by its splits. Writes no files.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/data/dataset.h"
#include "hourglass/models/model.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// Throws Error in the name of `operation` unless every name is train or test, and there once.
void check_splits(std::string_view operation, const std::vector<std::string>& names);

/// Of a data set: "train" or "test".
const RowSource& split_of(const Dataset& data, const std::string& name);

/// Whether every image of these splits has a label.
bool have_labels(const Dataset& data, const std::vector<std::string>& names);

/// Codes and labels of the splits, one behind the other.
struct Codes {
  Tensor latents;                    // [n, latent_dim]
  std::vector<std::int64_t> labels;  // [n], or none unless all have one
};

Codes encode_splits(const Model& model, const Dataset& data, const std::vector<std::string>& names,
                    ThreadPool& pool);

}  // namespace hourglass
