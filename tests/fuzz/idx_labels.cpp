// IDX labels, plain or gzip'd.
#include "fuzz.h"
#include "hourglass/data/idx.h"
#include "hourglass/data/samples_test.h"

using namespace hourglass;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::MemoryFile file({data, size});
  fuzz::reads([&] {
    const std::vector<std::int64_t> read = read_idx_labels(file.path());
    const fuzz::Bytes bytes(read.begin(), read.end());
    fuzz::check(!read.empty(), "no labels");
    const fuzz::MemoryFile again(idx_bytes({static_cast<std::uint32_t>(read.size())}, bytes));
    fuzz::check(read_idx_labels(again.path()) == read, "labels read twice differ");
  });
  return 0;
}
