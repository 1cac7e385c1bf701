// Random streams that are the same on every machine: integer arithmetic, and for real numbers only
// + - * / and sqrt, which IEEE 754 rounds exactly. Not cryptographic.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace hourglass {

/// xoshiro256** (Blackman and Vigna 2018), seeded through SplitMix64 from a seed and a stream
/// number, so that one seed gives as many independent streams as there are purposes.
class Rng {
 public:
  explicit Rng(std::uint64_t seed, std::uint64_t stream = 0);

  std::uint64_t next();                     ///< 64 random bits.
  std::uint64_t below(std::uint64_t n);     ///< Uniform in [0, n), without bias; n >= 1.
  double uniform();                         ///< Uniform in [0, 1), 53 bits.
  double uniform(double low, double high);  ///< Uniform in [low, high).
  double normal();                          ///< Standard normal, by Marsaglia's polar method.

 private:
  std::array<std::uint64_t, 4> state_;
  double spare_ = 0.0;
  bool has_spare_ = false;
};

/// Natural logarithm of x > 0 (normal numbers), within 2 ulp, with the same bits on every machine.
double portable_log(double x);

/// A random order of 0 .. n-1 (Fisher and Yates).
std::vector<std::int64_t> random_permutation(std::int64_t n, Rng& rng);

/// The same into `out`, which is filled with 0 .. out.size()-1 first. Allocates nothing.
void random_permutation(std::span<std::int64_t> out, Rng& rng);

}  // namespace hourglass
