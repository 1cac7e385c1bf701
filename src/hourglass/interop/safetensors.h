// The safetensors format: named arrays and text, nothing executable. Not PyTorch's own .pth.
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

/// The content of a file, of this format or of another one that holds named arrays.
struct NamedArrays {
  std::vector<NamedArray> arrays;               // in the header's order
  std::map<std::string, std::string> metadata;  // all keys, known or not

  /// The array of that name, or null.
  const Array* find(std::string_view name) const;
};

struct NamedArrayView {
  std::string name;
  ArrayView array;
};

/// The same, borrowing the bytes that it was parsed from.
struct NamedArrayViews {
  std::vector<NamedArrayView> arrays;           // in the header's order; may be at any address
  std::map<std::string, std::string> metadata;  // all keys, known or not

  /// The array of that name, or null.
  const ArrayView* find(std::string_view name) const;
};

struct SafetensorsReadOptions {
  bool refuse_non_finite = false;  // true: an array with a NaN or an infinity is an error naming it
  std::uint64_t limit = std::uint64_t{1} << 32;  // bytes; a larger file is refused unread
};

/// Reads a file. Throws Error in one line with the file, the reason and the position: a header that
/// is over 100 MB, ends past the file, is not JSON or not of the form above, or repeats a name or
/// key; sizes whose product overflows; offsets that do not fit shape and type, overlap or leave
/// gaps; unknown element types; more than four axes.
NamedArrays read_safetensors(const std::filesystem::path& path,
                             const SafetensorsReadOptions& options = {});

/// The same from bytes; `source` is the name for messages.
NamedArrays parse_safetensors(std::span<const std::uint8_t> bytes, std::string_view source,
                              const SafetensorsReadOptions& options = {});

/// The same without a copy of the arrays: `bytes` must outlive the result.
NamedArrayViews view_safetensors(std::span<const std::uint8_t> bytes, std::string_view source);

/// An array whose elements are made only when they are written, so that not all arrays are in
/// memory at once.
struct NamedArraySource {
  std::string name;
  DType dtype;
  Shape shape;
  /// Makes the elements, as in ArrayView; they must stay valid until the next array's are made.
  std::function<std::span<const std::uint8_t>()> bytes;
};

/// Writes a file atomically (AtomicFile). The same arrays and metadata give the same bytes: names
/// are in the given order, metadata sorted by key, the header padded with spaces to a multiple of
/// 8. Data of wider elements come first, so that every element is aligned, which some readers need.
/// Throws Error if a name is repeated or reserved, a text is not UTF-8, or the file cannot be
/// written.
void write_safetensors(const std::filesystem::path& path, std::span<const NamedArraySource> arrays,
                       const std::map<std::string, std::string>& metadata = {});
void write_safetensors(const std::filesystem::path& path, std::span<const NamedArrayView> arrays,
                       const std::map<std::string, std::string>& metadata = {});

/// The bytes of that file.
std::vector<std::uint8_t> safetensors_bytes(std::span<const NamedArraySource> arrays,
                                            const std::map<std::string, std::string>& metadata);

}  // namespace hourglass
