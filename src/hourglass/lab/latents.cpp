#include "hourglass/lab/latents.h"

#include <algorithm>
#include <array>

#include "hourglass/base/error.h"
#include "hourglass/base/impl/suggest.h"
#include "hourglass/models/apply.h"

namespace hourglass {

void check_splits(std::string_view operation, const std::vector<std::string>& names) {
  const std::array<std::string, 2> known{"train", "test"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (std::find(known.begin(), known.end(), names[i]) == known.end()) {
      const std::string near = suggestion(names[i], known);
      fail(operation, "no split is called '{}'{}", names[i],
           near.empty() ? ": choose train, test or train,test" : near);
    }
    if (std::count(names.begin(), names.end(), names[i]) > 1) {
      fail(operation, "the split {} is named twice: name it once", names[i]);
    }
  }
}

const RowSource& split_of(const Dataset& data, const std::string& name) {
  check_splits("data", {name});
  return name == "train" ? data.train : data.test;
}

bool have_labels(const Dataset& data, const std::vector<std::string>& names) {
  return std::ranges::none_of(
      names, [&](const std::string& name) { return split_of(data, name).labels().empty(); });
}

bool have_names(const Dataset& data, const std::vector<std::string>& names) {
  return std::ranges::none_of(
      names, [&](const std::string& name) { return split_of(data, name).names().empty(); });
}

EncodedSplits encode_splits(const Model& model, const Dataset& data,
                            const std::vector<std::string>& names, ThreadPool& pool) {
  check_splits("encode", names);
  std::vector<const RowSource*> splits;
  std::int64_t count = 0;
  for (const std::string& name : names) {
    splits.push_back(&split_of(data, name));
    count += splits.back()->count();
  }
  EncodedSplits encoded{Tensor(Shape{count, model.latent_dim()}), {}, {}};
  const bool labels = have_labels(data, names), file_names = have_names(data, names);
  float* next = encoded.latents.data();
  for (const RowSource* split : splits) {
    const Tensor part = encode(model, *split, pool);
    next = std::copy(part.span().begin(), part.span().end(), next);
    if (labels) {
      encoded.labels.insert(encoded.labels.end(), split->labels().begin(), split->labels().end());
    }
    if (file_names) {
      encoded.names.insert(encoded.names.end(), split->names().begin(), split->names().end());
    }
  }
  return encoded;
}

}  // namespace hourglass
