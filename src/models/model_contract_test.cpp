// What every model has to hold to. A new model is a line in the list of cases at the end.
#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/error.h"
#include "base/random.h"
#include "models/apply.h"
#include "models/registry.h"
#include "nn/adam.h"

namespace hourglass {
namespace {

struct ContractCase {
  std::string name;
  std::string kind;
  ImageShape shape;
  std::int64_t latent_dim;
};

std::vector<float> random_state(std::int64_t count, double low, double high, std::uint64_t seed) {
  Rng rng(seed, 5);
  std::vector<float> values(static_cast<std::size_t>(count));
  for (float& x : values) x = static_cast<float>(rng.uniform(low, high));
  return values;
}

Tensor random_rows(std::int64_t rows, std::int64_t columns, double low, double high,
                   std::uint64_t seed = 1) {
  Tensor out({rows, columns});
  const auto values = random_state(rows * columns, low, high, seed);
  std::copy(values.begin(), values.end(), out.data());
  return out;
}

std::vector<float> copy(std::span<const float> values) {
  return {values.begin(), values.end()};
}

class ModelContract : public testing::TestWithParam<ContractCase> {
 protected:
  ModelContract()
      : model_(make_model(GetParam().kind, GetParam().shape, {GetParam().latent_dim}, 6)) {}

  std::int64_t pixels() const { return model_->image_shape().pixels(); }
  std::vector<float> state() const {
    std::vector<float> values(static_cast<std::size_t>(model_->parameter_list().state_count()));
    model_->parameter_list().to_state(values, model_->parameters());
    return values;
  }
  void set_state(const std::vector<float>& values) {
    model_->parameter_list().from_state(model_->parameters(), values);
    model_->prepare();
  }
  /// What chunks add up to: by lane, and by what they keep.
  struct Sum {
    explicit Sum(const Model& model)
        : lane({model.gradient_count()}), engine({std::ssize(model.parameters())}) {}
    Tensor lane, engine;
  };
  /// The loss of a chunk; adds its gradient to `sum`.
  double train(Sum& sum, ConstView images, float scale = 1.0f) {
    Tensor kept({images.size(0), model_->kept_count()});
    const double loss =
        model_->train_chunk(*workspace_, sum.lane.span(), kept, images, scale).reconstruction;
    for (std::int64_t piece = 0; piece < model_->kept_pieces(); ++piece) {
      model_->add_kept_gradients(piece, sum.engine.span(), kept);
    }
    return loss;
  }
  double loss(ConstView images) {
    Sum sum(*model_);
    return train(sum, images);
  }
  /// In state-dict order.
  std::vector<float> folded(Sum& sum) const {
    model_->fold_gradients(sum.engine.span(), sum.lane.span());
    std::vector<float> gradient(static_cast<std::size_t>(model_->parameter_list().state_count()));
    model_->parameter_list().to_state(gradient, sum.engine.span());
    return gradient;
  }
  std::vector<float> gradient(ConstView images, float scale = 1.0f) {
    Sum sum(*model_);
    train(sum, images, scale);
    return folded(sum);
  }

  std::unique_ptr<Model> model_;
  std::unique_ptr<Model::Workspace> workspace_ = model_->make_workspace();
  ThreadPool pool_{2};
};

TEST_P(ModelContract, ItsDescriptionBuildsItAgain) {
  const auto again = make_model(nlohmann::json::parse(model_->describe().dump()));
  EXPECT_EQ(again->kind(), GetParam().kind);
  EXPECT_EQ(again->image_shape(), GetParam().shape);
  EXPECT_EQ(again->latent_dim(), GetParam().latent_dim);
  EXPECT_EQ(again->describe(), model_->describe());
  ASSERT_EQ(again->parameter_list().parameters().size(),
            model_->parameter_list().parameters().size());
  for (std::size_t i = 0; i < again->parameter_list().parameters().size(); ++i) {
    EXPECT_EQ(again->parameter_list().parameters()[i].name,
              model_->parameter_list().parameters()[i].name);
    EXPECT_EQ(again->parameter_list().parameters()[i].shape,
              model_->parameter_list().parameters()[i].shape);
  }
}

TEST_P(ModelContract, ItsStateGoesOutAndInAgainWithoutLoss) {
  const std::vector<float> values = random_state(model_->parameter_list().state_count(), -1, 1, 2);
  set_state(values);
  EXPECT_EQ(state(), values);
}

TEST_P(ModelContract, TheSurplusOfTheEnginesLayoutIsZeroAndHasNoGradient) {
  std::vector<float> engine = copy(model_->parameters());
  std::vector<float> ones(static_cast<std::size_t>(model_->parameter_list().state_count()), 1.0f);
  std::vector<float> taken(engine.size());
  model_->parameter_list().from_state(taken, ones);
  Sum sum(*model_);
  train(sum, random_rows(8, pixels(), 0, 1));
  folded(sum);
  for (std::size_t i = 0; i < engine.size(); ++i) {
    if (taken[i] != 0.0f) continue;
    ASSERT_EQ(engine[i], 0.0f) << i;
    ASSERT_EQ(sum.engine[static_cast<std::int64_t>(i)], 0.0f) << i;
  }
}

TEST_P(ModelContract, TheSeedDecidesFreshParameters) {
  const auto make = [&](std::uint64_t seed) {
    return weights_sha256(
        *make_model(GetParam().kind, GetParam().shape, {GetParam().latent_dim}, seed));
  };
  EXPECT_EQ(make(6), weights_sha256(*model_));
  EXPECT_NE(make(7), weights_sha256(*model_));
}

TEST_P(ModelContract, CodesAndImagesHaveTheirShapesAndImagesLieBetweenZeroAndOne) {
  const Tensor images = random_rows(11, pixels(), 0, 1);
  const Tensor codes = encode(*model_, images.view(), pool_);
  EXPECT_EQ(codes.shape(), (Shape{11, GetParam().latent_dim}));
  const Tensor back = decode(*model_, codes, pool_);
  EXPECT_EQ(back.shape(), images.shape());
  for (const float x : back.span()) {
    ASSERT_GE(x, 0.0f);
    ASSERT_LE(x, 1.0f);
  }
}

TEST_P(ModelContract, AnImageAloneHasTheBitsItHasAmongSevenAndAmongTenThousand) {
  const std::int64_t many = 10'000;
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(many * pixels()));
  Rng rng(3);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(rng.next() >> 56);
  const RowSource images = byte_rows(std::move(bytes), pixels());
  const Tensor all = encode(*model_, images, pool_);
  const Tensor all_back = decode(*model_, all, pool_);
  for (const std::int64_t i : {0, 5, 8, 4321, 9999}) {
    const Tensor alone = encode(*model_, images.selected({i}), pool_);
    EXPECT_EQ(copy(alone.span()), copy(all.row(i))) << "code of image " << i;
    EXPECT_EQ(copy(decode(*model_, alone, pool_).span()), copy(all_back.row(i))) << "image " << i;
    const std::int64_t first = std::clamp<std::int64_t>(i - 3, 0, many - 7);
    std::vector<std::int64_t> near(7);
    std::iota(near.begin(), near.end(), first);
    const Tensor seven = encode(*model_, images.selected(near), pool_);
    EXPECT_EQ(copy(seven.row(i - first)), copy(all.row(i))) << "code of image " << i;
    EXPECT_EQ(copy(decode(*model_, seven, pool_).row(i - first)), copy(all_back.row(i)));
  }
}

TEST_P(ModelContract, ACodeDoesNotDependOnWhatAWorkspaceDidBefore) {
  const Tensor images = random_rows(8, pixels(), 0, 1), others = random_rows(8, pixels(), 0, 1, 2);
  Tensor fresh({3, GetParam().latent_dim}), used({3, GetParam().latent_dim});
  const auto clean = model_->make_workspace();
  model_->encode_chunk(*clean, fresh, images.view().rows(0, 3));
  loss(others);
  model_->encode_chunk(*workspace_, used, images.view().rows(0, 3));
  EXPECT_EQ(copy(used.span()), copy(fresh.span()));
}

TEST_P(ModelContract, TheLossIsTheSumOverImagesAndThatOfWhatDecodeGives) {
  const Tensor images = random_rows(8, pixels(), 0, 1);
  const Tensor back = decode(*model_, encode(*model_, images.view(), pool_), pool_);
  double expected = 0;
  for (std::int64_t i = 0; i < images.count(); ++i) {
    const double d = static_cast<double>(images[i]) - static_cast<double>(back[i]);
    expected += d * d / static_cast<double>(pixels());
  }
  EXPECT_NEAR(loss(images), expected, 1e-5 * expected);
}

/// Along a random direction of all parameters at once, and one parameter at a time.
TEST_P(ModelContract, TheGradientIsTheLimitOfDifferences) {
  const Tensor images = random_rows(8, pixels(), 0, 1);
  const std::vector<float> start = state();
  const std::vector<float> analytic = gradient(images);
  const auto slope = [&](const std::vector<float>& direction, float h) {
    const auto at = [&](float t) {
      std::vector<float> values = start;
      for (std::size_t i = 0; i < values.size(); ++i) values[i] += t * direction[i];
      set_state(values);
      return loss(images);
    };
    return (at(h) - at(-h)) / (2.0 * static_cast<double>(h));
  };
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const auto direction = random_state(std::ssize(start), -1, 1, seed);
    double expected = 0, length = 0;
    for (std::size_t i = 0; i < start.size(); ++i) {
      expected += static_cast<double>(direction[i]) * static_cast<double>(analytic[i]);
      length += std::pow(static_cast<double>(analytic[i]), 2);
    }
    // A random direction's slope is of the order of the gradient's length.
    EXPECT_NEAR(slope(direction, 4e-5f), expected, 0.02 * std::sqrt(length)) << "seed " << seed;
  }
  std::size_t begin = 0;
  Rng rng(4);
  for (const Parameter& p : model_->parameter_list().parameters()) {
    const auto count = static_cast<std::size_t>(p.shape.count());
    double largest = 0;
    std::size_t steepest = begin;
    for (std::size_t i = begin; i < begin + count; ++i) {
      if (std::abs(static_cast<double>(analytic[i])) <= largest) continue;
      largest = std::abs(static_cast<double>(analytic[i]));
      steepest = i;
    }
    for (const std::size_t i : {steepest, begin + static_cast<std::size_t>(rng.below(count))}) {
      std::vector<float> direction(start.size());
      direction[i] = 1.0f;
      EXPECT_NEAR(slope(direction, 5e-3f), static_cast<double>(analytic[i]), 0.02 * largest + 2e-4)
          << p.name << " at " << i - begin;
    }
    begin += count;
  }
}

TEST_P(ModelContract, TheGradientOfABatchIsTheSumOverItsChunksAndImages) {
  const Tensor images = random_rows(8, pixels(), 0, 1);
  const std::vector<float> together = gradient(images);
  Sum sum(*model_);
  for (std::int64_t i = 0; i < 8; ++i) train(sum, images.view().rows(i, i + 1));
  const std::vector<float> one_by_one = folded(sum);
  float largest = 0;
  for (const float g : together) largest = std::max(largest, std::abs(g));
  for (std::size_t i = 0; i < together.size(); ++i) {
    ASSERT_NEAR(together[i], one_by_one[i], 1e-5f * largest) << i;
  }
  const std::vector<float> half = gradient(images, 0.5f);
  for (std::size_t i = 0; i < half.size(); ++i) {
    ASSERT_EQ(half[i], 0.5f * together[i]) << i;  // a power of two: exact
  }
}

TEST_P(ModelContract, NewParametersTakeEffectWithPrepare) {
  const Tensor images = random_rows(8, pixels(), 0, 1);
  const auto other = make_model(GetParam().kind, GetParam().shape, {GetParam().latent_dim}, 1234);
  const double before = loss(images);
  std::copy(other->parameters().begin(), other->parameters().end(), model_->parameters().begin());
  model_->prepare();
  const Tensor codes = encode(*model_, images.view(), pool_);
  const Tensor others = encode(*other, images.view(), pool_);
  EXPECT_EQ(copy(codes.span()), copy(others.span()));
  EXPECT_EQ(copy(decode(*model_, codes, pool_).span()), copy(decode(*other, codes, pool_).span()));
  EXPECT_NE(loss(images), before);
}

/// Soft blobs in different places.
TEST_P(ModelContract, LearnsOneBatchByHeart) {
  const ImageShape shape = GetParam().shape;
  const std::int64_t n = GetParam().latent_dim == 1 ? 2 : 16;
  Tensor images({n, pixels()});
  Rng rng(8);
  for (std::int64_t i = 0; i < n; ++i) {
    const double y0 = rng.uniform(0, static_cast<double>(shape.height));
    const double x0 = rng.uniform(0, static_cast<double>(shape.width));
    for (std::int64_t p = 0; p < pixels(); ++p) {
      const double y = static_cast<double>(p / shape.channels / shape.width) - y0;
      const double x = static_cast<double>(p / shape.channels % shape.width) - x0;
      images.row(i)[static_cast<std::size_t>(p)] =
          static_cast<float>(0.2 + 0.6 / (1.0 + (y * y + x * x) / 16.0));
    }
  }
  Adam adam(std::ssize(model_->parameters()), {.learning_rate = 5e-3});
  double mean = 1;
  for (int step = 0; step < 400 && mean >= 1e-4; ++step) {
    Sum sum(*model_);
    mean = 0;
    for (std::int64_t begin = 0; begin < n; begin += kChunk) {
      mean += train(sum, images.view().rows(begin, std::min(begin + kChunk, n)),
                    1.0f / static_cast<float>(n)) /
              static_cast<double>(n);
    }
    folded(sum);
    adam.step(model_->parameters(), sum.engine.span(), pool_);
    model_->prepare();
  }
  EXPECT_LT(mean, 1e-4);
}

INSTANTIATE_TEST_SUITE_P(, ModelContract,
                         testing::Values(ContractCase{"AutoencoderOfMnist", "AE", {1, 28, 28}, 32},
                                         ContractCase{"AutoencoderInColour", "AE", {3, 8, 12}, 5},
                                         ContractCase{
                                             "AutoencoderOfTallImages", "AE", {1, 32, 16}, 1}),
                         [](const auto& test) { return test.param.name; });

/// The line a person sees.
std::string refusal(std::string_view kind, const ImageShape& shape, std::int64_t latent_dim = 2) {
  try {
    make_model(kind, shape, {latent_dim}, 0);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

TEST(MakeModel, NamesModelsThatAreNotThereYetOrNotKnown) {
  for (const std::string kind : {"VAE", "CVAE", "VQ-VAE"}) {
    EXPECT_EQ(refusal(kind, {1, 28, 28}),
              "[model] " + kind + " is not in this version yet: use --model AE");
  }
  EXPECT_EQ(refusal("GAN", {1, 28, 28}), "[model] no model is called 'GAN': use --model AE");
}

TEST(MakeModel, NamesTheNearestSizeForImagesThatDoNotFit) {
  const auto text = [](const char* got, const char* nearest) {
    return fmt::format(
        "[model] images are {}: AE needs height and width that are multiples of 4, at least 8; the "
        "nearest is --image_size {}",
        got, nearest);
  };
  EXPECT_EQ(refusal("AE", {1, 27, 30}), text("27 x 30", "28x32"));
  EXPECT_EQ(refusal("AE", {3, 4, 28}), text("4 x 28", "8x28"));
  EXPECT_EQ(refusal("AE", {3, 1, 1}), text("1 x 1", "8x8"));
  EXPECT_EQ(refusal("AE", {1, 28, 29}), text("28 x 29", "28x28"));
  EXPECT_EQ(refusal("AE", {1, 516, 8}),
            "[model] images are 516 x 8: AE takes at most 512 x 512; try --image_size 64x64");
  EXPECT_EQ(refusal("AE", {2, 28, 28}),
            "[model] images have 2 channels: AE takes 1 (grey) or 3 (colour)");
}

TEST(MakeModel, NamesALatentSizeOutOfRange) {
  EXPECT_EQ(refusal("AE", {1, 28, 28}, 0), "[model] latent_dim is 0: must be from 1 to 4096");
  EXPECT_EQ(refusal("AE", {1, 28, 28}, 4097), "[model] latent_dim is 4097: must be from 1 to 4096");
}

TEST_P(ModelContract, IsOfAsManyParametersAsAreToldBeforeItIsMade) {
  const nlohmann::json described = model_->describe();
  const std::int64_t count = model_->parameter_list().state_count();
  EXPECT_EQ(make_model(described, count)->parameter_list().state_count(), count);
  EXPECT_THROW(make_model(described, count - 1), Error);
}

TEST(MakeModel, RefusesMoreParametersThanAnIndexCanNameBeforeItTakesMemory) {
  // 34 GB of them: taking that would end the test.
  EXPECT_EQ(refusal("AE", {1, 512, 512}, 4096),
            "[model] AE for images of 1 x 512 x 512 and latent_dim 4096 has 8591025089 parameters, "
            "and at most 1073741824 are possible here: use smaller images or a smaller latent_dim");
  EXPECT_THAT(refusal("AE", {1, INT64_MAX, INT64_MAX}), testing::HasSubstr("at most 512 x 512"));
}

TEST(MakeModel, HasTheParametersOfTheReferenceAutoencoder) {
  EXPECT_EQ(make_model("AE", {1, 28, 28}, {32}, 0)->parameter_list().state_count(), 241'697);
}

TEST(MakeModel, DrawsAsPyTorchDoesWithinPlusMinusOneOverTheRootOfFanIn) {
  const auto model = make_model("AE", {1, 28, 28}, {32}, 0);
  std::vector<float> state(241'697);
  model->parameter_list().to_state(state, model->parameters());
  std::size_t at = 0;
  for (const Parameter& p : model->parameter_list().parameters()) {
    const auto count = static_cast<std::size_t>(p.shape.count());
    double largest = 0;
    for (std::size_t i = at; i < at + count; ++i) {
      largest = std::max(largest, std::abs(static_cast<double>(state[i])));
    }
    at += count;
    if (p.initialiser.kind == Initialiser::Kind::constant) {
      EXPECT_EQ(largest, p.name.ends_with("weight") ? 1.0 : 0.0) << p.name;
      continue;
    }
    EXPECT_LE(largest, p.initialiser.value * (1 + 1e-7)) << p.name;
    if (count > 16) {
      EXPECT_GT(largest, 0.8 * p.initialiser.value) << p.name;
    }
    if (p.name == "encoder.conv2.bias") {
      EXPECT_EQ(p.initialiser.value, 1 / std::sqrt(288.0));
    }
  }
}

}  // namespace
}  // namespace hourglass
