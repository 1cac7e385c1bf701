// The models of the contract tests, and shared helpers. A new kind is a line in contract_cases().
// Not the tests: see model_contract_test.cpp, model_gradient_test.cpp and model_noise_test.cpp.
#pragma once

#include <gmock/gmock.h>

#include <ostream>
#include <string>
#include <vector>

#include "hourglass/base/random.h"
#include "hourglass/models/apply.h"
#include "hourglass/models/registry.h"
#include "hourglass/models/toy_kind_test.h"

namespace hourglass {

struct ContractCase {
  std::string name;
  std::string kind;
  ImageShape shape;
  std::int64_t latent_dim;
  OptionValues options = {};
  /// The number of images that it can learn to reconstruct to 1e-4 in these steps; for linear
  /// models at most the latent dimension.
  std::int64_t images_by_heart = 16;
  int steps_by_heart = 400;

  ModelOptions model_options() const {
    return {latent_dim, options, model_kind(kind).takes_labels ? 3 : 0};
  }
  std::unique_ptr<Model> make(std::uint64_t seed) const {
    return make_model(kind, shape, model_options(), seed);
  }
};

inline void PrintTo(const ContractCase& c, std::ostream* out) {
  *out << c.name;
}

inline std::vector<ContractCase> contract_cases() {
  using Widths = std::vector<std::int64_t>;
  using std::string_literals::operator""s;
  return {
      {"AutoencoderOfMnist", "AE", {1, 28, 28}, 32, {}, 2},
      {"AutoencoderInColour", "AE", {3, 8, 12}, 5},
      {"AutoencoderOfTallImages", "AE", {1, 32, 16}, 1, {}, 2},
      {"AutoencoderDeeper", "AE", {3, 24, 16}, 7, {{"widths", Widths{32, 64, 128}}}, 2},
      {"AutoencoderOfOneStagePadded", "AE", {1, 9, 11}, 5, {{"widths", Widths{16}}}, 8},
      {"AutoencoderPadded", "AE", {1, 13, 29}, 6},
      {"AutoencoderResidual", "AE", {1, 12, 8}, 4, {{"residual", true}}},
      {"AutoencoderResidualPadded",
       "AE",
       {3, 13, 9},
       4,
       {{"residual", true}, {"widths", Widths{16, 32}}}},
      {"AutoencoderGaussian", "AE", {1, 12, 8}, 4, {{"corruption", "gaussian:0.3"s}}},
      {"AutoencoderSaltPepper", "AE", {3, 8, 12}, 4, {{"corruption", "salt_pepper:0.2"s}}},
      {"AutoencoderMask", "AE", {1, 9, 9}, 4, {{"corruption", "mask:0.5"s}}},
      {"LinearOfMnist", "linear", {1, 28, 28}, 8, {}, 8, 20'000},
      {"LinearInColour", "linear", {3, 9, 8}, 3, {}, 3, 20'000},
      {"LinearMask", "linear", {1, 9, 8}, 3, {{"corruption", "mask:0.5"s}}, 3, 20'000},
      {"Toy", "toy", {1, 9, 8}, 5, {}, 5},
      {"ToyMask", "toy", {3, 8, 9}, 5, {{"corruption", "mask:0.5"s}, {"noise", 0.3}}, 5},
  };
}

inline std::string name_of_case(const testing::TestParamInfo<ContractCase>& info) {
  return info.param.name;
}

inline std::vector<float> random_state(std::int64_t count, double low, double high,
                                       std::uint64_t seed) {
  Rng rng(seed, 5);
  std::vector<float> values(static_cast<std::size_t>(count));
  for (float& x : values) x = static_cast<float>(rng.uniform(low, high));
  return values;
}

inline Tensor random_rows(std::int64_t rows, std::int64_t columns, std::uint64_t seed = 1) {
  Tensor out({rows, columns});
  std::ranges::copy(random_state(rows * columns, 0, 1, seed), out.data());
  return out;
}

inline std::vector<float> copy(std::span<const float> values) {
  return {values.begin(), values.end()};
}

/// Rows with labels and noise keys.
struct Images {
  explicit Images(Tensor images) : rows(std::move(images)) {
    for (std::int64_t i = 0; i < rows.size(0); ++i) {
      labels.push_back(i * i % 3);
      keys.push_back(noise_key(9, 1, i));
    }
  }
  /// Images [begin, end), noisy or clean; labels are given to every kind.
  Chunk chunk(std::int64_t begin, std::int64_t end, bool noisy) const {
    const auto first = static_cast<std::size_t>(begin), n = static_cast<std::size_t>(end - begin);
    Chunk chunk{rows.view().rows(begin, end), std::span(labels).subspan(first, n)};
    if (noisy) chunk.keys = std::span(keys).subspan(first, n);
    return chunk;
  }
  Chunk noisy() const { return chunk(0, rows.size(0), true); }
  Chunk clean() const { return chunk(0, rows.size(0), false); }
  RowSource source() const { return float_rows(rows.clone(), labels); }

  Tensor rows;
  std::vector<std::int64_t> labels;
  std::vector<std::uint64_t> keys;
};

class ContractFixture : public testing::TestWithParam<ContractCase> {
 protected:
  ContractFixture() : model_(GetParam().make(6)) {}

  std::int64_t pixels() const { return model_->image_shape().pixels(); }
  Images images(std::int64_t n = 8, std::uint64_t seed = 1) const {
    return Images(random_rows(n, pixels(), seed));
  }
  std::vector<float> state() const {
    std::vector<float> values(static_cast<std::size_t>(model_->parameter_list().state_count()));
    model_->parameter_list().to_state(values, model_->parameters());
    return values;
  }
  void set_state(const std::vector<float>& values) {
    model_->parameter_list().from_state(model_->parameters(), values);
    model_->prepare();
  }

  /// The sums over chunks: the lane's gradients, and the kept rows.
  struct Sum {
    explicit Sum(const Model& model)
        : lane({model.gradient_count()}), engine({std::ssize(model.parameters())}) {}
    Tensor lane, engine;
  };
  /// 1 for each part of the loss.
  LossWeights all_parts() const {
    LossWeights weights{};
    std::fill_n(weights.begin(), model_->loss_names().size(), 1.0);
    return weights;
  }
  LossWeights one_part(std::size_t part) const {
    LossWeights weights{};
    weights[part] = 1.0;
    return weights;
  }
  /// The losses of a chunk; adds the gradient to `sum`.
  LossParts train(Sum& sum, const Chunk& chunk, const LossWeights& scale) {
    Tensor kept({chunk.rows.size(0), model_->kept_count()});
    const LossParts parts =
        model_->train(*workspace_, {sum.lane.span(), kept.view()}, chunk, scale);
    for (std::int64_t piece = 0; piece < model_->deferred_pieces(); ++piece) {
      model_->add_deferred_gradients(piece, sum.engine.span(), kept);
    }
    return parts;
  }
  /// In state-dict order.
  std::vector<float> folded(Sum& sum) const {
    model_->fold_gradients(sum.engine.span(), sum.lane.span());
    std::vector<float> gradient(static_cast<std::size_t>(model_->parameter_list().state_count()));
    model_->parameter_list().to_state(gradient, sum.engine.span());
    return gradient;
  }
  std::vector<float> gradient(const Chunk& chunk, const LossWeights& scale) {
    Sum sum(*model_);
    train(sum, chunk, scale);
    return folded(sum);
  }
  LossParts loss(const Chunk& chunk) { return model_->loss(*workspace_, chunk); }

  std::unique_ptr<Model> model_;
  std::unique_ptr<Model::Workspace> workspace_ = model_->make_workspace();
  ThreadPool pool_{2};
};

}  // namespace hourglass
