// Making models: the kinds, what is refused, and the meaning of descriptions.
#include "hourglass/models/registry.h"

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "hourglass/base/message_test.h"
#include "hourglass/models/toy_kind_test.h"

namespace hourglass {
namespace {

using testing::HasSubstr;
using Widths = std::vector<std::int64_t>;

std::string refusal(std::string_view kind, const ImageShape& shape,
                    const ModelOptions& options = {.latent_dim = 2}) {
  return message_of([&] { make_model(kind, shape, options, 0); });
}

std::string refusal(const std::string& description) {
  return message_of([&] { make_model(nlohmann::json::parse(description)); });
}

Widths widths_of(const Model& model) {
  return model.config().option<Widths>("widths");
}

TEST(MakeModel, NamesModelsThatAreNotThereYetOrNotKnown) {
  for (const std::string kind : {"VAE", "CVAE", "VQ-VAE"}) {
    EXPECT_THAT(refusal(kind, {1, 28, 28}),
                HasSubstr("[model] " + kind + " is not in this version yet: there are AE, linear"));
  }
  EXPECT_THAT(refusal("GAN", {1, 28, 28}),
              HasSubstr("[model] no model is called 'GAN': there are AE, linear"));
}

TEST(MakeModel, NamesTheNearestSizeForImagesThatDoNotFit) {
  for (const std::string kind : {"AE", "linear"}) {
    EXPECT_EQ(refusal(kind, {3, 4, 28}), "[model] images are 4 x 28: " + kind +
                                             " takes at least 8 x 8; the nearest is `image_size` "
                                             "8x28");
    EXPECT_THAT(refusal(kind, {3, 1, 1}), HasSubstr("the nearest is `image_size` 8x8"));
    EXPECT_EQ(refusal(kind, {1, 516, 8}), "[model] images are 516 x 8: " + kind +
                                              " takes at most 512 x 512; try `image_size` 64x64");
    EXPECT_EQ(refusal(kind, {2, 28, 28}),
              "[model] images have 2 channels: " + kind + " takes 1 (grey) or 3 (colour)");
    EXPECT_EQ(refusal(kind, {1, 27, 30}), "no error");
  }
}

TEST(MakeModel, NamesALatentSizeOutOfRange) {
  EXPECT_EQ(refusal("AE", {1, 28, 28}, {.latent_dim = 0}),
            "[model] `latent_dim` is 0: must be from 1 to 4096");
  EXPECT_EQ(refusal("AE", {1, 28, 28}, {.latent_dim = 4097}),
            "[model] `latent_dim` is 4097: must be from 1 to 4096");
}

TEST(MakeModel, NamesAnOptionThatThereIsNotOrOfTheWrongType) {
  EXPECT_EQ(refusal("AE", {1, 28, 28}, {.options = {{"depth", std::int64_t{3}}}}),
            "[model] AE has no option 'depth': it has widths, residual, corruption");
  EXPECT_EQ(refusal("linear", {1, 28, 28}, {.options = {{"residual", true}}}),
            "[model] linear has no option 'residual': it has corruption");
  EXPECT_EQ(refusal("AE", {1, 28, 28}, {.options = {{"residual", std::string("yes")}}}),
            "[model] residual is yes: it takes a value like false");
  EXPECT_EQ(refusal("AE", {1, 28, 28}, {.options = {{"widths", std::int64_t{32}}}}),
            "[model] widths is 32: it takes a value like 32,64");
}

TEST(MakeModel, NamesWidthsThatNoConvolutionHas) {
  const auto of = [](Widths widths) {
    return refusal("AE", {1, 64, 64}, {.options = {{"widths", std::move(widths)}}});
  };
  EXPECT_EQ(of({32, 0}),
            "[model] widths has a stage of 0 channels: must be multiples of 16 up to 256");
  EXPECT_THAT(of({24}), HasSubstr("widths has a stage of 24 channels"));
  EXPECT_THAT(of({512}), HasSubstr("widths has a stage of 512 channels"));
  EXPECT_THAT(of({-16}), HasSubstr("widths has a stage of -16 channels"));
  EXPECT_EQ(of({}), "[model] widths has 0 stages: must have from 1 to 6");
  EXPECT_EQ(of(Widths(7, 16)), "[model] widths has 7 stages: must have from 1 to 6");
  EXPECT_EQ(of(Widths(6, 16)), "no error");
}

TEST(MakeModel, NamesMoreStagesThanTheImageCanBeHalved) {
  const ModelOptions five{.options = {{"widths", Widths(5, 16)}}};
  EXPECT_EQ(refusal("AE", {1, 28, 28}, five),
            "[model] widths has 5 stages, which halve images of 28 x 28 to nothing: use fewer");
  EXPECT_EQ(refusal("AE", {1, 8, 32}, five), "no error");
}

TEST(MakeModel, LabelsAreForKindsThatTakeThem) {
  EXPECT_EQ(make_model("AE", {1, 8, 8}, {.latent_dim = 2, .classes = 10}, 0)->config().classes, 0);
  EXPECT_EQ(make_model("toy", {1, 8, 8}, {.latent_dim = 2, .classes = 10}, 0)->config().classes,
            10);
  EXPECT_EQ(refusal("toy", {1, 8, 8}),
            "[model] toy takes labels of 0 classes: needs images with labels of 1 to 65536");
  EXPECT_THAT(refusal("toy", {1, 8, 8}, {.classes = INT64_MAX}), HasSubstr("takes labels of 9223"));
  EXPECT_THAT(refusal(R"({"model":"AE","channels":1,"height":8,"width":8,"latent_dim":2,
                          "classes":3})"),
              HasSubstr("[model] AE takes no labels, and the description has 3 classes"));
}

TEST(MakeModel, StagesFollowFromTheImageSizeWhereNobodyChoseThem) {
  const auto chosen = [](std::int64_t height, std::int64_t width) {
    return widths_of(*make_model("AE", {1, height, width}, {.latent_dim = 1}, 0));
  };
  EXPECT_EQ(chosen(8, 8), (Widths{32, 64}));
  EXPECT_EQ(chosen(28, 28), (Widths{32, 64}));
  EXPECT_EQ(chosen(32, 512), (Widths{32, 64}));
  EXPECT_EQ(chosen(33, 33), (Widths{32, 64, 128}));
  EXPECT_EQ(chosen(64, 64), (Widths{32, 64, 128}));
  EXPECT_EQ(chosen(128, 65), (Widths{32, 64, 128, 256}));
  EXPECT_EQ(chosen(512, 512), (Widths{32, 64, 128, 256, 256, 256}));
}

TEST(Description, OfTheReferenceIsThatOfTheFirstVersion) {
  EXPECT_EQ(make_model("AE", {1, 28, 28}, {}, 0)->describe().dump(),
            R"({"channels":1,"height":28,"latent_dim":32,"model":"AE","width":28})");
}

TEST(Model, OfAKindWithoutACorruptionOptionNeverCorruptsItsInput) {
  const ToyModel model({"toy", {1, 8, 8}, 3, {{"noise", 0.1}}, 2}, ParameterList::Mode::counting);
  EXPECT_EQ(model.corruption().kind, Corruption::Kind::none);
}

TEST(Description, WithoutOptionsMeansTheFirstVersionsWidthsWhateverTheImageSize) {
  const auto model = make_model(nlohmann::json::parse(
      R"({"channels":3,"height":64,"latent_dim":4,"model":"AE","width":64})"));
  EXPECT_EQ(widths_of(*model), (Widths{32, 64}));
  EXPECT_FALSE(model->config().option<bool>("residual"));
}

TEST(Description, HasTheOptionsThatDifferFromThat) {
  EXPECT_EQ(make_model("AE", {1, 64, 64}, {.latent_dim = 4}, 0)->describe().at("options").dump(),
            R"({"widths":[32,64,128]})");
  const ModelOptions all{.options = {{"residual", true},
                                     {"widths", Widths{16}},
                                     {"corruption", std::string("mask:0.5")}}};
  EXPECT_EQ(make_model("AE", {1, 8, 8}, all, 0)->describe().at("options").dump(),
            R"({"corruption":"mask:0.5","residual":true,"widths":[16]})");
}

TEST(Description, ThatIsNotUnderstoodIsRefused) {
  const auto with = [](const std::string& options) {
    return refusal(
        R"({"channels":1,"height":28,"latent_dim":2,"model":"AE","width":28,"options":)" + options +
        "}");
  };
  EXPECT_EQ(with("{}"), "no error");
  EXPECT_THAT(with(R"({"depth":3})"), HasSubstr("AE has no option 'depth'"));
  for (const char* wrong : {R"({"widths":"32,64"})", R"({"widths":[32,"64"]})",
                            R"({"widths":[32.5]})", R"({"widths":[18446744073709551615]})"}) {
    EXPECT_THAT(with(wrong), HasSubstr("the description's widths is of the wrong type")) << wrong;
  }
  EXPECT_THAT(with(R"({"residual":1})"), HasSubstr("residual is of the wrong type"));
  EXPECT_THAT(with(R"({"corruption":"blur:1"})"), HasSubstr("corruption is 'blur:1'"));
  EXPECT_THAT(with(R"({"widths":[24]})"), HasSubstr("a stage of 24 channels"));
  for (const char* wrong : {"[]", "3", "null", "\"widths\""}) {
    EXPECT_THAT(with(wrong), HasSubstr("[model] ")) << wrong;
  }
  EXPECT_THAT(refusal(R"({"model":"AE"})"), HasSubstr("the model's description lacks one of"));
  EXPECT_THAT(refusal("[]"), HasSubstr("the model's description lacks one of"));
}

TEST(MakeModel, RefusesMoreParametersThanAnIndexCanNameBeforeItTakesMemory) {
  // 34 GB: allocating them would end the test.
  EXPECT_EQ(
      refusal("AE", {1, 512, 512}, {.latent_dim = 4096, .options = {{"widths", Widths{32, 64}}}}),
      "[model] AE for images of 1 x 512 x 512 and latent_dim 4096 has 8591025089 parameters, "
      "and at most 1073741824 are possible here: use smaller images or a smaller latent_dim");
  EXPECT_THAT(refusal("AE", {1, INT64_MAX, INT64_MAX}), HasSubstr("at most 512 x 512"));
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

TEST(Recognise, MoreStagesThanThereCanBeAreRefused) {
  StateShapes shapes;
  shapes.source = "many.pth";
  for (int stage = 1; stage <= 80; ++stage) {
    shapes.arrays[fmt::format("encoder.conv{}.weight", stage)] = {16, stage == 1 ? 1 : 16, 3, 3};
  }
  shapes.arrays["encoder.linear.weight"] = {2, 16};
  EXPECT_EQ(message_of([&] { recognise_model(shapes); }),
            "[model] widths has 80 stages: must have from 1 to 6");
}

TEST(Kinds, HaveNamesFoldersAndRunsOfTheirOwn) {
  EXPECT_EQ(run_stem(model_kind("AE"), "mnist", 32), "mnist_32");
  EXPECT_EQ(run_stem(model_kind("linear"), "mnist", 32), "mnist_linear_32");
  EXPECT_EQ(run_stem(model_kind("toy"), "mnist", 32), "mnist_toy_32");
}

}  // namespace
}  // namespace hourglass
