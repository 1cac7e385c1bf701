// A network against its layers, each in a separate network.
#include "hourglass/nn/network.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "hourglass/nn/linear.h"
#include "hourglass/nn/op_cases_test.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {
namespace {

constexpr std::int64_t kImages = 5;

/// A network of one or two linear layers, and its kept rows.
struct Kept {
  explicit Kept(const std::vector<std::pair<Extent, Extent>>& sizes) {
    for (const auto& [in, out] : sizes) layers.push_back(&network.add<Linear>("fc", in, out));
    rows = Tensor({kImages, network.plan().kept.size()});
  }
  /// Fills layer i's kept rows with random numbers.
  void fill(std::size_t i, std::uint64_t seed) {
    const Rows kept{rows.data(), rows.size(1)};
    const auto fill_rows = [](Rows to, std::int64_t columns, const std::vector<float>& values) {
      for (std::int64_t n = 0; n < kImages; ++n) {
        std::copy_n(values.data() + n * columns, columns, to.row(n));
      }
    };
    const std::int64_t in = layers[i]->in_columns(), out = layers[i]->out_columns();
    fill_rows(layers[i]->input(kept), in, random_floats(kImages * in, seed));
    fill_rows(layers[i]->out_gradient(kept), out, random_floats(kImages * out, seed + 1));
  }
  /// In PyTorch's order.
  std::vector<float> deferred_gradients() const {
    const ParameterList& list = network.plan().parameters;
    std::vector<float> engine(static_cast<std::size_t>(list.engine_count())),
        state(static_cast<std::size_t>(list.state_count()));
    for (std::int64_t piece = 0; piece < network.deferred_pieces(); ++piece) {
      network.add_deferred(piece, engine.data(), {rows.data(), rows.size(1)}, kImages);
    }
    list.to_state(state, engine);
    return state;
  }

  Network network;
  std::vector<Linear*> layers;
  Tensor rows;  // [kImages, kept floats]
};

TEST(Network, DefersToEachLayerItsOwnPieces) {
  const std::pair<Extent, Extent> first{{2, 5, 16}, {1, 1, 70}}, second{{1, 1, 7}, {5, 7, 16}};
  Kept both({first, second}), one({first}), other({second});
  both.fill(0, 81);
  one.fill(0, 81);
  both.fill(1, 83);
  other.fill(0, 83);
  EXPECT_GT(one.network.deferred_pieces(), 1);
  EXPECT_GT(other.network.deferred_pieces(), 1);
  std::vector<float> expected = one.deferred_gradients();
  const std::vector<float> rest = other.deferred_gradients();
  expected.insert(expected.end(), rest.begin(), rest.end());
  EXPECT_TRUE(both.deferred_gradients() == expected);
}

}  // namespace
}  // namespace hourglass
