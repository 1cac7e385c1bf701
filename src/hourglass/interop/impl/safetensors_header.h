// The JSON header of a safetensors file. Not its consistency with the data, which safetensors.cpp
// checks.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/interop/array.h"

namespace hourglass {

/// The key of the metadata.
inline constexpr std::string_view kSafetensorsMetadata = "__metadata__";

struct SafetensorsHeader {
  struct Entry {
    std::string name;
    DType dtype = DType::kF32;
    std::vector<std::int64_t> sizes;         // at most Shape::kMaxRank, each >= 0
    std::array<std::uint64_t, 2> offsets{};  // begin and end in the data, as claimed
  };
  std::vector<Entry> entries;
  std::map<std::string, std::string> metadata;
};

/// Parses the header's text. Throws Error, in a line that begins with `source`, for any violation
/// of the format, including repeated keys.
SafetensorsHeader parse_safetensors_header(std::string_view text, std::string_view source);

}  // namespace hourglass
