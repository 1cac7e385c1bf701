// All bytes and labels of a source, for tests to compare.
#pragma once

#include <cstdint>
#include <vector>

#include "hourglass/tensor/rows.h"

namespace hourglass {

inline std::vector<std::uint8_t> bytes_of(const RowSource& rows) {
  const auto size = static_cast<std::size_t>(rows.columns());
  std::vector<std::uint8_t> out(static_cast<std::size_t>(rows.count()) * size);
  for (std::int64_t i = 0; i < rows.count(); ++i) {
    rows.fill_bytes(i, std::span(out).subspan(static_cast<std::size_t>(i) * size, size));
  }
  return out;
}

inline std::vector<std::int64_t> labels_of(const RowSource& rows) {
  return {rows.labels().begin(), rows.labels().end()};
}

}  // namespace hourglass
