// The pickle of a .pth, in an archive whose checksums are right and which has some storages.
#include <array>

#include "fuzz.h"
#include "torch_round_trip.h"

using namespace hourglass;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::array<fuzz::StoredEntry, 4> entries{{{"f/data.pkl", {data, data + size}},
                                                  {"f/data/0", fuzz::Bytes(24, 1)},
                                                  {"f/data/1", fuzz::Bytes(64, 2)},
                                                  {"f/data/2", {}}}};
  const fuzz::Bytes archive = fuzz::stored_zip(entries);
  fuzz::reads([&] {
    const auto arrays = parse_torch(archive, "f");
    std::uint64_t total = 0;
    for (const NamedArray& named : arrays) total += named.array.bytes.size();
    fuzz::check(total <= 4 * archive.size(), "more arrays than storage");
    fuzz::check_torch_round_trip(arrays);
  });
  return 0;
}
