#include "peak.h"

#include <atomic>

#include "hourglass/base/progress.h"
#include "hourglass/tensor/tensor.h"

#include "hourglass/kernels/impl/cpu/targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "bench/peak.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace hourglass::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr hn::ScalableTag<float> kFloats;
constexpr std::int64_t kWidth = HWY_LANES(float);

/// `rounds` of twelve multiply-adds each: enough chains for two units with a latency of four
/// cycles, and few enough for sixteen registers.
double multiply_add_loop(std::int64_t rounds, float* result) {
  constexpr int kChains = 12;
  // The factor is not a compile-time constant; the sums stay finite.
  const auto factor = hn::Set(kFloats, *result);
  hn::Vec<decltype(kFloats)> sum[kChains];
  for (int i = 0; i < kChains; ++i) sum[i] = hn::Set(kFloats, static_cast<float>(i));
  for (std::int64_t r = 0; r < rounds; ++r) {
    for (int i = 0; i < kChains; ++i) sum[i] = hn::MulAdd(sum[i], factor, factor);
  }
  auto total = sum[0];
  for (int i = 1; i < kChains; ++i) total = hn::Add(total, sum[i]);
  *result = hn::GetLane(total);
  return 2.0 * kChains * static_cast<double>(kWidth * rounds);
}

void scaled_sum(float* y, const float* x, float a, std::int64_t n) {
  const auto factor = hn::Set(kFloats, a);
  for (std::int64_t i = 0; i < n; i += kWidth) {
    hn::Store(hn::MulAdd(factor, hn::Load(kFloats, x + i), hn::Load(kFloats, y + i)), kFloats,
              y + i);
  }
}

PeakLoops loops() {
  return {multiply_add_loop, scaled_sum};
}

}  // namespace hourglass::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hourglass {
namespace {

PeakLoops loops_of(KernelSet set) {
#if HWY_TARGETS & HWY_AVX3
  if (set == KernelSet::avx512) return N_AVX3::loops();
#endif
#if HWY_TARGETS & HWY_AVX2
  if (set == KernelSet::avx2) return N_AVX2::loops();
#endif
#if HWY_TARGETS & HWY_SSE4
  if (hwy::SupportedTargets() & HWY_SSE4) return N_SSE4::loops();
#endif
  return HWY_NAMESPACE::loops();  // the last target compiled is the baseline
}

}  // namespace

double multiply_add_peak(KernelSet set, ThreadPool& pool, double seconds) {
  constexpr std::int64_t kRounds = 100'000;
  const PeakLoops chosen = loops_of(set);
  std::atomic<std::int64_t> calls = 0;
  std::atomic<double> operations_a_call = 0.0;
  const double started = monotonic_seconds();
  pool.run(pool.size(), [&](std::int64_t) {
    float result = 0.25f;
    while (monotonic_seconds() - started < seconds) {
      operations_a_call = chosen.multiply_add(kRounds, &result);
      result = 0.25f + result * 1e-30f;
      ++calls;
    }
  });
  return static_cast<double>(calls) * operations_a_call / (monotonic_seconds() - started);
}

double cache_bandwidth(KernelSet set, double seconds) {
  constexpr std::int64_t kCount = 40'960;  // two arrays of 160 KiB
  const PeakLoops chosen = loops_of(set);
  Tensor x({kCount}), y({kCount});
  std::int64_t passes = 0;
  const double started = monotonic_seconds();
  double now = started;
  for (; now - started < seconds; now = monotonic_seconds()) {
    for (int i = 0; i < 100; ++i) chosen.scaled_sum(y.data(), x.data(), 1.0f, kCount);
    passes += 100;
  }
  return static_cast<double>(passes * kCount) * 3 * sizeof(float) / (now - started);
}

}  // namespace hourglass
#endif
