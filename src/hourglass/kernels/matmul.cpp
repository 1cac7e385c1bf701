#include "hourglass/kernels/matmul.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/kernels/kernels.h"
#include "hourglass/tensor/impl/checks.h"

namespace hourglass {
namespace {

// Rows per block, so that offsets fit 32 bits, and columns of the packed side, so that it stays in
// cache.
constexpr std::int64_t kRowBlock = 512;
constexpr std::int64_t kColumnBlock = 4 * kVectorFloats;
constexpr std::int32_t kOneTap[] = {0};

std::vector<std::int32_t> row_offsets(std::int64_t rows, std::int64_t columns) {
  std::vector<std::int32_t> offsets(static_cast<std::size_t>(std::min(rows, kRowBlock)));
  for (std::size_t r = 0; r < offsets.size(); ++r) {
    offsets[r] = static_cast<std::int32_t>(static_cast<std::int64_t>(r) * columns);
  }
  return offsets;
}

void check_product(ConstView out, ConstView a, ConstView b) {
  require_matrix("matmul", "out", out);
  require_matrix("matmul", "a", a);
  require_matrix("matmul", "b", b);
}

/// Throws Error unless the shapes agree; `inner` columns of a are addressed by 32 bits.
void check_sizes(bool agree, std::int64_t inner, ConstView out, ConstView a, ConstView b) {
  if (agree && inner < INT32_MAX / kRowBlock) return;
  fail("matmul", "{} cannot be a product of {} and {}", out.shape().text(), a.shape().text(),
       b.shape().text());
}

/// Copies the first `columns` of each row between matrices of different row lengths.
void copy_columns(float* to, std::int64_t to_stride, const float* from, std::int64_t from_stride,
                  std::int64_t columns, std::int64_t rows) {
  for (std::int64_t r = 0; r < rows; ++r) {
    std::copy_n(from + r * from_stride, columns, to + r * to_stride);
  }
}

}  // namespace

void matmul_nt(View out, ConstView a, ConstView b) {
  check_product(out, a, b);
  const std::int64_t m = a.size(0), k = a.size(1), n = b.size(0);
  check_sizes(b.size(1) == k && out.size(0) == m && out.size(1) == n, k, out, a, b);
  const auto in_offset = row_offsets(m, k), out_offset = row_offsets(m, kColumnBlock);
  std::vector<float> right(static_cast<std::size_t>(k * kColumnBlock));
  std::vector<float> block(static_cast<std::size_t>(std::min(m, kRowBlock) * kColumnBlock));
  for (std::int64_t column = 0; column < n; column += kColumnBlock) {
    const std::int64_t columns = std::min(kColumnBlock, n - column);
    std::fill(right.begin(), right.end(), 0.0f);
    for (std::int64_t j = 0; j < columns; ++j) {
      const float* row = b.data() + (column + j) * k;
      for (std::int64_t p = 0; p < k; ++p) {
        right[static_cast<std::size_t>(p * kColumnBlock + j)] = row[p];
      }
    }
    for (std::int64_t first = 0; first < m; first += kRowBlock) {
      const std::int64_t rows = std::min(kRowBlock, m - first);
      const Gather gather{in_offset.data(), rows, kOneTap, 1, k};
      kernels().product({block.data(), out_offset.data(), a.data() + first * k, gather,
                         right.data(), nullptr, kColumnBlock});
      for (std::int64_t r = 0; r < rows; ++r) {
        std::copy_n(block.data() + r * kColumnBlock, columns,
                    out.data() + (first + r) * n + column);
      }
    }
  }
}

void matmul_tn_accumulate(View out, ConstView a, ConstView b) {
  check_product(out, a, b);
  const std::int64_t m = a.size(0), n = a.size(1), k = b.size(1);
  check_sizes(b.size(0) == m && out.size(0) == n && out.size(1) == k, n, out, a, b);
  const auto in_offset = row_offsets(m, n);
  // If b's rows are not whole vectors, b and out go through padded buffers.
  const std::int64_t columns = padded(k);
  const bool direct = columns == k;
  const auto right_offset = row_offsets(m, columns);
  std::vector<float> right, sums;
  if (!direct) {
    right.resize(static_cast<std::size_t>(std::min(m, kRowBlock) * columns));
    sums.resize(static_cast<std::size_t>(n * columns));
    copy_columns(sums.data(), columns, out.data(), k, k, n);
  }
  for (std::int64_t first = 0; first < m; first += kRowBlock) {
    const std::int64_t rows = std::min(kRowBlock, m - first);
    const Gather gather{in_offset.data(), rows, kOneTap, 1, n};
    const float* from = b.data() + first * k;
    if (!direct) copy_columns(right.data(), columns, from, k, k, rows);
    kernels().gram({direct ? out.data() : sums.data(), a.data() + first * n, gather,
                    direct ? from : right.data(), right_offset.data(), columns});
  }
  if (!direct) copy_columns(out.data(), k, sums.data(), columns, k, n);
}

}  // namespace hourglass
