// NumPy's .npz. Names in it are keys, whatever they look like, and never paths.
#include "hourglass/interop/npz.h"

#include "fuzz.h"

using namespace hourglass;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::reads([&] {
    const NpzReader reader({data, size}, "f", 1 << 24);
    for (const NpzEntry& entry : reader.entries()) {
      fuzz::reads([&] { reader.content(entry.name); });
    }
  });
  fuzz::reads([&] {
    const auto arrays = parse_npz({data, size}, "f", 1 << 24);
    NpzOptions options;
    options.deflate = size % 2 == 0;
    NpzWriter writer(fuzz::scratch_file(), options);
    for (const auto& [name, array] : arrays) {
      fuzz::check_true_to_size(array);
      writer.add(name, array);
    }
    writer.commit();
    const auto again = read_npz(fuzz::scratch_file());
    fuzz::check(again.size() == arrays.size(), "another number of arrays");
    for (const auto& [name, array] : arrays) fuzz::check_same(array, again.at(name), name);
  });
  return 0;
}
