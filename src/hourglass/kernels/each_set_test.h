// For tests that run once under every kernel set.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include "hourglass/base/hash.h"
#include "hourglass/kernels/kernels.h"

namespace hourglass {

/// Runs a test with the kernel set given as its parameter; skips sets that this processor lacks.
class EachKernelSet : public testing::TestWithParam<KernelSet> {
 protected:
  void SetUp() override {
    for (const KernelSetFact& fact : kernel_sets()) {
      if (fact.set == GetParam() && !fact.usable) {
        GTEST_SKIP() << "kernel set " << fact.name << ' ' << fact.why;
      }
    }
    select_kernels(GetParam());
  }
  void TearDown() override { select_kernels(best_kernel_set()); }
};

inline std::string kernel_set_name(const testing::TestParamInfo<KernelSet>& info) {
  return std::string(kernel_sets()[static_cast<std::size_t>(info.param)].name);
}

/// Selects a set for its own lifetime.
class WithKernels {
 public:
  explicit WithKernels(KernelSet set) { select_kernels(set); }
  ~WithKernels() { select_kernels(best_kernel_set()); }
  WithKernels(const WithKernels&) = delete;
  WithKernels& operator=(const WithKernels&) = delete;
};

inline bool usable_here(KernelSet set) {
  return kernel_sets()[static_cast<std::size_t>(set)].usable;
}

/// The sets of this processor that fuse, and so give the recorded bits.
inline std::vector<KernelSet> fused_sets_here() {
  std::vector<KernelSet> sets;
  for (const KernelSetFact& fact : kernel_sets()) {
    if (fact.fused && fact.usable) sets.push_back(fact.set);
  }
  return sets;
}

/// SHA-256 of the bytes of arrays, one after the other.
template <typename... Values>
std::string bits_of(const Values&... arrays) {
  Sha256 hash;
  const auto add = [&](const auto& values) {
    hash.update({reinterpret_cast<const std::uint8_t*>(std::data(values)),
                 std::size(values) * sizeof(*std::data(values))});
  };
  (add(arrays), ...);
  return hash.hex();
}

inline const auto kEverySet = testing::Values(KernelSet::ref, KernelSet::portable, KernelSet::avx2,
                                              KernelSet::avx512, KernelSet::neon);

}  // namespace hourglass
