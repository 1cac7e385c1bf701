// The layers as operations of the op table: how each is loaded, run and read. Not the cases: see
// op_layers_test.cpp.
#pragma once

#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

#include "hourglass/nn/linear.h"
#include "hourglass/nn/op_cases_test.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

constexpr std::int64_t kMostImages = 8;

inline std::vector<std::int32_t> pixels_of(std::int64_t images, const Form& form) {
  return form.bordered ? bordered_offsets(images, form.extent) : plain_offsets(images, form.extent);
}

/// Images without a border as a layer reads them, [kMostImages, form.count()].
inline Tensor stored(const std::vector<float>& images, const Form& form) {
  Tensor out({kMostImages, form.count()});
  const std::int64_t channels = form.extent.channels;
  const float* from = images.data();
  for (const std::int32_t pixel : pixels_of(std::ssize(images) / form.extent.count(), form)) {
    std::copy_n(from, channels, out.data() + pixel);
    from += channels;
  }
  return out;
}

/// The reverse: the images within the borders.
inline std::vector<float> images_in(const Tensor& rows, const Form& form, std::int64_t images) {
  std::vector<float> out;
  for (const std::int32_t pixel : pixels_of(images, form)) {
    const float* from = rows.data() + pixel;
    out.insert(out.end(), from, from + form.extent.channels);
  }
  return out;
}

/// Memory to check that a layer writes every pixel, and nothing on the border.
inline Tensor unwritten(std::int64_t images, const Form& form) {
  const auto count = static_cast<std::size_t>(images * form.extent.count());
  return stored(std::vector<float>(count, std::numeric_limits<float>::quiet_NaN()), form);
}

inline Rows rows_of(Tensor& tensor) {
  return {tensor.data(), tensor.size(1)};
}

/// Common to all layers: a plan, and parameters and gradients converted from and to PyTorch's
/// order.
class LayerOp : public Op {
 public:
  explicit LayerOp(std::int64_t images) : images_(images) {}

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
  virtual std::vector<float> input_gradient() const = 0;

  void load_parameters(const Arrays& inputs, const Layer& layer) {
    std::vector<float> state;
    for (std::size_t i = 1; i < inputs.size(); ++i) {
      state.insert(state.end(), inputs[i].begin(), inputs[i].end());
    }
    parameters_ = Tensor({plan_.parameters.engine_count()});
    parameter_gradients_ = Tensor({plan_.parameters.engine_count()});
    derived_ = Tensor({plan_.derived.size()});
    plan_.parameters.from_state(parameters_.span(), state);
    layer.prepare(derived_.data(), parameters_.data());
  }

  std::int64_t images_;
  LayerPlan plan_{kMostImages, ParameterList(), {}, {}, {}};
  Tensor parameters_, parameter_gradients_, derived_;
};

/// Any layer from images to images.
class ImageLayerOp : public LayerOp {
 public:
  using Build = std::function<std::unique_ptr<ImageLayer>(LayerPlan&)>;

  /// Without `asked` the input gradient is not computed.
  ImageLayerOp(std::int64_t images, const Build& build, bool asked)
      : LayerOp(images), layer_(build(plan_)), asked_(asked) {}

  void load(const Arrays& inputs) override {
    load_parameters(inputs, *layer_);
    in_ = stored(inputs[0], layer_->in());
    out_ = unwritten(images_, layer_->out());
    in_gradient_ = unwritten(images_, layer_->in_gradient());
    lane_ = Tensor({plan_.gradients.size()});
    scratch_ = Tensor({kMostImages, layer_->scratch_count()});
    room_ = Tensor({kMostImages, layer_->room_count()});
  }
  void forward() override {
    layer_->forward({rows_of(out_), rows_of(in_), scratch_.data(), parameters_.data(),
                     derived_.data(), images_});
  }
  std::vector<double> output() const override {
    const std::vector<float> images = images_in(out_, layer_->out(), images_);
    return {images.begin(), images.end()};
  }
  void load_gradient(const std::vector<float>& of_output) override {
    out_gradient_ = stored(of_output, layer_->out_gradient());
  }
  void backward() override {
    if (!asked_ && !layer_->learns()) return;
    std::fill(lane_.span().begin(), lane_.span().end(), 0.0f);
    const Rows asked = asked_ ? rows_of(in_gradient_) : Rows{nullptr, in_gradient_.size(1)};
    layer_->backward({asked, lane_.data(), rows_of(out_gradient_), rows_of(in_), scratch_.data(),
                      room_.data(), parameters_.data(), derived_.data(), images_});
    layer_->fold(parameter_gradients_.data(), lane_.data());
  }

 private:
  std::vector<float> input_gradient() const override {
    if (!asked_) return {};
    return images_in(in_gradient_, layer_->in_gradient(), images_);
  }

  std::unique_ptr<ImageLayer> layer_;
  bool asked_;
  Tensor in_, out_, out_gradient_, in_gradient_, lane_, scratch_, room_;
};

/// Makes L(plan, arguments...) for `images` images.
template <typename L, typename... Arguments>
OpCase::Make image_layer(std::int64_t images, bool asked, const Arguments&... arguments) {
  return [=] {
    const auto build = [&](LayerPlan& plan) { return std::make_unique<L>(plan, arguments...); };
    return std::make_unique<ImageLayerOp>(images, build, asked);
  };
}

class LinearOp : public LayerOp {
 public:
  LinearOp(std::int64_t images, const Extent& in, const Extent& out)
      : LayerOp(images),
        n_in_(in.count()),
        n_out_(out.count()),
        layer_(plan_, "fc", in, out),
        kept_({kMostImages, plan_.kept.size()}) {}

  void load(const Arrays& inputs) override {
    load_parameters(inputs, layer_);
    fill(layer_.input(rows_of(kept_)), inputs[0], n_in_);
    out_ = Tensor({kMostImages, layer_.out_columns()});
    in_gradient_ = Tensor({kMostImages, layer_.in_columns()});
  }
  void forward() override {
    layer_.forward(rows_of(out_), layer_.input(rows_of(kept_)), parameters_.data(), images_);
  }
  std::vector<double> output() const override {
    const std::vector<float> values = first_columns(out_, n_out_);
    return {values.begin(), values.end()};
  }
  void load_gradient(const std::vector<float>& of_output) override {
    fill(layer_.out_gradient(rows_of(kept_)), of_output, n_out_);
  }
  void backward() override {
    std::fill(parameter_gradients_.span().begin(), parameter_gradients_.span().end(), 0.0f);
    for (std::int64_t piece = 0; piece < layer_.deferred_pieces(); ++piece) {
      layer_.add_deferred(piece, parameter_gradients_.data(), rows_of(kept_), images_);
    }
    layer_.backward_input(rows_of(in_gradient_), layer_.out_gradient(rows_of(kept_)),
                          derived_.data(), images_);
  }

 private:
  void fill(Rows rows, const std::vector<float>& values, std::int64_t columns) const {
    for (std::int64_t i = 0; i < images_; ++i) {
      std::copy_n(values.data() + i * columns, columns, rows.row(i));
    }
  }
  std::vector<float> first_columns(const Tensor& rows, std::int64_t columns) const {
    std::vector<float> out;
    for (std::int64_t i = 0; i < images_; ++i) {
      out.insert(out.end(), rows.row(i).begin(), rows.row(i).begin() + columns);
    }
    return out;
  }
  std::vector<float> input_gradient() const override { return first_columns(in_gradient_, n_in_); }

  std::int64_t n_in_, n_out_;
  Linear layer_;
  Tensor kept_, out_, in_gradient_;
};

}  // namespace hourglass
