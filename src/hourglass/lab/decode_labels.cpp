#include "hourglass/lab/decode_labels.h"

#include <charconv>

#include "hourglass/base/error.h"
#include "hourglass/interop/labels.h"
#include "hourglass/models/apply.h"

namespace hourglass {

std::vector<std::int64_t> decode_labels(const Model& model, const std::string& labels,
                                        std::int64_t count) {
  const std::int64_t classes = model.config().classes;
  if (classes == 0) {
    if (!labels.empty()) {
      fail("decode", "`labels` is given, and {} takes no labels: leave it out", model.kind());
    }
    return {};
  }
  if (labels.empty()) {
    fail("decode", "{} decodes with labels: give `labels`, one from 0 to {} or a file of {}",
         model.kind(), classes - 1, count);
  }
  std::vector<std::int64_t> values;
  std::int64_t one = 0;
  const auto [end, error] = std::from_chars(labels.data(), labels.data() + labels.size(), one);
  if (error == std::errc() && end == labels.data() + labels.size()) {
    values.assign(static_cast<std::size_t>(count), one);
  } else {
    values = read_whole_labels(labels, count);
  }
  check_labels(model, values, count);
  return values;
}

}  // namespace hourglass
