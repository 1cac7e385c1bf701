// The layers of nn/ as operations: inputs are a batch of images, channels last and without a
// border, then the parameters in PyTorch's order.

#include "nn/op_layers_test.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

namespace hourglass {
namespace {

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

OpCase conv_case(std::int64_t images, Extent in, std::int64_t c) {
  return {fmt::format("Conv2d {} to {}", text(images, in), c),
          conv_inputs(images, in, c),
          images * in.pixels() / 4 * 9 * in.channels * c * 2,
          [=] { return std::make_unique<ConvOp>(images, in, c); },
          [=] { return plain_conv(images, in, c); },
          3e-6,
          kOrder};
}

OpCase upsample_case(std::int64_t images, Extent in, std::int64_t c) {
  OpCase result{fmt::format("UpsampleConv2d {} to {}", text(images, in), c),
                conv_inputs(images, in, c),
                images * in.pixels() * 16 * in.channels * c * 2,
                [=] { return std::make_unique<UpsampleConvOp>(images, in, c); },
                [=] { return plain_upsample_conv(images, in, c); },
                3e-6,
                "weights added before they are multiplied: 4 sums of 4 for 9 products"};
  if (c % kLanes != 0) {
    result.name = "Thin" + result.name;
    result.make = [=] { return std::make_unique<ThinUpsampleConvOp>(images, in, c); };
  }
  return result;
}

/// With `apart` no number comes near the kink of LeakyReLU, which differences would stumble over.
OpCase norm_case(std::int64_t images, Extent e, bool bordered_out, bool apart) {
  std::vector<float> beta = random_floats(e.channels, 33);
  if (apart) {
    for (std::size_t c = 0; c < beta.size(); ++c) beta[c] = c % 2 == 0 ? 6.0f : -6.0f;
  }
  return {
      fmt::format("GroupNormLeakyRelu {}{}{}", text(images, e), bordered_out ? ", border" : "",
                  apart ? ", apart" : ""),
      {random_floats(images * e.count(), 31, -2, 3), random_floats(e.channels, 32, 0.5, 1.5), beta},
      images * e.count() * 8,
      [=] { return std::make_unique<NormOp>(images, e, bordered_out); },
      [=] { return plain_norm_leaky(images, e, kSlope); },
      2e-5,
      "means in float, cancelling in the gradient, where ref has them in double",
      apart ? 0.02f : 0.0f};
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
  }
  cases.push_back(conv_case(1, {126, 2, 1}, 16));  // 63 rows
  cases.push_back(conv_case(1, {2, 130, 16}, 16));
  cases.push_back(upsample_case(1, {63, 1, 16}, 16));
  cases.push_back(upsample_case(1, {1, 65, 16}, 3));
  add_real_cases(cases);
  return cases;
}

}  // namespace hourglass
