// The labels that a user gives for decoding, for kinds of models that take labels.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hourglass/models/model.h"

namespace hourglass {

/// The labels of `count` latent vectors: `labels` is one whole number for all of them, or a file of
/// `count` of them, as read_whole_labels() reads it; "" if none are given. Empty for a model
/// without labels. Throws Error if the model takes labels and none are given, if it takes none and
/// some are, and for a label that it does not know.
std::vector<std::int64_t> decode_labels(const Model& model, const std::string& labels,
                                        std::int64_t count);

}  // namespace hourglass
