// The latent vectors of a data set's splits. Writes no files.
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

/// Throws Error of `operation` unless every name is train or test, each at most once.
void check_splits(std::string_view operation, const std::vector<std::string>& names);

/// The split "train" or "test" of a data set.
const RowSource& split_of(const Dataset& data, const std::string& name);

/// Whether every image of these splits has a label.
bool have_labels(const Dataset& data, const std::vector<std::string>& names);

/// Whether every image of these splits has a name.
bool have_names(const Dataset& data, const std::vector<std::string>& names);

/// Latent vectors, labels and names of the splits, one split after the other.
struct EncodedSplits {
  Tensor latents;                    // [n, latent_dim]
  std::vector<std::int64_t> labels;  // [n]; empty unless all images have one
  std::vector<std::string> names;    // [n], of the images' files; empty unless all have one
};

EncodedSplits encode_splits(const Model& model, const Dataset& data,
                            const std::vector<std::string>& names, ThreadPool& pool);

}  // namespace hourglass
