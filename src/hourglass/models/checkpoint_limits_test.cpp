// Small checkpoints that claim much memory, or name paths outside their folder. Run states: see
// train/run_state_test.cpp.
#include <gmock/gmock.h>

#include <utility>

#include "hourglass/base/message_test.h"
#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/models/checkpoint_file.h"
#include "hourglass/models/registry.h"

namespace hourglass {
namespace {

using testing::HasSubstr;

class CheckpointLimits : public testing::Test {
 protected:
  CheckpointLimits() {
    CheckpointFacts facts;
    facts.dataset = "strokes";
    save_checkpoint(path_, *make_model("AE", {1, 8, 8}, {1}, 0), facts);
    file_ = read_safetensors(path_);
  }
  void write() const {
    std::vector<NamedArrayView> arrays;
    for (const NamedArray& entry : file_.arrays) arrays.push_back({entry.name, entry.array});
    write_safetensors(path_, arrays, file_.metadata);
  }
  std::string refusal() const {
    write();
    return message_of([&] { load_checkpoint(path_); });
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "a.safetensors";
  NamedArrays file_;
};

TEST_F(CheckpointLimits, AModelLargerThanItsFileIsRefusedBeforeItIsMade) {
  // 16 GB: allocating it would end the test.
  file_.arrays.resize(1);
  file_.metadata["config"] =
      R"({"model": "AE", "latent_dim": 2048, "channels": 1, "height": 512, "width": 512})";
  EXPECT_THAT(refusal(), HasSubstr("and at most 1048576 are possible here"));
}

TEST_F(CheckpointLimits, ADataSetThatIsAPathIsRefused) {
  for (const char* path : {"../../x", "/etc/passwd", "a/b"}) {
    file_.metadata["dataset"] = path;
    EXPECT_THAT(refusal(), HasSubstr("which is a path and no name")) << path;
  }
  for (const char* name : {"..", ".hidden", "my images"}) {
    file_.metadata["dataset"] = name;
    write();
    EXPECT_EQ(load_checkpoint(path_).facts.dataset, name);
  }
}

TEST_F(CheckpointLimits, BracketsInBracketsDoNotEndTheStack) {
  file_.metadata["config"] =
      R"({"model": )" + std::string(1000000, '[') + std::string(1000000, ']') + "}";
  EXPECT_THAT(refusal(), HasSubstr("config that is not JSON"));
}

TEST_F(CheckpointLimits, MessagesStayOneLineWhateverTheFileSays) {
  const auto said = [&](const char* key, const std::string& value) {
    const std::string before = std::exchange(file_.metadata[key], value);
    const std::string line = refusal();
    file_.metadata[key] = before;
    return line;
  };
  const std::string lines = std::string(5000, 'x') + "\n\x1b[2J";
  for (const char* key : {"hourglass.format", "seed", "epochs", "train_loss"}) {
    const std::string line = said(key, lines);
    EXPECT_LT(line.size(), 500u) << key;
    EXPECT_EQ(line.find_first_of("\n\x1b"), std::string::npos) << key;
  }
}

}  // namespace
}  // namespace hourglass
