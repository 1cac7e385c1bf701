// IDX images, plain or gzip'd.
#include "hourglass/data/idx.h"

#include "fuzz.h"
#include "hourglass/data/samples_test.h"

using namespace hourglass;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::MemoryFile file({data, size});
  fuzz::reads([&] {
    const IdxImages read = read_idx_images(file.path());
    const ImageShape& s = read.shape;
    fuzz::check(
        read.count > 0 && read.pixels.size() == static_cast<std::size_t>(read.count * s.pixels()),
        "images not true to their sizes");
    const auto u32 = [](std::int64_t n) { return static_cast<std::uint32_t>(n); };
    std::vector<std::uint32_t> sizes{u32(read.count), u32(s.height), u32(s.width)};
    if (s.channels != 1) sizes.push_back(u32(s.channels));
    const fuzz::MemoryFile again(idx_bytes(sizes, read.pixels));
    const IdxImages second = read_idx_images(again.path());
    fuzz::check(second.shape == s && second.pixels == read.pixels, "images read twice differ");
  });
  return 0;
}
