// The arithmetic of the engine: free functions over borrowed floats, in several equivalent sets.
// Not layers: see nn/. Nothing here allocates, keeps state or uses threads.
//
// The order of every sum depends neither on the vector width nor on the number of rows. So an image
// gets the same bits alone or in a batch, and `avx2`, `avx512` and `neon`, which fuse a
// multiplication and an addition, give the same bits as each other, on any machine. `portable`
// rounds each product and `ref` adds in double: they agree within rounding.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/kernels/near.h"

namespace hourglass {

/// Row lengths of matrices in the engine are multiples of this many floats; the padding is zero.
inline constexpr int kVectorFloats = 16;

/// n rounded up to a multiple of kVectorFloats.
constexpr std::int64_t padded(std::int64_t n) {
  return (n + kVectorFloats - 1) / kVectorFloats * kVectorFloats;
}

/// The rows of an implicit matrix: row m, tap t is the `channels` floats from in[row_offset[m] +
/// tap_offset[t]]. A convolution reads its patches in place; a dense matrix has one tap.
struct Gather {
  const std::int32_t* row_offset;  // [rows]
  std::int64_t rows;
  const std::int32_t* tap_offset;  // [taps]
  std::int64_t taps;
  std::int64_t channels;  // floats per tap
};

/// out[out_offset[m] + j] = bias[j] + sum over tap t and channel c, in that order and in pieces of
/// fixed length, of in[m, t, c] * weights[(t * channels + c) * columns + j].
struct Product {
  float* out;
  const std::int32_t* out_offset;  // [rows]
  const float* in;
  Gather gather;
  const float* weights;  // [taps * channels, columns]
  const float* bias;     // [columns], or nullptr for zero
  std::int64_t columns;  // a multiple of kVectorFloats
};

/// out[(t * channels + c) * columns + j] += sum over rows m, in order and in pieces
/// of fixed length, of in[m, t, c] * right[right_offset[m] + j]: the gradient of Product's weights,
/// with `right` the gradient of its output.
struct Gram {
  float* out;  // [taps * channels, columns]
  const float* in;
  Gather gather;
  const float* right;
  const std::int32_t* right_offset;  // [rows]
  std::int64_t columns;              // a multiple of kVectorFloats
};

/// GroupNorm (Wu and He 2018, eq. 1 and 2) followed by LeakyReLU, for one image, channels last.
struct NormShape {
  std::int64_t pixels;
  std::int64_t channels;  // a multiple of kVectorFloats, at most kMaxChannels
  std::int64_t groups;    // divides channels
  float epsilon;
  float slope;  // of LeakyReLU for negative inputs
};
inline constexpr int kMaxChannels = 256;

/// Forward: pixel p of `out` is at out_offset[p], and of `in` at p * channels. Keeps mean and
/// scale for backward.
struct NormForward {
  NormShape shape;
  float* out;
  const std::int32_t* out_offset;  // [pixels]
  const float* in;                 // [pixels, channels]
  const float* gamma;              // [channels]
  const float* beta;               // [channels]
  float* mean;                     // [channels], mean of each channel's group
  float* scale;  // [channels], 1 / sqrt(variance + epsilon) of each channel's group
};

/// Backward: from the gradient of LeakyReLU's output to that of GroupNorm's input; adds to the
/// gradients of the parameters.
struct NormBackward {
  NormShape shape;
  float* in_gradient;                      // pixel p at in_gradient_offset[p]
  const std::int32_t* in_gradient_offset;  // [pixels]
  float* gamma_gradient;                   // [channels], added to
  float* beta_gradient;                    // [channels], added to
  const float* out_gradient;               // [pixels, channels]
  const float* in;                         // as in forward
  const float* gamma;
  const float* beta;
  const float* mean;
  const float* scale;
};

/// out = sigmoid(out) for n logits, n a multiple of kVectorFloats. Against targets (bytes / 255, as
/// floats) it returns the sum of squared differences over the first `counted` and writes the
/// gradient of the loss by the logits, times `gradient_scale`.
struct SigmoidLoss {
  float* out;           // [n]: logits, then probabilities
  float* gradient;      // [n]
  const float* target;  // [n]
  std::int64_t n;
  float gradient_scale;
};

/// Adam (Kingma and Ba 2015, algorithm 1), as in PyTorch.
struct AdamStep {
  float* weight;
  float* m;
  float* v;
  const float* gradient;
  std::int64_t n;
  float beta1, beta2, epsilon;
  float rest1, rest2;  // 1 - beta1, 1 - beta2, rounded once: 1.0f - 0.999f has an error of 1.3e-5
  float step_size;     // learning rate / (1 - beta1^t)
  float root_correction;  // sqrt(1 - beta2^t)
};

/// One complete set of kernels.
struct Kernels {
  std::string_view name;
  void (*product)(const Product&);
  void (*gram)(const Gram&);
  void (*norm_forward)(const NormForward&);
  void (*norm_backward)(const NormBackward&);
  void (*sigmoid)(float* values, std::int64_t n);  // in place; n a multiple of kVectorFloats
  double (*sigmoid_loss)(const SigmoidLoss&);
  void (*adam)(const AdamStep&);
  /// out[i] = the sum of parts[l * stride + i] for l = 0 .. count - 1, in that order.
  void (*sum_parts)(float* out, const float* parts, std::int64_t count, std::int64_t stride,
                    std::int64_t n);
  /// out[j] += the sum over rows of in[offset[m] + j], in order; columns a multiple of
  /// kVectorFloats.
  void (*column_sums)(float* out, const float* in, const std::int32_t* offset, std::int64_t rows,
                      std::int64_t columns);
  NearKernels near;
};

enum class KernelSet { ref, portable, avx2, avx512, neon };

/// What `doctor` shows of one set.
struct KernelSetFact {
  KernelSet set;
  std::string_view name;
  bool fused;  // the sets that fuse give the same bits as each other
  bool usable;
  std::string why;  // why it is or is not usable on this machine
};
std::vector<KernelSetFact> kernel_sets();

/// The set of that name. Throws Error naming the known ones.
KernelSet parse_kernel_set(std::string_view name);

/// The fastest set that this processor runs.
KernelSet best_kernel_set();

/// Selects the set that kernels() returns; the default is best_kernel_set(). It holds for the whole
/// process: call it before any work. Throws Error if this processor cannot run the set.
void select_kernels(KernelSet set);

/// The set in use.
const Kernels& kernels();

}  // namespace hourglass
