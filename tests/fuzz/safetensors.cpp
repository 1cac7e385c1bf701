// The safetensors format.
#include "hourglass/interop/safetensors.h"

#include "fuzz.h"
#include "hourglass/base/file.h"

using namespace hourglass;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::ByteView bytes(data, size);
  fuzz::reads([&] { parse_safetensors(bytes, "f", {.refuse_non_finite = true}); });
  fuzz::reads([&] {
    const NamedArrays file = parse_safetensors(bytes, "f");
    std::vector<NamedArrayView> views;
    std::uint64_t total = 0;
    for (const NamedArray& named : file.arrays) {
      fuzz::check_true_to_size(named.array);
      total += named.array.bytes.size();
      views.push_back({named.name, named.array});
    }
    fuzz::check(total < size, "more arrays than bytes");
    write_safetensors(fuzz::scratch_file(), views, file.metadata);
    const NamedArrays again = read_safetensors(fuzz::scratch_file());
    fuzz::check(again.metadata == file.metadata, "other metadata");
    fuzz::check(again.arrays.size() == file.arrays.size(), "another number of arrays");
    for (const NamedArray& named : file.arrays) {
      const Array* array = again.find(named.name);
      fuzz::check(array != nullptr, "an array is missing");
      fuzz::check_same(named.array, *array, named.name);
    }
  });
  return 0;
}
