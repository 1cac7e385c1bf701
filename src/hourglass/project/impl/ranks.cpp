#include "hourglass/project/impl/ranks.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

#include "hourglass/kernels/matmul.h"
#include "hourglass/project/impl/distances.h"

namespace hourglass {
namespace {

constexpr std::int64_t kFewColumns = 8;
constexpr std::int64_t kTile = 512;           // rows whose products are transposed while in cache
constexpr std::int64_t kMostColumns = 16384;  // of one product
constexpr std::int64_t kScan = 32;            // bounds tested together
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kUnderflow = 1e-30f;  // more than what squares too small for float32 add up to

/// The power of two that brings the largest magnitude into [1/2, 1), or 1 where all are zero.
double power_of_two_scale(double largest) {
  if (!(largest > 0)) return 1;
  int exponent = 0;
  std::frexp(largest, &exponent);
  return std::ldexp(1.0, -exponent);
}

float rounded_up(double x) {
  return std::nextafter(static_cast<float>(x), kInfinity);
}
float rounded_down(double x) {
  return std::nextafter(static_cast<float>(x), -kInfinity);
}

}  // namespace

bool BoundedDistances::few_columns() const {
  return x_.size(1) <= kFewColumns;
}

BoundedDistances::BoundedDistances(ConstView x, ThreadPool& pool) : x_(x) {
  const std::int64_t n = x.size(0), d = x.size(1);
  // With few columns differences need no shift; products need small norms.
  Tensor shift(Shape{d});
  if (!few_columns()) shift = distance_shift(x);
  double largest = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t c = 0; c < d; ++c) {
      const double value = static_cast<double>(x[i * d + c]) - static_cast<double>(shift[c]);
      largest = std::max(largest, std::abs(value));
    }
  }
  scale_ = power_of_two_scale(largest);
  prepared_ = Tensor(few_columns() ? Shape{d, n} : Shape{n, d});
  norm_.resize(static_cast<std::size_t>(n));
  parallel_for(pool, n, 1024, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      double norm = 0;
      for (std::int64_t c = 0; c < d; ++c) {
        const double centred = static_cast<double>(x[i * d + c]) - static_cast<double>(shift[c]);
        const auto value = static_cast<float>(centred * scale_);
        prepared_[few_columns() ? c * n + i : i * d + c] = value;
        norm += static_cast<double>(value) * static_cast<double>(value);
      }
      norm_[static_cast<std::size_t>(i)] = static_cast<float>(norm);
    }
  });
}

Tensor BoundedDistances::products(std::span<const std::int64_t> asked) const {
  const std::int64_t n = x_.size(0), d = x_.size(1), count = std::ssize(asked);
  if (few_columns()) return Tensor(Shape{count, 0});
  Tensor out(Shape{count, n});
  // Sums of very wide rows are made of parts, as copies of whole rows would take much memory. The
  // bounds hold for any order of additions.
  for (std::int64_t left = 0; left < d; left += kMostColumns) {
    const std::int64_t width = std::min(kMostColumns, d - left);
    Tensor from(Shape{count, width}), tile(Shape{kTile, count});
    Tensor part(width < d ? Shape{std::min(n, kTile), width} : Shape{0, width});
    for (std::int64_t a = 0; a < count; ++a) {
      std::copy_n(prepared_.row(asked[static_cast<std::size_t>(a)]).data() + left, width,
                  from.row(a).data());
    }
    // The few rows go on the right, which is the packed side.
    for (std::int64_t begin = 0; begin < n; begin += kTile) {
      const std::int64_t rows = std::min(kTile, n - begin);
      for (std::int64_t i = 0; i < rows && width < d; ++i) {
        std::copy_n(prepared_.row(begin + i).data() + left, width, part.row(i).data());
      }
      const ConstView block = width < d ? part.view().rows(0, rows)
                                        : ConstView(prepared_.view().rows(begin, begin + rows));
      matmul_nt({tile.data(), Shape{rows, count}}, block, from);
      for (std::int64_t a = 0; a < count; ++a) {
        float* to = out.data() + a * n + begin;
        for (std::int64_t j = 0; j < rows; ++j) to[j] += tile[j * count + a];
      }
    }
  }
  return out;
}

void BoundedDistances::bounds(std::span<float> lower, std::span<float> upper, std::int64_t i,
                              std::span<const float> products) const {
  const std::int64_t n = x_.size(0), d = x_.size(1);
  float* const low = lower.data();
  float* const high = upper.data();
  if (few_columns()) {
    // Each difference is rounded once, its square three times, and the sum d times.
    const float slack = static_cast<float>(d + 8) * std::numeric_limits<float>::epsilon() / 2;
    std::fill(lower.begin(), lower.end(), 0.0f);
    for (std::int64_t c = 0; c < d; ++c) {
      const float* column = prepared_.data() + c * n;
      const float own = column[i];
      for (std::int64_t j = 0; j < n; ++j) low[j] += (own - column[j]) * (own - column[j]);
    }
    for (std::int64_t j = 0; j < n; ++j) {
      high[j] = low[j] * (1.0f + slack) + kUnderflow;
      low[j] = low[j] * (1.0f - slack) - kUnderflow;
    }
  } else {
    const float slack = distance_slack(d), own = norm_[static_cast<std::size_t>(i)];
    const float* norm = norm_.data();
    const float* product = products.data();
    for (std::int64_t j = 0; j < n; ++j) {
      const float norms = own + norm[j];
      const float middle = norms - 2.0f * product[j], reach = norms * slack + kUnderflow;
      low[j] = middle - reach;
      high[j] = middle + reach;
    }
  }
  low[i] = high[i] = kInfinity;
}

double BoundedDistances::exact(std::int64_t i, std::int64_t j) const {
  const std::int64_t d = x_.size(1);
  return squared_distance(x_.data() + i * d, x_.data() + j * d, d) * scale_ * scale_;
}

RankedRow::RankedRow(const BoundedDistances& distances) : distances_(distances) {
  const auto n = static_cast<std::size_t>(distances.rows());
  lower_.resize(n);
  upper_.resize(n);
  exact_.resize(n, std::numeric_limits<double>::quiet_NaN());
  near_.resize(n + 1);
  near_lower_.resize(n + 1);
  near_upper_.resize(n + 1);
}

void RankedRow::look_from(std::int64_t i, std::span<const float> products) {
  for (const std::int32_t j : touched_) {
    exact_[static_cast<std::size_t>(j)] = std::numeric_limits<double>::quiet_NaN();
  }
  touched_.clear();
  from_ = i;
  distances_.bounds(lower_, upper_, i, products);
}

double RankedRow::exact(std::int32_t j) {
  double& distance = exact_[static_cast<std::size_t>(j)];
  if (std::isnan(distance)) {
    distance = distances_.exact(from_, j);
    touched_.push_back(j);
  }
  return distance;
}

void RankedRow::collect(float limit) {
  // Every row is written to the next slot, and the slot is kept only if the row may be near: no
  // branches.
  near_count_ = 0;
  const std::size_t n = lower_.size();
  for (std::size_t from = 0; from < n; from += kScan) {
    const std::size_t to = std::min<std::size_t>(n, from + kScan);
    int any = 0;
    for (std::size_t j = from; j < to; ++j) any |= lower_[j] <= limit ? 1 : 0;
    if (any == 0) continue;
    for (std::size_t j = from; j < to; ++j) {
      near_[near_count_] = static_cast<std::int32_t>(j);
      near_lower_[near_count_] = lower_[j];
      near_upper_[near_count_] = upper_[j];
      near_count_ += lower_[j] <= limit ? 1 : 0;
    }
  }
}

void RankedRow::nearest(std::span<std::int32_t> out) {
  // At least k rows are within the k-th smallest upper bound, so the k nearest are.
  const std::size_t n = upper_.size(), k = out.size();
  assert(k >= 1 && k < n);
  std::vector<float> least(k, kInfinity);  // sorted
  for (std::size_t from = 0; from < n; from += kScan) {
    const std::size_t to = std::min<std::size_t>(n, from + kScan);
    int any = 0;
    for (std::size_t j = from; j < to; ++j) any |= upper_[j] < least.back() ? 1 : 0;
    if (any == 0) continue;
    for (std::size_t j = from; j < to; ++j) {
      if (!(upper_[j] < least.back())) continue;
      const auto at = std::upper_bound(least.begin(), least.end(), upper_[j]);
      std::move_backward(at, least.end() - 1, least.end());
      *at = upper_[j];
    }
  }
  collect(least.back());
  const auto end = near_.begin() + static_cast<std::ptrdiff_t>(near_count_);
  std::partial_sort_copy(near_.begin(), end, out.begin(), out.end(),
                         [&](std::int32_t a, std::int32_t b) {
                           const double to_a = exact(a), to_b = exact(b);
                           return to_a != to_b ? to_a < to_b : a < b;
                         });
}

void RankedRow::ranks(std::span<std::int64_t> out, std::span<const std::int32_t> targets) {
  double farthest = 0;
  for (const std::int32_t j : targets) farthest = std::max(farthest, exact(j));
  collect(rounded_up(farthest));
  for (std::size_t t = 0; t < targets.size(); ++t) {
    const std::int32_t target = targets[t];
    const double at = exact(target);
    const float below = rounded_down(at), above = rounded_up(at);
    std::int32_t sure = 0, possible = 0;
    for (std::size_t j = 0; j < near_count_; ++j) {
      sure += near_upper_[j] < below ? 1 : 0;
      possible += near_lower_[j] <= above ? 1 : 0;
    }
    std::int64_t rank = 1 + sure;
    // One of the undecided rows is the target itself.
    for (std::size_t j = 0; possible - sure > 1 && j < near_count_; ++j) {
      if (near_upper_[j] < below || near_lower_[j] > above || near_[j] == target) continue;
      const double distance = exact(near_[j]);
      if (distance < at || (distance == at && near_[j] < target)) ++rank;
    }
    out[t] = rank;
  }
}

}  // namespace hourglass
