// A blob of the explorer's page as text in an HTML file: its bytes rearranged so that gzip finds
// more, gzipped, seven bits a character. Not the page: see explore_file.h. The page undoes it in
// web/src/blob_text.ts; the format is docs/formats.md, "The one file".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass {

/// Consecutive bytes of a blob, and how they are stored.
struct BlobPart {
  enum class Kind {
    raw,     // as they are
    floats,  // elements of four bytes: all first bytes, then all second ones, ...
    fill,    // a bit for each byte, 1 where it is not `value`; then those bytes
  };
  Kind kind = Kind::raw;
  std::uint64_t bytes = 0;  // of the blob
  std::uint8_t value = 0;   // of `fill`

  bool operator==(const BlobPart&) const = default;
};

/// The parts of a blob: each array of a safetensors file by itself, anything else as one.
std::vector<BlobPart> parts_of_blob(std::span<const std::uint8_t> blob);

/// "raw 128, floats 4096, fill 0 7840000"
std::string parts_text(std::span<const BlobPart> parts);

/// The blob's bytes in the order in which they are stored. The parts are those of the blob.
std::vector<std::uint8_t> arranged(std::span<const std::uint8_t> blob,
                                   std::span<const BlobPart> parts);

/// The same bytes in a gzip file without name and time, at zlib's best level.
std::vector<std::uint8_t> gzipped(std::span<const std::uint8_t> bytes);

/// Bytes as UTF-8 text that HTML keeps as it is in a script element: their bits, most significant
/// first, in groups of seven (the last filled with zeros), each a character U+0001 to U+007F.
/// U+0000, U+000D and U+003C, which a browser would change or read as a tag, are U+0080, U+00A0
/// and U+00C0 with the next five bits added.
std::string text_of_bytes(std::span<const std::uint8_t> bytes);

/// A blob in all three steps.
struct BlobText {
  std::string text;
  std::uint64_t bytes = 0;  // of the gzip file
  std::string parts;        // parts_text()
};
BlobText blob_text(std::span<const std::uint8_t> blob);

}  // namespace hourglass
