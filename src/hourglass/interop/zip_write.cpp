#include <zlib.h>

#include <cassert>
#include <new>

#include "hourglass/base/error.h"
#include "hourglass/interop/array.h"
#include "hourglass/interop/impl/bytes.h"
#include "hourglass/interop/impl/zip_layout.h"
#include "hourglass/interop/zip.h"

namespace hourglass {
namespace {

using Pieces = std::span<const std::span<const std::uint8_t>>;

constexpr std::uint16_t kVersion = 20;   // 2.0: deflate
constexpr std::uint16_t kDate = 0x0021;  // 1 January 1980
constexpr std::uint16_t kTime = 0;

/// The pieces as one raw deflate stream. Each piece is below 4 GB.
std::vector<std::uint8_t> deflated(Pieces pieces, std::uint64_t size) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    throw std::bad_alloc();
  }
  struct End {
    z_stream* stream;
    ~End() { deflateEnd(stream); }
  } const end{&stream};
  std::vector<std::uint8_t> out(deflateBound(&stream, size));
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  for (const auto& piece : pieces) {
    stream.next_in = const_cast<Bytef*>(piece.data());  // zlib does not write to its input
    stream.avail_in = static_cast<uInt>(piece.size());
    const int result = deflate(&stream, Z_NO_FLUSH);
    assert(piece.empty() || result == Z_OK);
    static_cast<void>(result);
  }
  const int result = deflate(&stream, Z_FINISH);
  assert(result == Z_STREAM_END);
  static_cast<void>(result);
  out.resize(stream.total_out);
  return out;
}

/// The fields that a local header and a directory entry share.
void append_facts(std::vector<std::uint8_t>& out, bool deflate, std::uint32_t crc,
                  std::uint64_t packed, std::uint64_t size, std::string_view name) {
  append_little(out, kVersion);
  append_little(out, zip::kUtf8Flag);
  append_little(out, deflate ? zip::kDeflated : zip::kStored);
  append_little(out, kTime);
  append_little(out, kDate);
  append_little(out, crc);
  append_little(out, static_cast<std::uint32_t>(packed));
  append_little(out, static_cast<std::uint32_t>(size));
  append_little(out, static_cast<std::uint16_t>(name.size()));
  append_little(out, std::uint16_t{0});  // bytes of extra fields
}

}  // namespace

ZipWriter::ZipWriter(std::filesystem::path path, bool deflate)
    : path_(std::move(path)), deflate_(deflate), file_(path_) {}

void ZipWriter::add(std::string_view name, Pieces pieces) {
  // Leaves room for headers and for data that deflate makes longer.
  constexpr std::uint64_t kMost = 0xff000000;
  if (name.empty() || name.size() > 0xffff) {
    fail("zip", "cannot write {}: a name of {} bytes", path_.string(), name.size());
  }
  if (!names_.emplace(name).second) {
    fail("zip", "cannot write {}: the name {} is repeated", path_.string(), quote_name(name));
  }
  if (names_.size() >= zip::kCountInZip64) {
    fail_file("zip", "cannot write {}: more than 65,534 entries", path_.string());
  }
  std::uint64_t size = 0;
  uLong crc = crc32(0, nullptr, 0);
  for (const auto& piece : pieces) {
    size += piece.size();
    if (size > kMost || offset_ + central_.size() + size > kMost) {
      fail_file("zip", "cannot write {}: it would pass 4 GB", path_.string());
    }
    if (!piece.empty()) crc = crc32_z(crc, piece.data(), piece.size());
  }
  std::vector<std::uint8_t> packed;
  if (deflate_) packed = deflated(pieces, size);
  const std::uint64_t packed_size = deflate_ ? packed.size() : size;

  append_little(central_, zip::kCentralSignature);
  append_little(central_, kVersion);
  append_facts(central_, deflate_, static_cast<std::uint32_t>(crc), packed_size, size, name);
  append_little(central_, std::uint16_t{0});  // bytes of comment
  append_little(central_, std::uint16_t{0});  // disk
  append_little(central_, std::uint16_t{0});  // internal attributes
  append_little(central_, std::uint32_t{0});  // external attributes
  append_little(central_, static_cast<std::uint32_t>(offset_));
  central_.insert(central_.end(), name.begin(), name.end());

  std::vector<std::uint8_t> local;
  append_little(local, zip::kLocalSignature);
  append_facts(local, deflate_, static_cast<std::uint32_t>(crc), packed_size, size, name);
  file_.write(local);
  file_.write(name);
  offset_ += local.size() + name.size() + packed_size;
  if (deflate_) {
    file_.write(packed);
  } else {
    for (const auto& piece : pieces) file_.write(piece);
  }
}

void ZipWriter::commit() {
  std::vector<std::uint8_t> end;
  append_little(end, zip::kEndSignature);
  append_little(end, std::uint16_t{0});  // this disk
  append_little(end, std::uint16_t{0});  // the directory's disk
  append_little(end, static_cast<std::uint16_t>(names_.size()));
  append_little(end, static_cast<std::uint16_t>(names_.size()));
  append_little(end, static_cast<std::uint32_t>(central_.size()));
  append_little(end, static_cast<std::uint32_t>(offset_));
  append_little(end, std::uint16_t{0});  // bytes of comment
  file_.write(central_);
  file_.write(end);
  file_.commit();
}

}  // namespace hourglass
