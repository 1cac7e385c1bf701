// NumPy's .npy: one array of numbers or text in a file. Not several (npz.h), not structured or
// object arrays. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hourglass/interop/array.h"

namespace hourglass {

/// An array of text, row major. The texts are UTF-8; bytes in a file that are not UTF-8 stay as
/// they are.
struct TextArray {
  Shape shape{0};
  std::vector<std::string> values;  // [shape.count()]
};

/// The header of a file of format 1.0, padded to a multiple of 64 bytes. Throws Error for BF16,
/// which NumPy does not have.
std::vector<std::uint8_t> npy_header(const ArrayView& array);

/// Writes a file (AtomicFile); the same array gives the same bytes.
void write_npy(const std::filesystem::path& path, const ArrayView& array);
void write_npy(const std::filesystem::path& path, const TextArray& array);

/// The bytes of a file of text: NumPy's `<U`, where bytes that are not UTF-8 become the characters
/// of Python's `surrogateescape`. Throws Error unless there is one text for each element.
std::vector<std::uint8_t> npy_bytes(const TextArray& array);

/// Reads formats 1.0 to 3.0, of Python 2 too: booleans, integers and real numbers of 1 to 8 bytes,
/// in either byte order, in C or Fortran order. The returned array is in this machine's byte order
/// and in C order. Throws Error in one line with the file and the reason: cut short, too many
/// bytes, other element types, more than four axes, or sizes whose product overflows.
Array read_npy(const std::filesystem::path& path);

/// What a file holds, from its header.
struct NpyKind {
  bool text = false;
  DType dtype = DType::kF32;  // of numbers
  Shape shape{0};
};

/// The kind of a file from its first bytes. Throws Error as read_npy, but does not miss elements.
NpyKind npy_kind(std::span<const std::uint8_t> beginning, std::string_view source);

/// The layout of a file's numbers, and their bytes in the file.
struct NpyLayout {
  DType dtype = DType::kF32;
  Shape shape{0};
  bool big_endian = false;
  bool fortran_order = false;  // the first axis is fastest
  std::span<const std::uint8_t> elements;
};

/// The layout of a file in memory, checked as read_npy does; `source` is the name for messages.
NpyLayout npy_layout(std::span<const std::uint8_t> bytes, std::string_view source);

/// The elements in this machine's byte order and in C order.
Array array_of(const NpyLayout& layout);

/// The numbers of a file in memory.
Array parse_npy(std::span<const std::uint8_t> bytes, std::string_view source);

/// The numbers or the text of a file in memory: NumPy's `<U` and `S` of any length. Throws Error as
/// read_npy, and for numbers in a text that are no characters.
std::variant<Array, TextArray> parse_npy_content(std::span<const std::uint8_t> bytes,
                                                 std::string_view source);

}  // namespace hourglass
