#include "hourglass/kernels/kernels.h"

#include <array>
#include <atomic>

#include "hourglass/base/error.h"
#include "hourglass/kernels/impl/cpu/cpu.h"
#include "hourglass/kernels/impl/ref/ref.h"

namespace hourglass {
namespace {

struct Known {
  KernelSet set;
  std::string_view name;
  bool fused;
  std::string_view needs;
};
constexpr std::array<Known, 5> kKnown{{
    {KernelSet::ref, "ref", false, "any processor: plain loops, the reference for tests"},
    {KernelSet::portable, "portable", false, "any processor"},
    {KernelSet::avx2, "avx2", true, "AVX2 and FMA"},
    {KernelSet::avx512, "avx512", true, "AVX-512 F, BW, DQ, VL"},
    {KernelSet::neon, "neon", true, "64-bit ARM"},
}};

bool usable(KernelSet set) {
  return set == KernelSet::ref || cpu::supported(set);
}

const Kernels& table(KernelSet set) {
  return set == KernelSet::ref ? ref::kernels() : *cpu::kernels(set);
}

std::atomic<const Kernels*>& selected() {
  static std::atomic<const Kernels*> chosen{&table(best_kernel_set())};
  return chosen;
}

}  // namespace

std::vector<KernelSetFact> kernel_sets() {
  std::vector<KernelSetFact> facts;
  for (const Known& known : kKnown) {
    const bool works = usable(known.set);
    facts.push_back({known.set, known.name, known.fused, works,
                     fmt::format("{}{}", works ? "runs on " : "not here: needs ", known.needs)});
  }
  return facts;
}

KernelSet parse_kernel_set(std::string_view name) {
  for (const Known& known : kKnown) {
    if (known.name == name) return known.set;
  }
  fail("kernels", "no kernel set is called '{}': choose ref, portable, avx2, avx512 or neon", name);
}

KernelSet best_kernel_set() {
  for (const KernelSet set : {KernelSet::avx512, KernelSet::avx2, KernelSet::neon}) {
    if (usable(set)) return set;
  }
  return KernelSet::portable;
}

void select_kernels(KernelSet set) {
  if (!usable(set)) {
    const Known& known = kKnown[static_cast<std::size_t>(set)];
    fail("kernels", "this processor cannot run the kernel set {}: it needs {}; leave `kernels` out",
         known.name, known.needs);
  }
  selected().store(&table(set));
}

const Kernels& kernels() {
  return *selected().load(std::memory_order_relaxed);
}

}  // namespace hourglass
