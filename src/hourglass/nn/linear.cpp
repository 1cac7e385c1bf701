#include "hourglass/nn/linear.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "hourglass/nn/graph.h"

namespace hourglass {
namespace {

constexpr std::int32_t kOneTap[] = {0};
constexpr std::int64_t kPanel = 2 * kVectorFloats;  // columns; the last panel may have half
constexpr std::int64_t kPieceInputs = 128;  // rows of the weights in a piece of their gradient

/// The index in row, column, channel order of element i of PyTorch's channel, row, column order.
std::int64_t channels_last(std::int64_t i, const Extent& e) {
  return i % e.pixels() * e.channels + i / e.pixels();
}

std::int64_t panel_count(std::int64_t columns) {
  return (columns + kPanel - 1) / kPanel;
}
std::int64_t panel_width(std::int64_t panel, std::int64_t columns) {
  return std::min(kPanel, columns - panel * kPanel);
}

/// The offset of an element of a matrix in panels.
std::int64_t packed(std::int64_t row, std::int64_t column, std::int64_t rows,
                    std::int64_t columns) {
  const std::int64_t panel = column / kPanel;
  return panel * kPanel * rows + row * panel_width(panel, columns) + column % kPanel;
}

class Offsets {
 public:
  Offsets(std::int64_t count, std::int64_t stride) {
    assert(count <= kSlice);
    for (std::int64_t i = 0; i < count; ++i) {
      values_[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(i * stride);
    }
  }
  const std::int32_t* data() const { return values_.data(); }

 private:
  std::array<std::int32_t, kSlice> values_;
};

/// out [n, columns] = in [n, depth] times packed weights, plus bias if there is one.
void dense(Rows out, ConstRows in, const float* weights, const float* bias, std::int64_t n,
           std::int64_t depth, std::int64_t columns) {
  const Offsets in_offset(n, in.stride), out_offset(n, out.stride);
  const Gather rows{in_offset.data(), n, kOneTap, 1, depth};
  for (std::int64_t p = 0; p < panel_count(columns); ++p) {
    kernels().product({out.data + p * kPanel, out_offset.data(), in.data, rows,
                       weights + p * kPanel * depth, bias ? bias + p * kPanel : nullptr,
                       panel_width(p, columns)});
  }
}

}  // namespace

Linear::Linear(LayerPlan& plan, const std::string& name, Extent in, Extent out)
    : name_(name), in_(in), out_(out) {
  const std::int64_t n_in = in.count(), n_out = out.count();
  const Initialiser uniform = fan_in_uniform(n_in);
  weight_ = plan.parameters.add(name + ".weight", {n_out, n_in}, uniform, n_in * out_columns(),
                                [&](std::int64_t i) {
                                  return packed(channels_last(i % n_in, in),
                                                channels_last(i / n_in, out), n_in, out_columns());
                                });
  bias_ = plan.parameters.add(name + ".bias", {n_out}, uniform, out_columns(),
                              [&](std::int64_t i) { return channels_last(i, out); });
  transposed_ = plan.derived.add(n_out * in_columns());
  input_ = plan.kept.add(in_columns());
  out_gradient_ = plan.kept.add(out_columns());
}

void Linear::prepare(float* derived, const float* parameters) const {
  const std::int64_t n_in = in_.count(), n_out = out_.count();
  float* to = derived + transposed_;
  // Blocks of kVectorFloats x kVectorFloats: both sides use whole cache lines.
  for (std::int64_t i0 = 0; i0 < n_in; i0 += kVectorFloats) {
    for (std::int64_t j0 = 0; j0 < n_out; j0 += kVectorFloats) {
      const float* from = parameters + weight_ + packed(i0, j0, n_in, out_columns());
      float* block = to + packed(j0, i0, n_out, in_columns());
      const std::int64_t from_stride = panel_width(j0 / kPanel, out_columns());
      const std::int64_t to_stride = panel_width(i0 / kPanel, in_columns());
      const std::int64_t width = std::min<std::int64_t>(kVectorFloats, n_in - i0);
      const std::int64_t height = std::min<std::int64_t>(kVectorFloats, n_out - j0);
      for (std::int64_t j = 0; j < height; ++j) {
        for (std::int64_t i = 0; i < width; ++i)
          block[j * to_stride + i] = from[i * from_stride + j];
      }
    }
  }
}

void Linear::forward(Rows out, ConstRows in, const float* parameters, std::int64_t images) const {
  dense(out, in, parameters + weight_, parameters + bias_, images, in_.count(), out_columns());
}

void Linear::backward_input(Rows in_gradient, ConstRows out_gradient, const float* derived,
                            std::int64_t images) const {
  dense(in_gradient, out_gradient, derived + transposed_, nullptr, images, out_.count(),
        in_columns());
}

std::int64_t Linear::deferred_pieces() const {
  return panel_count(out_columns()) * ((in_.count() + kPieceInputs - 1) / kPieceInputs);
}

void Linear::add_deferred(std::int64_t piece, float* parameter_gradients, ConstRows kept,
                          std::int64_t images) const {
  const std::int64_t panels = panel_count(out_columns()), panel = piece % panels;
  const std::int64_t begin = piece / panels * kPieceInputs;
  const std::int64_t width = panel_width(panel, out_columns());
  const Offsets offset(images, kept.stride);
  const Gather rows{offset.data(), images, kOneTap, 1, std::min(kPieceInputs, in_.count() - begin)};
  const float* right = kept.data + out_gradient_ + panel * kPanel;
  kernels().gram({parameter_gradients + weight_ + panel * kPanel * in_.count() + begin * width,
                  kept.data + input_ + begin, rows, right, offset.data(), width});
  if (begin > 0) return;
  kernels().column_sums(parameter_gradients + bias_ + panel * kPanel, right, offset.data(), images,
                        width);
}

std::string Linear::emit(GraphBuilder& graph, const std::string& x) const {
  return graph.linear(x, name_);
}

}  // namespace hourglass
