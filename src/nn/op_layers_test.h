// The layers as rows of the op table: how each is loaded, run forward and backward, and read. Not
// the cases: see op_layers_test.cpp.
#pragma once

#include <fmt/format.h>

#include <algorithm>

#include "nn/conv2d.h"
#include "nn/group_norm_leaky_relu.h"
#include "nn/linear.h"
#include "nn/op_plain_test.h"
#include "nn/upsample_conv2d.h"
#include "tensor/tensor.h"

namespace hourglass {

constexpr std::int64_t kMostImages = 8;
constexpr float kSlope = 0.2f;

/// Images with a border of zeros around each, from images without.
inline Tensor bordered(const std::vector<float>& images, const Extent& e) {
  Tensor out({kMostImages, e.bordered().count()});
  const auto offsets = bordered_offsets(kMostImages, e);
  for (std::size_t i = 0; i < images.size(); ++i) {
    const std::size_t pixel = i / static_cast<std::size_t>(e.channels);
    out[offsets[pixel] + static_cast<std::int64_t>(i) % e.channels] = images[i];
  }
  return out;
}

/// The images within the borders.
inline std::vector<float> inner(const Tensor& images, const Extent& e, std::int64_t count) {
  std::vector<float> out;
  const auto offsets = bordered_offsets(count, e);
  for (const std::int32_t offset : offsets) {
    out.insert(out.end(), images.data() + offset, images.data() + offset + e.channels);
  }
  return out;
}

inline Tensor filled(const std::vector<float>& values, std::int64_t count) {
  Tensor tensor({count});
  std::copy(values.begin(), values.end(), tensor.data());
  return tensor;
}

inline std::vector<float> first(const Tensor& tensor, std::int64_t count) {
  return {tensor.data(), tensor.data() + count};
}

/// What the layers share: a plan of their own, and parameters and gradients converted at its door.
class LayerOp : public Op {
 public:
  Arrays gradients() const override {
    Arrays all{input_gradient()};
    std::vector<float> state(static_cast<std::size_t>(plan_.parameters.state_count()));
    plan_.parameters.to_state(state, parameter_gradients_.span());
    auto from = state.begin();
    for (const Parameter& p : plan_.parameters.parameters()) {
      all.emplace_back(from, from + p.shape.count());
      from += p.shape.count();
    }
    return all;
  }

 protected:
  explicit LayerOp(std::int64_t images) : images_(images) {}

  virtual std::vector<float> input_gradient() const = 0;

  void load_parameters(const Arrays& inputs) {
    std::vector<float> state;
    for (std::size_t i = 1; i < inputs.size(); ++i) {
      state.insert(state.end(), inputs[i].begin(), inputs[i].end());
    }
    parameters_ = Tensor({plan_.parameters.engine_count()});
    parameter_gradients_ = Tensor({plan_.parameters.engine_count()});
    derived_ = Tensor({std::max<std::int64_t>(plan_.derived.size(), 1)});
    lane_ = Tensor({std::max<std::int64_t>(plan_.gradients.size(), 1)});
    plan_.parameters.from_state(parameters_.span(), state);
  }
  void start_lane() { std::fill(lane_.span().begin(), lane_.span().end(), 0.0f); }

  std::int64_t images_;
  LayerPlan plan_{kMostImages, {}, {}, {}, {}};
  Tensor parameters_, parameter_gradients_, derived_, lane_;
};

class ConvOp : public LayerOp {
 public:
  ConvOp(std::int64_t images, Extent in, std::int64_t out_channels)
      : LayerOp(images), layer_(plan_, "conv", in, out_channels, false) {}
  void load(const Arrays& inputs) override {
    load_parameters(inputs);
    layer_.prepare(derived_.data(), parameters_.data());
    in_ = bordered(inputs[0], layer_.in());
    out_ = Tensor({kMostImages * layer_.out().count()});
    in_gradient_ = Tensor({kMostImages * layer_.in().count()});
    patches_ = Tensor({std::max<std::int64_t>(kMostImages * layer_.patch_count(), 1)});
  }
  void forward() override {
    layer_.forward(out_.data(), in_.data(), patches_.data(), parameters_.data(), images_);
  }
  std::vector<double> output() const override {
    return {out_.data(), out_.data() + images_ * layer_.out().count()};
  }
  void load_gradient(const std::vector<float>& of_output) override {
    out_gradient_ = bordered(of_output, layer_.out());
  }
  void backward() override {
    start_lane();
    layer_.backward_weights(lane_.data(), out_gradient_.data(), in_.data(), patches_.data(),
                            images_);
    if (!thin()) {
      layer_.backward_input(in_gradient_.data(), out_gradient_.data(), derived_.data(), images_);
    }
    layer_.fold(parameter_gradients_.data(), lane_.data());
  }

 private:
  bool thin() const { return layer_.patch_count() > 0; }
  std::vector<float> input_gradient() const override {
    return thin() ? std::vector<float>{} : first(in_gradient_, images_ * layer_.in().count());
  }

  Conv2d layer_;
  Tensor in_, out_, out_gradient_, in_gradient_, patches_;
};

class UpsampleConvOp : public LayerOp {
 public:
  UpsampleConvOp(std::int64_t images, Extent in, std::int64_t out_channels)
      : LayerOp(images), layer_(plan_, "deconv", in, out_channels, false) {}
  void load(const Arrays& inputs) override {
    load_parameters(inputs);
    layer_.prepare(derived_.data(), parameters_.data());
    in_ = bordered(inputs[0], layer_.in());
    out_ = Tensor({kMostImages * layer_.out().count()});
    in_gradient_ = Tensor({kMostImages * layer_.in().count()});
  }
  void forward() override {
    layer_.forward(out_.data(), in_.data(), parameters_.data(), derived_.data(), images_);
  }
  std::vector<double> output() const override {
    return {out_.data(), out_.data() + images_ * layer_.out().count()};
  }
  void load_gradient(const std::vector<float>& of_output) override {
    out_gradient_ = bordered(of_output, layer_.out());
  }
  void backward() override {
    start_lane();
    layer_.backward_weights(lane_.data(), out_gradient_.data(), in_.data(), images_);
    layer_.backward_input(in_gradient_.data(), out_gradient_.data(), derived_.data(), images_);
    layer_.fold(parameter_gradients_.data(), lane_.data());
  }

 private:
  std::vector<float> input_gradient() const override {
    return first(in_gradient_, images_ * layer_.in().count());
  }

  UpsampleConv2d layer_;
  Tensor in_, out_, out_gradient_, in_gradient_;
};

class ThinUpsampleConvOp : public LayerOp {
 public:
  ThinUpsampleConvOp(std::int64_t images, Extent in, std::int64_t out_channels)
      : LayerOp(images), layer_(plan_, "deconv", in, out_channels) {}
  void load(const Arrays& inputs) override {
    load_parameters(inputs);
    layer_.prepare(derived_.data(), parameters_.data());
    in_ = filled(inputs[0], kMostImages * layer_.in().count());
    out_ = Tensor({kMostImages * layer_.out().count()});
    in_gradient_ = Tensor({kMostImages * layer_.in().count()});
    shares_ = Tensor({kMostImages * layer_.share_count()});
    share_gradients_ = Tensor({kMostImages * layer_.share_count()});
  }
  void forward() override {
    layer_.forward(out_.data(), shares_.data(), in_.data(), parameters_.data(), derived_.data(),
                   images_);
  }
  std::vector<double> output() const override {
    return {out_.data(), out_.data() + images_ * layer_.out().count()};
  }
  void load_gradient(const std::vector<float>& of_output) override {
    out_gradient_ = filled(of_output, kMostImages * layer_.out().count());
  }
  void backward() override {
    start_lane();
    layer_.backward_weights(lane_.data(), share_gradients_.data(), out_gradient_.data(), in_.data(),
                            images_);
    layer_.backward_input(in_gradient_.data(), share_gradients_.data(), derived_.data(), images_);
    layer_.fold(parameter_gradients_.data(), lane_.data());
  }

 private:
  std::vector<float> input_gradient() const override {
    return first(in_gradient_, images_ * layer_.in().count());
  }

  ThinUpsampleConv2d layer_;
  Tensor in_, out_, out_gradient_, in_gradient_, shares_, share_gradients_;
};

class NormOp : public LayerOp {
 public:
  NormOp(std::int64_t images, Extent extent, bool bordered_out)
      : LayerOp(images),
        extent_(extent),
        bordered_out_(bordered_out),
        layer_(plan_, "gn", extent, kSlope, bordered_out) {}
  void load(const Arrays& inputs) override {
    load_parameters(inputs);
    in_ = filled(inputs[0], kMostImages * extent_.count());
    out_ = Tensor({kMostImages, extent_.bordered().count()});
    in_gradient_ = Tensor({kMostImages, extent_.bordered().count()});
    moments_ = Tensor({kMostImages * layer_.moment_count()});
  }
  void forward() override {
    layer_.forward(out_.data(), layer_.out_stride(), moments_.data(), in_.data(),
                   parameters_.data(), images_);
  }
  std::vector<double> output() const override {
    const std::vector<float> values =
        bordered_out_ ? inner(out_, extent_, images_) : first(out_, images_ * extent_.count());
    return {values.begin(), values.end()};
  }
  void load_gradient(const std::vector<float>& of_output) override {
    out_gradient_ = filled(of_output, kMostImages * extent_.count());
  }
  void backward() override {
    start_lane();
    layer_.backward(in_gradient_.data(), lane_.data(), out_gradient_.data(), in_.data(),
                    moments_.data(), parameters_.data(), images_);
    layer_.fold(parameter_gradients_.data(), lane_.data());
  }

 private:
  std::vector<float> input_gradient() const override {
    return inner(in_gradient_, extent_, images_);
  }

  Extent extent_;
  bool bordered_out_;
  GroupNormLeakyRelu layer_;
  Tensor in_, out_, out_gradient_, in_gradient_, moments_;
};

class LinearOp : public LayerOp {
 public:
  LinearOp(std::int64_t images, Extent in, Extent out)
      : LayerOp(images), n_in_(in.count()), n_out_(out.count()), layer_(plan_, "fc", in, out) {}
  void load(const Arrays& inputs) override {
    load_parameters(inputs);
    layer_.prepare(derived_.data(), parameters_.data());
    in_ = padded_rows(inputs[0], n_in_, layer_.in_columns());
    out_ = Tensor({kMostImages, layer_.out_columns()});
    in_gradient_ = Tensor({kMostImages, layer_.in_columns()});
  }
  void forward() override {
    layer_.forward({out_.data(), layer_.out_columns()}, {in_.data(), layer_.in_columns()},
                   parameters_.data(), images_);
  }
  std::vector<double> output() const override {
    const std::vector<float> values = unpadded(out_, n_out_);
    return {values.begin(), values.end()};
  }
  void load_gradient(const std::vector<float>& of_output) override {
    out_gradient_ = padded_rows(of_output, n_out_, layer_.out_columns());
  }
  void backward() override {
    const ConstRows out_gradient{out_gradient_.data(), layer_.out_columns()};
    std::fill(parameter_gradients_.span().begin(), parameter_gradients_.span().end(), 0.0f);
    for (std::int64_t piece = 0; piece < layer_.weight_pieces(); ++piece) {
      layer_.backward_weights(piece, parameter_gradients_.data(), out_gradient,
                              {in_.data(), layer_.in_columns()}, images_);
    }
    layer_.backward_input({in_gradient_.data(), layer_.in_columns()}, out_gradient, derived_.data(),
                          images_);
  }

 private:
  static Tensor padded_rows(const std::vector<float>& values, std::int64_t n,
                            std::int64_t columns) {
    Tensor out({kMostImages, columns});
    for (std::int64_t i = 0; i < std::ssize(values); ++i) {
      out[i / n * columns + i % n] = values[static_cast<std::size_t>(i)];
    }
    return out;
  }
  std::vector<float> unpadded(const Tensor& rows, std::int64_t n) const {
    std::vector<float> out;
    for (std::int64_t i = 0; i < images_; ++i) {
      out.insert(out.end(), rows.row(i).begin(), rows.row(i).begin() + n);
    }
    return out;
  }
  std::vector<float> input_gradient() const override { return unpadded(in_gradient_, n_in_); }

  std::int64_t n_in_, n_out_;
  Linear layer_;
  Tensor in_, out_, out_gradient_, in_gradient_;
};

constexpr const char* kOrder = "sums in another order, products rounded on their own or not";

}  // namespace hourglass
