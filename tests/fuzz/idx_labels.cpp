// IDX labels, plain or gzip'd.
#include "fuzz.h"
#include "hourglass/data/idx.h"
#include "hourglass/data/samples_test.h"

using namespace hourglass;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::MemoryFile file({data, size});
  fuzz::reads([&] {
    const std::vector<std::int64_t> read = read_idx_labels(file.path());
    fuzz::check(!read.empty(), "no labels");
    fuzz::Bytes bytes;  // two columns of four bytes
    for (const std::int64_t label : read) {
      fuzz::check(label >= 0 && label < 1000, "a label that is no class");
      const auto high = static_cast<std::uint8_t>(label / 256);
      const auto low = static_cast<std::uint8_t>(label % 256);
      bytes.insert(bytes.end(), {0, 0, high, low, 1, 2, 3, 4});
    }
    const fuzz::MemoryFile again(
        idx_bytes({static_cast<std::uint32_t>(read.size()), 2}, bytes, 0x0c));
    fuzz::check(read_idx_labels(again.path()) == read, "labels read twice differ");
  });
  return 0;
}
