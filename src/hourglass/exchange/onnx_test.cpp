// ONNX files, read back and run in plain loops. ONNX Runtime itself: see tests/interop.
#include "hourglass/exchange/onnx.h"

#include <gmock/gmock.h>
#include <onnx/checker.h>

#include <set>

#include "hourglass/base/message_test.h"
#include "hourglass/exchange/made_model_test.h"
#include "hourglass/exchange/onnx_run_test.h"
#include "hourglass/models/contract_cases_test.h"
#include "hourglass/tensor/images.h"

namespace hourglass {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// The file, read and checked by ONNX's own library.
onnx::ModelProto read(const std::filesystem::path& path) {
  const auto bytes = read_file(path);
  onnx::ModelProto model;
  if (!model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    throw std::runtime_error(path.string() + " cannot be parsed");
  }
  onnx::checker::check_model(model);
  return model;
}

/// "images [N, 1, 8, 12]".
std::string text_of(const onnx::ValueInfoProto& value) {
  const auto& tensor = value.type().tensor_type();
  EXPECT_EQ(tensor.elem_type(), onnx::TensorProto::FLOAT);
  std::string text;
  for (const auto& dim : tensor.shape().dim()) {
    text += text.empty() ? "" : ", ";
    text += dim.has_dim_param() ? dim.dim_param() : std::to_string(dim.dim_value());
  }
  return fmt::format("{} [{}]", value.name(), text);
}

std::vector<std::string> texts_of(const auto& values) {
  std::vector<std::string> texts;
  for (const onnx::ValueInfoProto& value : values) texts.push_back(text_of(value));
  return texts;
}

std::vector<std::string> types_of(const onnx::ModelProto& model) {
  std::vector<std::string> types;
  for (const auto& node : model.graph().node()) types.push_back(node.op_type());
  return types;
}

void expect_near(const OnnxTensor& found, const Tensor& expected) {
  ASSERT_EQ(std::ssize(found.values), expected.count());
  float largest = 0;
  for (const float value : expected.span()) largest = std::max(largest, std::abs(value));
  for (std::int64_t i = 0; i < expected.count(); ++i) {
    ASSERT_NEAR(found.values[static_cast<std::size_t>(i)], expected[i], 1e-5f * largest) << i;
  }
}

using OnnxTest = ExchangeTest;

TEST_F(OnnxTest, TheFilesOfEveryKindComputeWhatTheEngineComputes) {
  for (const ContractCase& c : contract_cases()) {
    const ImageShape shape = c.shape;
    const Checkpoint checkpoint = made_checkpoint(c.kind, shape, c.model_options());
    const Model& model = *checkpoint.model;
    const auto paths = export_onnx(checkpoint, folder);
    for (const std::int64_t n : {1, 3}) {
      SCOPED_TRACE(fmt::format("{}: {} images of {}", c.name, n, shape.text()));
      const Images some(random_rows(n, shape.pixels()));
      ThreadPool pool(1);
      const Tensor latents = encode(model, some.source(), pool);
      const Tensor again = to_channels_first(decode(model, latents, pool, some.labels), shape);
      const Tensor pixels = to_channels_first(some.rows, shape);
      const OnnxTensor labels{{n}, {some.labels.begin(), some.labels.end()}};
      const OnnxTensor in{{n, shape.channels, shape.height, shape.width}, copy(pixels.span())};
      expect_near(run_onnx(read(paths[0]), {{"images", in}}).at("latents"), latents);
      const OnnxTensor latent_input{{n, latents.size(1)}, copy(latents.span())};
      const OnnxValues decoded =
          run_onnx(read(paths[1]), {{"latents", latent_input}, {"labels", labels}});
      expect_near(decoded.at("images"), again);
      EXPECT_EQ(decoded.at("images").sizes, in.sizes);
      const OnnxValues whole = run_onnx(read(paths[2]), {{"images", in}, {"labels", labels}});
      expect_near(whole.at("latents"), latents);
      expect_near(whole.at("reconstructions"), again);
    }
  }
}

TEST_F(OnnxTest, AKindWithLabelsHasThemAsAnInputOfWholeNumbers) {
  const auto paths =
      export_onnx(made_checkpoint("toy", {1, 8, 12}, {.latent_dim = 5, .classes = 3}), folder);
  for (const auto& path : paths) {
    const auto model = read(path);
    ASSERT_EQ(model.graph().input_size(), 2) << path;
    EXPECT_EQ(model.graph().input(1).name(), "labels");
    const auto& tensor = model.graph().input(1).type().tensor_type();
    EXPECT_EQ(tensor.elem_type(), onnx::TensorProto::INT64);
    ASSERT_EQ(tensor.shape().dim_size(), 1);
    EXPECT_EQ(tensor.shape().dim(0).dim_param(), "N");
  }
}

/// The exported files take images of the true size.
TEST_F(OnnxTest, APaddedModelPadsAndCutsInTheGraph) {
  const ModelOptions one_stage{.latent_dim = 5,
                               .options = {{"widths", std::vector<std::int64_t>{16}}}};
  const auto paths = export_onnx(made_checkpoint("AE", {1, 9, 11}, one_stage), folder);
  EXPECT_THAT(texts_of(read(paths[0]).graph().input()), ElementsAre("images [N, 1, 9, 11]"));
  EXPECT_THAT(types_of(read(paths[0])),
              ElementsAre("Pad", "Conv", "Reshape", "InstanceNormalization", "Reshape", "Mul",
                          "Add", "LeakyRelu", "Flatten", "Gemm", "Identity"));
  EXPECT_THAT(types_of(read(paths[1])),
              ElementsAre("Gemm", "Reshape", "Resize", "Conv", "Slice", "Sigmoid", "Identity"));
}

TEST_F(OnnxTest, InputsAndOutputsHaveTheirNamesAndAnyNumberOfImages) {
  const auto paths = export_onnx(made_checkpoint({1, 8, 12}, 5), folder);
  const auto encoder = read(paths[0]), decoder = read(paths[1]), whole = read(paths[2]);
  EXPECT_THAT(texts_of(encoder.graph().input()), ElementsAre("images [N, 1, 8, 12]"));
  EXPECT_THAT(texts_of(encoder.graph().output()), ElementsAre("latents [N, 5]"));
  EXPECT_THAT(texts_of(decoder.graph().input()), ElementsAre("latents [N, 5]"));
  EXPECT_THAT(texts_of(decoder.graph().output()), ElementsAre("images [N, 1, 8, 12]"));
  EXPECT_THAT(texts_of(whole.graph().input()), ElementsAre("images [N, 1, 8, 12]"));
  EXPECT_THAT(texts_of(whole.graph().output()),
              ElementsAre("latents [N, 5]", "reconstructions [N, 1, 8, 12]"));
}

TEST_F(OnnxTest, OperatorsAreThoseOfOpset17) {
  const auto paths = export_onnx(made_checkpoint({1, 8, 8}, 5), folder);
  for (const auto& path : paths) {
    const auto model = read(path);
    ASSERT_EQ(model.opset_import_size(), 1);
    EXPECT_EQ(model.opset_import(0).domain(), "");
    EXPECT_EQ(model.opset_import(0).version(), 17);
    EXPECT_EQ(model.ir_version(), 8);
    EXPECT_EQ(model.producer_name(), "hourglass");
  }
  EXPECT_THAT(types_of(read(paths[0])),
              ElementsAre("Conv", "Reshape", "InstanceNormalization", "Reshape", "Mul", "Add",
                          "LeakyRelu", "Conv", "Reshape", "InstanceNormalization", "Reshape", "Mul",
                          "Add", "LeakyRelu", "Flatten", "Gemm", "Identity"));
  EXPECT_THAT(
      types_of(read(paths[1])),
      ElementsAre("Gemm", "Reshape", "Resize", "Conv", "Reshape", "InstanceNormalization",
                  "Reshape", "Mul", "Add", "LeakyRelu", "Resize", "Conv", "Sigmoid", "Identity"));
}

TEST_F(OnnxTest, EveryParameterOfTheModelStandsInTheFilesOnce) {
  const Checkpoint checkpoint = made_checkpoint({1, 8, 8}, 5);
  const auto paths = export_onnx(checkpoint, folder);
  std::multiset<std::string> expected, halves, whole;
  for (const Parameter& p : checkpoint.model->parameter_list().parameters())
    expected.insert(p.name);
  const auto add = [&](const auto& path, std::multiset<std::string>& to) {
    const auto model = read(path);
    for (const auto& tensor : model.graph().initializer()) {
      if (expected.contains(tensor.name())) to.insert(tensor.name());
    }
  };
  add(paths[0], halves);
  add(paths[1], halves);
  add(paths[2], whole);
  EXPECT_EQ(halves, expected);
  EXPECT_EQ(whole, expected);
}

TEST_F(OnnxTest, TheSameModelGivesTheSameBytes) {
  std::vector<std::vector<std::uint8_t>> first;
  for (const auto& path : export_onnx(made_checkpoint({1, 8, 8}, 5), folder)) {
    first.push_back(read_file(path));
  }
  std::size_t i = 0;
  for (const auto& path : export_onnx(made_checkpoint({1, 8, 8}, 5), folder)) {
    EXPECT_EQ(read_file(path), first[i++]) << path;
  }
}

TEST_F(OnnxTest, AFolderThatIsNotThereIsNamed) {
  const std::string message = message_of([&] {
    export_onnx(made_checkpoint({1, 8, 8}, 5), folder / "none");
  });
  EXPECT_THAT(message, HasSubstr((folder / "none" / "encoder_mnist_5.onnx").string()));
}

}  // namespace
}  // namespace hourglass
