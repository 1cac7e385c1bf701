// Zip archives.
#include "hourglass/interop/zip.h"

#include <array>

#include "fuzz.h"

using namespace hourglass;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::uint64_t kLimit = 1 << 24;
  const fuzz::ByteView archive(data, size);
  fuzz::reads([&] {
    std::vector<fuzz::StoredEntry> entries;
    std::uint64_t total = 0;
    for (const ZipEntry& entry : read_zip_directory(archive, "f", kLimit)) {
      fuzz::check(
          entry.packed.empty() || (entry.packed.data() >= data &&
                                   entry.packed.data() + entry.packed.size() <= data + size),
          "an entry outside the archive");
      total += entry.size;
      entries.push_back({entry.name, {}});
      fuzz::reads([&] {
        entries.back().content = unpack(entry, "f");
        fuzz::check(entries.back().content.size() == entry.size, "an entry not true to its size");
      });
    }
    fuzz::check(total <= kLimit && total <= size * 1032, "more than deflate can make");
    for (const fuzz::StoredEntry& entry : entries) {
      if (entry.name.empty()) return;  // read, never written
    }
    ZipWriter writer(fuzz::scratch_file(), size % 2 == 0);
    for (const fuzz::StoredEntry& entry : entries) {
      writer.add(entry.name, std::array{fuzz::ByteView(entry.content)});
    }
    writer.commit();
    const auto bytes = read_file(fuzz::scratch_file());
    const auto again = read_zip_directory(bytes, "f", kLimit);
    fuzz::check(again.size() == entries.size(), "another number of entries");
    for (std::size_t i = 0; i < again.size(); ++i) {
      fuzz::check(again[i].name == entries[i].name, "another name");
      fuzz::check(unpack(again[i], "f") == entries[i].content, "another content");
    }
  });
  return 0;
}
