// Reads blobs back out of an HTML file, as the page does: written from docs/formats.md alone.
#pragma once

#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdint>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass {

/// The bytes of the bits of text; `bytes` of them.
inline std::vector<std::uint8_t> bytes_of_text(std::string_view text, std::size_t bytes) {
  std::vector<bool> bits;
  const auto add = [&](unsigned value, int count) {
    for (int i = count - 1; i >= 0; --i) bits.push_back((value >> i & 1u) != 0);
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto first = static_cast<unsigned char>(text[i]);
    if (first < 0x80) {
      add(first, 7);
      continue;
    }
    const unsigned code = (first & 0x1Fu) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3Fu);
    add(code < 0xA0 ? 0x00 : code < 0xC0 ? 0x0D : 0x3C, 7);
    add(code & 31, 5);
  }
  EXPECT_GE(bits.size(), 8 * bytes);
  EXPECT_LT(bits.size(), 8 * bytes + 12);
  std::vector<std::uint8_t> out(bytes);
  for (std::size_t i = 0; i < 8 * bytes; ++i) {
    if (bits.at(i)) out[i / 8] = static_cast<std::uint8_t>(out[i / 8] | 0x80 >> (i % 8));
  }
  return out;
}

inline std::vector<std::uint8_t> gunzipped(const std::vector<std::uint8_t>& gzip) {
  z_stream stream{};
  EXPECT_EQ(::inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
  stream.next_in = const_cast<std::uint8_t*>(gzip.data());
  stream.avail_in = static_cast<uInt>(gzip.size());
  std::vector<std::uint8_t> out, room(1 << 16);
  int state = Z_OK;
  while (state == Z_OK) {
    stream.next_out = room.data();
    stream.avail_out = static_cast<uInt>(room.size());
    state = ::inflate(&stream, Z_NO_FLUSH);
    out.insert(out.end(), room.begin(), room.end() - static_cast<std::ptrdiff_t>(stream.avail_out));
  }
  EXPECT_EQ(state, Z_STREAM_END);
  ::inflateEnd(&stream);
  return out;
}

/// Undoes the arrangement of parts, "raw 128, floats 4096, fill 0 7840000".
inline std::vector<std::uint8_t> restored(const std::vector<std::uint8_t>& stored,
                                          const std::string& parts) {
  std::vector<std::uint8_t> out;
  std::size_t read = 0;
  std::istringstream list(parts);
  for (std::string part; std::getline(list, part, ',');) {
    std::istringstream words(part);
    std::string kind;
    words >> kind;
    std::size_t value = 0, size = 0;
    if (kind == "fill") words >> value;
    words >> size;
    const std::size_t begin = out.size();
    out.resize(begin + size);
    if (kind == "fill") {
      std::size_t next = read + (size + 7) / 8;
      for (std::size_t i = 0; i < size; ++i) {
        const bool other = (stored.at(read + i / 8) >> (7 - i % 8) & 1) != 0;
        out[begin + i] = other ? stored.at(next++) : static_cast<std::uint8_t>(value);
      }
      read = next;
      continue;
    }
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t at = kind == "floats" ? i % 4 * (size / 4) + i / 4 : i;
      out[begin + i] = stored.at(read + at);
    }
    read += size;
  }
  EXPECT_EQ(read, stored.size());
  return out;
}

/// The value of an attribute in a tag, or "".
inline std::string attribute(const std::string& tag, const std::string& name) {
  const std::string before = name + "=\"";
  const std::size_t begin = tag.find(before);
  if (begin == tag.npos) return "";
  const std::size_t from = begin + before.size();
  return tag.substr(from, tag.find('"', from) - from);
}

/// All blobs of a file by name.
inline std::map<std::string, std::vector<std::uint8_t>> blobs_of(const std::string& html) {
  std::map<std::string, std::vector<std::uint8_t>> blobs;
  const std::string start = "<script type=\"hourglass/blob\"";
  for (std::size_t at = html.find(start); at != html.npos; at = html.find(start, at + 1)) {
    const std::size_t close = html.find('>', at), end = html.find("</script>", close);
    const std::string tag = html.substr(at, close - at);
    const auto gzip = bytes_of_text(std::string_view(html).substr(close + 1, end - close - 1),
                                    std::stoul(attribute(tag, "data-bytes")));
    blobs[attribute(tag, "id")] = restored(gunzipped(gzip), attribute(tag, "data-parts"));
  }
  return blobs;
}

}  // namespace hourglass
