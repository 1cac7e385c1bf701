#include "hourglass/models/checkpoint_file.h"
#include "hourglass/base/message_test.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "hourglass/base/file.h"
#include "hourglass/base/message_test.h"
#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/models/damaged_test.h"
#include "hourglass/models/registry.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using Metadata = std::map<std::string, std::string>;

std::unique_ptr<Model> small_model(std::uint64_t seed = 3) {
  return make_model("AE", {3, 8, 12}, {5}, seed);
}

CheckpointFacts facts_of_a_run() {
  return {
      "strokes", std::string(64, 'a'),     {"a \"b\"", "ü"}, 18446744073709551615u, 7, 0.125, 1e-3,
      "0.1.0",   "avx2, lanes 8, chunk 8", "fast: batch 64"};
}

std::vector<float> state_of(const Model& model) {
  std::vector<float> state(static_cast<std::size_t>(model.parameter_list().state_count()));
  model.parameter_list().to_state(state, model.parameters());
  return state;
}

TEST(Checkpoint, GivesBackWhatWasSaved) {
  const TemporaryFolder folder;
  const auto model = small_model();
  const CheckpointFacts facts = facts_of_a_run();
  save_checkpoint(folder / "a.safetensors", *model, facts);
  const Checkpoint back = load_checkpoint(folder / "a.safetensors");
  EXPECT_EQ(state_of(*back.model), state_of(*model));
  EXPECT_EQ(back.model->describe(), model->describe());
  EXPECT_EQ(weights_sha256(*back.model), weights_sha256(*model));
  EXPECT_EQ(back.facts.dataset, facts.dataset);
  EXPECT_EQ(back.facts.dataset_sha256, facts.dataset_sha256);
  EXPECT_EQ(back.facts.class_names, facts.class_names);
  EXPECT_EQ(back.facts.seed, facts.seed);
  EXPECT_EQ(back.facts.epochs, facts.epochs);
  EXPECT_EQ(back.facts.train_loss, facts.train_loss);
  EXPECT_EQ(back.facts.test_mse, facts.test_mse);
  EXPECT_EQ(back.facts.version, facts.version);
  EXPECT_EQ(back.facts.kernels, facts.kernels);
  EXPECT_EQ(back.facts.recipe, facts.recipe);
}

TEST(Checkpoint, HoldsPyTorchsNamesAndShapesAndNothingElse) {
  const TemporaryFolder folder;
  const auto model = small_model();
  save_checkpoint(folder / "a.safetensors", *model, facts_of_a_run());
  const NamedArrays file = read_safetensors(folder / "a.safetensors");
  std::vector<std::string> names;
  for (const NamedArray& entry : file.arrays) names.push_back(entry.name);
  EXPECT_THAT(names, testing::UnorderedElementsAre(
                         "encoder.conv1.weight", "encoder.conv1.bias", "encoder.gn1.weight",
                         "encoder.gn1.bias", "encoder.conv2.weight", "encoder.conv2.bias",
                         "encoder.gn2.weight", "encoder.gn2.bias", "encoder.linear.weight",
                         "encoder.linear.bias", "decoder.linear.weight", "decoder.linear.bias",
                         "decoder.deconv1.weight", "decoder.deconv1.bias", "decoder.gn1.weight",
                         "decoder.gn1.bias", "decoder.deconv2.weight", "decoder.deconv2.bias"));
  EXPECT_EQ(file.find("encoder.conv2.weight")->shape, (Shape{64, 32, 3, 3}));
  EXPECT_EQ(file.find("decoder.linear.weight")->shape, (Shape{64 * 2 * 3, 5}));
  std::vector<std::string> keys;
  for (const auto& [key, value] : file.metadata) keys.push_back(key);
  EXPECT_THAT(keys, testing::ElementsAre("config", "dataset", "dataset_sha256", "epochs",
                                         "hourglass.format", "kernels", "recipe", "seed",
                                         "test_mse", "train_loss", "version"));
}

TEST(Checkpoint, WithoutARecipeHasNoWordOfIt) {
  const TemporaryFolder folder;
  CheckpointFacts facts = facts_of_a_run();
  facts.recipe = "";
  save_checkpoint(folder / "a", *small_model(), facts);
  EXPECT_FALSE(read_safetensors(folder / "a").metadata.contains("recipe"));
  EXPECT_EQ(load_checkpoint(folder / "a").facts.recipe, "");
}

TEST(Checkpoint, ThatCannotBeWrittenLeavesWhatWasThere) {
  const TemporaryFolder folder;
  save_checkpoint(folder / "a.safetensors", *small_model(1), facts_of_a_run());
  const auto before = read_file(folder / "a.safetensors");
  EXPECT_NE(message_of([&] {
              save_checkpoint(folder / "none" / "a.safetensors", *small_model(2), facts_of_a_run());
            }),
            "");
  EXPECT_EQ(read_file(folder / "a.safetensors"), before);
}

/// The content of a checkpoint, from which damaged ones are made.
class HostileCheckpoint : public testing::Test {
 protected:
  HostileCheckpoint() {
    save_checkpoint(path_, *small_model(), facts_of_a_run());
    file_ = read_safetensors(path_);
  }
  /// The error of loading the content of file_.
  std::string refusal() {
    std::vector<NamedArrayView> arrays;
    for (const NamedArray& entry : file_.arrays) arrays.push_back({entry.name, entry.array});
    write_safetensors(path_, arrays, file_.metadata);
    return message_of([&] { load_checkpoint(path_); });
  }
  Array& array(const std::string& name) {
    for (NamedArray& entry : file_.arrays) {
      if (entry.name == name) return entry.array;
    }
    throw std::out_of_range(name);
  }
  /// The error of loading the file with `from` in its header replaced by `to`, of the same length.
  std::string refusal_with_header(const std::string& from, const std::string& to) {
    auto bytes = read_file(path_);
    std::string text(bytes.begin(), bytes.end());
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    EXPECT_EQ(from.size(), to.size());
    text.replace(at, from.size(), to);
    write_file(path_, text);
    return message_of([&] { load_checkpoint(path_); });
  }

  TemporaryFolder folder_;
  fs::path path_ = folder_ / "a.safetensors";
  std::string name_ = path_.string();
  NamedArrays file_;
};

TEST_F(HostileCheckpoint, OfAnotherProgramIsRefused) {
  file_.metadata = {{"format", "pt"}};
  EXPECT_EQ(refusal(), "[checkpoint] " + name_ +
                           " has no 'hourglass.format' in its metadata: it is not a checkpoint of "
                           "hourglass");
}

TEST_F(HostileCheckpoint, OfANewerFormatIsRefused) {
  file_.metadata["hourglass.format"] = "2";
  EXPECT_EQ(refusal(), "[checkpoint] " + name_ +
                           " was written by hourglass 0.1.0 in format 2, and this one reads up to "
                           "1: use hourglass 0.1.0 or later");
  file_.metadata.erase("version");
  EXPECT_EQ(refusal(), "[checkpoint] " + name_ +
                           " has format 2, and this hourglass reads up to 1: use a newer one");
  file_.metadata["hourglass.format"] = "two";
  EXPECT_EQ(refusal(), "[checkpoint] " + name_ + " has the format \"two\": the file is damaged");
}

TEST_F(HostileCheckpoint, OfAnotherModelIsRefused) {
  auto config = nlohmann::json::parse(file_.metadata["config"]);
  config["model"] = "VAE";
  file_.metadata["config"] = config.dump();
  EXPECT_THAT(refusal(),
              testing::StartsWith("[model] VAE is not in this version yet: there are AE, linear"));
}

TEST_F(HostileCheckpoint, OfAnotherShapeIsRefused) {
  auto config = nlohmann::json::parse(file_.metadata["config"]);
  config["latent_dim"] = 6;
  file_.metadata["config"] = config.dump();
  EXPECT_EQ(refusal(), "[checkpoint] " + name_ +
                           " has encoder.linear.weight of shape 5 x 384, and the model needs 6 x "
                           "384: it is of another model");
}

TEST_F(HostileCheckpoint, WithoutAParameterIsRefused) {
  std::erase_if(file_.arrays, [](const NamedArray& a) { return a.name == "decoder.gn1.bias"; });
  EXPECT_EQ(refusal(),
            "[checkpoint] " + name_ + " has no parameter decoder.gn1.bias: it is of another model");
}

TEST_F(HostileCheckpoint, WithAConfigThatAsksForTooMuchIsRefused) {
  for (const auto& [key, value] :
       std::map<std::string, std::int64_t>{{"latent_dim", 1'000'000'000'000},
                                           {"latent_dim", -5},
                                           {"height", 1 << 30},
                                           {"width", 0},
                                           {"channels", -3},
                                           {"height", std::numeric_limits<std::int64_t>::max()}}) {
    auto config = nlohmann::json::parse(file_.metadata["config"]);
    const auto whole = file_.metadata["config"];
    config[key] = value;
    file_.metadata["config"] = config.dump();
    EXPECT_THAT(refusal(), testing::StartsWith("[model] ")) << key << ' ' << value;
    file_.metadata["config"] = whole;
  }
}

TEST_F(HostileCheckpoint, WithAConfigThatIsNoneIsRefused) {
  file_.metadata["config"] = "{\"model\": ";
  EXPECT_EQ(refusal(),
            "[checkpoint] " + name_ + " has a config that is not JSON: the file is damaged");
  file_.metadata["config"] = "{\"model\": \"AE\"}";
  EXPECT_EQ(refusal(),
            "[model] the model's description lacks one of model, latent_dim, channels, height, "
            "width, or one is of the wrong type");
}

TEST_F(HostileCheckpoint, WithANumberThatIsNoneIsRefused) {
  file_.metadata["epochs"] = "7x";
  EXPECT_EQ(refusal(), "[checkpoint] " + name_ +
                           " says epochs = '7x', which is not a number: the file is damaged");
}

TEST_F(HostileCheckpoint, WithANanIsRefusedAndSaysWhere) {
  const float nan = std::nanf("");
  std::memcpy(array("encoder.gn1.bias").bytes.data() + 12, &nan, 4);
  EXPECT_EQ(refusal(), "[safetensors] " + name_ +
                           ": tensor \"encoder.gn1.bias\" holds a NaN or an infinity (element 3)");
}

TEST_F(HostileCheckpoint, CutShortAnywhereIsRefused) {
  const auto bytes = read_file(path_);
  for (const std::size_t length : {std::size_t{0}, std::size_t{7}, std::size_t{8}, std::size_t{500},
                                   bytes.size() / 2, bytes.size() - 1}) {
    write_file(path_, std::span(bytes).first(length));
    EXPECT_THAT(message_of([&] { load_checkpoint(path_); }), testing::HasSubstr(name_)) << length;
  }
}

TEST_F(HostileCheckpoint, WhoseHeaderLiesOfSizesIsRefused) {
  EXPECT_EQ(refusal_with_header("[64,32,3,3]", "[64,32,3,9]"),
            "[safetensors] " + name_ +
                ": tensor \"encoder.conv2.weight\" needs 221184 bytes for F32 64 x 32 x 3 x 9, but "
                "its data_offsets hold 73728");
}

TEST_F(HostileCheckpoint, WhoseHeaderRepeatsANameIsRefused) {
  EXPECT_EQ(refusal_with_header("encoder.gn2.bias", "encoder.gn1.bias"),
            "[safetensors] " + name_ + ": the name \"encoder.gn1.bias\" is repeated");
}

/// encoder.conv1.weight takes bytes 0 to 3456, its bias those up to 3584.
TEST_F(HostileCheckpoint, WhoseArraysOverlapIsRefused) {
  EXPECT_THAT(refusal_with_header("[3456,3584]", "[3452,3580]"),
              testing::AllOf(testing::HasSubstr(name_), testing::HasSubstr("encoder.conv1.bias")));
}

TEST(HostileFile, ThatIsMissingOrAFolderIsNamed) {
  const TemporaryFolder folder;
  for (const fs::path& path : {folder / "none.safetensors", folder.path()}) {
    EXPECT_THAT(message_of([&] { load_checkpoint(path); }), testing::HasSubstr(path.string()));
  }
}

TEST(HostileFile, DamagedAnyhowIsReadOrRefusedInOneLine) {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.safetensors";
  save_checkpoint(path, *make_model("AE", {1, 8, 8}, {1}, 0), facts_of_a_run());
  expect_refused_in_one_line(read_file(path), [&](const std::vector<std::uint8_t>& bytes) {
    write_file(path, bytes);
    load_checkpoint(path);
  });
}

}  // namespace
}  // namespace hourglass
