#include "fuzz.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>

#include "hourglass/interop/impl/bytes.h"

namespace hourglass::fuzz {
namespace {

/// The name and content of an entry as the local header (or, with its offset, the directory) has
/// them.
void append_facts(Bytes& out, const StoredEntry& entry) {
  const auto size = static_cast<std::uint32_t>(entry.content.size());
  const uLong crc = crc32_z(crc32(0, nullptr, 0), entry.content.data(), entry.content.size());
  append_little(out, std::uint16_t{20});                             // version 2.0
  for (int i = 0; i < 4; ++i) append_little(out, std::uint16_t{0});  // flags, stored, time, date
  append_little(out, static_cast<std::uint32_t>(entry.content.empty() ? 0 : crc));
  append_little(out, size);
  append_little(out, size);
  append_little(out, static_cast<std::uint16_t>(entry.name.size()));
  append_little(out, std::uint16_t{0});  // no extra fields
}

}  // namespace

void check(bool good, std::string_view what) {
  if (good) return;
  fmt::print(stderr, "fuzz: {}\n", what);
  std::fflush(stderr);
  std::abort();
}

void check_line(std::string_view line) {
  constexpr std::size_t kLongest = 1000;
  check(line.starts_with('['), fmt::format("an error without its operation: {}", line));
  check(line.size() <= kLongest, fmt::format("an error of {} characters", line.size()));
  const bool plain = std::ranges::none_of(line, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
  check(plain, fmt::format("an error with control characters: {}", line));
}

void check_true_to_size(const Array& array) {
  const auto count = static_cast<std::uint64_t>(array.shape.count());
  check(array.bytes.size() == count * facts(array.dtype).size, "an array not true to its size");
  check(static_cast<std::uint64_t>(array.floats().count()) == count, "floats of another count");
}

void check_same(const Array& a, const Array& b, std::string_view what) {
  check(a.dtype == b.dtype, fmt::format("{}: another type", what));
  check(a.shape == b.shape,
        fmt::format("{}: shape {}, then {}", what, a.shape.text(), b.shape.text()));
  check(a.bytes == b.bytes, fmt::format("{}: other bytes", what));
}

std::string_view text_of(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

MemoryFile::MemoryFile(ByteView bytes) : descriptor_(::memfd_create("input", MFD_CLOEXEC)) {
  check(descriptor_ >= 0, "no file in memory can be made");
  const ssize_t put = ::write(descriptor_, bytes.data(), bytes.size());
  check(put == std::ssize(bytes), "a file in memory cannot be written");
}

MemoryFile::~MemoryFile() {
  ::close(descriptor_);
}

std::filesystem::path MemoryFile::path() const {
  return fmt::format("/proc/self/fd/{}", descriptor_);
}

const std::filesystem::path& scratch_file() {
  static const std::filesystem::path path = [] {
    std::error_code ignored;
    const std::filesystem::path memory = "/dev/shm";
    const bool there = ::access(memory.c_str(), W_OK) == 0;
    return (there ? memory : std::filesystem::temp_directory_path(ignored)) /
           fmt::format("hourglass_fuzz_{}", ::getpid());
  }();
  static const struct Remove {
    ~Remove() { ::unlink(path.c_str()); }
  } at_the_end;
  return path;
}

Bytes stored_zip(std::span<const StoredEntry> entries) {
  Bytes out, directory;
  for (const StoredEntry& entry : entries) {
    const auto offset = static_cast<std::uint32_t>(out.size());
    append_little(out, std::uint32_t{0x04034b50});
    append_facts(out, entry);
    out.insert(out.end(), entry.name.begin(), entry.name.end());
    out.insert(out.end(), entry.content.begin(), entry.content.end());
    append_little(directory, std::uint32_t{0x02014b50});
    append_little(directory, std::uint16_t{20});
    append_facts(directory, entry);
    for (int i = 0; i < 3; ++i) append_little(directory, std::uint16_t{0});  // comment, disk, text
    append_little(directory, std::uint32_t{0});                              // attributes
    append_little(directory, offset);
    directory.insert(directory.end(), entry.name.begin(), entry.name.end());
  }
  const auto begin = static_cast<std::uint32_t>(out.size());
  out.insert(out.end(), directory.begin(), directory.end());
  append_little(out, std::uint32_t{0x06054b50});
  append_little(out, std::uint32_t{0});  // this disk and the directory's
  append_little(out, static_cast<std::uint16_t>(entries.size()));
  append_little(out, static_cast<std::uint16_t>(entries.size()));
  append_little(out, static_cast<std::uint32_t>(directory.size()));
  append_little(out, begin);
  append_little(out, std::uint16_t{0});  // no comment
  return out;
}

Bytes with_zeros(std::string_view header, std::uint64_t most) {
  std::uint64_t end = 0;
  for (std::size_t close = 0; (close = header.find(']', close)) != std::string_view::npos;
       ++close) {
    const std::size_t comma = header.rfind(',', close);
    if (comma == std::string_view::npos) continue;
    std::uint64_t number = 0;
    const char* const stop = header.data() + close;
    const auto [read, error] = std::from_chars(header.data() + comma + 1, stop, number);
    if (error == std::errc() && read == stop && number <= most) end = std::max(end, number);
  }
  Bytes out;
  out.reserve(header.size() + end + 8);
  append_little(out, std::uint64_t{header.size()});
  out.insert(out.end(), header.begin(), header.end());
  out.resize(out.size() + end, 0);
  return out;
}

}  // namespace hourglass::fuzz
