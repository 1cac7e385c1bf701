// Training, end to end: the files of a run, how it is stopped and resumed.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "hourglass/train/options.h"
#include "samples.h"
#include "small_disk.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class CliTrain : public SmallMnist {
 protected:
  static Words training(const Words& more) {
    Words call{"--model", "AE", "--dataset", "mnist", "--latent_dim", "4", "--batch_size", "16"};
    call.insert(call.end(), more.begin(), more.end());
    return call;
  }
  std::string model_file(const std::string& out, const std::string& ending) const {
    return text_of(folder / out / ("models/AE/mnist_4" + ending));
  }
  /// The lines of the metrics log without the keys of times.
  std::vector<nlohmann::json> metrics(const std::string& out) const {
    std::vector<nlohmann::json> lines;
    std::istringstream text(model_file(out, ".metrics.jsonl"));
    for (std::string line; std::getline(text, line);) {
      lines.push_back(nlohmann::json::parse(line));
      lines.back().erase("seconds");
      lines.back().erase("images_per_second");
    }
    return lines;
  }
  void expect_same_run(const std::string& a, const std::string& b) {
    ASSERT_NE(model_file(a, ".safetensors"), "");
    EXPECT_EQ(model_file(a, ".safetensors"), model_file(b, ".safetensors"));
    EXPECT_EQ(metrics(a), metrics(b));
  }
};

TEST_F(CliTrain, TheOriginalsCallTrainsAndLeavesItsFiles) {
  const Outcome outcome = run(training({"--epochs", "2"}));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(outcome.out, StartsWith("mnist_4: AE d 4 on mnist: 96 training images of "));
  EXPECT_THAT(outcome.out, testing::ContainsRegex("\n +train +test +PCA +PSNR +images/s"));
  EXPECT_THAT(outcome.out, testing::ContainsRegex("\nepoch 1/2 +0\\.[0-9]+ .* \\*\n"));
  EXPECT_THAT(outcome.out, testing::ContainsRegex("\nepoch 2/2 +0\\.[0-9]+ "));
  EXPECT_THAT(outcome.out,
              HasSubstr("\nwrote models/AE/mnist_4.safetensors and 3 files in models/AE, 2 in "
                        "visu/mnist_autoencoder/loss (-v lists them)\n"));
  EXPECT_THAT(outcome.out, EndsWith("next: hourglass eval mnist_4\n"));
  EXPECT_THAT(files_below(folder / "models/AE"),
              testing::ElementsAre("mnist_4.metrics.jsonl", "mnist_4.resume.safetensors",
                                   "mnist_4.run.json", "mnist_4.safetensors"));
  EXPECT_THAT(files_below(folder / "visu/mnist_autoencoder"),
              testing::ElementsAre("loss/mnist_4.npz", "loss/mnist_4.png"));
  ASSERT_EQ(metrics(".").size(), 2U);
  for (const char* key : {"epoch", "train_loss", "test_mse", "psnr", "weights_sha256"}) {
    EXPECT_TRUE(metrics(".")[1].contains(key)) << key;
  }
}

TEST_F(CliTrain, EveryPathItNamesIsThere) {
  const Outcome outcome = run(training({"--epochs", "1", "--visualize", "--name", "all", "-v"}));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  std::istringstream lines(outcome.out);
  int named = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.compare(0, 6, "wrote ") != 0) continue;
    EXPECT_TRUE(fs::exists(folder / line.substr(6))) << line;
    ++named;
  }
  Words there = files_below(folder / "models");
  const Words figures = files_below(folder / "visu");
  EXPECT_EQ(static_cast<std::size_t>(named), there.size() + figures.size());
  for (const char* kind : {"recon", "pca", "umap", "interp", "noise"}) {
    const std::string figure = fmt::format("mnist_autoencoder/{}/mnist_4_all_epoch_01", kind);
    EXPECT_THAT(figures, Contains(figure + ".png"));
    EXPECT_THAT(figures, Contains(figure + ".npz"));
  }
}

TEST_F(CliTrain, TheSameCallGivesTheSameBytesOnAnyNumberOfThreads) {
  run(training({"--epochs", "2", "--out", "a", "--threads", "1"}));
  run(training({"--epochs", "2", "--out", "b", "--threads", "3"}));
  expect_same_run("a", "b");
}

TEST_F(CliTrain, QuietSaysNothing) {
  const Outcome outcome = run(training({"--epochs", "1", "--quiet"}));
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, "");
}

TEST_F(CliTrain, ATrainedModelIsMeasuredDrawnEncodedAndDecoded) {
  ASSERT_EQ(run(training({"--epochs", "1", "--quiet"})).status, 0);
  const Outcome eval = run({"eval", "mnist_4", "--json"});
  EXPECT_EQ(eval.status, 0) << eval.err;
  const auto scores = nlohmann::json::parse(eval.out);
  for (const char* key :
       {"mse", "psnr", "ssim", "pca_mse", "pca_psnr", "pca_ssim", "mean_image_mse",
        "mean_image_psnr", "mean_image_ssim", "latent_knn_accuracy", "latent_norm_mean",
        "latent_norm_std", "noise_norm_mean", "noise_norm_std", "images", "dataset", "latent_dim",
        "checkpoint_sha256"}) {
    EXPECT_TRUE(scores.contains(key)) << key;
  }
  EXPECT_EQ(scores.at("images"), 24);
  EXPECT_THAT(run({"eval", "mnist_4"}).out, HasSubstr("linear PCA"));
  const Outcome drawn =
      run({"visualize", "mnist_4", "--only", "recon,pca", "--format", "png,svg", "-v"});
  EXPECT_EQ(drawn.status, 0) << drawn.err;
  EXPECT_THAT(drawn.out, HasSubstr("wrote visu/mnist_autoencoder/recon/mnist_4_epoch_01.svg\n"));
  EXPECT_EQ(run({"encode", "mnist_4", "-o", "Z.npy"}).status, 0);
  EXPECT_EQ(run({"decode", "mnist_4", "Z.npy", "-o", "X.npy"}).status, 0);
  EXPECT_EQ(fs::file_size(folder / "X.npy"), 128U + 120U * 784U * 4U);
}

TEST_F(CliTrain, FiguresThatAreUnknownAreAWrongCall) {
  const Outcome outcome = run({"visualize", "mnist_4", "--only", "recon,tsne"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, StartsWith("hourglass: [figures] no figure is called 'tsne'"));
}

TEST_F(CliTrain, AResumedRunThatWouldDifferIsRefusedByTheFlagsName) {
  ASSERT_EQ(run(training({"--epochs", "1"})).status, 0);
  const Words before = files_below(folder);
  for (const Words& other :
       {Words{"--seed", "7"}, Words{"--learning_rate", "0.01"}, Words{"--validation", "8"},
        Words{"--batch_size", "8"}, Words{"--recipe", "fast"}}) {
    Words call = training({"--epochs", "2", "--resume"});
    call.insert(call.end(), other.begin(), other.end());
    const Outcome outcome = run(call);
    EXPECT_EQ(outcome.status, 2) << other[0];
    EXPECT_THAT(outcome.err, HasSubstr(other[0].substr(2))) << other[0];
    EXPECT_EQ(files_below(folder), before);
  }
}

TEST_F(CliTrain, TheFastRecipeIsSaidAtTheStartAndFlagsOverrideItsParts) {
  const Outcome outcome = run({"train", "--dataset", "mnist", "--latent_dim", "4", "--recipe",
                               "fast", "--epochs", "2", "--batch_size", "24"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  TrainOptions options = find_recipe("fast").options;
  options.epochs = 2;
  options.batch_size = 24;
  EXPECT_THAT(outcome.out, HasSubstr(recipe_text(options) + "; 2 epochs\n"));
  EXPECT_THAT(run({"info", "mnist_4"}).out, HasSubstr(recipe_text(options)));
  EXPECT_EQ(nlohmann::json::parse(run({"info", "mnist_4", "--json"}).out).at("recipe"),
            recipe_text(options));
  EXPECT_LT(metrics(".")[1].at("learning_rate"), metrics(".")[0].at("learning_rate"));
}

TEST_F(CliTrain, ThePlainRecipeIsTheDefaultAndLeavesTheSameBytesUnderItsName) {
  ASSERT_EQ(run(training({"--epochs", "1", "--out", "a"})).status, 0);
  ASSERT_EQ(run(training({"--epochs", "1", "--out", "b", "--recipe", "plain"})).status, 0);
  expect_same_run("a", "b");
  EXPECT_EQ(metrics("a")[0].at("learning_rate"), 1e-3);
}

TEST_F(CliTrain, ARecipeThatIsUnknownIsAWrongCall) {
  const Outcome outcome = run(training({"--recipe", "fsat"}));
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("[train] no recipe is called 'fsat': did you mean fast?"));
}

TEST_F(CliTrain, ResumingWithMoreEpochsGivesTheBytesOfOneRun) {
  ASSERT_EQ(run(training({"--epochs", "3", "--out", "whole"})).status, 0);
  ASSERT_EQ(run(training({"--epochs", "1", "--out", "parts"})).status, 0);
  ASSERT_EQ(run(training({"--epochs", "3", "--out", "parts", "--resume"})).status, 0);
  expect_same_run("whole", "parts");
}

TEST_F(CliTrain, WithoutARunToResumeItSaysSo) {
  const Outcome outcome = run(training({"--resume"}));
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, StartsWith("hourglass: [resume] there is no "));
  EXPECT_FALSE(fs::exists(folder / "models/AE/mnist_4.safetensors"));
}

TEST_F(CliTrain, AnOutputFolderThatCannotBeMadeIsNamed) {
  write_text(folder / "file", "kept");
  const Outcome outcome = run(training({"--out", "file/trial"}));
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, StartsWith("hourglass: [write] cannot make the folder file/trial"));
  EXPECT_EQ(text_of(folder / "file"), "kept");
}

TEST_F(CliTrain, ALossThatIsNoNumberStopsWithEpochAndStepAndLeavesTheLastCheckpoint) {
  ASSERT_EQ(run(training({"--epochs", "1"})).status, 0);
  const std::string good = model_file(".", ".safetensors");
  for (const char* kernels : {"ref", "portable"}) {
    const Outcome outcome =
        run(training({"--epochs", "2", "--learning_rate", "1e30", "--kernels", kernels}));
    EXPECT_EQ(outcome.status, 1) << kernels;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("the loss is no longer a number at epoch 1, step "),
                                   HasSubstr("--learning_rate")));
    EXPECT_EQ(model_file(".", ".safetensors"), good);
  }
}

class CliInterrupt : public CliTrain {
 protected:
  /// Enough steps for a signal to fall between two of them.
  static Words long_training(const Words& more) {
    Words call = training({"--epochs", "3", "--batch_size", "8", "--threads", "1"});
    call.insert(call.end(), more.begin(), more.end());
    return call;
  }
  void SetUp() override {
    CliTrain::SetUp();
    if (!IsSkipped()) write_small_idx(folder / "data/mnist", 1200, 24);
  }
};

TEST_F(CliInterrupt, CtrlCInMidEpochSavesAndResumingGivesTheSameBytes) {
  ASSERT_EQ(run(long_training({"--out", "whole"})).status, 0);
  const Running running = start(long_training({"--out", "parts"}));
  ASSERT_TRUE(wait_until_it_catches_interrupts(running));
  ASSERT_TRUE(wait_for_output(running, "epoch 1/3"));
  std::this_thread::sleep_for(std::chrono::milliseconds(60));
  ::kill(running.pid, SIGINT);
  const Outcome stopped = finish(running);
  EXPECT_EQ(stopped.status, 130);
  EXPECT_THAT(stopped.err, HasSubstr("hourglass: stopped at epoch "));
  EXPECT_THAT(stopped.out, HasSubstr(" --resume"));

  const Outcome without = run(long_training({"--out", "parts"}));
  EXPECT_EQ(without.status, 2);
  EXPECT_THAT(without.err, AllOf(HasSubstr("--resume"), HasSubstr("--overwrite")));

  const Outcome resumed = run(long_training({"--out", "parts", "--resume"}));
  EXPECT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_THAT(resumed.err, HasSubstr("continuing mnist_4 from epoch "));
  expect_same_run("whole", "parts");
}

TEST_F(CliInterrupt, TheCallItPrintsGoesOnWithTheRun) {
  const Running running = start(long_training(
      {"--out", "parts", "--seed", "5", "--recipe", "fast", "--learning_rate", "0.002"}));
  ASSERT_TRUE(wait_for_output(running, "epoch 1/3"));
  ::kill(running.pid, SIGTERM);
  const Outcome stopped = finish(running);
  EXPECT_EQ(stopped.status, 143);
  const std::size_t at = stopped.out.find("next: hourglass ");
  ASSERT_NE(at, std::string::npos) << stopped.out;
  std::istringstream call(stopped.out.substr(at + std::string("next: hourglass ").size()));
  Words words;
  for (std::string word; call >> word;) words.push_back(word);
  const Outcome resumed = run(words);
  EXPECT_EQ(resumed.status, 0) << resumed.err;
}

TEST_F(CliInterrupt, ASecondCtrlCLeavesAtOnce) {
  // One step per epoch, which takes seconds.
  write_small_idx(folder / "data/mnist", 20000, 24);
  const Running running = start(training({"--batch_size", "20000", "--kernels", "ref"}));
  ASSERT_TRUE(wait_until_it_catches_interrupts(running));
  const auto begin = std::chrono::steady_clock::now();
  ::kill(running.pid, SIGINT);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  ::kill(running.pid, SIGINT);
  EXPECT_EQ(finish(running).status, 130);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(taken.count(), 2.0);
  EXPECT_THAT(files_below(folder / "models"), Not(Contains(HasSubstr(".tmp"))));
  EXPECT_FALSE(fs::exists(folder / "models/AE/mnist_4.safetensors"));
}

TEST_F(CliTrain, AFullDiskIsOneLineAndLeavesNoHalfFile) {
  const SmallDisk disk(folder / "disk", "100k");
  if (!disk.mounted()) GTEST_SKIP() << "a full disk: only root may make a small one";
  const Outcome outcome = run(training({"--epochs", "1", "--out", "disk"}));
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("No space left on device"));
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  EXPECT_THAT(files_below(folder / "disk"), testing::IsEmpty());
}

TEST_F(CliTrain, AFullDiskLeavesWhatWasThere) {
  ASSERT_EQ(run(training({"--epochs", "1", "--quiet"})).status, 0);
  const SmallDisk disk(folder / "disk", "8k");
  if (!disk.mounted()) GTEST_SKIP() << "a full disk: only root may make a small one";
  write_text(folder / "disk/X.npy", "kept");
  ASSERT_EQ(run({"encode", "mnist_4", "-o", "disk/Z.npy", "--quiet"}).status, 0);  // 2 kB
  const Outcome outcome = run({"decode", "mnist_4", "disk/Z.npy", "-o", "disk/X.npy"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("No space left on device"));
  EXPECT_EQ(text_of(folder / "disk/X.npy"), "kept");
  EXPECT_THAT(files_below(folder / "disk"), testing::ElementsAre("X.npy", "Z.npy"));
}

}  // namespace
}  // namespace hourglass
