// Which checkpoint a name means, what `info` shows of it, and the errors for damaged files.

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "samples.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

class CliCheckpoint : public CommandLine {
 protected:
  fs::path path_of(const std::string& name) const {
    return folder / "models" / "AE" / (name + ".safetensors");
  }
  /// The call fails with one line with this start.
  void expect_failed(const Words& call, const std::string& line, int status = 1) {
    const Outcome outcome = run(call);
    EXPECT_EQ(outcome.status, status) << line;
    EXPECT_THAT(outcome.err, StartsWith("hourglass: " + line));
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    EXPECT_EQ(outcome.out, "");
  }
};

TEST_F(CliCheckpoint, InfoTellsWhatTheFileSays) {
  write_checkpoint(path_of("mnist_4"));
  const Outcome outcome = run({"info", "mnist_4"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "");
  for (const char* text :
       {"models/AE/mnist_4.safetensors\n", "AE, latent dimension 4", "1 x 28 x 28",
        "mnist, 10 classes", "test MSE         0.010000\n", "ref, lanes 8, chunk 8",
        "encoder.conv2.weight      64 x 32 x 3 x 3        18432", "next: hourglass eval mnist_4"}) {
    EXPECT_THAT(outcome.out, HasSubstr(text));
  }
}

TEST_F(CliCheckpoint, InfoAsJsonIsJsonAlone) {
  const auto model = write_checkpoint(path_of("mnist_4"));
  const Outcome outcome = run({"info", "--json"});  // the newest: its name is not on this stream
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json.at("latent_dim"), 4);
  EXPECT_EQ(json.at("image_shape"), nlohmann::json({1, 28, 28}));
  EXPECT_EQ(json.at("weights_sha256"), weights_sha256(*model));
  EXPECT_EQ(json.at("parameter_count"), model->parameter_list().state_count());
  EXPECT_EQ(json.at("parameters").size(), model->parameter_list().parameters().size());
  EXPECT_EQ(json.at("test_mse"), 0.01);
  EXPECT_EQ(outcome.err, "hourglass: using models/AE/mnist_4.safetensors, the newest\n");
}

TEST_F(CliCheckpoint, TheNewestIsTakenWhenNoneIsNamed) {
  write_checkpoint(path_of("mnist_4"));
  write_checkpoint(path_of("mnist_5"), {1, 28, 28}, 5);
  write_checkpoint(path_of("mnist_6.best"), {1, 28, 28}, 6);
  write_checkpoint(path_of("mnist_6.previous"), {1, 28, 28}, 6);
  const auto now = fs::last_write_time(path_of("mnist_5"));
  fs::last_write_time(path_of("mnist_4"), now + std::chrono::seconds(10));
  fs::last_write_time(path_of("mnist_6.best"), now + std::chrono::seconds(20));
  fs::last_write_time(path_of("mnist_6.previous"), now + std::chrono::seconds(30));
  EXPECT_EQ(run({"info"}).err, "hourglass: using models/AE/mnist_4.safetensors, the newest\n");
  EXPECT_EQ(run({"info", "--quiet"}).err, "");
  EXPECT_THAT(run({"info", "mnist_6.best"}).out, HasSubstr("latent dimension 6"));
}

TEST_F(CliCheckpoint, OutNamesTheFolderOfModels) {
  write_checkpoint(folder / "trial/models/AE/mnist_4.safetensors");
  EXPECT_EQ(run({"info", "mnist_4", "--out", "trial"}).status, 0);
  EXPECT_EQ(run({"info", "trial/models/AE/mnist_4.safetensors"}).status, 0);
  expect_failed({"info", "mnist_4"}, "[checkpoint] there is no mnist_4 in models: train one with",
                2);
}

TEST_F(CliCheckpoint, WhereThereIsNoneTheRemedyIsTraining) {
  expect_failed({"info"},
                "[checkpoint] there is none in models: train one with `hourglass train`, or name a "
                "file\n",
                2);
}

TEST_F(CliCheckpoint, TheNearestNameIsSuggested) {
  write_checkpoint(path_of("mnist_4"));
  expect_failed({"info", "minst_4"},
                "[checkpoint] there is no minst_4 in models: did you mean mnist_4?\n", 2);
  expect_failed({"info", "photos"}, "[checkpoint] there is no photos in models: there is mnist_4\n",
                2);
  expect_failed({"info", "models/AE/mnist_44.safetensors"},
                "[checkpoint] there is no file models/AE/mnist_44.safetensors: did you mean "
                "models/AE/mnist_4.safetensors?\n",
                2);
  expect_failed({"info", "models/AE"}, "[checkpoint] models/AE is a folder: name a .safetensors",
                2);
}

TEST_F(CliCheckpoint, TheStateOfARunIsNoModel) {
  write_text(path_of("mnist_4.resume"), "whatever");
  expect_failed({"info", "mnist_4.resume"},
                "[checkpoint] models/AE/mnist_4.resume.safetensors is the state of a run that can "
                "be resumed, not a model: name models/AE/mnist_4.safetensors\n",
                2);
}

/// A checkpoint in its two parts: the JSON of the header, and the numbers after it.
struct Parts {
  std::string header;
  std::string numbers;

  explicit Parts(const std::string& bytes) {
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), sizeof length);
    header = bytes.substr(sizeof length, length);
    numbers = bytes.substr(sizeof length + length);
  }
  std::string together() const {
    const std::uint64_t length = header.size();
    return std::string(reinterpret_cast<const char*>(&length), sizeof length) + header + numbers;
  }
  /// The first `old` in the header replaced by as many letters.
  void replace(const std::string& old, const std::string& with) {
    const std::size_t at = header.find(old);
    ASSERT_NE(at, std::string::npos) << old;
    ASSERT_EQ(old.size(), with.size());
    header.replace(at, old.size(), with);
  }
};

class CliDamagedCheckpoint : public CliCheckpoint {
 protected:
  void SetUp() override {
    CliCheckpoint::SetUp();
    if (IsSkipped()) return;
    write_checkpoint(path_of("mnist_4"));
    whole = text_of(path_of("mnist_4"));
  }
  void expect_refused(const std::string& bytes, const std::string& why) {
    write_text(path_of("mnist_4"), bytes);
    const Outcome outcome = run({"info", "mnist_4"});
    EXPECT_EQ(outcome.status, 1) << why;
    EXPECT_THAT(outcome.err, StartsWith("hourglass: ["));
    EXPECT_THAT(outcome.err, HasSubstr("models/AE/mnist_4.safetensors"));
    EXPECT_THAT(outcome.err, HasSubstr(why));
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(text_of(path_of("mnist_4")), bytes) << "the file was touched";
  }
  std::string whole;
};

TEST_F(CliDamagedCheckpoint, CutShortAnywhereIsRefused) {
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{7}, std::size_t{100}, whole.size() / 2, whole.size() - 1}) {
    expect_refused(whole.substr(0, size), "");
  }
}

TEST_F(CliDamagedCheckpoint, AHeaderThatLiesAboutShapesIsRefused) {
  Parts parts(whole);
  parts.replace("[64,32,3,3]", "[64,33,3,3]");
  expect_refused(parts.together(), "encoder.conv2.weight");
}

TEST_F(CliDamagedCheckpoint, ANameThatIsRepeatedIsRefused) {
  Parts parts(whole);
  parts.replace("\"encoder.gn1.weight\"", "\"encoder.gn2.weight\"");
  expect_refused(parts.together(), "encoder.gn2.weight");
}

TEST_F(CliDamagedCheckpoint, ANumberThatIsNaNIsRefused) {
  Parts parts(whole);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  std::memcpy(parts.numbers.data() + 400, &nan, sizeof nan);
  expect_refused(parts.together(), "NaN");
}

TEST_F(CliDamagedCheckpoint, AnotherModelIsRefused) {
  Parts parts(whole);
  parts.replace("\\\"AE\\\"", "\\\"XE\\\"");
  write_text(path_of("mnist_4"), parts.together());
  expect_failed({"info", "mnist_4"}, "[model] no model is called 'XE'");
  parts.replace("\\\"latent_dim\\\":4", "\\\"latent_dim\\\":5");
  parts.replace("\\\"XE\\\"", "\\\"AE\\\"");
  expect_refused(parts.together(), "it is of another model");
}

TEST_F(CliDamagedCheckpoint, AnotherProgramsFileIsRefused) {
  Parts parts(whole);
  parts.replace("hourglass.format", "somethingelse.fo");
  expect_refused(parts.together(), "it is not a checkpoint of hourglass");
}

TEST_F(CliDamagedCheckpoint, ANewerFormatIsRefused) {
  Parts parts(whole);
  parts.replace("\"hourglass.format\":\"1\"", "\"hourglass.format\":\"9\"");
  expect_refused(parts.together(), "in format 9, and this one reads up to 1");
}

}  // namespace
}  // namespace hourglass
