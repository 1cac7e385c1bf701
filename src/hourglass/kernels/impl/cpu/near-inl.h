// The arithmetic of a neighbour search, for one Highway target. Included once for each target.
#if defined(HOURGLASS_KERNELS_CPU_NEAR_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef HOURGLASS_KERNELS_CPU_NEAR_INL_H
#undef HOURGLASS_KERNELS_CPU_NEAR_INL_H
#else
#define HOURGLASS_KERNELS_CPU_NEAR_INL_H
#endif

#include <hwy/highway.h>

#include "hourglass/kernels/impl/cpu/product-inl.h"
#include "hourglass/kernels/near.h"

HWY_BEFORE_NAMESPACE();
namespace hourglass::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// 6 x 4 sums with 32 registers: a whole leaf wide with AVX-512. With a single remaining row there
// are still four independent sums.
constexpr int kNearRows = kManyRegisters ? 6 : 4;
constexpr int kNearVectors = kManyRegisters ? 4 : 2;
static_assert(kLeaf % (kNearVectors * kWidth) == 0);

/// Appends the pairs of row m and the columns from `column` on with sums of at least the limit.
HWY_INLINE std::int64_t append_pairs(const NearPairs& pairs, std::int64_t count, const Vector* sum,
                                     float limit, std::int64_t m, std::int64_t column) {
  const hn::RebindToUnsigned<Floats> indices;
  const Vector least = hn::Set(kFloats, limit);
  auto any = hn::Ge(sum[0], least);
  for (int v = 1; v < kNearVectors; ++v) any = hn::Or(any, hn::Ge(sum[v], least));
  if (HWY_LIKELY(hn::AllFalse(kFloats, any))) return count;
  for (int v = 0; v < kNearVectors; ++v) {
    const auto near = hn::Ge(sum[v], least);
    const auto first = static_cast<std::uint32_t>(m * kLeaf + column + v * kWidth);
    const auto numbers = hn::Compress(hn::Iota(indices, first), hn::RebindMask(indices, near));
    hn::StoreU(numbers, indices, pairs.pair + count);
    hn::StoreU(hn::Compress(sum[v], near), kFloats, pairs.value + count);
    count += static_cast<std::int64_t>(hn::CountTrue(kFloats, near));
  }
  return count;
}

template <int kRows>
HWY_INLINE std::int64_t near_tile(const NearPairs& pairs, std::int64_t count, const NearProduct& a,
                                  std::int64_t m, std::int64_t column) {
  const float* rows[kRows];
  for (int r = 0; r < kRows; ++r) rows[r] = a.rows + a.row_offset[m + r];
  Vector sum[kRows][kNearVectors];
  for (int v = 0; v < kNearVectors; ++v) {
    const Vector start = hn::LoadU(kFloats, a.bias + column + v * kWidth);
    for (int r = 0; r < kRows; ++r) sum[r][v] = start;
  }
  const float* columns = a.columns + column;
  for (std::int64_t c = 0; c < a.depth; ++c, columns += kLeaf) {
    Vector right[kNearVectors];
    for (int v = 0; v < kNearVectors; ++v) right[v] = hn::LoadU(kFloats, columns + v * kWidth);
    for (int r = 0; r < kRows; ++r) {
      const Vector left = hn::Set(kFloats, rows[r][c]);
      for (int v = 0; v < kNearVectors; ++v) sum[r][v] = hn::MulAdd(left, right[v], sum[r][v]);
    }
  }
  for (int r = 0; r < kRows; ++r) {
    count = append_pairs(pairs, count, sum[r], a.limit[m + r], m + r, column);
  }
  return count;
}

std::int64_t near_product(const NearPairs& pairs, const NearProduct& a) {
  std::int64_t count = 0, m = 0;
  for (; m + kNearRows <= a.row_count; m += kNearRows) {
    for (std::int64_t j = 0; j < kLeaf; j += kNearVectors * kWidth) {
      count = near_tile<kNearRows>(pairs, count, a, m, j);
    }
  }
  for (; m < a.row_count; ++m) {
    for (std::int64_t j = 0; j < kLeaf; j += kNearVectors * kWidth) {
      count = near_tile<1>(pairs, count, a, m, j);
    }
  }
  return count;
}

using Sixteen = hn::CappedTag<float, kVectorFloats>;
constexpr std::int64_t kSixteens = kVectorFloats / hn::MaxLanes(Sixteen());

// The total of kVectorFloats sums: to eight, four, two and one, each adding its second half to its
// first. Written out, as Highway's own sum of a vector has another order on other processors.
HWY_INLINE float sum_of(const hn::Vec<Sixteen>* sums) {
  HWY_ALIGN float all[kVectorFloats];
  for (std::int64_t v = 0; v < kSixteens; ++v) {
    hn::Store(sums[v], Sixteen(), all + v * (kVectorFloats / kSixteens));
  }
  using Four = hn::CappedTag<float, 4>;
  constexpr Four four;
  constexpr std::int64_t kFour = hn::MaxLanes(four);
  HWY_ALIGN float total[4];
  for (std::int64_t at = 0; at < 4; at += kFour) {
    const auto even = hn::Add(hn::Load(four, all + at), hn::Load(four, all + 8 + at));
    const auto odd = hn::Add(hn::Load(four, all + 4 + at), hn::Load(four, all + 12 + at));
    hn::Store(hn::Add(even, odd), four, total + at);
  }
  return (total[0] + total[2]) + (total[1] + total[3]);
}

std::int64_t near_refine(const NearPairs& pairs, std::int64_t count, const NearRefine& a) {
  constexpr Sixteen sixteen;
  std::int64_t kept = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::uint32_t pair = pairs.pair[i];
    const float* row = a.rows + a.row_offset[pair / kLeaf];
    const float* column = a.columns + static_cast<std::int64_t>(pair % kLeaf) * a.depth;
    hn::Vec<Sixteen> sum[kSixteens];
    for (auto& s : sum) s = hn::Zero(sixteen);
    for (std::int64_t c = 0; c < a.depth; c += kVectorFloats) {
      for (std::int64_t v = 0; v < kSixteens; ++v) {
        const std::int64_t at = c + v * (kVectorFloats / kSixteens);
        const auto difference =
            hn::Sub(hn::LoadU(sixteen, row + at), hn::LoadU(sixteen, column + at));
        sum[v] = hn::MulAdd(difference, difference, sum[v]);
      }
    }
    const float squared = sum_of(sum);
    pairs.pair[kept] = pair;
    pairs.value[kept] = squared;
    kept += squared <= a.limit[pair / kLeaf] ? 1 : 0;
  }
  return kept;
}

void near_box(float* out, const float* points, const float* low, const float* high,
              std::int64_t depth) {
  constexpr int kVectors = 4;
  for (std::int64_t i = 0; i < kLeaf; i += kVectors * kWidth) {
    Vector sum[kVectors];
    for (Vector& s : sum) s = hn::Zero(kFloats);
    for (std::int64_t c = 0; c < depth; ++c) {
      const Vector from = hn::Set(kFloats, low[c]), to = hn::Set(kFloats, high[c]);
      for (int v = 0; v < kVectors; ++v) {
        const Vector x = hn::LoadU(kFloats, points + c * kLeaf + i + v * kWidth);
        const Vector outside =
            hn::Max(hn::Max(hn::Sub(from, x), hn::Sub(x, to)), hn::Zero(kFloats));
        sum[v] = hn::MulAdd(outside, outside, sum[v]);
      }
    }
    for (int v = 0; v < kVectors; ++v) hn::StoreU(sum[v], kFloats, out + i + v * kWidth);
  }
}

// Eight sums of squared differences for any vector width, and no fused multiply-add.
constexpr int kSums = 8;

/// Adds the squared differences of all whole groups of kSums, and returns their number of floats.
HWY_INLINE std::int64_t add_squares(double* sums, const float* a, const float* b, std::int64_t d) {
  std::int64_t j = 0;
#if HWY_TARGET == HWY_WASM  // for which Highway 1.0 has no arithmetic of doubles
  for (; j + kSums <= d; j += kSums) {
    for (int l = 0; l < kSums; ++l) {
      const double difference = static_cast<double>(a[j + l]) - static_cast<double>(b[j + l]);
      sums[l] += difference * difference;
    }
  }
#else
  using Doubles = hn::CappedTag<double, kSums>;
  constexpr Doubles doubles;
  const hn::Rebind<float, Doubles> floats;
  constexpr std::int64_t kDoubles = hn::MaxLanes(doubles), kVectors = kSums / kDoubles;
  hn::Vec<Doubles> sum[kVectors];
  for (auto& s : sum) s = hn::Zero(doubles);
  for (; j + kSums <= d; j += kSums) {
    for (std::int64_t v = 0; v < kVectors; ++v) {
      const auto difference =
          hn::Sub(hn::PromoteTo(doubles, hn::LoadU(floats, a + j + v * kDoubles)),
                  hn::PromoteTo(doubles, hn::LoadU(floats, b + j + v * kDoubles)));
      sum[v] = hn::Add(sum[v], hn::Mul(difference, difference));
    }
  }
  for (std::int64_t v = 0; v < kVectors; ++v) hn::Store(sum[v], doubles, sums + v * kDoubles);
#endif
  return j;
}

double near_squared_distance(const float* a, const float* b, std::int64_t d) {
  HWY_ALIGN double sums[kSums] = {};
  std::int64_t j = add_squares(sums, a, b, d);
  for (std::int64_t l = 0; j < d; ++j, ++l) {
    const double difference = static_cast<double>(a[j]) - static_cast<double>(b[j]);
    sums[l] += difference * difference;
  }
  return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

constexpr NearKernels kNear{near_product, near_refine, near_box, near_squared_distance};

}  // namespace hourglass::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
