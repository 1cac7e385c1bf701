// Random streams that are the same on every machine: integer arithmetic, and for real numbers only
// + - * / and sqrt, which IEEE 754 rounds exactly. Not cryptographic.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace hourglass {

/// The purposes of random numbers. Each has its own stream, since two purposes with one stream
/// would draw the same numbers. The values are part of recorded results and never change.
enum class Stream : std::uint64_t {
  parameters = 0,   // initial values of a new model
  umap_start = 1,   // initial positions of a map's points
  umap_layout = 2,  // random points that push them apart
  map_drawing_order = 101,
  noise_latents = 102,  // the figure of random latent vectors
  map_scatter = 103,    // the second coordinate of a map that has only one
  quality_sample = 201,
  recall_sample = 202,
  noise_key = 0x6e6f6973655f6b65u,
  augmentation = 0x6175676d656e7400u,  // of a noise key
  corruption = 0x636f727275707400u,    // of a noise key
  hold_out = 0x686f6c645f6f7574u,
  epoch_order = 0x6f72646572000000u,  // the first of many: epoch e uses this + e
};

/// xoshiro256** (Blackman and Vigna 2018), seeded through SplitMix64 from a seed and a stream
/// number, so that one seed gives as many independent streams as there are purposes.
class Rng {
 public:
  explicit Rng(std::uint64_t seed, std::uint64_t stream = 0);
  Rng(std::uint64_t seed, Stream stream) : Rng(seed, static_cast<std::uint64_t>(stream)) {}

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

/// The seed of all random numbers of one row in one epoch (from 1): for its augmentation and noise.
/// Depends on these three alone, so that threads, a resumed run and the other rows of the batch do
/// not change what a row gets.
std::uint64_t noise_key(std::uint64_t seed, std::int64_t epoch, std::int64_t row);

/// Natural logarithm of x > 0 (normal numbers), within 2 ulp, with the same bits on every machine.
double portable_log(double x);

/// A random order of 0 .. n-1 (Fisher and Yates).
std::vector<std::int64_t> random_permutation(std::int64_t n, Rng& rng);

/// The same into `out`, which is filled with 0 .. out.size()-1 first. Allocates nothing.
void random_permutation(std::span<std::int64_t> out, Rng& rng);

}  // namespace hourglass
