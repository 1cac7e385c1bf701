// Tar archives, plain or gzip'd.
#include "hourglass/data/impl/tar.h"

#include "fuzz.h"
#include "hourglass/data/samples_test.h"

using namespace hourglass;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::uint64_t kMost = 1 << 22;
  const std::vector<std::string> names{"a", "f/b"};
  fuzz::reads([&] {
    ByteReader reader({data, data + size}, "f");
    const TarFiles files = read_tar(reader, names, kMost);
    fuzz::check(files.size() == names.size(), "another number of files");
    std::vector<std::pair<std::string, Bytes>> read(files.begin(), files.end());
    for (const auto& [name, content] : read) {
      fuzz::check(content.size() <= kMost, "more bytes than allowed");
    }
    ByteReader again(tar_bytes(read), "f");
    fuzz::check(read_tar(again, names, 2 * kMost) == files, "files read twice differ");
  });
  return 0;
}
