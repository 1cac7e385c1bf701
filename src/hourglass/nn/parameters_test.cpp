// Lists of parameters, filled by layers as in models.
#include "hourglass/nn/parameters.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "hourglass/nn/conv2d.h"
#include "hourglass/nn/group_norm_leaky_relu.h"
#include "hourglass/nn/linear.h"
#include "hourglass/nn/network.h"
#include "hourglass/nn/stack.h"
#include "hourglass/nn/upsample_conv2d.h"

namespace hourglass {
namespace {

/// Layers whose parameters the engine stores with padding, and others without.
void add_layers(Network& network) {
  Stack& stack = network.add<Stack>();
  stack.add<Conv2d>("conv", Extent{4, 6, 3}, 16, 2, false);
  stack.add<GroupNormLeakyRelu>("gn", Extent{2, 3, 16}, 0.2f, false);
  stack.add<ThinUpsampleConv2d>("deconv", Extent{2, 3, 16}, 3);
  network.add<Linear>("fc", Extent{1, 1, 7}, Extent{3, 5, 3});
}

TEST(ParameterList, CountsTheSameWithIndicesAndWithout) {
  Network indexed(ParameterList::Mode::indexed), counting(ParameterList::Mode::counting);
  add_layers(indexed);
  add_layers(counting);
  const ParameterList& all = indexed.plan().parameters;
  const ParameterList& counts = counting.plan().parameters;
  EXPECT_EQ(counts.state_count(), all.state_count());
  EXPECT_EQ(counts.engine_count(), all.engine_count());
  EXPECT_TRUE(counts.parameters().empty());
  EXPECT_GT(all.engine_count(), all.state_count()) << "no layer here is padded";
}

TEST(ParameterList, RoundTripsItsValues) {
  Network network;
  add_layers(network);
  const ParameterList& list = network.plan().parameters;
  std::vector<float> state(static_cast<std::size_t>(list.state_count())), back(state.size());
  std::iota(state.begin(), state.end(), 1.0f);
  std::vector<float> engine(static_cast<std::size_t>(list.engine_count()), -1.0f);
  list.from_state(engine, state);
  list.to_state(back, engine);
  EXPECT_EQ(back, state);
  const auto zeros = std::count(engine.begin(), engine.end(), 0.0f);
  EXPECT_EQ(zeros, list.engine_count() - list.state_count()) << "the padding is set to zero";
}

}  // namespace
}  // namespace hourglass
