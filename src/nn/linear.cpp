#include "nn/linear.h"

#include <algorithm>

namespace hourglass {
namespace {

constexpr std::int32_t kOneTap[] = {0};

/// Where element i of PyTorch's channel, row, column order lies in row, column, channel order.
std::int64_t channels_last(std::int64_t i, const Extent& e) {
  return i % e.pixels() * e.channels + i / e.pixels();
}

std::vector<std::int32_t> row_offsets(std::int64_t rows, std::int64_t columns) {
  std::vector<std::int32_t> offsets;
  for (std::int64_t r = 0; r < rows; ++r) offsets.push_back(static_cast<std::int32_t>(r * columns));
  return offsets;
}

}  // namespace

Linear::Linear(LayerPlan& plan, const std::string& name, Extent in, Extent out)
    : in_(in),
      out_(out),
      in_offset_(row_offsets(plan.chunk, in_columns())),
      out_offset_(row_offsets(plan.chunk, out_columns())) {
  const std::int64_t n_in = in.count(), n_out = out.count();
  const Initialiser uniform = fan_in_uniform(n_in);
  weight_ = plan.parameters.add(
      name + ".weight", {n_out, n_in}, uniform, n_in * out_columns(), [&](std::int64_t i) {
        return channels_last(i % n_in, in) * out_columns() + channels_last(i / n_in, out);
      });
  bias_ = plan.parameters.add(name + ".bias", {n_out}, uniform, out_columns(),
                              [&](std::int64_t i) { return channels_last(i, out); });
  weight_gradient_ = plan.gradients.add(n_in * out_columns());
  bias_gradient_ = plan.gradients.add(out_columns());
  transposed_ = plan.derived.add(n_out * in_columns());
}

void Linear::prepare(float* derived, const float* parameters) const {
  // In square blocks, so that both sides are read and written by whole cache lines.
  constexpr std::int64_t kBlock = 16;
  const std::int64_t n_in = in_.count(), n_out = out_.count();
  const float* from = parameters + weight_;
  float* to = derived + transposed_;
  for (std::int64_t i0 = 0; i0 < n_in; i0 += kBlock) {
    for (std::int64_t j0 = 0; j0 < n_out; j0 += kBlock) {
      for (std::int64_t j = j0; j < std::min(j0 + kBlock, n_out); ++j) {
        for (std::int64_t i = i0; i < std::min(i0 + kBlock, n_in); ++i) {
          to[j * in_columns() + i] = from[i * out_columns() + j];
        }
      }
    }
  }
}

void Linear::forward(float* out, const float* in, const float* parameters,
                     std::int64_t images) const {
  const Gather rows{in_offset_.data(), images, kOneTap, 1, in_.count()};
  kernels().product(
      {out, out_offset_.data(), in, rows, parameters + weight_, parameters + bias_, out_columns()});
}

void Linear::backward_weights(float* gradients, const float* out_gradient, const float* in,
                              std::int64_t images) const {
  const Gather rows{in_offset_.data(), images, kOneTap, 1, in_.count()};
  kernels().gram(
      {gradients + weight_gradient_, in, rows, out_gradient, out_offset_.data(), out_columns()});
  kernels().column_sums(gradients + bias_gradient_, out_gradient, out_offset_.data(), images,
                        out_columns());
}

void Linear::backward_input(float* in_gradient, const float* out_gradient, const float* derived,
                            std::int64_t images) const {
  const Gather rows{out_offset_.data(), images, kOneTap, 1, out_.count()};
  kernels().product({in_gradient, in_offset_.data(), out_gradient, rows, derived + transposed_,
                     nullptr, in_columns()});
}

void Linear::fold(float* parameter_gradients, const float* gradients) const {
  std::copy_n(gradients + weight_gradient_, in_.count() * out_columns(),
              parameter_gradients + weight_);
  std::copy_n(gradients + bias_gradient_, out_columns(), parameter_gradients + bias_);
}

}  // namespace hourglass
