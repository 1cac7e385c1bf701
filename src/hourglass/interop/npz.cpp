#include "hourglass/interop/npz.h"

#include <algorithm>
#include <array>
#include <limits>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/base/impl/printable.h"
#include "hourglass/base/impl/suggest.h"

namespace hourglass {
namespace {

constexpr std::string_view kSuffix = ".npy";

/// Longer than the header of any array that is read.
constexpr std::uint64_t kLongestHeader = 4096;

std::optional<NpyKind> kind_of(const ZipEntry& entry, std::string_view source) {
  try {
    return npy_kind(unpack_beginning(entry, kLongestHeader, source), source);
  } catch (const Error&) {
    return std::nullopt;  // who asks for this entry is told the reason
  }
}

}  // namespace

std::string name_list(std::span<const std::string> names) {
  constexpr std::size_t kShown = 8;
  std::string text;
  for (const std::string& name : names.first(std::min(names.size(), kShown))) {
    text += (text.empty() ? "" : ", ") + printable(name);
  }
  return names.size() > kShown ? text + ", ..." : text;
}

NpzWriter::NpzWriter(std::filesystem::path path, const NpzOptions& options)
    : zip_(std::move(path), options.deflate) {}

void NpzWriter::add(std::string_view name, const ArrayView& array) {
  const std::vector<std::uint8_t> header = npy_header(array);
  const std::array<std::span<const std::uint8_t>, 2> pieces{header, array.bytes};
  zip_.add(std::string(name) + std::string(kSuffix), pieces);
}

void NpzWriter::add(std::string_view name, const TextArray& array) {
  const std::vector<std::uint8_t> bytes = npy_bytes(array);
  zip_.add(std::string(name) + std::string(kSuffix),
           std::array{std::span<const std::uint8_t>(bytes)});
}

void NpzWriter::commit() {
  zip_.commit();
}

NpzReader::NpzReader(const std::filesystem::path& path, std::uint64_t limit)
    : file_(path), source_(path.string()), limit_(limit) {
  read_directory(file_->bytes());
}

NpzReader::NpzReader(std::span<const std::uint8_t> bytes, std::string source, std::uint64_t limit)
    : source_(std::move(source)), limit_(limit) {
  read_directory(bytes);
}

void NpzReader::read_directory(std::span<const std::uint8_t> bytes) {
  constexpr auto kAny = std::numeric_limits<std::uint64_t>::max();
  for (ZipEntry& entry : read_zip_directory(bytes, source_, kAny)) {
    if (!entry.name.ends_with(kSuffix)) continue;
    const std::string name = entry.name.substr(0, entry.name.size() - kSuffix.size());
    entries_.push_back({name, kind_of(entry, source_)});
    packed_.push_back(std::move(entry));
  }
}

const NpzEntry* NpzReader::find(std::string_view name) const {
  const auto found = std::ranges::find(entries_, name, &NpzEntry::name);
  return found == entries_.end() ? nullptr : &*found;
}

std::string NpzReader::source_of(std::string_view name) const {
  return source_ + ":" + printable(name);
}

std::vector<std::uint8_t> NpzReader::file(std::string_view name) const {
  const NpzEntry* found = find(name);
  if (found == nullptr) {
    std::vector<std::string> names;
    for (const NpzEntry& entry : entries_) names.push_back(entry.name);
    const std::string near = suggestion(name, names);
    fail_file("read", "{} has no array {}{}", source_, quote_name(name),
              near.empty() ? fmt::format(": there is {}", name_list(names)) : printable(near));
  }
  const ZipEntry& entry = packed_[static_cast<std::size_t>(found - entries_.data())];
  if (entry.size > limit_) {
    fail_file("read", "{} unpacks to {} bytes: at most {} are read here", source_of(name),
              entry.size, limit_);
  }
  return unpack(entry, source_);
}

Array NpzReader::numbers(std::string_view name) const {
  return parse_npy(file(name), source_of(name));
}

std::variant<Array, TextArray> NpzReader::content(std::string_view name) const {
  return parse_npy_content(file(name), source_of(name));
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
