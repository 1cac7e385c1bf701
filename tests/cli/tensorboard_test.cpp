// What TensorBoard reads: event files of a run, and a folder for its projector. TensorBoard itself
// reads them in tests/interop.

#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "hourglass/interop/event_file.h"
#include "samples.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class CliTensorBoard : public SmallMnist {
 protected:
  /// The event files of a folder, in the order in which TensorBoard reads them.
  std::vector<fs::path> event_files(const std::string& name) const {
    std::vector<fs::path> found;
    if (!fs::exists(folder / name)) return found;
    for (const auto& entry : fs::directory_iterator(folder / name)) {
      if (entry.is_regular_file()) found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
  }
  /// A message as in a file, after its time.
  static std::string behind_time(const std::vector<std::uint8_t>& message) {
    return {message.begin() + 9, message.end()};
  }
  static std::string scalar(std::int64_t step, const char* tag, double value) {
    return behind_time(scalar_event(0.0, step, tag, static_cast<float>(value)));
  }
  /// The lines of the metrics log.
  std::vector<nlohmann::json> metrics() const {
    std::vector<nlohmann::json> lines;
    std::istringstream text(text_of(folder / "models/AE/mnist_4.metrics.jsonl"));
    for (std::string line; std::getline(text, line);) lines.push_back(nlohmann::json::parse(line));
    return lines;
  }
};

TEST_F(CliTensorBoard, EveryNumberOfTheMetricsLogIsThereByEpochAndTheLossByStep) {
  const Outcome outcome =
      train({"--epochs", "2", "--validation", "16", "--tensorboard", "logs", "-v"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  ASSERT_EQ(event_files("logs/mnist_4").size(), 1U);
  ASSERT_EQ(event_files("logs/mnist_4/steps").size(), 1U);
  EXPECT_THAT(outcome.out, HasSubstr("wrote logs/mnist_4/events.out.tfevents."));
  const std::string events = text_of(event_files("logs/mnist_4")[0]);
  for (const auto& line : metrics()) {
    for (const char* key : {"train_loss", "test_mse", "psnr", "validation_mse", "learning_rate",
                            "images_per_second"}) {
      EXPECT_THAT(events, HasSubstr(scalar(line.at("epoch"), key, line.at(key)))) << key;
    }
  }
  // 80 images make 5 steps; the mean of the steps' losses is the epoch's.
  const std::string steps = text_of(event_files("logs/mnist_4/steps")[0]);
  for (std::int64_t step = 1; step <= 10; ++step) {
    const std::string start = scalar(step, "loss", 0.0);
    EXPECT_THAT(steps, HasSubstr(start.substr(0, start.size() - 4))) << step;
  }
}

TEST_F(CliTensorBoard, TheFlagChangesNoByteOfTheRun) {
  ASSERT_EQ(train({"--epochs", "1", "--out", "a", "--tensorboard", "logs"}).status, 0);
  ASSERT_EQ(train({"--epochs", "1", "--out", "b"}).status, 0);
  for (const char* ending : {".safetensors", ".resume.safetensors"}) {
    const std::string name = std::string("models/AE/mnist_4") + ending;
    ASSERT_NE(text_of(folder / "a" / name), "");
    EXPECT_EQ(text_of(folder / "a" / name), text_of(folder / "b" / name)) << ending;
  }
  EXPECT_TRUE(event_files("b/logs").empty());
}

TEST_F(CliTensorBoard, AResumedRunContinuesInItsFolderAndANewOneTakesAnother) {
  ASSERT_EQ(train({"--epochs", "1", "--tensorboard", "logs"}).status, 0);
  ASSERT_EQ(train({"--epochs", "2", "--tensorboard", "logs", "--resume"}).status, 0);
  const auto files = event_files("logs/mnist_4");
  ASSERT_EQ(files.size(), 2U);
  const std::string second = text_of(files[1]);
  EXPECT_THAT(second, HasSubstr(behind_time(start_event(0.0, 2))));
  EXPECT_THAT(second, HasSubstr(scalar(2, "test_mse", metrics()[1].at("test_mse"))));
  EXPECT_THAT(second, Not(HasSubstr(scalar(1, "test_mse", metrics()[0].at("test_mse")))));
  EXPECT_THAT(text_of(event_files("logs/mnist_4/steps").at(1)),
              HasSubstr(behind_time(start_event(0.0, 7))));

  ASSERT_EQ(train({"--epochs", "1", "--seed", "3", "--tensorboard", "logs"}).status, 0);
  EXPECT_EQ(event_files("logs/mnist_4").size(), 2U);
  EXPECT_EQ(event_files("logs/mnist_4-2").size(), 1U);
  ASSERT_EQ(train({"--epochs", "2", "--seed", "3", "--tensorboard", "logs", "--resume"}).status, 0);
  EXPECT_EQ(event_files("logs/mnist_4").size(), 2U);
  EXPECT_EQ(event_files("logs/mnist_4-2").size(), 2U);
  ASSERT_EQ(train({"--epochs", "1", "--seed", "3", "--tensorboard", "logs", "--overwrite"}).status,
            0);
  EXPECT_EQ(event_files("logs/mnist_4.2").size(), 1U) << "mnist_4 is the run without a match";
}

TEST_F(CliTensorBoard, ARunThatBeganWithoutItHasAllItsEpochsOnceItIsResumedWithIt) {
  ASSERT_EQ(train({"--epochs", "2"}).status, 0);
  ASSERT_EQ(train({"--epochs", "3", "--resume", "--tensorboard", "logs"}).status, 0);
  const std::string events = text_of(event_files("logs/mnist_4").at(0));
  ASSERT_EQ(metrics().size(), 3U);
  for (const auto& line : metrics()) {
    EXPECT_THAT(events, HasSubstr(scalar(line.at("epoch"), "test_mse", line.at("test_mse"))));
  }
}

TEST_F(CliTensorBoard, AFolderThatCannotBeWrittenIsNamedBeforeTheFirstEpoch) {
  write_text(folder / "file", "kept");
  const Outcome outcome = train({"--epochs", "1", "--tensorboard", "file/logs"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, StartsWith("hourglass: [write] cannot make the folder file/logs: "));
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  EXPECT_THAT(outcome.out, Not(HasSubstr("epoch")));
  EXPECT_FALSE(fs::exists(folder / "models/AE/mnist_4.safetensors"));
}

TEST_F(CliTensorBoard, AProjectorFolderHasALineForEachImage) {
  write_checkpoint(folder / "models/AE/mnist_4.safetensors");
  const Outcome outcome = run({"export", "mnist_4", "--format", "projector"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, EndsWith("next: tensorboard --logdir projector/mnist_4\n"));
  EXPECT_THAT(files_below(folder / "projector/mnist_4"),
              ElementsAre("metadata.tsv", "projector_config.json", "projector_config.pbtxt",
                          "sprite.png", "tensors.tsv"));
  const auto lines = [&](const std::string& file) {
    const std::string text = text_of(folder / file);
    return std::count(text.begin(), text.end(), '\n');
  };
  EXPECT_EQ(lines("projector/mnist_4/tensors.tsv"), 24);
  EXPECT_EQ(lines("projector/mnist_4/metadata.tsv"), 25);
  EXPECT_THAT(text_of(folder / "projector/mnist_4/metadata.tsv"), StartsWith("label\tindex\n"));

  ASSERT_EQ(run({"export", "mnist_4", "--format", "projector", "--split", "train,test", "-o", "p"})
                .status,
            0);
  EXPECT_EQ(lines("p/tensors.tsv"), 120);
  EXPECT_THAT(text_of(folder / "p/metadata.tsv"), StartsWith("label\tindex\tsplit\n"));
  EXPECT_THAT(text_of(folder / "p/metadata.tsv"), EndsWith("\t23\ttest\n"));
  const Outcome wrong = run({"export", "mnist_4", "--format", "projector", "--split", "tset"});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_EQ(wrong.err, "hourglass: [export] no split is called 'tset': did you mean test?\n");
}

}  // namespace
}  // namespace hourglass
