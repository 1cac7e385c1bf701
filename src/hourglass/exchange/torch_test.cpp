// Import and export of parameters of other programs. PyTorch itself: see tests/interop.
#include "hourglass/exchange/torch.h"

#include <gmock/gmock.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>

#include "hourglass/base/message_test.h"
#include "hourglass/exchange/made_model_test.h"
#include "hourglass/interop/torch_file.h"
#include "hourglass/models/apply.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

const ImageShape kShape{1, 8, 8};

/// A model's arrays, to be saved under other names or with other numbers.
struct State {
  explicit State(const Checkpoint& checkpoint) {
    append_parameters(arrays, storage, *checkpoint.model, checkpoint.model->parameters(), "");
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  NamedArrayView& operator[](std::string_view name) {
    return *std::ranges::find(arrays, name, &NamedArrayView::name);
  }
  /// Those of one side, or all, with `before` instead of "encoder." or "decoder.".
  std::vector<NamedArrayView> of(const std::string& side, const std::string& before) const {
    std::vector<NamedArrayView> own;
    for (const NamedArrayView& named : arrays) {
      if (named.name.starts_with(side)) {
        own.push_back({before + named.name.substr(side.size()), named.array});
      }
    }
    return own;
  }
  std::vector<NamedArrayView> arrays;
  std::vector<float> storage;
};

class ImportTest : public ExchangeTest {
 protected:
  Checkpoint import(const std::vector<std::string>& names,
                    std::optional<ImageSize> size = std::nullopt) const {
    std::vector<fs::path> files;
    for (const std::string& name : names) files.push_back(folder / name);
    return import_checkpoint(files, size).checkpoint;
  }
  std::string refusal(const std::vector<std::string>& names,
                      std::optional<ImageSize> size = std::nullopt) const {
    return message_of([&] { import(names, size); });
  }
  void write(const std::string& name, const std::vector<NamedArrayView>& arrays) const {
    write_torch(folder / name, arrays);
  }
  /// Expects that the import of one file with all arrays is refused with this message.
  void expect_refused(const State& changed, const std::string& why) const {
    write("both.pth", changed.arrays);
    EXPECT_THAT(refusal({"both.pth"}), HasSubstr(why));
  }

  const Checkpoint made = made_checkpoint(kShape, 5);
  const std::string weights = weights_sha256(*made.model);
};

TEST_F(ImportTest, WhatWasExportedIsTheSameModelInEitherOrder) {
  ASSERT_THAT(export_torch(made, folder),
              ElementsAre(folder / "encoder_mnist_5.pth", folder / "decoder_mnist_5.pth"));
  for (const auto& files : {std::vector<std::string>{"encoder_mnist_5.pth", "decoder_mnist_5.pth"},
                            {"decoder_mnist_5.pth", "encoder_mnist_5.pth"}}) {
    const Checkpoint again = import(files);
    EXPECT_EQ(weights_sha256(*again.model), weights);
    EXPECT_EQ(again.model->describe(), made.model->describe());
    EXPECT_EQ(again.facts.imported, files[0] + ", " + files[1]);
    EXPECT_EQ(again.facts.dataset, "imported");
    EXPECT_TRUE(std::isnan(again.facts.test_mse));
  }
}

TEST_F(ImportTest, ADataSetsNameNeverLeadsOutOfTheFolder) {
  Checkpoint checkpoint = made_checkpoint(kShape, 5);
  checkpoint.facts.dataset = "../../etc/a\nb";
  EXPECT_THAT(
      export_torch(checkpoint, folder),
      ElementsAre(folder / "encoder_.._.._etc_a_b_5.pth", folder / "decoder_.._.._etc_a_b_5.pth"));
}

TEST_F(ImportTest, TheModelIsReadyToEncode) {
  export_torch(made, folder);
  const Checkpoint again = import({"encoder_mnist_5.pth", "decoder_mnist_5.pth"});
  Tensor images({2, kShape.pixels()});
  Rng rng(1, 0);
  for (float& pixel : images.span()) pixel = static_cast<float>(rng.uniform());
  ThreadPool pool(1);
  const Tensor found = encode(*again.model, images, pool);
  EXPECT_THAT(found.span(), testing::ElementsAreArray(encode(*made.model, images, pool).span()));
}

TEST_F(ImportTest, WhatWrappersPutBeforeTheNamesIsLeftOut) {
  const State state(made);
  for (const std::string before : {"", "module.", "module._orig_mod.", "state_dict.model."}) {
    write("both.pth", state.of("", before));
    EXPECT_EQ(weights_sha256(*import({"both.pth"}).model), weights) << before;
    write("encoder.pth", state.of("encoder.", before));
    write("decoder.pth", state.of("decoder.", before));
    EXPECT_EQ(weights_sha256(*import({"encoder.pth", "decoder.pth"}).model), weights) << before;
  }
  auto mixed = state.of("encoder.", "encoder.module.");
  const auto decoder = state.of("decoder.", "net.decoder.");
  mixed.insert(mixed.end(), decoder.begin(), decoder.end());
  write("both.pth", mixed);
  EXPECT_EQ(weights_sha256(*import({"both.pth"}).model), weights);
}

TEST_F(ImportTest, MetadataOfOtherProgramsIsKeptFromSafetensorsAndThroughACheckpoint) {
  const State state(made);
  write_safetensors(folder / "theirs.safetensors", state.arrays,
                    {{"format", "pt"}, {"author", "somebody"}, {"epochs", "7"}});
  Checkpoint imported = import({"theirs.safetensors"});
  EXPECT_EQ(weights_sha256(*imported.model), weights);
  EXPECT_EQ(imported.facts.epochs, 0) << "hourglass's own keys are not another program's to set";
  save_checkpoint(folder / "ours.safetensors", *imported.model, imported.facts);
  const Checkpoint loaded = load_checkpoint(folder / "ours.safetensors");
  EXPECT_EQ(weights_sha256(*loaded.model), weights);
  EXPECT_EQ(loaded.facts.imported, "theirs.safetensors");
  EXPECT_TRUE(std::isnan(loaded.facts.test_mse));
  EXPECT_THAT(loaded.facts.others, ElementsAre(Pair("author", "somebody"), Pair("format", "pt")));
  save_checkpoint(folder / "again.safetensors", *loaded.model, loaded.facts);
  EXPECT_EQ(read_file(folder / "again.safetensors"), read_file(folder / "ours.safetensors"));
}

TEST_F(ImportTest, NumbersOfOtherWidthsBecomeFloat32) {
  State state(made);
  const std::vector<double> wide{0.1, -1e-3, 3.0, 0.0, 1e-300};
  const std::vector<std::uint16_t> half{0x3c00, 0xc000, 0x0001, 0x7bff, 0x0000};
  const auto bytes_of = [](const auto& values) {
    return std::span(reinterpret_cast<const std::uint8_t*>(values.data()),
                     values.size() * sizeof(values[0]));
  };
  state["encoder.linear.bias"].array = ArrayView(wide, Shape{5});
  write("both.pth", state.arrays);
  const auto bias_of = [](const Checkpoint& checkpoint) {
    const State read(checkpoint);
    const auto found = std::ranges::find(read.arrays, "encoder.linear.bias", &NamedArrayView::name);
    std::vector<float> values(5);
    std::memcpy(values.data(), found->array.bytes.data(), found->array.bytes.size());
    return values;
  };
  EXPECT_THAT(bias_of(import({"both.pth"})), ElementsAre(0.1f, -1e-3f, 3.0f, 0.0f, 0.0f));
  state["encoder.linear.bias"].array = ArrayView(DType::kF16, Shape{5}, bytes_of(half));
  write("both.pth", state.arrays);
  EXPECT_THAT(bias_of(import({"both.pth"})),
              ElementsAre(1.0f, -2.0f, std::ldexp(1.0f, -24), 65504.0f, 0.0f));
  state["encoder.linear.bias"].array = ArrayView(DType::kBF16, Shape{5}, bytes_of(half));
  write("both.pth", state.arrays);
  std::vector<float> upper;  // bfloat16 is the upper half of a float32
  for (const std::uint32_t bits : half) upper.push_back(std::bit_cast<float>(bits << 16));
  EXPECT_EQ(bias_of(import({"both.pth"})), upper);
}

TEST_F(ImportTest, ImagesAreSquareUnlessTheirSizeIsGiven) {
  const Checkpoint wide = made_checkpoint({3, 8, 16}, 2);
  export_torch(wide, folder);
  const std::vector<std::string> files{"encoder_mnist_2.pth", "decoder_mnist_2.pth"};
  EXPECT_THAT(refusal(files), AllOf(HasSubstr("encoder.linear.weight has the shape 2 x 512"),
                                    HasSubstr("give `image_size`")));
  EXPECT_THAT(refusal(files, ImageSize{8, 12}),
              HasSubstr("has the shape 2 x 512, and images of 8 x 12 need 2 x 384"));
  EXPECT_EQ(import(files, ImageSize{8, 16}).model->image_shape(), (ImageShape{3, 8, 16}));
  EXPECT_EQ(import(files, ImageSize{16, 8}).model->image_shape(), (ImageShape{3, 16, 8}));
}

TEST_F(ImportTest, WhatDoesNotFitIsNamedWithBothShapes) {
  State state(made);
  const Tensor other(Shape{32, 1, 5, 5});
  state["encoder.conv1.weight"].array = other;
  expect_refused(state,
                 "both.pth has encoder.conv1.weight of shape 32 x 1 x 5 x 5, and the model "
                 "needs 32 x 1 x 3 x 3");
  export_torch(made_checkpoint(kShape, 4), folder);
  export_torch(made, folder);
  EXPECT_THAT(refusal({"encoder_mnist_5.pth", "decoder_mnist_4.pth"}),
              HasSubstr("decoder.linear.weight of shape 256 x 4, and the model needs 256 x 5"));
}

TEST_F(ImportTest, WhatIsMissingTooMuchOrThereTwiceIsNamed) {
  State state(made);
  const Tensor one(Shape{1});
  state.arrays.push_back({"decoder.scale", one});
  expect_refused(state, "\"decoder.scale\" 1 is no parameter of AE: leave it out when saving");
  state.arrays.pop_back();
  state.arrays.pop_back();
  expect_refused(state, "both.pth has no parameter decoder.deconv2.bias");
  export_torch(made, folder);
  EXPECT_THAT(refusal({"encoder_mnist_5.pth"}),
              HasSubstr("has no parameter decoder.linear.weight"));
  EXPECT_THAT(refusal({"decoder_mnist_5.pth"}), HasSubstr("there is no encoder.conv1.weight"));
  EXPECT_THAT(refusal({"encoder_mnist_5.pth", "encoder_mnist_5.pth"}),
              HasSubstr("\"encoder.conv1.weight\" is there already: give one encoder and one"));
}

TEST_F(ImportTest, OfSeveralDictionariesTheOneWithAllNamesIsTakenAndTheRestIsListed) {
  const State state(made);
  const Tensor loss(Shape{3}), moment(Shape{32, 1, 3, 3}), wide(Shape{2, 2, 2});
  const std::vector<std::int64_t> count(1);
  for (const std::string before : {"", "module.", "model_state_dict.", "state_dict.model."}) {
    auto arrays = state.of("", before);
    arrays.insert(arrays.begin(), {"epoch_loss", loss});
    arrays.push_back({"rand_state", ArrayView(count, Shape{1})});
    arrays.push_back({"optimizer.state.encoder.conv1.weight", moment});
    arrays.push_back({"callbacks.Checkpoint{'monitor': 'val.loss'}.best", loss});
    arrays.push_back({"head.fc.weight", wide});
    write("both.pth", arrays);
    const Import imported =
        import_checkpoint(std::vector<fs::path>{folder / "both.pth"}, std::nullopt);
    EXPECT_EQ(weights_sha256(*imported.checkpoint.model), weights) << before;
    EXPECT_THAT(imported.left_out,
                ElementsAre("epoch_loss", "rand_state", "optimizer.state.encoder.conv1.weight",
                            "callbacks.Checkpoint{'monitor': 'val.loss'}.best", "head.fc.weight"))
        << before;
  }
}

TEST_F(ImportTest, ALooseArrayBesideOneHalfIsLeftOut) {
  const State state(made);
  const Tensor loss(Shape{3});
  auto encoder = state.of("encoder.", "state_dict."), decoder = state.of("decoder.", "");
  encoder.push_back({"callbacks.best", loss});
  decoder.push_back({"epoch_loss", loss});
  write("encoder.pth", encoder);
  write("decoder.pth", decoder);
  const Import imported = import_checkpoint(
      std::vector<fs::path>{folder / "encoder.pth", folder / "decoder.pth"}, std::nullopt);
  EXPECT_EQ(weights_sha256(*imported.checkpoint.model), weights);
  EXPECT_THAT(imported.left_out, ElementsAre("callbacks.best", "epoch_loss"));
}

TEST_F(ImportTest, TwoCompleteModelsAreNoChoice) {
  const State state(made);
  auto arrays = state.of("", "model.");
  const auto mean = state.of("", "ema.");
  arrays.insert(arrays.end(), mean.begin(), mean.end());
  write("both.pth", arrays);
  EXPECT_THAT(refusal({"both.pth"}),
              HasSubstr("both.pth holds more than one model (\"ema.encoder.\" and "
                        "\"model.encoder.\"): save one alone"));
  arrays.pop_back();
  write("both.pth", arrays);
  EXPECT_EQ(weights_sha256(*import({"both.pth"}).model), weights) << "the other lacks a parameter";
  write("one.pth", state.of("", ""));
  EXPECT_THAT(refusal({"one.pth", "one.pth"}),
              HasSubstr("is there already: give one encoder and one decoder"));
}

TEST_F(ImportTest, WhatLiesInsideADictionaryThatIsTakenIsNeverLeftOut) {
  const State state(made);
  const Tensor one(Shape{1});
  for (const char* extra : {"net.decoder.scale", "net.encoder.norm.running_mean"}) {
    auto arrays = state.of("", "net.");
    arrays.push_back({extra, one});
    write("both.pth", arrays);
    EXPECT_THAT(refusal({"both.pth"}), HasSubstr("is no parameter of AE: leave it out")) << extra;
  }
}

TEST_F(ImportTest, FilesOfTheFieldAreImported) {
  const char* source = std::getenv("HOURGLASS_SOURCE_DIR");
  const fs::path field = fs::path(source ? source : ".") / "../shared/field";
  if (!fs::exists(field)) GTEST_SKIP() << "there is no ../shared/field";
  for (const char* name :
       {"F11_p01_dataparallel.pth", "F11_p04_model_state_dict.pth", "F11_p10_lightning.ckpt"}) {
    const Import imported = import_checkpoint(std::vector<fs::path>{field / name}, std::nullopt);
    EXPECT_EQ(imported.checkpoint.model->kind(), "AE") << name;
    EXPECT_FALSE(imported.left_out.empty()) << name;
  }
}

TEST_F(ImportTest, OtherNetworksAreRefused) {
  State state(made);
  const Tensor columns(Shape{5, 100}), flat(Shape{32, 9}), grey_alpha(Shape{32, 2, 3, 3}),
      none(Shape{5, 0});
  const ArrayView linear = state["encoder.linear.weight"].array;
  for (const Tensor* other : {&columns, &none}) {
    state["encoder.linear.weight"].array = *other;
    expect_refused(state, "it must have a multiple of 64 columns");
  }
  state["encoder.linear.weight"].array = linear;
  state["encoder.conv1.weight"].array = grey_alpha;
  expect_refused(state, "images have 2 channels: AE takes 1 (grey) or 3 (colour)");
  state["encoder.conv1.weight"].array = flat;
  expect_refused(
      state,
      "encoder.conv1.weight has the shape 32 x 9: that of a convolutional encoder has 4 axes");
}

TEST_F(ImportTest, NumbersThatAreNoneAreRefusedByName) {
  State state(made);
  const std::vector<std::int64_t> whole(5);
  state["encoder.linear.bias"].array = ArrayView(whole, Shape{5});
  expect_refused(state, "\"encoder.linear.bias\" holds I64: parameters are real numbers");
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), 1e300}) {
    const std::vector<double> values{0, 0, bad, 0, 0};
    state["encoder.linear.bias"].array = ArrayView(values, Shape{5});
    expect_refused(state,
                   "\"encoder.linear.bias\" holds a NaN, an infinity or more than float32 "
                   "can (element 2)");
  }
}

TEST_F(ImportTest, AFileThatIsNotThereOrOfAnotherKindIsNamed) {
  EXPECT_THAT(refusal({"none.pth"}), HasSubstr((folder / "none.pth").string()));
  write_file(folder / "text.pth", "hello");
  EXPECT_THAT(refusal({"text.pth"}), HasSubstr("it is not a zip archive"));
}

}  // namespace
}  // namespace hourglass
