// The check of both targets of .pth files.
#pragma once

#include <set>
#include <span>

#include "fuzz.h"
#include "hourglass/interop/torch_file.h"

namespace hourglass::fuzz {

/// Checks that the arrays agree with their sizes and, if all names differ, are the same after
/// writing and reading.
inline void check_torch_round_trip(std::span<const NamedArray> arrays) {
  std::set<std::string_view> names;
  std::vector<NamedArrayView> views;
  for (const NamedArray& named : arrays) {
    check_true_to_size(named.array);
    names.insert(named.name);
    views.push_back({named.name, named.array});
  }
  if (names.size() != arrays.size()) return;
  write_torch(scratch_file(), views);
  const std::vector<NamedArray> again = read_torch(scratch_file());
  check(again.size() == arrays.size(), "another number of arrays");
  for (std::size_t i = 0; i < again.size(); ++i) {
    check(again[i].name == arrays[i].name, "another name");
    check_same(arrays[i].array, again[i].array, again[i].name);
  }
}

}  // namespace hourglass::fuzz
