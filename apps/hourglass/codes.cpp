#include "codes.h"

#include <algorithm>
#include <array>

#include "base/suggest.h"
#include "cli.h"
#include "models/apply.h"

namespace hourglass::cli {

void check_splits(std::string_view verb, const std::vector<std::string>& splits) {
  const std::array<std::string, 2> known{"train", "test"};
  for (std::size_t i = 0; i < splits.size(); ++i) {
    if (std::find(known.begin(), known.end(), splits[i]) == known.end()) {
      const std::string near = suggestion(splits[i], known);
      fail_call(verb, "no split is called '{}'{}", splits[i],
                near.empty() ? ": choose train, test or train,test" : near);
    }
    if (std::count(splits.begin(), splits.end(), splits[i]) > 1) {
      fail_call(verb, "--split names {} twice: name it once", splits[i]);
    }
  }
}

const RowSource& split_of(const Dataset& data, const std::string& name) {
  return name == "train" ? data.train : data.test;
}

Codes encode_splits(const Model& model, const Dataset& data, const std::vector<std::string>& names,
                    ThreadPool& pool) {
  std::vector<const RowSource*> splits;
  std::int64_t count = 0;
  for (const std::string& name : names) {
    splits.push_back(&split_of(data, name));
    count += splits.back()->count();
  }
  Codes codes{Tensor(Shape{count, model.latent_dim()}), {}};
  float* next = codes.latents.data();
  for (const RowSource* split : splits) {
    const Tensor part = encode(model, *split, pool);
    next = std::copy(part.span().begin(), part.span().end(), next);
    codes.labels.insert(codes.labels.end(), split->labels().begin(), split->labels().end());
  }
  return codes;
}

}  // namespace hourglass::cli
