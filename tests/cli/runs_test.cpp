// Names of runs and what is kept of them: the same run again, another one, its record, its figures.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hourglass/interop/npy.h"
#include "hourglass/models/checkpoint_file.h"
#include "hourglass/train/metrics_log.h"
#include "samples.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class CliRuns : public SmallMnist {
 protected:
  /// Every file below a folder with its bytes.
  std::map<std::string, std::string> all_below(const fs::path& part) const {
    std::map<std::string, std::string> all;
    for (const std::string& file : files_below(folder / part)) {
      all[file] = text_of(folder / part / file);
    }
    return all;
  }
  void expect_untouched(const std::map<std::string, std::string>& before) {
    const auto now = all_below(".");
    for (const auto& [file, bytes] : before) {
      EXPECT_TRUE(now.contains(file) && now.at(file) == bytes) << file << " was touched";
    }
  }
  /// Sixty grey images of 10 x 8 pixels in a file of the user's, a disc in each.
  void write_own_images() {
    Tensor images({60, 10, 8});
    for (std::int64_t i = 0; i < images.count(); ++i) {
      const std::int64_t image = i / 80, row = i % 80 / 8, column = i % 8;
      const std::int64_t y = row - image % 7 - 1, x = column - image % 5 - 1;
      images[i] = x * x + y * y < 6 ? 1.0f : 0.0f;
    }
    write_npy(folder / "own.npy", images);
  }
};

TEST_F(CliRuns, TheSameRunAgainTrainsNothingAndDrawsWhatIsMissing) {
  ASSERT_EQ(train({"--epochs", "2"}).status, 0);
  const auto before = all_below(".");
  fs::remove(folder / "visu/mnist_autoencoder/loss/mnist_4.png");
  const Outcome again = train({"--epochs", "2"});
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(again.err, "");
  EXPECT_THAT(again.out, testing::ContainsRegex(
                             "^mnist_4 is this run already \\(2 epochs, test MSE \\.[0-9]+\\)\n"));
  EXPECT_THAT(again.out, Not(HasSubstr("epoch 1/2")));
  expect_untouched(before);
  const Outcome drawn = train({"--epochs", "2", "--visualize"});
  EXPECT_EQ(drawn.status, 0) << drawn.err;
  for (const char* kind : {"recon", "pca", "umap", "interp", "noise"}) {
    EXPECT_THAT(files_below(folder / "visu/mnist_autoencoder"),
                Contains(fmt::format("{}/mnist_4_epoch_02.png", kind)));
  }
  EXPECT_THAT(train({"--epochs", "2", "--visualize"}).out, Not(HasSubstr("wrote ")));
  const Outcome resumed = train({"--epochs", "2", "--resume"});
  EXPECT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_THAT(resumed.out, StartsWith("mnist_4 is this run already "));
}

TEST_F(CliRuns, AnotherRunIsNumberedAndTouchesNothingOfTheFirst) {
  ASSERT_EQ(train({"--epochs", "2", "--visualize"}).status, 0);
  // What version 0.1.0 kept of runs before, and a note of the user's.
  for (const char* file :
       {"models/AE/mnist_4.previous.safetensors", "visu/mnist_autoencoder_previous/loss.png",
        "visu/mnist_autoencoder_previous/run.json", "visu/mnist_autoencoder/loss.png",
        "visu/mnist_autoencoder/run.json", "visu/mnist_autoencoder/note.txt"}) {
    write_text(folder / file, "kept");
  }
  const auto before = all_below(".");
  const Outcome second = train({"--epochs", "1", "--seed", "1"});
  EXPECT_EQ(second.status, 0) << second.err;
  EXPECT_THAT(second.out, StartsWith("mnist_4-2: AE d 4 on mnist: "));
  EXPECT_EQ(second.err, "hourglass: mnist_4 has seed 0, this run seed 1: it is called mnist_4-2\n");
  EXPECT_EQ(train({"--epochs", "2", "--recipe", "fast"}).status, 0);
  EXPECT_TRUE(fs::exists(folder / "models/AE/mnist_4-3.safetensors"));
  EXPECT_FALSE(fs::exists(folder / "models/AE/mnist_4-3.resume.safetensors"))
      << "nothing can extend it";
  expect_untouched(before);
}

TEST_F(CliRuns, AChosenNameThatIsTakenAndAnUnknownOneToResumeAreToldApart) {
  ASSERT_EQ(train({"--epochs", "1", "--name", "a"}).status, 0);
  const auto before = all_below(".");
  const Outcome taken = train({"--epochs", "1", "--name", "a", "--seed", "1"});
  EXPECT_EQ(taken.status, 2);
  EXPECT_THAT(taken.err, AllOf(HasSubstr("mnist_4_a has seed 0, this run seed 1"),
                               HasSubstr("--overwrite"), HasSubstr("--resume")));
  EXPECT_EQ(all_below("."), before);
  EXPECT_EQ(train({"--epochs", "1", "--name", "a", "--seed", "1", "--overwrite"}).status, 0);
  EXPECT_EQ(load_checkpoint(folder / "models/AE/mnist_4_a.safetensors").facts.seed, 1U);
  EXPECT_FALSE(fs::exists(folder / "models/AE/mnist_4_a-2.safetensors"));
}

TEST_F(CliRuns, OverwritingRemovesTheFiguresOfTheRunThatIsReplacedAlone) {
  ASSERT_EQ(train({"--epochs", "1", "--visualize"}).status, 0);
  ASSERT_EQ(train({"--epochs", "1", "--visualize", "--name", "b"}).status, 0);
  const fs::path visu = folder / "visu/mnist_autoencoder";
  write_text(visu / "recon/note.txt", "kept");
  ASSERT_EQ(train({"--epochs", "2", "--seed", "1", "--overwrite"}).status, 0);
  EXPECT_FALSE(fs::exists(visu / "recon/mnist_4_epoch_01.png"));
  EXPECT_TRUE(fs::exists(visu / "recon/mnist_4_b_epoch_01.png"));
  EXPECT_TRUE(fs::exists(visu / "recon/note.txt"));
  EXPECT_TRUE(fs::exists(visu / "loss/mnist_4.png"));
}

TEST_F(CliRuns, LaterVerbsNeedNeitherTheImagesPathNorTheirSize) {
  write_own_images();
  const Outcome trained = run({"train", "--dataset", "own.npy", "--image_size", "12x9",
                               "--latent_dim", "4", "--epochs", "2", "--batch_size", "16"});
  ASSERT_EQ(trained.status, 0) << trained.err;
  const auto record = nlohmann::json::parse(text_of(folder / "models/AE/own_4.run.json"));
  EXPECT_EQ(record.at("data").at("path"), fs::canonical(folder / "own.npy").string());
  EXPECT_EQ(record.at("data").at("image_size"), nlohmann::json({12, 9}));
  EXPECT_EQ(record.at("epochs"), 2);
  EXPECT_THAT(trained.out, HasSubstr("next: hourglass eval own_4\n"));
  for (const Words& call :
       {Words{"eval", "own_4"}, Words{"encode", "own_4", "-o", "Z.npy"}, Words{"verify", "own_4"},
        Words{"visualize", "own_4", "--only", "recon"}, Words{"eval", "own_4.best"}}) {
    const Outcome outcome = run(call);
    EXPECT_EQ(outcome.status, 0) << call[0] << ": " << outcome.err;
  }
  EXPECT_THAT(run({"eval", "own_4"}).err,
              AllOf(StartsWith("hourglass: using the images in /"), HasSubstr("/own.npy, ")));
  // Other images need no size either.
  EXPECT_EQ(run({"eval", "own_4", "--dataset", "mnist"}).status, 0);
  fs::rename(folder / "own.npy", folder / "moved.npy");
  const Outcome gone = run({"eval", "own_4"});
  EXPECT_EQ(gone.status, 1);
  EXPECT_THAT(gone.err, AllOf(HasSubstr("/own.npy"), HasSubstr("with --dataset")));
  EXPECT_EQ(run({"eval", "own_4", "--dataset", "moved.npy"}).status, 0);
}

TEST_F(CliRuns, AnotherFoldersImagesAreFoundAgainByTheirDataDir) {
  fs::rename(folder / "data", folder / "elsewhere");
  ASSERT_EQ(train({"--epochs", "1", "--data_dir", "elsewhere"}).status, 0);
  const Outcome outcome = run({"eval", "mnist_4"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
}

TEST_F(CliRuns, ATenthOfOwnImagesIsHeldOutAndChoosesTheBestEpoch) {
  write_own_images();
  const Words call{"train", "--dataset",    "own.npy", "--latent_dim", "4", "--epochs",
                   "2",     "--batch_size", "16"};
  const Outcome outcome = run(call);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, testing::ContainsRegex("own_4: AE d 4 on own: [0-9]+ training images "
                                                  "of .*, [0-9]+ validation images, "));
  EXPECT_THAT(outcome.out, HasSubstr(", kept as own_4.best\n"));
  EXPECT_TRUE(fs::exists(folder / "models/AE/own_4.best.safetensors"));
  const auto log = read_metrics(folder / "models/AE/own_4.metrics.jsonl");
  ASSERT_EQ(log.size(), 2U);
  EXPECT_TRUE(log[0].validation_mse);

  Words without = call;
  without.insert(without.end(), {"--validation", "0", "--name", "all"});
  const Outcome all = run(without);
  ASSERT_EQ(all.status, 0) << all.err;
  EXPECT_FALSE(fs::exists(folder / "models/AE/own_4_all.best.safetensors"));
  EXPECT_THAT(all.out, AllOf(HasSubstr(": --validation "), HasSubstr("own_4_all.best\n")));
  // A run of 0.1.0 without validation images goes on without.
  without[6] = "3";
  without.erase(without.begin() + 9, without.begin() + 11);
  without.push_back("--resume");
  const Outcome resumed = run(without);
  EXPECT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_FALSE(fs::exists(folder / "models/AE/own_4_all.best.safetensors"));
}

TEST_F(CliRuns, AKnownDataSetKeepsAllItsTrainingImages) {
  const Outcome outcome = train({"--epochs", "1"});
  EXPECT_THAT(outcome.out, HasSubstr(" 96 training images "));
  EXPECT_FALSE(fs::exists(folder / "models/AE/mnist_4.best.safetensors"));
}

TEST_F(CliRuns, PatienceThatCannotEndTheRunIsAWrongCall) {
  const Outcome without = train({"--patience", "2"});
  EXPECT_EQ(without.status, 2);
  EXPECT_THAT(without.err, HasSubstr("--patience is 2: it needs images held out"));
  const Outcome falling = train({"--patience", "2", "--validation", "8", "--recipe", "fast"});
  EXPECT_EQ(falling.status, 2);
  EXPECT_THAT(falling.err, HasSubstr("--patience is 2: the learning rate of this --recipe"));
}

TEST_F(CliRuns, PatienceEndsTheRunAndSaysSo) {
  const Words call{"--epochs",   "60", "--validation",    "8",
                   "--patience", "1",  "--learning_rate", "0.05"};
  const Outcome outcome = train(call);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_LT(read_metrics(folder / "models/AE/mnist_4.metrics.jsonl").size(), 60U);
  EXPECT_THAT(outcome.out, HasSubstr("1 epoch without a smaller validation error: the run ends"));
  EXPECT_THAT(train(call).out, StartsWith("mnist_4 is this run already "));
}

TEST_F(CliRuns, AFigureThatCannotBeDrawnIsANoteAndTheRunGoesOn) {
  write_small_idx(folder / "data/mnist", 96, 24);
  // A folder where a figure's file would be.
  fs::create_directories(folder / "visu/mnist_autoencoder/pca/mnist_4_epoch_01.png");
  const Outcome outcome = train({"--epochs", "2", "--visualize"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, AllOf(StartsWith("hourglass: figure pca of epoch 1: "),
                                 HasSubstr("; training goes on\n"),
                                 HasSubstr("hourglass: [figures] figure pca of epoch 1: "),
                                 EndsWith("draw it with hourglass visualize mnist_4\n")));
  EXPECT_EQ(read_metrics(folder / "models/AE/mnist_4.metrics.jsonl").size(), 2U);
  const fs::path visu = folder / "visu/mnist_autoencoder";
  for (const char* figure : {"recon/mnist_4_epoch_01.png", "umap/mnist_4_epoch_01.png",
                             "pca/mnist_4_epoch_02.png", "loss/mnist_4.png"}) {
    EXPECT_TRUE(fs::is_regular_file(visu / figure)) << figure;
  }
}

TEST_F(CliRuns, OneTestImageDoesNotEndATraining) {
  write_small_idx(folder / "data/mnist", 96, 1);
  const Outcome outcome = train({"--epochs", "2", "--visualize"});
  EXPECT_THAT(outcome.status, testing::AnyOf(0, 1)) << outcome.err;
  EXPECT_EQ(read_metrics(folder / "models/AE/mnist_4.metrics.jsonl").size(), 2U);
  EXPECT_THAT(outcome.err, Not(HasSubstr("[internal]")));
}

TEST_F(CliRuns, TheRunFinishedLastIsTakenWhereNoneIsNamed) {
  ASSERT_EQ(train({"--epochs", "1"}).status, 0);
  ASSERT_EQ(train({"--epochs", "1", "--seed", "1"}).status, 0);
  // A copy changes the times of files, but not when a run was finished.
  fs::last_write_time(folder / "models/AE/mnist_4.safetensors",
                      fs::file_time_type::clock::now() + std::chrono::hours(1));
  EXPECT_EQ(run({"info"}).err,
            "hourglass: using models/AE/mnist_4-2.safetensors, the run finished last\n");
  EXPECT_EQ(run({"info", "mnist_4"}).err, "hourglass: using mnist_4; mnist_4-2 is newer\n");
  EXPECT_EQ(run({"info", "mnist_4-2"}).err, "");
  EXPECT_THAT(run({"info", "photos"}).err, HasSubstr("there are mnist_4, mnist_4-2\n"));
}

TEST_F(CliRuns, TheEndSaysHowTheModelStandsToPcaAndWhatWouldHelp) {
  const Outcome outcome = train({"--epochs", "1"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              testing::ContainsRegex("\nAE \\.[0-9]+ is worse than PCA \\.[0-9]+; its error still "
                                     "falls: train it longer, --epochs 2\n"));
  EXPECT_THAT(outcome.out, HasSubstr("\nnext: hourglass train --dataset mnist --latent_dim 4 "
                                     "--epochs 2 --batch_size 16 --resume\nnext: hourglass eval "
                                     "mnist_4\n"));
  EXPECT_EQ(train({"--epochs", "2", "--resume"}).status, 0);
}

TEST_F(CliRuns, ADamagedRecordIsAsNone) {
  ASSERT_EQ(train({"--epochs", "1"}).status, 0);
  for (const char* text : {"", "{}", "[[[[", "{\"format\": 9}"}) {
    write_text(folder / "models/AE/mnist_4.run.json", text);
    EXPECT_EQ(run({"eval", "mnist_4"}).status, 0) << text;
    EXPECT_EQ(run({"info"}).status, 0) << text;
  }
  EXPECT_EQ(train({"--epochs", "2", "--resume"}).status, 0);
}

}  // namespace
}  // namespace hourglass
