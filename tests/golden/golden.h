// Numbers recorded from other programs by the record_*.py here, for tests: lines "name value...".
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "hourglass/tensor/tensor.h"

namespace hourglass::golden {

using Numbers = std::map<std::string, std::vector<double>>;

/// All lines of tests/golden/FILE.
inline Numbers read(const std::string& file) {
  const char* root = std::getenv("HOURGLASS_SOURCE_DIR");
  const std::string path = std::string(root == nullptr ? "." : root) + "/tests/golden/" + file;
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path);
  Numbers numbers;
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string name;
    words >> name;
    for (double value; words >> value;) numbers[name].push_back(value);
  }
  return numbers;
}

/// The numbers in [0, 1) that record_*.py calls noise(seed, ...): a linear congruential generator,
/// so that both sides make the same inputs.
inline Tensor noise(std::uint64_t seed, Shape shape) {
  Tensor out(shape);
  std::uint64_t x = seed;
  for (float& value : out.span()) {
    x = (x * 1103515245 + 12345) % (std::uint64_t{1} << 31);
    value = static_cast<float>(static_cast<double>(x >> 8) / static_cast<double>(1 << 23));
  }
  return out;
}

}  // namespace hourglass::golden
