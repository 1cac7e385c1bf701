// A run and its folder: locked by other runs, full, read-only or removed; and how a signal ends it.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <signal.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "hourglass/models/checkpoint_file.h"
#include "samples.h"
#include "small_disk.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::AnyOf;
using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

class CliPaths : public CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    if (!IsSkipped()) write_small_idx(folder / "data/mnist", 1200, 24);
  }
  /// Enough steps for something to happen between two of them.
  static Words training(const Words& more, const std::string& latent_dim = "4") {
    Words call{"train", "--dataset",    "mnist", "--latent_dim", latent_dim, "--epochs",
               "4",     "--batch_size", "8",     "--threads",    "1"};
    call.insert(call.end(), more.begin(), more.end());
    return call;
  }
  static Words with(Words call, const std::string& flag) {
    call.push_back(flag);
    return call;
  }
  Running started(const Words& call) {
    const Running running = start(call);
    EXPECT_TRUE(wait_for_output(running, "epoch 1/4"));
    return running;
  }
  Outcome stopped(const Running& running, int signal) {
    ::kill(running.pid, signal);
    return finish(running);
  }
  RunFiles files_in(const std::string& out) const {
    return run_files(folder / out / "models/AE/mnist_4");
  }
  void expect_no_locks() { EXPECT_THAT(files_below(folder), Not(Contains(EndsWith(".lock")))); }
  /// The end of a run that cannot write any more: status 1 and one line.
  static void expect_one_line(const Outcome& outcome, const std::string& words) {
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    EXPECT_THAT(outcome.err, AllOf(StartsWith("hourglass: ["), HasSubstr(words)));
  }
};

TEST_F(CliPaths, ASecondRunBesideTheFirstHasAnotherName) {
  const Running first = start(training({"--epochs", "60"}));
  ASSERT_TRUE(wait_for_output(first, "epoch  1/60"));
  const std::string process = fmt::format("process {} (hourglass) is training ", first.pid);
  expect_one_line(run(training({"--overwrite"})),
                  process + "models/AE/mnist_4.safetensors already");
  expect_one_line(run(training({"--resume"})), "give this run a --name");
  const Outcome second = run(training({"--epochs", "1"}));
  EXPECT_EQ(second.status, 0) << second.err;
  EXPECT_THAT(second.err, AllOf(HasSubstr(process), HasSubstr(": it is called mnist_4-2\n")));
  EXPECT_THAT(second.out, StartsWith("mnist_4-2: AE d 4 "));
  const Outcome beside = run(training({"--epochs", "1", "--name", "b"}));
  EXPECT_EQ(beside.status, 0) << beside.err;
  EXPECT_EQ(stopped(first, SIGTERM).status, 143);
  expect_no_locks();
}

TEST_F(CliPaths, TwoRunsAtOnceGetTwoNames) {
  const Running first = start(training({"--epochs", "1"}));
  const Running second = start(training({"--epochs", "1"}));
  EXPECT_EQ(finish(first).status, 0);
  EXPECT_EQ(finish(second).status, 0);
  EXPECT_NE(files_in(".").checkpoint, "");
  EXPECT_EQ(files_in(".").checkpoint, run_files(folder / "models/AE/mnist_4-2").checkpoint);
  expect_no_locks();
}

TEST_F(CliPaths, RunsOfTwoLatentDimensionsShareAFolderAndKeepTheirFigures) {
  ASSERT_EQ(run(training({"--epochs", "1"}, "8")).status, 0);
  const std::string loss = text_of(folder / "visu/mnist_autoencoder/loss/mnist_8.png");
  write_text(folder / "visu/mnist_autoencoder/note.txt", "a note of the user's");
  const Running first = start(training({"--visualize", "--epochs", "9"}));
  ASSERT_TRUE(wait_for_output(first, "epoch 2/9"));  // the figures of epoch 1 are drawn
  EXPECT_EQ(run(training({"--epochs", "1"}, "2")).status, 0);
  for (const char* model : {"mnist_8", "mnist_4"}) {
    const Outcome drawn = run({"visualize", model, "--only", "recon"});
    EXPECT_EQ(drawn.status, 0) << drawn.err;
  }
  EXPECT_EQ(stopped(first, SIGTERM).status, 143);
  EXPECT_EQ(text_of(folder / "visu/mnist_autoencoder/loss/mnist_8.png"), loss);
  EXPECT_EQ(text_of(folder / "visu/mnist_autoencoder/note.txt"), "a note of the user's");
  expect_no_locks();
}

TEST_F(CliPaths, AKilledRunsLockMeansNothing) {
  EXPECT_EQ(stopped(started(training({})), SIGKILL).status, 137);
  EXPECT_THAT(files_below(folder), Contains(EndsWith("mnist_4.lock")));
  EXPECT_EQ(run(training({"--resume"})).status, 0);
  expect_no_locks();
}

TEST_F(CliPaths, NamesThatAreEndingsOfARunsFilesAreRefused) {
  for (const char* name : {"x.best", "x.previous", ".resume"}) {
    const Outcome outcome = run(training({"--name", name}));
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("files of a run without that name end so"));
  }
  const Outcome numbered = run(training({"--name", "x-2"}));
  EXPECT_EQ(numbered.status, 2);
  EXPECT_THAT(numbered.err, HasSubstr("a number at the end is given by hourglass"));
}

TEST_F(CliPaths, LeavesTheHalvesOfAnotherNamesRunAlone) {
  ASSERT_EQ(run(training({"--epochs", "1", "--name", "a"})).status, 0);
  for (const char* half : {"mnist_4_a.safetensors.tmp.12", "mnist_4_a.best.safetensors.new.tmp.1",
                           "mnist_4_a.resume.safetensors.new", "mnist_4_a.b.safetensors.tmp.12",
                           "mnist_4_a.safetensors.tmp.x"}) {
    write_text(folder / "models/AE" / half, "half");
  }
  ASSERT_EQ(run(training({"--epochs", "2", "--name", "a", "--resume"})).status, 0);
  EXPECT_THAT(files_below(folder / "models/AE"),
              testing::ElementsAre("mnist_4_a.b.safetensors.tmp.12", "mnist_4_a.metrics.jsonl",
                                   "mnist_4_a.resume.safetensors", "mnist_4_a.run.json",
                                   "mnist_4_a.safetensors", "mnist_4_a.safetensors.tmp.x"));
}

TEST_F(CliPaths, ADiskThatBecomesFullEndsTheRunAndResumingContinuesIt) {
  const SmallDisk disk(folder / "disk", "8m");
  if (!disk.mounted()) GTEST_SKIP() << "a disk that becomes full: only root may make a small one";
  ASSERT_EQ(run(training({"--out", "whole"})).status, 0);
  const Running running = started(training({"--out", "disk"}));
  std::ofstream(folder / "disk/filler") << std::string(8U << 20U, 'x');
  const Outcome outcome = finish(running);
  expect_one_line(outcome, "No space left on device");
  EXPECT_THAT(outcome.err,
              MatchesRegex(".*: fix that, then --resume continues from epoch [234], step 1\n"));
  EXPECT_NO_THROW(load_checkpoint(folder / "disk/models/AE/mnist_4.safetensors"));
  EXPECT_THAT(files_below(folder / "disk"), Not(Contains(HasSubstr(".tmp."))));
  fs::remove(folder / "disk/filler");
  EXPECT_EQ(run(training({"--out", "disk", "--resume"})).status, 0);
  EXPECT_EQ(files_in("disk"), files_in("whole"));
}

TEST_F(CliPaths, AReadOnlyFolderIsReportedBeforeAnythingIsTrained) {
  const SmallDisk disk(folder / "disk", "1m", true);
  if (!disk.mounted()) {
    if (::geteuid() == 0) GTEST_SKIP() << "a read-only disk: it cannot be mounted here";
    fs::permissions(folder / "disk", fs::perms::owner_read | fs::perms::owner_exec);
  }
  const Outcome outcome = run(training({"--out", "disk"}));
  EXPECT_EQ(outcome.out, "");
  expect_one_line(outcome, "cannot make the folder disk/models/AE: ");
  EXPECT_THAT(outcome.err, AnyOf(HasSubstr("Read-only file system"), HasSubstr("Permission")));
}

TEST_F(CliPaths, AFolderThatIsMovedAwayEndsTheRunAndResumingContinuesIt) {
  ASSERT_EQ(run(training({"--out", "whole"})).status, 0);
  const Running running = started(training({"--out", "parts"}));
  fs::rename(folder / "parts/models", folder / "kept");
  expect_one_line(finish(running), "the folder parts/models/AE was removed during the run");
  EXPECT_NO_THROW(load_checkpoint(folder / "kept/AE/mnist_4.safetensors"));
  fs::rename(folder / "kept", folder / "parts/models");
  EXPECT_EQ(run(training({"--out", "parts", "--resume"})).status, 0);
  EXPECT_EQ(files_in("parts"), files_in("whole"));
  expect_no_locks();
}

TEST_F(CliPaths, AFolderThatIsRemovedEndsTheRunInOneLine) {
  const Running running = started(training({}));
  fs::remove_all(folder / "models");
  const Outcome outcome = finish(running);
  expect_one_line(outcome, "was removed during the run");
  EXPECT_THAT(outcome.err, EndsWith("start the run again\n"));
  EXPECT_FALSE(fs::exists(folder / "models"));
}

TEST_F(CliPaths, ALockThatSomebodyRemovedIsTakenAgain) {
  const Running running = started(training({}));
  fs::remove(folder / "models/AE/mnist_4.lock");
  ASSERT_TRUE(wait_for_output(running, "epoch 3/4"));
  EXPECT_TRUE(fs::exists(folder / "models/AE/mnist_4.lock"));
  EXPECT_EQ(finish(running).status, 0);
  expect_no_locks();
}

class CliSignal : public CliPaths, public testing::WithParamInterface<int> {};

TEST_P(CliSignal, SavesAndResumingGivesTheSameBytes) {
  ASSERT_EQ(run(training({"--out", "whole"})).status, 0);
  const Running running = started(training({"--out", "parts"}));
  std::this_thread::sleep_for(std::chrono::milliseconds(40));
  const Outcome outcome = stopped(running, GetParam());
  EXPECT_EQ(outcome.status, 128 + GetParam());
  EXPECT_THAT(outcome.err, HasSubstr("everything is saved"));
  EXPECT_EQ(run(training({"--out", "parts", "--resume"})).status, 0);
  EXPECT_EQ(files_in("parts"), files_in("whole"));
  expect_no_locks();
}

INSTANTIATE_TEST_SUITE_P(Run, CliSignal, testing::Values(SIGTERM, SIGHUP), [](const auto& signal) {
  return std::string(signal.param == SIGTERM ? "SIGTERM" : "SIGHUP");
});

TEST_F(CliPaths, ATerminalThatIsClosedSavesAndResumingGivesTheSameBytes) {
  ASSERT_EQ(run(training({"--out", "whole"})).status, 0);
  set["TERM"] = "xterm";  // with a bar, which writes to the closed terminal
  EXPECT_EQ(run_on_terminal(training({"--out", "parts"}), "epoch 2/4").status, 129);
  EXPECT_NE(files_in("parts").state, "");
  EXPECT_EQ(run(training({"--out", "parts", "--resume"})).status, 0);
  EXPECT_EQ(files_in("parts"), files_in("whole"));
  expect_no_locks();
}

TEST_F(CliPaths, AHangUpThatIsIgnoredStaysIgnored) {
  ::signal(SIGHUP, SIG_IGN);  // as nohup leaves it
  const Running running = started(training({}));
  ::signal(SIGHUP, SIG_DFL);
  EXPECT_EQ(stopped(running, SIGHUP).status, 0);
}

}  // namespace
}  // namespace hourglass
