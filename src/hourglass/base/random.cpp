#include "hourglass/base/random.h"

#include <bit>
#include <cassert>
#include <cmath>
#include <numeric>
#include <utility>

namespace hourglass {
namespace {

std::uint64_t splitmix(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

}  // namespace

Rng::Rng(std::uint64_t seed, std::uint64_t stream) {
  std::uint64_t mix = seed;
  mix = splitmix(mix) ^ stream;
  for (auto& word : state_) word = splitmix(mix);
}

std::uint64_t Rng::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

std::uint64_t Rng::below(std::uint64_t n) {
  assert(n > 0);
  const std::uint64_t rejected = -n % n;  // 2^64 mod n: smaller values would make the result biased
  std::uint64_t bits = next();
  while (bits < rejected) bits = next();
  return bits % n;
}

double Rng::uniform() {
  return static_cast<double>(next() >> 11) * 0x1p-53;
}

double Rng::uniform(double low, double high) {
  return low + (high - low) * uniform();
}

double Rng::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  double x, y, s;
  do {
    x = uniform(-1.0, 1.0);
    y = uniform(-1.0, 1.0);
    s = x * x + y * y;
  } while (s >= 1.0 || s == 0.0);
  const double scale = std::sqrt(-2.0 * portable_log(s) / s);
  spare_ = y * scale;
  has_spare_ = true;
  return x * scale;
}

std::uint64_t noise_key(std::uint64_t seed, std::int64_t epoch, std::int64_t row) {
  std::uint64_t mix = seed;
  mix = splitmix(mix) ^ static_cast<std::uint64_t>(Stream::noise_key);
  mix = splitmix(mix) ^ static_cast<std::uint64_t>(epoch);
  mix = splitmix(mix) ^ static_cast<std::uint64_t>(row);
  return splitmix(mix);
}

double portable_log(double x) {
  assert(x >= 0x1p-1022);
  // x = 2^e m with m in [sqrt(1/2), sqrt(2)); log m = 2 atanh((m - 1) / (m + 1)) by its series.
  const auto bits = std::bit_cast<std::uint64_t>(x);
  int exponent = static_cast<int>(bits >> 52) - 1023;
  double m = std::bit_cast<double>((bits & 0x000fffffffffffffu) | 0x3ff0000000000000u);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    ++exponent;
  }
  const double t = (m - 1.0) / (m + 1.0);
  const double t2 = t * t;
  double series = 0.0;
  for (int k = 25; k >= 3; k -= 2) series = (series + 1.0 / k) * t2;
  return exponent * 0.6931471805599453 + 2.0 * (t + t * series);
}

void random_permutation(std::span<std::int64_t> out, Rng& rng) {
  std::iota(out.begin(), out.end(), 0);
  for (std::size_t i = out.size(); i > 1; --i) std::swap(out[i - 1], out[rng.below(i)]);
}

std::vector<std::int64_t> random_permutation(std::int64_t n, Rng& rng) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  random_permutation(order, rng);
  return order;
}

}  // namespace hourglass
