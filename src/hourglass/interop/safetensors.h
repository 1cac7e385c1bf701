// The safetensors format: named arrays and text, nothing that runs. Not PyTorch's own .pth.
//
// A file is: 8 bytes, the length n of the header, little-endian; n bytes of JSON, an object from
// names to {"dtype", "shape", "data_offsets": [begin, end)} and from "__metadata__" to an object of
// strings; then the data, which the arrays cover exactly once.
// https://huggingface.co/docs/safetensors
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/interop/array.h"

namespace hourglass {

struct NamedArray {
  std::string name;
  Array array;
};

/// What a file holds.
struct SafetensorsFile {
  std::vector<NamedArray> arrays;               // in the header's order
  std::map<std::string, std::string> metadata;  // known keys and unknown ones alike

  /// The array of that name, or null.
  const Array* find(std::string_view name) const;
};

struct SafetensorsReadOptions {
  bool refuse_non_finite = false;  // true: an array with a NaN or an infinity is an error naming it
  std::uint64_t limit = std::uint64_t{1} << 32;  // bytes; a larger file is refused unread
};

/// Reads a file. Throws Error in one line naming the file, what is wrong with it and where: a
/// header that is over 100 MB, ends past the file, is not JSON or not of the form above, repeats a
/// name or key; sizes whose product overflows; offsets that do not fit shape and type, overlap or
/// leave gaps; unknown element types; more than four axes.
SafetensorsFile read_safetensors(const std::filesystem::path& path,
                                 const SafetensorsReadOptions& options = {});

/// The same from bytes; `source` is the name for messages.
SafetensorsFile parse_safetensors(std::span<const std::uint8_t> bytes, std::string_view source,
                                  const SafetensorsReadOptions& options = {});

struct NamedArrayView {
  std::string name;
  ArrayView array;
};

/// An array whose elements are asked for when it is their turn to be written, so that not all have
/// to be in memory at once.
struct NamedArraySource {
  std::string name;
  DType dtype;
  Shape shape;
  /// The elements, as ArrayView has them; they are used before the next array's are asked for.
  std::function<std::span<const std::uint8_t>()> bytes;
};

/// Writes a file in one piece (AtomicFile). The same arrays and metadata give the same bytes: names
/// stand in the given order, metadata sorted by key, the header padded with spaces to a multiple of
/// 8. Data of wider elements come first, so that every element is aligned, which some readers need.
/// Throws Error if a name is repeated or reserved, a text is not UTF-8, or the file cannot be
/// written.
void write_safetensors(const std::filesystem::path& path, std::span<const NamedArraySource> arrays,
                       const std::map<std::string, std::string>& metadata = {});
void write_safetensors(const std::filesystem::path& path, std::span<const NamedArrayView> arrays,
                       const std::map<std::string, std::string>& metadata = {});

}  // namespace hourglass
