// NumPy's .npy: one array in a file. Not several (npz.h), not structured or object arrays.
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "hourglass/interop/array.h"

namespace hourglass {

/// The header of a file of format 1.0, padded to a multiple of 64 bytes. Throws Error for BF16,
/// which NumPy does not have.
std::vector<std::uint8_t> npy_header(const ArrayView& array);

/// Writes a file (AtomicFile); the same array gives the same bytes.
void write_npy(const std::filesystem::path& path, const ArrayView& array);

/// Reads formats 1.0 to 3.0: booleans, integers and real numbers of 1 to 8 bytes, in either byte
/// order, in C or Fortran order. The returned array is in this machine's byte order and in C order.
/// Throws Error in one line with the file and the reason: cut short, too many bytes, other element
/// types, more than four axes, or sizes whose product overflows.
Array read_npy(const std::filesystem::path& path);

/// The layout of a file's elements, and their bytes in the file.
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

/// The array of a file in memory.
Array parse_npy(std::span<const std::uint8_t> bytes, std::string_view source);

}  // namespace hourglass
