#include "hourglass/lab/page_blob.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <optional>

#include "hourglass/base/error.h"
#include "hourglass/interop/safetensors.h"

namespace hourglass {
namespace {

/// The most frequent byte, if it is so frequent that the bits cost less than they save.
std::optional<std::uint8_t> filling_byte(std::span<const std::uint8_t> bytes) {
  std::array<std::size_t, 256> counts{};
  for (const std::uint8_t byte : bytes) ++counts[byte];
  const auto most = std::ranges::max_element(counts);
  if (*most < bytes.size() / 4) return std::nullopt;
  return static_cast<std::uint8_t>(most - counts.begin());
}

BlobPart part_of(std::span<const std::uint8_t> array, DType dtype) {
  if (dtype == DType::kF32 || dtype == DType::kI32) return {BlobPart::Kind::floats, array.size()};
  const auto value = dtype == DType::kU8 ? filling_byte(array) : std::nullopt;
  if (value) return {BlobPart::Kind::fill, array.size(), *value};
  return {BlobPart::Kind::raw, array.size()};
}

void append_floats(std::vector<std::uint8_t>& out, std::span<const std::uint8_t> bytes) {
  for (std::size_t plane = 0; plane < 4; ++plane) {
    for (std::size_t at = plane; at < bytes.size(); at += 4) out.push_back(bytes[at]);
  }
}

void append_fill(std::vector<std::uint8_t>& out, std::span<const std::uint8_t> bytes,
                 std::uint8_t value) {
  const std::size_t bits = out.size();
  out.resize(bits + (bytes.size() + 7) / 8);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == value) continue;
    out[bits + i / 8] = static_cast<std::uint8_t>(out[bits + i / 8] | (0x80 >> (i % 8)));
    out.push_back(bytes[i]);
  }
}

}  // namespace

std::vector<BlobPart> parts_of_blob(std::span<const std::uint8_t> blob) {
  std::vector<std::pair<std::span<const std::uint8_t>, DType>> arrays;
  try {
    for (const auto& [name, array] : view_safetensors(blob, "the blob").arrays) {
      if (!array.bytes.empty()) arrays.emplace_back(array.bytes, array.dtype);
    }
  } catch (const Error&) {
    return {{BlobPart::Kind::raw, blob.size()}};  // the engine
  }
  std::ranges::sort(arrays, {}, [](const auto& array) { return array.first.data(); });
  const std::uint8_t* const data = arrays.empty() ? nullptr : arrays.front().first.data();
  const auto head = data == nullptr ? blob.size() : static_cast<std::size_t>(data - blob.data());
  std::vector<BlobPart> parts{{BlobPart::Kind::raw, head}};
  for (const auto& [bytes, dtype] : arrays) parts.push_back(part_of(bytes, dtype));
  return parts;
}

std::string parts_text(std::span<const BlobPart> parts) {
  std::string text;
  for (const BlobPart& part : parts) {
    if (!text.empty()) text += ", ";
    switch (part.kind) {
      case BlobPart::Kind::raw:
        text += fmt::format("raw {}", part.bytes);
        break;
      case BlobPart::Kind::floats:
        text += fmt::format("floats {}", part.bytes);
        break;
      case BlobPart::Kind::fill:
        text += fmt::format("fill {} {}", part.value, part.bytes);
        break;
    }
  }
  return text;
}

std::vector<std::uint8_t> arranged(std::span<const std::uint8_t> blob,
                                   std::span<const BlobPart> parts) {
  std::vector<std::uint8_t> out;
  out.reserve(blob.size() / 2);
  for (const BlobPart& part : parts) {
    const auto bytes = blob.first(part.bytes);
    blob = blob.subspan(part.bytes);
    switch (part.kind) {
      case BlobPart::Kind::raw:
        out.insert(out.end(), bytes.begin(), bytes.end());
        break;
      case BlobPart::Kind::floats:
        append_floats(out, bytes);
        break;
      case BlobPart::Kind::fill:
        append_fill(out, bytes, part.value);
        break;
    }
  }
  return out;
}

std::vector<std::uint8_t> gzipped(std::span<const std::uint8_t> bytes) {
  constexpr int kGzip = 16 + MAX_WBITS;
  constexpr int kMostMemory = 9;
  z_stream stream{};
  if (::deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzip, kMostMemory,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  std::vector<std::uint8_t> out;
  std::array<std::uint8_t, 1 << 16> room;
  int state = Z_OK;
  while (state != Z_STREAM_END) {
    if (stream.avail_in == 0) {
      const std::size_t some = std::min<std::size_t>(bytes.size(), std::size_t{1} << 30);
      stream.next_in = const_cast<std::uint8_t*>(bytes.data());  // zlib only reads it
      stream.avail_in = static_cast<uInt>(some);
      bytes = bytes.subspan(some);
    }
    stream.next_out = room.data();
    stream.avail_out = static_cast<uInt>(room.size());
    state = ::deflate(&stream, bytes.empty() ? Z_FINISH : Z_NO_FLUSH);
    out.insert(out.end(), room.begin(), room.end() - static_cast<std::ptrdiff_t>(stream.avail_out));
  }
  ::deflateEnd(&stream);
  return out;
}

std::string text_of_bytes(std::span<const std::uint8_t> bytes) {
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 6 + 2);
  const std::size_t bits = 8 * bytes.size();
  std::size_t at = 0;
  const auto take = [&](std::size_t count) {
    unsigned value = 0;
    for (std::size_t i = 0; i < count; ++i, ++at) {
      const unsigned bit = at < bits ? bytes[at / 8] >> (7 - at % 8) & 1u : 0u;
      value = value << 1 | bit;
    }
    return value;
  };
  while (at < bits) {
    const unsigned value = take(7);
    unsigned instead = 0;
    if (value == 0x00) instead = 0x80;
    if (value == 0x0D) instead = 0xA0;
    if (value == 0x3C) instead = 0xC0;
    if (instead == 0) {
      text += static_cast<char>(value);
    } else {
      instead += take(5);
      text += static_cast<char>(0xC0 | instead >> 6);
      text += static_cast<char>(0x80 | (instead & 0x3F));
    }
  }
  return text;
}

BlobText blob_text(std::span<const std::uint8_t> blob) {
  const std::vector<BlobPart> parts = parts_of_blob(blob);
  const std::vector<std::uint8_t> gzip = gzipped(arranged(blob, parts));
  return {text_of_bytes(gzip), gzip.size(), parts_text(parts)};
}

}  // namespace hourglass
