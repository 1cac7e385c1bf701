#include <zlib.h>

#include <algorithm>
#include <new>

#include "hourglass/base/error.h"
#include "hourglass/interop/array.h"
#include "hourglass/interop/impl/bytes.h"
#include "hourglass/interop/impl/zip_layout.h"
#include "hourglass/interop/zip.h"

namespace hourglass {
namespace {

using Bytes = std::span<const std::uint8_t>;

template <typename... Args>
[[noreturn]] void refuse(std::string_view source, fmt::format_string<Args...> message,
                         Args&&... args) {
  fail_file("zip", "{}: {}", source, fmt::format(message, std::forward<Args>(args)...));
}

std::uint16_t u16(Bytes bytes, std::size_t offset) {
  return load_little<std::uint16_t>(bytes, offset);
}

std::uint32_t u32(Bytes bytes, std::size_t offset) {
  return load_little<std::uint32_t>(bytes, offset);
}

std::string_view text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The offset of the end record: the last one whose comment ends exactly at the end of the file.
std::size_t find_end(Bytes archive, std::string_view source) {
  constexpr std::size_t kLongestComment = 0xffff;
  for (std::size_t comment = 0; comment <= kLongestComment; ++comment) {
    if (archive.size() < zip::kEndSize + comment) break;
    const std::size_t at = archive.size() - zip::kEndSize - comment;
    if (u32(archive, at) == zip::kEndSignature && u16(archive, at + 20) == comment) return at;
  }
  refuse(source, "it does not end as a zip archive does: the file is cut short or not an archive");
}

/// The offset at which the directory must end: at the end record, or at the zip64 records before
/// it, which some writers add to small archives too, with the same values.
std::size_t directory_end(Bytes archive, std::size_t end, std::string_view source) {
  if (end < zip::kLocator64Size + zip::kEnd64Size) return end;
  const std::size_t locator = end - zip::kLocator64Size;
  if (u32(archive, locator) != zip::kLocator64Signature) return end;
  const std::size_t record = locator - zip::kEnd64Size;
  if (load_little<std::uint64_t>(archive, locator + 8) != record ||
      u32(archive, record) != zip::kEnd64Signature) {
    refuse(source, "its zip64 end record is not where it should be");
  }
  return record;
}

/// The packed bytes of an entry whose local header is at `offset`, before the directory. Sizes come
/// from the directory: writers that stream do not know them when they write the local header.
Bytes packed_bytes(Bytes before_directory, std::uint64_t offset, std::uint64_t packed,
                   std::string_view name, std::string_view source) {
  const std::uint64_t end = before_directory.size();
  if (offset > end || end - offset < zip::kLocalSize ||
      u32(before_directory, offset) != zip::kLocalSignature) {
    refuse(source, "entry {} has no local header: the file is damaged", quote_name(name));
  }
  const std::uint64_t name_size = u16(before_directory, offset + 26);
  const std::uint64_t skip = zip::kLocalSize + name_size + u16(before_directory, offset + 28);
  if (end - offset < skip || end - offset - skip < packed) {
    refuse(source, "entry {} reaches into the directory: the file is damaged", quote_name(name));
  }
  if (text(before_directory.subspan(offset + zip::kLocalSize, name_size)) != name) {
    refuse(source, "entry {} has another name in its local header", quote_name(name));
  }
  return before_directory.subspan(offset + skip, packed);
}

/// The first entry of `directory`, which is then advanced past it.
ZipEntry read_entry(Bytes& directory, Bytes before_directory, std::string_view source) {
  if (directory.size() < zip::kCentralSize || u32(directory, 0) != zip::kCentralSignature) {
    refuse(source, "its directory is damaged");
  }
  const std::size_t name_size = u16(directory, 28);
  const std::size_t whole = zip::kCentralSize + name_size + u16(directory, 30) + u16(directory, 32);
  if (directory.size() < whole) refuse(source, "its directory is damaged");

  ZipEntry entry;
  entry.name = text(directory.subspan(zip::kCentralSize, name_size));
  const std::string name = quote_name(entry.name);
  const std::uint16_t method = u16(directory, 10);
  entry.crc = u32(directory, 16);
  entry.size = u32(directory, 24);
  const std::uint32_t packed = u32(directory, 20);
  const std::uint32_t offset = u32(directory, 42);
  if ((u16(directory, 8) & zip::kEncryptedFlag) != 0) refuse(source, "entry {} is encrypted", name);
  if (method != zip::kStored && method != zip::kDeflated) {
    refuse(source, "entry {} is packed by method {}: only stored and deflated ones are read", name,
           method);
  }
  if (entry.size == zip::kInZip64 || packed == zip::kInZip64 || offset == zip::kInZip64) {
    refuse(source, "entry {} is of the zip64 kind: archives of 4 GB and more are not read", name);
  }
  entry.deflated = method == zip::kDeflated;
  entry.packed = packed_bytes(before_directory, offset, packed, entry.name, source);
  // A deflated block of 258 bytes takes at least two bits.
  const std::uint64_t most = entry.deflated ? std::uint64_t{packed} * 1032 : packed;
  if (entry.size > most || (!entry.deflated && entry.size != packed)) {
    refuse(source, "entry {} claims {} bytes, but has {} packed: the file is damaged", name,
           entry.size, packed);
  }
  directory = directory.subspan(whole);
  return entry;
}

void check_apart(const std::vector<ZipEntry>& entries, std::string_view source) {
  std::vector<const ZipEntry*> order;
  for (const ZipEntry& entry : entries) order.push_back(&entry);
  std::stable_sort(order.begin(), order.end(), [](const ZipEntry* a, const ZipEntry* b) {
    return a->packed.data() < b->packed.data();
  });
  for (std::size_t i = 1; i < order.size(); ++i) {
    // The local header of the second entry is between the two.
    const std::size_t header = zip::kLocalSize + order[i]->name.size();
    const auto between = order[i]->packed.data() - order[i - 1]->packed.data();
    if (static_cast<std::size_t>(between) < order[i - 1]->packed.size() + header) {
      refuse(source, "entries {} and {} overlap", quote_name(order[i - 1]->name),
             quote_name(order[i]->name));
    }
  }
}

struct Inflated {
  std::uint64_t written = 0;
  bool whole = false;  // the stream ended, at the end of the packed bytes
};

/// Inflates the packed bytes of an entry into `out`, as far as they go.
Inflated inflate_into(std::span<std::uint8_t> out, const ZipEntry& entry, int flush) {
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
  stream.next_in = const_cast<Bytef*>(entry.packed.data());  // zlib does not write to its input
  stream.avail_in = static_cast<uInt>(entry.packed.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = inflate(&stream, flush);
  const Inflated inflated{out.size() - stream.avail_out,
                          result == Z_STREAM_END && stream.avail_in == 0};
  inflateEnd(&stream);
  return inflated;
}

[[noreturn]] void refuse_damaged(const ZipEntry& entry, std::string_view source) {
  refuse(source, "entry {} cannot be unpacked: the file is damaged", quote_name(entry.name));
}

}  // namespace

std::vector<ZipEntry> read_zip_directory(Bytes archive, std::string_view source,
                                         std::uint64_t limit) {
  const std::size_t end = find_end(archive, source);
  const std::size_t count = u16(archive, end + 10);
  const std::uint64_t size = u32(archive, end + 12);
  const std::uint64_t offset = u32(archive, end + 16);
  if (count == zip::kCountInZip64 || size == zip::kInZip64 || offset == zip::kInZip64) {
    refuse(source, "it is of the zip64 kind: archives of 4 GB and more are not read");
  }
  if (u16(archive, end + 4) != 0 || u16(archive, end + 6) != 0 || u16(archive, end + 8) != count) {
    refuse(source, "it is one part of several: only whole archives are read");
  }
  if (offset + size != directory_end(archive, end, source))
    refuse(source, "its directory is not where the end record says");

  Bytes directory = archive.subspan(offset, size);
  std::vector<ZipEntry> entries;
  std::set<std::string> names;
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < count; ++i) {
    entries.push_back(read_entry(directory, archive.first(offset), source));
    const ZipEntry& entry = entries.back();
    if (!names.insert(entry.name).second) {
      refuse(source, "the name {} is repeated", quote_name(entry.name));
    }
    total += entry.size;
    if (total > limit) refuse(source, "it unpacks to more than the {} bytes allowed here", limit);
  }
  if (!directory.empty()) refuse(source, "its directory has more entries than its end record says");
  check_apart(entries, source);
  return entries;
}

std::vector<std::uint8_t> unpack_beginning(const ZipEntry& entry, std::uint64_t most,
                                           std::string_view source) {
  const std::uint64_t size = std::min(most, entry.size);
  if (!entry.deflated) {
    const Bytes part = entry.packed.first(size);
    return {part.begin(), part.end()};
  }
  std::vector<std::uint8_t> out(size);
  if (!out.empty() && inflate_into(out, entry, Z_SYNC_FLUSH).written < size) {
    refuse_damaged(entry, source);
  }
  return out;
}

std::vector<std::uint8_t> unpack(const ZipEntry& entry, std::string_view source) {
  std::vector<std::uint8_t> out;
  if (entry.deflated) {
    // One byte more, to detect a stream that does not end there.
    out.resize(entry.size + 1);
    const Inflated inflated = inflate_into(out, entry, Z_FINISH);
    if (!inflated.whole || inflated.written != entry.size) refuse_damaged(entry, source);
    out.resize(entry.size);
  } else {
    out.assign(entry.packed.begin(), entry.packed.end());
  }
  uLong crc = crc32(0, nullptr, 0);
  if (!out.empty()) crc = crc32_z(crc, out.data(), out.size());
  if (crc != entry.crc) {
    refuse(source, "entry {} does not match its checksum: the file is damaged",
           quote_name(entry.name));
  }
  return out;
}

}  // namespace hourglass
