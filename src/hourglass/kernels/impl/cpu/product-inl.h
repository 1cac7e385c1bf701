// Implicit matrix products by register tiles, for one Highway target. Included once for each
// target.
#if defined(HOURGLASS_KERNELS_CPU_PRODUCT_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef HOURGLASS_KERNELS_CPU_PRODUCT_INL_H
#undef HOURGLASS_KERNELS_CPU_PRODUCT_INL_H
#else
#define HOURGLASS_KERNELS_CPU_PRODUCT_INL_H
#endif

#include <hwy/highway.h>

#include <algorithm>

#include "hourglass/kernels/kernels.h"

HWY_BEFORE_NAMESPACE();
namespace hourglass::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using Vector = hn::Vec<Floats>;
constexpr Floats kFloats;
constexpr std::int64_t kWidth = HWY_LANES(float);  // floats in a vector: 4, 8 or 16
static_assert(kVectorFloats % kWidth == 0);

constexpr bool kNeon =
    HWY_ARCH_ARM_A64 != 0 && HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128;
/// 32 vector registers instead of 16.
constexpr bool kManyRegisters = HWY_TARGET <= HWY_AVX3 || kNeon;

// A tile of kTileRows x 2 vectors of sums, 2 vectors of the right-hand side and one broadcast fit
// the registers.
constexpr int kTileRows = kManyRegisters ? 12 : 6;

// The number of terms in a partial sum before it is added to the total. A float sum of n terms has
// an error of about sqrt(n) roundings; in two levels, that of its partial sums.
constexpr std::int64_t kPieceTerms = 128;
constexpr std::int64_t kPieceRows = 64;  // of Gram: about one image

/// `kRows` rows by `kVectors` vectors of the product. The sums stay in registers over a piece of k.
template <int kRows, int kVectors>
HWY_INLINE void product_tile(const Product& a, std::int64_t m, std::int64_t column) {
  const float* rows[kRows];
  for (int r = 0; r < kRows; ++r) rows[r] = a.in + a.gather.row_offset[m + r];
  Vector sum[kRows][kVectors];
  for (int v = 0; v < kVectors; ++v) {
    const Vector start =
        a.bias ? hn::LoadU(kFloats, a.bias + column + v * kWidth) : hn::Zero(kFloats);
    for (int r = 0; r < kRows; ++r) sum[r][v] = start;
  }
  const float* weights = a.weights + column;
  bool started = false;  // whether out holds the sum of earlier pieces
  std::int64_t terms = 0;
  const auto finish_piece = [&](bool more) {
    for (int r = 0; r < kRows; ++r) {
      float* out = a.out + a.out_offset[m + r] + column;
      for (int v = 0; v < kVectors; ++v) {
        if (started) sum[r][v] = hn::Add(hn::LoadU(kFloats, out + v * kWidth), sum[r][v]);
        hn::StoreU(sum[r][v], kFloats, out + v * kWidth);
        if (more) sum[r][v] = hn::Zero(kFloats);
      }
    }
    started = true;
    terms = 0;
  };
  for (std::int64_t t = 0; t < a.gather.taps; ++t) {
    const std::int64_t tap = a.gather.tap_offset[t], tap_end = tap + a.gather.channels;
    for (std::int64_t begin = tap; begin < tap_end; begin += kPieceTerms) {
      if (terms >= kPieceTerms) finish_piece(true);
      const std::int64_t end = std::min(begin + kPieceTerms, tap_end);
      for (std::int64_t c = begin; c < end; ++c, weights += a.columns) {
        Vector right[kVectors];
        for (int v = 0; v < kVectors; ++v) right[v] = hn::LoadU(kFloats, weights + v * kWidth);
        for (int r = 0; r < kRows; ++r) {
          const Vector left = hn::Set(kFloats, rows[r][c]);
          for (int v = 0; v < kVectors; ++v) sum[r][v] = hn::MulAdd(left, right[v], sum[r][v]);
        }
      }
      terms += end - begin;
    }
  }
  finish_piece(false);
}

/// All rows of `kVectors` vectors of columns: whole tiles, then smaller tiles for the remaining
/// rows. A sum does not depend on its tile.
template <int kVectors>
HWY_NOINLINE void product_panel(const Product& a, std::int64_t column) {
  std::int64_t m = 0;
  for (; m + kTileRows <= a.gather.rows; m += kTileRows) {
    product_tile<kTileRows, kVectors>(a, m, column);
  }
  if constexpr (kTileRows > 8) {
    for (; m + 8 <= a.gather.rows; m += 8) product_tile<8, kVectors>(a, m, column);
  }
  for (; m + 4 <= a.gather.rows; m += 4) product_tile<4, kVectors>(a, m, column);
  for (; m < a.gather.rows; ++m) product_tile<1, kVectors>(a, m, column);
}

void product(const Product& a) {
  std::int64_t column = 0;
  for (; column + 2 * kWidth <= a.columns; column += 2 * kWidth) product_panel<2>(a, column);
  for (; column < a.columns; column += kWidth) product_panel<1>(a, column);
}

/// kRows channels of one tap by kVectors vectors, over rows [begin, end) of the gathered matrix.
template <int kRows, int kVectors>
HWY_INLINE void gram_tile(const Gram& a, std::int64_t begin, std::int64_t end, std::int64_t tap,
                          std::int64_t channel, std::int64_t column) {
  float* out = a.out + (tap * a.gather.channels + channel) * a.columns + column;
  const float* in = a.in + a.gather.tap_offset[tap] + channel;
  const float* right = a.right + column;
  Vector sum[kRows][kVectors];
  for (auto& row_sums : sum) {
    for (Vector& s : row_sums) s = hn::Zero(kFloats);
  }
  for (std::int64_t m = begin; m < end; ++m) {
    const float* left = in + a.gather.row_offset[m];
    const float* row = right + a.right_offset[m];
    Vector factor[kVectors];
    for (int v = 0; v < kVectors; ++v) factor[v] = hn::LoadU(kFloats, row + v * kWidth);
    for (int r = 0; r < kRows; ++r) {
      const Vector value = hn::Set(kFloats, left[r]);
      for (int v = 0; v < kVectors; ++v) sum[r][v] = hn::MulAdd(value, factor[v], sum[r][v]);
    }
  }
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVectors; ++v) {
      float* to = out + r * a.columns + v * kWidth;
      hn::StoreU(hn::Add(hn::LoadU(kFloats, to), sum[r][v]), kFloats, to);
    }
  }
}

template <int kVectors>
HWY_NOINLINE void gram_panel(const Gram& a, std::int64_t begin, std::int64_t end, std::int64_t tap,
                             std::int64_t column) {
  constexpr int kGramRows = kManyRegisters ? 8 : 4;
  const std::int64_t channels = a.gather.channels;
  std::int64_t c = 0;
  for (; c + kGramRows <= channels; c += kGramRows) {
    gram_tile<kGramRows, kVectors>(a, begin, end, tap, c, column);
  }
  for (; c < channels; ++c) gram_tile<1, kVectors>(a, begin, end, tap, c, column);
}

void gram(const Gram& a) {
  // Both sides of a piece stay in the first-level cache for all tiles.
  for (std::int64_t begin = 0; begin < a.gather.rows; begin += kPieceRows) {
    const std::int64_t end = std::min(begin + kPieceRows, a.gather.rows);
    for (std::int64_t tap = 0; tap < a.gather.taps; ++tap) {
      std::int64_t column = 0;
      // Three vectors at the end instead of two and one: a tile of one vector waits for its loads.
      for (; column + 2 * kWidth <= a.columns && column + 3 * kWidth != a.columns;
           column += 2 * kWidth) {
        gram_panel<2>(a, begin, end, tap, column);
      }
      if (column + 3 * kWidth == a.columns) {
        gram_panel<3>(a, begin, end, tap, column);
      } else if (column < a.columns) {
        gram_panel<1>(a, begin, end, tap, column);
      }
    }
  }
}

}  // namespace hourglass::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
