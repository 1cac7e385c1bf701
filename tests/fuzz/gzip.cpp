// The reader of plain and gzip'd files: it returns no more than it promised, whatever the size of
// the reads.
#include "fuzz.h"
#include "hourglass/data/impl/byte_reader.h"
#include "hourglass/data/samples_test.h"

using namespace hourglass;

namespace {

fuzz::Bytes read_in_pieces(const std::filesystem::path& path, std::size_t piece) {
  ByteReader reader(path);
  fuzz::Bytes all, buffer(piece);
  while (true) {
    const std::uint64_t most = reader.most_left();
    const std::size_t got = reader.read(buffer);
    fuzz::check(got <= most, "more came than most_left() allows");
    all.insert(all.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(got));
    if (got < piece) return all;
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::MemoryFile file({data, size});
  fuzz::reads([&] {
    const fuzz::Bytes whole = read_in_pieces(file.path(), 1 << 14);
    fuzz::check(whole.size() <= size * kMaxDeflateRatio + 65536, "more than deflate can make");
    if (whole.size() > 1 << 13 && !fuzz::is_sample({data, size})) return;
    fuzz::check(read_in_pieces(file.path(), 1 + size % 61 * 7) == whole, "pieces differ");
    const fuzz::MemoryFile again(gzip_bytes(whole));
    fuzz::check(read_in_pieces(again.path(), 4096) == whole, "what was pressed again differs");
  });
  return 0;
}
