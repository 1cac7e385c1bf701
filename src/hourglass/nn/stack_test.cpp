// A Stack against its layers, called one by one in separate memory.
#include "hourglass/nn/stack.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <utility>

#include "hourglass/nn/border.h"
#include "hourglass/nn/conv2d.h"
#include "hourglass/nn/group_norm_leaky_relu.h"
#include "hourglass/nn/op_layers_test.h"
#include "hourglass/nn/residual.h"
#include "hourglass/nn/upsample_conv2d.h"

namespace hourglass {
namespace {

constexpr float kSlope = 0.2f;

/// The same layers as a stack and one by one. Their plans are equal, so that both have the same
/// offsets.
struct Layers {
  template <typename L, typename... Arguments>
  void add(const Arguments&... arguments) {
    stack.add<L>(arguments...);
    single.push_back(std::make_unique<L>(plan_of_single, arguments...));
  }

  LayerPlan plan{kPart, ParameterList(), {}, {}, {}}, plan_of_single = plan;
  Stack stack{plan};
  std::vector<std::unique_ptr<ImageLayer>> single;
};

struct Case {
  const char* name;
  void (*add_to)(Layers&);
  std::size_t unasked;  // number of layers, from the first, without input gradient
};

void add_encoder(Layers& layers) {
  layers.add<Border>(Extent{5, 7, 3}, Extent{8, 8, 3});
  layers.add<Conv2d>("conv1", Extent{8, 8, 3}, 16, 2, true);
  layers.add<GroupNormLeakyRelu>("gn1", Extent{4, 4, 16}, kSlope, true);
  layers.add<Residual>("block", Extent{4, 4, 16}, kSlope, true);
  layers.add<Conv2d>("conv2", Extent{4, 4, 16}, 48, 2, false);
  layers.add<GroupNormLeakyRelu>("gn2", Extent{2, 2, 48}, kSlope, false);
}
void add_decoder(Layers& layers) {
  layers.add<GroupNormLeakyRelu>("gn1", Extent{2, 2, 48}, kSlope, true);
  layers.add<UpsampleConv2d>("deconv1", Extent{2, 2, 48}, 16, true);
  layers.add<GroupNormLeakyRelu>("gn2", Extent{4, 4, 16}, kSlope, true);
  layers.add<Residual>("block", Extent{4, 4, 16}, kSlope, false);
  layers.add<ThinUpsampleConv2d>("deconv2", Extent{4, 4, 16}, 3);
  layers.add<Crop>(Extent{8, 8, 3}, Extent{5, 7, 3});
}
void add_middle(Layers& layers) {
  layers.add<Conv2d>("conv", Extent{5, 7, 48}, 16, 1, true);
  layers.add<GroupNormLeakyRelu>("gn", Extent{5, 7, 16}, kSlope, true);
  layers.add<Residual>("block", Extent{5, 7, 16}, kSlope, true);
}

constexpr Case kCases[] = {{"encoder", add_encoder, 2},
                           {"decoder", add_decoder, 0},
                           {"middle, gradient asked for", add_middle, 0},
                           {"middle, nobody asks", add_middle, 1}};

/// Random images and gradients, and the results of forward and backward.
struct Pass {
  Pass(const Layers& layers, std::int64_t count, std::uint64_t seed)
      : images(count),
        in(random_images(layers.stack.in(), seed)),
        out_gradient(random_images(layers.stack.out_gradient(), seed + 1)),
        parameters({layers.plan.parameters.engine_count()}),
        derived({layers.plan.derived.size()}),
        out(unwritten(images, layers.stack.out())),
        in_gradient(unwritten(images, layers.stack.in_gradient())),
        lane({layers.plan.gradients.size()}),
        parameter_gradients({layers.plan.parameters.engine_count()}) {
    Rng rng(seed + 2);
    layers.plan.parameters.initialise(parameters.span(), rng);
  }
  Tensor random_images(const Form& form, std::uint64_t seed) const {
    return stored(random_floats(images * form.extent.count(), seed), form);
  }

  std::int64_t images;
  Tensor in, out_gradient, parameters;
  Tensor derived, out, in_gradient, lane, parameter_gradients;  // with borders
};

Rows asked_rows(Tensor& gradient, bool asked) {
  return asked ? rows_of(gradient) : Rows{nullptr, gradient.size(1)};
}

Pass run_stack(const Layers& layers, StackBuffers& buffers, bool asked, std::int64_t images,
               std::uint64_t seed) {
  Pass pass(layers, images, seed);
  const Stack& stack = layers.stack;
  const auto memory = buffers.memory(0);
  stack.prepare(pass.derived.data(), pass.parameters.data());
  stack.forward(memory, rows_of(pass.out), rows_of(pass.in), pass.parameters.data(),
                pass.derived.data(), images);
  stack.backward(memory, asked_rows(pass.in_gradient, asked), pass.lane.data(),
                 rows_of(pass.out_gradient), rows_of(pass.in), pass.parameters.data(),
                 pass.derived.data(), images);
  stack.fold(pass.parameter_gradients.data(), pass.lane.data());
  return pass;
}

Pass run_one_by_one(const Layers& layers, std::size_t unasked, std::int64_t images,
                    std::uint64_t seed) {
  Pass pass(layers, images, seed);
  std::vector<Tensor> values, scratch;  // of each layer: what it reads, what it keeps
  values.push_back(pass.in.clone());
  for (const auto& layer : layers.single) {
    layer->prepare(pass.derived.data(), pass.parameters.data());
    scratch.emplace_back(Shape{kPart, layer->scratch_count()});
    Tensor out = unwritten(images, layer->out());
    layer->forward({rows_of(out), rows_of(values.back()), scratch.back().data(),
                    pass.parameters.data(), pass.derived.data(), images});
    values.push_back(std::move(out));
  }
  Tensor gradient = pass.out_gradient.clone();
  for (std::size_t i = layers.single.size(); i-- > 0;) {
    const ImageLayer& layer = *layers.single[i];
    const bool asked = i >= unasked;
    Tensor in_gradient = unwritten(images, layer.in_gradient()), room({kPart, layer.room_count()});
    if (asked || layer.learns()) {
      layer.backward({asked_rows(in_gradient, asked), pass.lane.data(), rows_of(gradient),
                      rows_of(values[i]), scratch[i].data(), room.data(), pass.parameters.data(),
                      pass.derived.data(), images});
    }
    layer.fold(pass.parameter_gradients.data(), pass.lane.data());
    gradient = std::move(in_gradient);
  }
  pass.out = std::move(values.back());
  pass.in_gradient = std::move(gradient);
  return pass;
}

bool same_bits(const Tensor& a, const Tensor& b) {
  return a.count() == b.count() &&
         std::memcmp(a.data(), b.data(), sizeof(float) * static_cast<std::size_t>(a.count())) == 0;
}
void expect_same_bits(const Pass& a, const Pass& b) {
  EXPECT_TRUE(same_bits(a.out, b.out));
  EXPECT_TRUE(same_bits(a.in_gradient, b.in_gradient));  // unchanged where not asked for
  EXPECT_TRUE(same_bits(a.parameter_gradients, b.parameter_gradients));
}

/// The floats on borders are zero, and the others are not NaN.
void expect_written_within_borders(const Tensor& rows, const Form& form, std::int64_t images) {
  const Tensor only_inner = stored(images_in(rows, form, images), form);
  EXPECT_TRUE(same_bits(rows, only_inner));
  for (const float x : rows.span()) ASSERT_TRUE(std::isfinite(x));
}

TEST(Stack, EqualsItsLayersOneByOne) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    Layers layers;
    c.add_to(layers);
    for (const std::int64_t images : {std::int64_t{1}, kPart}) {
      StackBuffers buffers(layers.stack, 1);
      const Pass pass = run_stack(layers, buffers, c.unasked == 0, images, 3);
      expect_same_bits(pass, run_one_by_one(layers, c.unasked, images, 3));
      expect_written_within_borders(pass.out, layers.stack.out(), images);
      if (c.unasked > 0) continue;
      expect_written_within_borders(pass.in_gradient, layers.stack.in_gradient(), images);
    }
  }
}

TEST(Stack, GivesTheSameInUsedMemory) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    Layers layers;
    c.add_to(layers);
    StackBuffers used(layers.stack, 1), fresh(layers.stack, 1);
    const bool asked = c.unasked == 0;
    run_stack(layers, used, asked, kPart, 4);
    expect_same_bits(run_stack(layers, used, asked, 3, 5), run_stack(layers, fresh, asked, 3, 5));
  }
}

TEST(Stack, KeepsPartsSeparateUntilBackward) {
  Layers layers;
  add_middle(layers);
  StackBuffers both(layers.stack, 2), first(layers.stack, 1);
  const Pass alone = run_stack(layers, first, true, kPart, 6);
  Pass a(layers, kPart, 6), b(layers, kPart, 7);
  const Stack& stack = layers.stack;
  stack.prepare(a.derived.data(), a.parameters.data());
  for (const auto& [pass, part] : {std::pair{&a, 0}, std::pair{&b, 1}}) {
    stack.forward(both.memory(part), rows_of(pass->out), rows_of(pass->in), a.parameters.data(),
                  a.derived.data(), kPart);
  }
  stack.backward(both.memory(0), rows_of(a.in_gradient), a.lane.data(), rows_of(a.out_gradient),
                 rows_of(a.in), a.parameters.data(), a.derived.data(), kPart);
  stack.fold(a.parameter_gradients.data(), a.lane.data());
  expect_same_bits(a, alone);
}

/// Counts its calls of backward, and those with an input gradient.
struct Calls {
  int backward = 0, asked = 0;
};
class Probe : public ImageLayer {
 public:
  Probe(LayerPlan& /*plan*/, Calls& calls, bool learns)
      : ImageLayer({.in = {kOne}, .out = {kOne}, .out_gradient = {kOne}, .in_gradient = {kOne}}),
        calls_(calls),
        learns_(learns) {}
  bool learns() const override { return learns_; }
  void forward(const ForwardPass& /*pass*/) const override {}
  void backward(const BackwardPass& pass) const override {
    ++calls_.backward;
    calls_.asked += pass.in_gradient.data ? 1 : 0;
  }
  std::string emit(GraphBuilder& /*graph*/, const std::string& x) const override { return x; }

 private:
  static constexpr Extent kOne{1, 1, 1};
  Calls& calls_;
  bool learns_;
};

TEST(Stack, ComputesNoGradientThatIsNotNeeded) {
  LayerPlan plan{kPart, ParameterList(), {}, {}, {}};
  Calls pad, learner, last;
  Stack stack(plan);
  stack.add<Probe>(pad, false);
  stack.add<Probe>(learner, true);
  stack.add<Probe>(last, false);
  StackBuffers buffers(stack, 1);
  Tensor image({1, 1});
  const auto backward = [&](float* in_gradient) {
    stack.backward(buffers.memory(0), {in_gradient, 1}, nullptr, rows_of(image), rows_of(image),
                   nullptr, nullptr, 1);
  };
  backward(nullptr);
  EXPECT_EQ(last.asked, 1) << "the layer before it learns";
  EXPECT_EQ(learner.backward, 1);
  EXPECT_EQ(learner.asked, 0) << "no layer before it learns";
  EXPECT_EQ(pad.backward, 0);
  backward(image.data());
  EXPECT_EQ(last.asked, 2);
  EXPECT_EQ(learner.asked, 1);
  EXPECT_EQ(pad.asked, 1);
}

TEST(Stack, GivesParametersTheSameGradientWithoutInputGradient) {
  Layers layers;
  add_middle(layers);
  StackBuffers buffers(layers.stack, 1);
  const Pass asked = run_stack(layers, buffers, true, kPart, 8);
  const Pass unasked = run_stack(layers, buffers, false, kPart, 8);
  EXPECT_TRUE(same_bits(asked.parameter_gradients, unasked.parameter_gradients));
}

}  // namespace
}  // namespace hourglass
