// The header of an .npy file: the text of a Python dictionary. Only what NumPy writes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/interop/array.h"

namespace hourglass {

struct NpyHeader {
  std::string descr;                // the element type, "<f4"
  DType dtype = DType::kF32;        // of numbers
  std::uint64_t element_bytes = 4;  // of a number or a text
  bool text = false;                // elements are text, padded with zeros
  bool unicode = false;             // text of 4 bytes a character, otherwise of 1
  bool big_endian = false;
  bool fortran_order = false;       // the first axis is fastest
  std::vector<std::int64_t> sizes;  // at most Shape::kMaxRank, each >= 0
};

/// Parses the dictionary, its keys in any order. Throws Error in a line that begins with `source`.
NpyHeader parse_npy_header(std::string_view text, std::string_view source);

}  // namespace hourglass
