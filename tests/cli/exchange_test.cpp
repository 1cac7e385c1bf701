// import and export: models in the formats of other programs.

#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hourglass/base/lock.h"
#include "hourglass/interop/safetensors.h"
#include "hourglass/interop/torch_file.h"
#include "hourglass/models/checkpoint_file.h"
#include "samples.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class CliExchange : public CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    if (IsSkipped()) return;
    model = write_checkpoint(folder / "models/AE/mnist_4.safetensors");
    write_small_idx(folder / "data/mnist", 30, 20);
  }
  void expect_refused(const Words& call, int status, const std::string& line) {
    const Outcome outcome = run(call);
    EXPECT_EQ(outcome.err, "hourglass: " + line + "\n");
    EXPECT_EQ(outcome.status, status) << line;
    EXPECT_EQ(outcome.out, "");
  }
  /// Exports the model and imports it as models/AE/theirs.safetensors.
  Outcome go_round(const Words& flags = {}) {
    EXPECT_EQ(run({"export", "mnist_4", "-o", "out"}).status, 0);
    Words call{"import", "out/encoder_mnist_4.pth", "out/decoder_mnist_4.pth", "-o",
               "models/AE/theirs.safetensors"};
    call.insert(call.end(), flags.begin(), flags.end());
    return run(call);
  }
  std::unique_ptr<Model> model;
};

TEST_F(CliExchange, ExportToPyTorchSaysHowToPadIfTheModelPads) {
  const auto padding = make_model("AE", {1, 30, 27}, {4}, 1);
  save_checkpoint(folder / "models/AE/odd_4.safetensors", *padding, {});
  const Outcome outcome = run({"export", "odd_4"});
  EXPECT_THAT(outcome.err, HasSubstr("pad(x, (0, 1, 0, 2), mode=\"replicate\")"));
  EXPECT_EQ(run({"export", "odd_4", "--format", "onnx"}).err, "") << "ONNX takes the true size";
  EXPECT_EQ(run({"export", "mnist_4"}).err, "");
}

TEST_F(CliExchange, ExportWritesBesideTheCheckpointUnlessAFolderIsNamed) {
  const Outcome outcome = run({"export", "mnist_4"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "wrote models/AE/encoder_mnist_4.pth, models/AE/decoder_mnist_4.pth\n");
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(run({"export", "--quiet", "--format", "onnx", "-o", "far/away"}).out, "");
  EXPECT_THAT(files_below(folder / "far"),
              ElementsAre("away/autoencoder_mnist_4.onnx", "away/decoder_mnist_4.onnx",
                          "away/encoder_mnist_4.onnx"));
  EXPECT_EQ(run({"export", "mnist_4", "--out", "."}).status, 0);
}

TEST_F(CliExchange, ExportedStateDictsHavePyTorchsNamesInTheirOrder) {
  run({"export", "mnist_4", "-o", "out"});
  std::vector<std::string> names;
  for (const NamedArray& named : read_torch(folder / "out/decoder_mnist_4.pth")) {
    names.push_back(named.name);
  }
  EXPECT_THAT(names, ElementsAre("linear.weight", "linear.bias", "deconv1.weight", "deconv1.bias",
                                 "gn1.weight", "gn1.bias", "deconv2.weight", "deconv2.bias"));
}

TEST_F(CliExchange, WhatGoesOutAndInAgainIsTheSameModel) {
  const Outcome outcome = go_round();
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "AE, latent dimension 4, images of 1 x 28 x 28\nwrote models/AE/theirs.safetensors\n"
            "next: hourglass eval theirs --dataset mnist\n");
  const Checkpoint again = load_checkpoint(folder / "models/AE/theirs.safetensors");
  EXPECT_EQ(weights_sha256(*again.model), weights_sha256(*model));
  EXPECT_EQ(again.facts.imported, "encoder_mnist_4.pth, decoder_mnist_4.pth");
}

TEST_F(CliExchange, ADataSetThatIsNamedIsRecordedAndMeasured) {
  const Outcome outcome = go_round({"--dataset", "mnist", "--data_dir", "data"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr(", test MSE 0."), HasSubstr(" on mnist\n"),
                                 HasSubstr("next: hourglass eval theirs --data_dir data\n")));
  const Checkpoint again = load_checkpoint(folder / "models/AE/theirs.safetensors");
  EXPECT_EQ(again.facts.dataset, "mnist");
  EXPECT_EQ(again.facts.class_names.size(), 10u);
  const auto scores =
      nlohmann::json::parse(run({"eval", "theirs", "--data_dir", "data", "--json"}).out);
  EXPECT_DOUBLE_EQ(scores.at("mse"), again.facts.test_mse);
}

TEST_F(CliExchange, InfoSaysWhereAnImportedModelCameFrom) {
  go_round();
  const Outcome outcome = run({"info", "theirs"});
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("imported         from encoder_mnist_4.pth, decoder_mnist_4.pth\n"),
                    HasSubstr("not known: verbs need --dataset"), Not(HasSubstr("nan")),
                    Not(HasSubstr("seed")), HasSubstr("next: hourglass eval theirs --dataset")));
  const auto json = nlohmann::json::parse(run({"info", "theirs", "--json"}).out);
  EXPECT_EQ(json.at("imported"), "encoder_mnist_4.pth, decoder_mnist_4.pth");
  EXPECT_TRUE(json.at("test_mse").is_null());
  EXPECT_FALSE(json.contains("seed"));
}

TEST_F(CliExchange, AnImportedModelWorksInEveryVerb) {
  go_round();
  const Words data{"--dataset", "mnist", "--data_dir", "data", "--quiet"};
  const auto expect_done = [&](Words call) {
    call.insert(call.end(), data.begin(), data.end());
    const Outcome outcome = run(call);
    EXPECT_EQ(outcome.status, 0) << call[0] << ": " << outcome.err;
  };
  expect_done({"eval", "theirs"});
  expect_done({"encode", "theirs", "-o", "Z.npy"});
  expect_done({"visualize", "theirs", "--only", "recon,pca,interp,noise"});
  EXPECT_EQ(run({"decode", "theirs", "Z.npy", "-o", "X.npy"}).status, 0);
  EXPECT_EQ(run({"export", "theirs", "--format", "onnx"}).status, 0);
  EXPECT_EQ(run({"export", "theirs", "--format", "pth"}).status, 0);
  EXPECT_EQ(run({"import", "models/AE/encoder_imported_4.pth", "models/AE/decoder_imported_4.pth",
                 "-o", "again.safetensors"})
                .status,
            0);
  EXPECT_EQ(weights_sha256(*load_checkpoint(folder / "again.safetensors").model),
            weights_sha256(*model));
  EXPECT_THAT(files_below(folder / "visu"),
              testing::Contains("mnist_autoencoder/recon/theirs_epoch_00.png"));
}

TEST_F(CliExchange, AnImportNeverReplacesWhatItReadsAndACheckpointOnlyIfAskedTo) {
  go_round();
  const std::string before = text_of(folder / "models/AE/theirs.safetensors");
  const Words call{"import", "models/AE/mnist_4.safetensors", "-o"};
  const auto to = [&](const std::string& output, const Words& more = {}) {
    Words words = call;
    words.push_back(output);
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  const std::string own = text_of(folder / "models/AE/mnist_4.safetensors");
  fs::create_hard_link(folder / "models/AE/mnist_4.safetensors", folder / "link.safetensors");
  for (const std::string output : {"models/AE/mnist_4.safetensors", "link.safetensors"}) {
    expect_refused(to(output, {"--overwrite"}), 2,
                   "[import] --output is " + output + ", which is read: name another file");
  }
  EXPECT_EQ(text_of(folder / "models/AE/mnist_4.safetensors"), own);
  expect_refused(
      to("models/AE/theirs.safetensors"), 2,
      "[import] --output is models/AE/theirs.safetensors, a trained model: name another file, or "
      "add --overwrite");
  EXPECT_EQ(text_of(folder / "models/AE/theirs.safetensors"), before);
  EXPECT_EQ(run(to("models/AE/theirs.safetensors", {"--overwrite"})).status, 0);
  EXPECT_NE(text_of(folder / "models/AE/theirs.safetensors"), before);
}

TEST_F(CliExchange, AnImportWaitsForNoRunAndIsRefusedWhileOneWritesThatCheckpoint) {
  EXPECT_EQ(run({"export", "mnist_4", "-o", "out"}).status, 0);
  const FileLock lock(folder / "models/AE/busy.lock", {"training", "wait"});
  const Outcome outcome = run({"import", "out/encoder_mnist_4.pth", "out/decoder_mnist_4.pth", "-o",
                               "models/AE/busy.safetensors"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("is working on models/AE/busy.safetensors already: wait until "
                                     "it ends, or name another file\n"));
  EXPECT_FALSE(fs::exists(folder / "models/AE/busy.safetensors"));
}

TEST_F(CliExchange, WhatAnImportLeavesOutIsListedInOneLine) {
  EXPECT_EQ(run({"export", "mnist_4", "-o", "out"}).status, 0);
  auto arrays = read_torch(folder / "out/encoder_mnist_4.pth");
  std::vector<NamedArrayView> views;
  for (const NamedArray& named : arrays) views.push_back({named.name, named.array});
  const Tensor loss(Shape{3});
  views.push_back({"epoch_loss", loss});
  write_torch(folder / "out/encoder.pth", views);
  const Outcome outcome = run({"import", "out/encoder.pth", "out/decoder_mnist_4.pth", "-o",
                               "models/AE/theirs.safetensors"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "hourglass: left out \"epoch_loss\": it is no parameter of the model\n");
}

TEST_F(CliExchange, WithoutKnownDataAnImportedModelAsksForThem) {
  go_round();
  for (const char* verb : {"eval", "visualize"}) {
    expect_refused({verb, "theirs"}, 2,
                   "[data] the checkpoint was imported and does not say what it was trained on: "
                   "name the data with --dataset");
  }
}

TEST_F(CliExchange, AnImportedModelCannotBeResumed) {
  go_round();
  fs::rename(folder / "models/AE/theirs.safetensors", folder / "models/AE/mnist_4.safetensors");
  expect_refused({"train", "--dataset", "mnist", "--data_dir", "data", "--latent_dim", "4",
                  "--resume", "--quiet"},
                 1,
                 "[resume] there is no ./models/AE/mnist_4.resume.safetensors, since the model "
                 "beside it was imported from encoder_mnist_4.pth, decoder_mnist_4.pth: leave "
                 "--resume out to start a run");
}

TEST_F(CliExchange, WrongCallsAreRefused) {
  expect_refused({"import"}, 2, "[import] ENCODER is missing: see hourglass import --help");
  expect_refused({"import", "a.pth"}, 2,
                 "[import] --output is missing: see hourglass import --help");
  expect_refused({"import", "a.pth", "-o", "b.pth"}, 2,
                 "[import] --output is b.pth: name a .safetensors file");
  expect_refused({"export", "mnist_4", "--format", "onxn"}, 2,
                 "[export] --format is 'onxn': did you mean onnx?");
  expect_refused({"export", "mnist_4", "--format", "tensorflow"}, 2,
                 "[export] --format is 'tensorflow': there is pth, onnx, projector");
}

TEST_F(CliExchange, WhatCannotBeReadOrWrittenIsNamedAndNothingIsLeftBehind) {
  expect_refused({"import", "none.pth", "-o", "b.safetensors"}, 1,
                 "[read] cannot open none.pth: No such file or directory");
  write_text(folder / "text.pth", "hello");
  expect_refused({"import", "text.pth", "-o", "b.safetensors"}, 1,
                 "[torch] text.pth: it is not a zip archive, as torch.save has written since 1.6: "
                 "load it in PyTorch and save it again, torch.save(model.state_dict(), PATH)");
  EXPECT_FALSE(fs::exists(folder / "b.safetensors"));
  write_text(folder / "file", "kept");
  const Outcome outcome = run({"export", "mnist_4", "-o", "file/below"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, AllOf(StartsWith("hourglass: ["), HasSubstr("file/below")));
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  EXPECT_EQ(text_of(folder / "file"), "kept");
}

}  // namespace
}  // namespace hourglass
