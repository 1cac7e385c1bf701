#include "hourglass/kernels/impl/cpu/cpu.h"

#include "hourglass/kernels/impl/cpu/targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "hourglass/kernels/impl/cpu/cpu.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "hourglass/kernels/impl/cpu/elementwise-inl.h"
#include "hourglass/kernels/impl/cpu/near-inl.h"
#include "hourglass/kernels/impl/cpu/norm-inl.h"
#include "hourglass/kernels/impl/cpu/product-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hourglass::HWY_NAMESPACE {

const Kernels& set() {
  static constexpr Kernels table{HWY_TARGET == HWY_AVX3   ? "avx512"
                                 : HWY_TARGET == HWY_AVX2 ? "avx2"
                                 : kNeon                  ? "neon"
                                                          : "portable",
                                 product,
                                 gram,
                                 norm_forward,
                                 norm_backward,
                                 sigmoid,
                                 sigmoid_loss,
                                 adam,
                                 sum_parts,
                                 column_sums,
                                 kNear};
  return table;
}

}  // namespace hourglass::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hourglass::cpu {
namespace {

/// Whether this processor has the instructions of one of these targets.
bool has([[maybe_unused]] std::int64_t targets) {
#if HWY_TARGETS & (HWY_SSE4 | HWY_AVX2 | HWY_AVX3)  // others are chosen when they are compiled
  return (hwy::SupportedTargets() & targets) != 0;
#else
  return false;
#endif
}

}  // namespace

const Kernels* kernels(KernelSet set) {
  switch (set) {
    case KernelSet::ref:
      return nullptr;
    case KernelSet::portable:
#if HWY_TARGETS & HWY_SSE4  // without FMA, like the plain code: the same bits, but faster
      if (has(HWY_SSE4)) return &N_SSE4::set();
#endif
#if HWY_TARGETS & HWY_WASM  // in a browser
      return &N_WASM::set();
#endif
#if HWY_TARGETS & HWY_EMU128
      return &N_EMU128::set();
#else
      return &N_SCALAR::set();
#endif
    case KernelSet::avx2:
#if HWY_TARGETS & HWY_AVX2
      return &N_AVX2::set();
#else
      return nullptr;
#endif
    case KernelSet::avx512:
#if HWY_TARGETS & HWY_AVX3
      return &N_AVX3::set();
#else
      return nullptr;
#endif
    case KernelSet::neon:
#if HWY_ARCH_ARM_A64
      return &HWY_NAMESPACE::set();  // the last target compiled is what every processor has
#else
      return nullptr;
#endif
  }
  return nullptr;
}

bool supported(KernelSet set) {
  if (!kernels(set)) return false;
  if (set == KernelSet::avx2) return has(HWY_AVX2);
  if (set == KernelSet::avx512) return has(HWY_AVX3);
  return true;
}

}  // namespace hourglass::cpu
#endif
