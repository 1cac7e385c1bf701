// The record of a run, run.json beside figures of version 0.1.0, and any JSON: never deeper than
// kDeepestJson.
#include "hourglass/base/impl/json.h"

#include <algorithm>

#include "fuzz.h"
#include "hourglass/lab/figure_folder.h"
#include "hourglass/train/record_file.h"

using namespace hourglass;

namespace {

int depth_of(const nlohmann::json& value) {
  int deepest = 0;
  if (!value.is_structured()) return 0;
  for (const auto& part : value) deepest = std::max(deepest, depth_of(part));
  return deepest + 1;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of({data, size});
  parse_figure_owner(text);
  if (const auto record = parse_record_file(text)) {
    const std::string written = record_text(*record);
    const auto same = parse_record_file(written);
    fuzz::check(same && record_text(*same) == written, "a record written again differs");
  }
  const auto json = parse_json(text);
  if (!json) return 0;
  fuzz::check(depth_of(*json) <= kDeepestJson, "JSON deeper than the limit");
  const auto again = parse_json(json->dump());
  fuzz::check(again && *again == *json, "JSON written again differs");
  return 0;
}
