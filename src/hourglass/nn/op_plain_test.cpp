#include "hourglass/nn/op_plain_test.h"

#include <algorithm>
#include <functional>

#include "hourglass/kernels/impl/ref/ref.h"
#include "hourglass/nn/group_norm_leaky_relu.h"

namespace hourglass {
namespace {

using Floats = std::vector<float>;

std::size_t size_of(std::int64_t n) {
  return static_cast<std::size_t>(n);
}

/// Common to the plain layers: inputs, one output, its gradient and those of the inputs.
class PlainOp : public Op {
 public:
  explicit PlainOp(std::int64_t out_count) : out_(size_of(out_count)) {}
  void load(const Arrays& inputs) override { inputs_ = inputs; }
  std::vector<double> output() const override { return {out_.begin(), out_.end()}; }
  void load_gradient(const Floats& of_output) override {
    out_gradient_ = of_output;
    gradients_.clear();
    for (const Floats& input : inputs_) gradients_.emplace_back(input.size());
  }
  Arrays gradients() const override { return gradients_; }

 protected:
  Arrays inputs_, gradients_;
  Floats out_, out_gradient_;
};

/// Weights [out, in, 9] as [9, in, out], and back.
Floats taps_first(const Floats& weights, std::int64_t c_in, std::int64_t c_out, bool back = false) {
  Floats result(weights.size());
  for (std::int64_t i = 0; i < std::ssize(weights); ++i) {
    const std::int64_t tap = i % 9, c = i / 9 % c_in, j = i / (9 * c_in);
    const std::int64_t at = (tap * c_in + c) * c_out + j;
    if (back) {
      result[size_of(i)] = weights[size_of(at)];
    } else {
      result[size_of(at)] = weights[size_of(i)];
    }
  }
  return result;
}

class PlainConv : public PlainOp {
 public:
  /// Convolves the images, or with `doubled` images of twice their height and width.
  PlainConv(std::int64_t images, Extent in, const ref::ConvShape& shape, bool doubled)
      : PlainOp(images * shape.out_height() * shape.out_width() * shape.out_channels),
        images_(images),
        in_(in),
        shape_(shape),
        doubled_(doubled) {}
  void forward() override {
    const Floats weights = taps_first(inputs_[1], shape_.in_channels, shape_.out_channels);
    for (std::int64_t i = 0; i < images_; ++i) {
      ref::conv(out_.data() + i * out_count(), read(i).data(), weights.data(), inputs_[2].data(),
                shape_);
    }
  }
  void backward() override {
    const std::int64_t c_in = shape_.in_channels, c_out = shape_.out_channels;
    const Floats weights = taps_first(inputs_[1], c_in, c_out);
    Floats weight_gradient(weights.size());
    for (std::int64_t i = 0; i < images_; ++i) {
      const Floats image = read(i);
      Floats image_gradient(image.size());
      ref::conv_backward(image_gradient.data(), weight_gradient.data(), gradients_[2].data(),
                         out_gradient_.data() + i * out_count(), image.data(), weights.data(),
                         shape_);
      float* to = gradients_[0].data() + i * in_.count();
      if (doubled_) {
        ref::upsample_backward(to, image_gradient.data(), in_.height, in_.width, in_.channels);
      } else {
        std::copy(image_gradient.begin(), image_gradient.end(), to);
      }
    }
    gradients_[1] = taps_first(weight_gradient, c_in, c_out, true);
  }

 private:
  std::int64_t out_count() const {
    return shape_.out_height() * shape_.out_width() * shape_.out_channels;
  }
  /// Image i as the convolution reads it.
  Floats read(std::int64_t i) const {
    const float* from = inputs_[0].data() + i * in_.count();
    if (!doubled_) return {from, from + in_.count()};
    Floats large(size_of(4 * in_.count()));
    ref::upsample(large.data(), from, in_.height, in_.width, in_.channels);
    return large;
  }

  std::int64_t images_;
  Extent in_;
  ref::ConvShape shape_;
  bool doubled_;
};

class PlainNormLeaky : public PlainOp {
 public:
  PlainNormLeaky(std::int64_t images, Extent extent, float slope)
      : PlainOp(images * extent.count()),
        images_(images),
        shape_{extent.pixels(), extent.channels, group_count(extent.channels), kNormEpsilon,
               slope} {}
  void forward() override {
    for (std::int64_t i = 0; i < images_; ++i) {
      const Floats between = normed(i);
      ref::leaky_relu(out_.data() + i * count(), between.data(), shape_.slope, count());
    }
  }
  void backward() override {
    Floats between_gradient(size_of(count()));
    for (std::int64_t i = 0; i < images_; ++i) {
      const Floats between = normed(i);
      ref::leaky_relu_backward(between_gradient.data(), out_gradient_.data() + i * count(),
                               between.data(), shape_.slope, count());
      ref::group_norm_backward(gradients_[0].data() + i * count(), gradients_[1].data(),
                               gradients_[2].data(), between_gradient.data(),
                               inputs_[0].data() + i * count(), inputs_[1].data(), shape_);
    }
  }

 private:
  std::int64_t count() const { return shape_.pixels * shape_.channels; }
  Floats normed(std::int64_t i) const {
    Floats between(size_of(count()));
    ref::group_norm(between.data(), inputs_[0].data() + i * count(), inputs_[1].data(),
                    inputs_[2].data(), shape_);
    return between;
  }

  std::int64_t images_;
  NormShape shape_;
};

class PlainResidual : public PlainOp {
 public:
  PlainResidual(std::int64_t images, Extent extent, float slope)
      : PlainOp(images * extent.count()),
        one_channel_a_group_(group_count(extent.channels) == extent.channels) {
    for (int half = 0; half < 2; ++half) {
      parts_.push_back(plain_conv(images, extent, extent.channels, 1));
      parts_.push_back(plain_norm_leaky(images, extent, slope));
    }
  }
  void forward() override {
    out_ = inputs_[0];
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      parts_[i]->load({out_, inputs_[2 * i + 1], inputs_[2 * i + 2]});
      parts_[i]->forward();
      const std::vector<double> out = parts_[i]->output();
      std::transform(out.begin(), out.end(), out_.begin(),
                     [](double x) { return static_cast<float>(x); });
    }
    add(out_, inputs_[0]);
  }
  void backward() override {
    Floats gradient = out_gradient_;
    for (std::size_t i = parts_.size(); i-- > 0;) {
      parts_[i]->load_gradient(gradient);
      parts_[i]->backward();
      Arrays of_part = parts_[i]->gradients();
      gradient = of_part[0];
      gradients_[2 * i + 1] = of_part[1];
      const bool cancelled = i % 2 == 0 && one_channel_a_group_;
      if (!cancelled) gradients_[2 * i + 2] = of_part[2];
    }
    add(gradient, out_gradient_);
    gradients_[0] = gradient;
  }

 private:
  static void add(Floats& to, const Floats& values) {
    std::transform(to.begin(), to.end(), values.begin(), to.begin(), std::plus<>());
  }

  std::vector<std::unique_ptr<Op>> parts_;
  bool one_channel_a_group_;
};

class PlainResize : public PlainOp {
 public:
  PlainResize(std::int64_t images, Extent from, Extent to)
      : PlainOp(images * to.count()), images_(images), from_(from), to_(to) {}
  void forward() override {
    for_each_float([&](std::size_t to, std::size_t from) { out_[to] = inputs_[0][from]; });
  }
  void backward() override {
    for_each_float(
        [&](std::size_t to, std::size_t from) { gradients_[0][from] += out_gradient_[to]; });
  }

 private:
  /// f(index in the output, index in the input).
  template <typename F>
  void for_each_float(const F& f) const {
    for (std::int64_t to = 0; to < images_ * to_.count(); ++to) {
      const std::int64_t c = to % to_.channels, pixel = to % to_.count() / to_.channels;
      const std::int64_t y = std::min(pixel / to_.width, from_.height - 1);
      const std::int64_t x = std::min(pixel % to_.width, from_.width - 1);
      const std::int64_t image = to / to_.count() * from_.count();
      f(size_of(to), size_of(image + (y * from_.width + x) * from_.channels + c));
    }
  }

  std::int64_t images_;
  Extent from_, to_;
};

class PlainLinear : public PlainOp {
 public:
  PlainLinear(std::int64_t images, Extent in, Extent out)
      : PlainOp(images * out.count()), images_(images), in_(in), out_extent_(out) {}
  void forward() override {
    for_each_row([&](std::int64_t row, std::int64_t to) {
      double sum = static_cast<double>(inputs_[2][size_of(row)]);
      for_each_weight(row, to, [&](std::size_t w, std::size_t i) {
        sum += static_cast<double>(inputs_[1][w]) * static_cast<double>(inputs_[0][i]);
      });
      out_[size_of(to)] = static_cast<float>(sum);
    });
  }
  void backward() override {
    for_each_row([&](std::int64_t row, std::int64_t to) {
      const float g = out_gradient_[size_of(to)];
      gradients_[2][size_of(row)] += g;
      for_each_weight(row, to, [&](std::size_t w, std::size_t i) {
        gradients_[1][w] += g * inputs_[0][i];
        gradients_[0][i] += g * inputs_[1][w];
      });
    });
  }

 private:
  /// The index in row, column, channel order of element i in channel, row, column order.
  static std::int64_t index_of(std::int64_t i, const Extent& e) {
    return i % e.pixels() * e.channels + i / e.pixels();
  }
  /// f(row of the weights, its index in the output), for every image.
  template <typename F>
  void for_each_row(const F& f) const {
    for (std::int64_t image = 0; image < images_; ++image) {
      for (std::int64_t row = 0; row < out_extent_.count(); ++row) {
        f(row, image * out_extent_.count() + index_of(row, out_extent_));
      }
    }
  }
  template <typename F>
  void for_each_weight(std::int64_t row, std::int64_t to, const F& f) const {
    const std::int64_t image = to / out_extent_.count();
    for (std::int64_t i = 0; i < in_.count(); ++i) {
      f(size_of(row * in_.count() + i), size_of(image * in_.count() + index_of(i, in_)));
    }
  }

  std::int64_t images_;
  Extent in_, out_extent_;
};

}  // namespace

std::unique_ptr<Op> plain_conv(std::int64_t images, Extent in, std::int64_t out_channels,
                               std::int64_t stride) {
  const ref::ConvShape shape{in.height, in.width, in.channels, out_channels, stride};
  return std::make_unique<PlainConv>(images, in, shape, false);
}
std::unique_ptr<Op> plain_upsample_conv(std::int64_t images, Extent in, std::int64_t out_channels) {
  const ref::ConvShape shape{2 * in.height, 2 * in.width, in.channels, out_channels, 1};
  return std::make_unique<PlainConv>(images, in, shape, true);
}
std::unique_ptr<Op> plain_norm_leaky(std::int64_t images, Extent extent, float slope) {
  return std::make_unique<PlainNormLeaky>(images, extent, slope);
}
std::unique_ptr<Op> plain_residual(std::int64_t images, Extent extent, float slope) {
  return std::make_unique<PlainResidual>(images, extent, slope);
}
std::unique_ptr<Op> plain_resize(std::int64_t images, Extent from, Extent to) {
  return std::make_unique<PlainResize>(images, from, to);
}
std::unique_ptr<Op> plain_linear(std::int64_t images, Extent in, Extent out) {
  return std::make_unique<PlainLinear>(images, in, out);
}

}  // namespace hourglass
