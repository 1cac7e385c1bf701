#include "hourglass/interop/npz.h"

#include <array>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/interop/npy.h"

namespace hourglass {
namespace {
constexpr std::string_view kSuffix = ".npy";
}

NpzWriter::NpzWriter(std::filesystem::path path, const NpzOptions& options)
    : zip_(std::move(path), options.deflate) {}

void NpzWriter::add(std::string_view name, const ArrayView& array) {
  const std::vector<std::uint8_t> header = npy_header(array);
  const std::array<std::span<const std::uint8_t>, 2> pieces{header, array.bytes};
  zip_.add(std::string(name) + std::string(kSuffix), pieces);
}

void NpzWriter::commit() {
  zip_.commit();
}

std::map<std::string, Array> parse_npz(std::span<const std::uint8_t> bytes, std::string_view source,
                                       std::uint64_t limit) {
  std::map<std::string, Array> arrays;
  const std::vector<ZipEntry> entries = read_zip_directory(bytes, source, limit);
  for (const ZipEntry& entry : entries) {
    if (!entry.name.ends_with(kSuffix)) {
      fail_file("npz", "{}: entry {} is not an .npy file", source, quote_name(entry.name));
    }
  }
  for (const ZipEntry& entry : entries) {
    const std::string name = entry.name.substr(0, entry.name.size() - kSuffix.size());
    const std::string entry_source = fmt::format("{}: entry {}", source, quote_name(entry.name));
    arrays[name] = parse_npy(unpack(entry, source), entry_source);
  }
  return arrays;
}

std::map<std::string, Array> read_npz(const std::filesystem::path& path, std::uint64_t limit) {
  return parse_npz(read_file(path, std::uint64_t{1} << 32), path.string(), limit);
}

}  // namespace hourglass
