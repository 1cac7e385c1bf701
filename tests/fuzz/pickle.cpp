// Pickles: a complete tree, or a refusal.
#include "hourglass/interop/impl/pickle.h"

#include <algorithm>
#include <array>

#include "fuzz.h"
#include "hourglass/interop/impl/torch_layout.h"

using namespace hourglass;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static constexpr std::array<std::string_view, 5> kAllowed{
      torch::kOrderedDict, torch::kRebuildTensor, torch::kRebuildParameter, torch::kSize,
      "torch FloatStorage"};
  fuzz::reads([&] {
    const PickleTree tree = parse_pickle({data, size}, "f", kAllowed);
    fuzz::check(tree.values.size() <= size, "more values than opcodes");
    fuzz::check(tree.root < tree.values.size(), "a root that is not there");
    const auto there = [&](std::uint32_t i) { return i < tree.values.size(); };
    std::size_t held = 0;
    for (const PickleValue& value : tree.values) {
      fuzz::check(std::ranges::all_of(value.items, there), "an item that is not there");
      fuzz::check(std::ranges::all_of(value.pairs, there), "a pair that is not there");
      fuzz::check(value.pairs.size() % 2 == 0, "a key without a value");
      held += value.items.size() + value.pairs.size() + value.text.size();
      if (value.kind == PickleValue::Kind::kGlobal) {
        fuzz::check(std::ranges::find(kAllowed, value.text) != kAllowed.end(),
                    "a global that is not allowed");
        held -= value.text.size();
      }
      if (value.kind == PickleValue::Kind::kCall) {
        fuzz::check(value.items.size() == 2, "a call of other than two parts");
      }
    }
    fuzz::check(held <= size, "more was held than the pickle has bytes");
  });
  return 0;
}
