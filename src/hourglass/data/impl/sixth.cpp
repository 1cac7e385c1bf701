#include "hourglass/data/impl/sixth.h"

#include <map>
#include <vector>

#include "hourglass/base/error.h"

namespace hourglass {

void divide_every_sixth(const RowSource& images, const std::string& source, Dataset& dataset) {
  constexpr std::int64_t kTestEvery = 6;
  std::map<std::int64_t, std::int64_t> seen;  // images of each class
  std::vector<std::int64_t> train, test;
  for (std::int64_t i = 0; i < images.count(); ++i) {
    const std::int64_t label =
        images.labels().empty() ? 0 : images.labels()[static_cast<std::size_t>(i)];
    (seen[label]++ % kTestEvery == kTestEvery - 1 ? test : train).push_back(i);
  }
  if (test.empty()) {
    fail_file("data",
              "{} leaves no image to test with: a class needs at least {}, of which the sixth is "
              "test",
              source, kTestEvery);
  }
  dataset.train = images.selected(std::move(train));
  dataset.test = images.selected(std::move(test));
}

}  // namespace hourglass
