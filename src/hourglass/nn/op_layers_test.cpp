// The layers of nn/ as operations: inputs are a batch of images, channels last and without a
// border, then the parameters in PyTorch's order.

#include "hourglass/nn/op_layers_test.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "hourglass/nn/border.h"
#include "hourglass/nn/conv2d.h"
#include "hourglass/nn/group_norm_leaky_relu.h"
#include "hourglass/nn/op_plain_test.h"
#include "hourglass/nn/residual.h"
#include "hourglass/nn/upsample_conv2d.h"

namespace hourglass {
namespace {

constexpr float kSlope = 0.2f;
constexpr const char* kOrder = "sums in another order, products rounded on their own or not";
constexpr const char* kMeans =
    "means in float, with cancellation in the gradient, where ref uses double";

std::string text(std::int64_t images, const Extent& e) {
  return fmt::format("{} images of {} x {} x {}", images, e.height, e.width, e.channels);
}

/// Images, weights [out, in, 3, 3] and a bias.
Arrays conv_inputs(std::int64_t images, Extent in, std::int64_t out_channels) {
  const double bound = 1.0 / static_cast<double>(in.channels);
  return {random_floats(images * in.count(), 21),
          random_floats(9 * in.channels * out_channels, 22, -bound, bound),
          random_floats(out_channels, 23)};
}

OpCase conv_case(std::int64_t images, Extent in, std::int64_t c, std::int64_t stride = 2) {
  const bool has_gradient = in.channels % kVectorFloats == 0;
  return {fmt::format("Conv2d {} to {}{}", text(images, in), c, stride == 1 ? ", stride 1" : ""),
          conv_inputs(images, in, c),
          images * in.pixels() / (stride * stride) * 9 * in.channels * c * 2,
          image_layer<Conv2d>(images, has_gradient, "conv", in, c, stride, false),
          [=] { return plain_conv(images, in, c, stride); },
          3e-6,
          kOrder};
}

OpCase upsample_case(std::int64_t images, Extent in, std::int64_t c) {
  OpCase result{fmt::format("UpsampleConv2d {} to {}", text(images, in), c),
                conv_inputs(images, in, c),
                images * in.pixels() * 16 * in.channels * c * 2,
                image_layer<UpsampleConv2d>(images, true, "deconv", in, c, false),
                [=] { return plain_upsample_conv(images, in, c); },
                3e-6,
                "weights added before they are multiplied: 4 sums of 4 for 9 products"};
  if (c % kVectorFloats != 0) {
    result.name = "Thin" + result.name;
    result.make = image_layer<ThinUpsampleConv2d>(images, true, "deconv", in, c);
  }
  return result;
}

/// With `apart` no value is near the kink of LeakyReLU, where finite differences are wrong.
std::vector<float> norm_bias(std::int64_t channels, std::uint64_t seed, bool apart) {
  std::vector<float> beta = random_floats(channels, seed);
  if (apart) {
    for (std::size_t c = 0; c < beta.size(); ++c) beta[c] = c % 2 == 0 ? 6.0f : -6.0f;
  }
  return beta;
}

OpCase norm_case(std::int64_t images, Extent e, bool bordered_out, bool apart) {
  return {fmt::format("GroupNormLeakyRelu {}{}{}", text(images, e), bordered_out ? ", border" : "",
                      apart ? ", apart" : ""),
          {random_floats(images * e.count(), 31, -2, 3), random_floats(e.channels, 32, 0.5, 1.5),
           norm_bias(e.channels, 33, apart)},
          images * e.count() * 8,
          image_layer<GroupNormLeakyRelu>(images, true, "gn", e, kSlope, bordered_out),
          [=] { return plain_norm_leaky(images, e, kSlope); },
          2e-5,
          kMeans,
          apart ? 0.02f : 0.0f};
}

OpCase residual_case(std::int64_t images, Extent e, bool bordered_out, bool apart) {
  Arrays inputs{random_floats(images * e.count(), 61)};
  for (const std::uint64_t seed : {62u, 66u}) {
    inputs.push_back(random_floats(9 * e.channels * e.channels, seed, -0.2, 0.2));
    inputs.push_back(random_floats(e.channels, seed + 1));
    inputs.push_back(random_floats(e.channels, seed + 2, 0.5, 1.0));
    inputs.push_back(norm_bias(e.channels, seed + 3, apart));
  }
  return {fmt::format("Residual {}{}{}", text(images, e), bordered_out ? ", border" : "",
                      apart ? ", apart" : ""),
          inputs,
          images * e.count() * (2 * (9 * e.channels * 2 + 8) + 1),
          image_layer<Residual>(images, true, "block", e, kSlope, bordered_out),
          [=] { return plain_residual(images, e, kSlope); },
          2e-5,
          kMeans,
          apart ? 0.1f : 0.0f};
}

/// A layer that only copies.
template <typename L>
OpCase copy_case(const char* name, std::int64_t images, Extent from, Extent to, bool has_gradient) {
  return {fmt::format("{} {} to {} x {}", name, text(images, from), to.height, to.width),
          {random_floats(images * from.count(), 71)},
          0,
          image_layer<L>(images, has_gradient, from, to),
          [=] { return plain_resize(images, from, to); },
          0.0,
          "nothing: copies"};
}

OpCase linear_case(std::int64_t images, Extent in, Extent out) {
  const double bound = 4.0 / static_cast<double>(in.count() + 16);
  return {
      fmt::format("Linear {} to {} x {} x {}", text(images, in), out.height, out.width,
                  out.channels),
      {random_floats(images * in.count(), 41),
       random_floats(in.count() * out.count(), 42, -bound, bound), random_floats(out.count(), 43)},
      images * in.count() * out.count() * 2,
      [=] { return std::make_unique<LinearOp>(images, in, out); },
      [=] { return plain_linear(images, in, out); },
      5e-6,
      kOrder};
}

void add_real_cases(std::vector<OpCase>& cases) {
  const std::size_t begin = cases.size();
  cases.push_back(conv_case(8, {28, 28, 1}, 32));
  cases.push_back(conv_case(8, {14, 14, 32}, 64));
  cases.push_back(norm_case(8, {14, 14, 32}, true, false));
  cases.push_back(norm_case(8, {7, 7, 64}, false, false));
  cases.push_back(linear_case(8, {7, 7, 64}, {1, 1, 32}));
  cases.push_back(linear_case(8, {1, 1, 32}, {7, 7, 64}));
  cases.push_back(upsample_case(8, {7, 7, 64}, 32));
  cases.push_back(upsample_case(8, {14, 14, 32}, 1));
  for (std::size_t i = begin; i < cases.size(); ++i) cases[i].is_real = true;
}

/// A residual block takes kPart images at most.
void add_stride_1_cases(std::vector<OpCase>& cases) {
  for (const std::int64_t images : {std::int64_t{1}, kPart}) {
    for (const std::int64_t channels : {16, 48}) {
      for (const Extent e : {Extent{5, 7, channels}, Extent{8, 8, channels}}) {
        cases.push_back(conv_case(images, e, 64 - channels, 1));
        for (const bool border : {false, true}) {
          cases.push_back(residual_case(images, e, border, false));
        }
      }
    }
  }
  // Not 16 channels: the gradient of the convolutions' biases would be exactly zero, which rounded
  // differences are not.
  cases.push_back(residual_case(1, {5, 7, 48}, true, true));
}

}  // namespace

std::vector<OpCase> layer_cases() {
  std::vector<OpCase> cases;
  for (const std::int64_t images : {1, 7}) {
    for (const std::int64_t channels : {1, 3, 16, 48}) {
      cases.push_back(conv_case(images, {2, 2, channels}, 16));
      cases.push_back(conv_case(images, {14, 10, channels}, 48));
    }
    for (const std::int64_t channels : {1, 3, 7, 16, 48}) {
      cases.push_back(upsample_case(images, {1, 1, 16}, channels));
      cases.push_back(upsample_case(images, {7, 5, 48}, channels));
    }
    for (const bool border : {false, true}) {
      for (const std::int64_t channels : {16, 48, 80}) {
        cases.push_back(norm_case(images, {7, 9, channels}, border, false));
        cases.push_back(norm_case(images, {5, 13, channels}, border, true));
      }
    }
    for (const std::int64_t in : {1, 7, 63, 65}) {
      for (const std::int64_t out : {1, 7, 63, 65}) {
        cases.push_back(linear_case(images, {1, 1, in}, {1, 1, out}));
      }
    }
    cases.push_back(linear_case(images, {3, 5, 7}, {1, 1, 5}));
    cases.push_back(linear_case(images, {1, 1, 5}, {3, 7, 16}));
    for (const std::int64_t channels : {1, 3, 16}) {
      const Extent small{5, 7, channels}, large{8, 8, channels};
      cases.push_back(copy_case<Border>("Border", images, small, small, true));
      cases.push_back(copy_case<Border>("Border", images, small, large, false));
      cases.push_back(copy_case<Crop>("Crop", images, large, small, true));
    }
  }
  add_stride_1_cases(cases);
  cases.push_back(conv_case(1, {126, 2, 1}, 16));  // 63 rows
  cases.push_back(conv_case(1, {2, 130, 16}, 16));
  cases.push_back(upsample_case(1, {63, 1, 16}, 16));
  cases.push_back(upsample_case(1, {1, 65, 16}, 3));
  add_real_cases(cases);
  return cases;
}

}  // namespace hourglass
