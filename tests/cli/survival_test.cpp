// A run survives kills and full disks at any call that changes a file, and kills at random moments.
// After each, every file is complete, and resuming gives the bytes of an undisturbed run.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <signal.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <limits>
#include <map>
#include <random>
#include <sstream>
#include <thread>

#include "hourglass/base/file.h"
#include "hourglass/models/checkpoint_file.h"
#include "hourglass/train/metrics_log.h"
#include "hourglass/train/run_state.h"
#include "samples.h"
#include "sweep.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::AnyOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string kStem = "models/AE/mnist_4";

/// A run to disturb: after the runs before it, it is started with `call`.
struct Scene {
  const char* name;
  std::vector<Words> before;
  Words call;
  bool slow = false;  // draws figures: fewer moments are tried
};

const Words kDrawn{"--epochs", "2", "--visualize", "--tensorboard", "out/logs"};

const Scene kScenes[] = {
    {"AFreshRun", {}, {"--epochs", "2"}},
    {"AFreshRunWithABest", {}, {"--epochs", "2", "--validation", "8"}},
    {"ARunOverAFinishedOne",
     {{"--epochs", "1", "--seed", "7", "--validation", "8"}},
     {"--epochs", "2", "--validation", "8", "--overwrite"}},
    {"ARunWhoseStateIsDropped", {}, {"--epochs", "2", "--recipe", "fast"}},
    {"AResumedRun",
     {{"--epochs", "1", "--validation", "8"}},
     {"--epochs", "2", "--validation", "8", "--resume"}},
};

/// Scenes that draw figures take seconds.
const Scene kDrawnScenes[] = {
    {"ARunWithFiguresAndALog", {}, kDrawn, true},
    {"ARunWithFiguresOverOneWithFigures",
     {{"--epochs", "1", "--seed", "7", "--visualize"}},
     {"--epochs", "2", "--visualize", "--overwrite"},
     true},
};

class Survival : public CommandLine {
 protected:
  void SetUp() override {
    // Only the process is killed, so no disk is needed, and memory is faster.
    if (fs::is_directory("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 0);
    CommandLine::SetUp();
    if (!IsSkipped()) write_small_idx(folder / "data/mnist", 40, 8);
  }

  static Words training(const Words& more) {
    Words call{"train", "--dataset", "mnist", "--latent_dim", "4",  "--batch_size",
               "16",    "--threads", "1",     "--out",        "out"};
    call.insert(call.end(), more.begin(), more.end());
    return call;
  }
  static bool resumes(const Words& call) { return !call.empty() && call.back() == "--resume"; }

  /// Restores OUT to its state before the scene.
  void set_stage() {
    fs::remove_all(folder / "out");
    if (fs::exists(folder / "before")) {
      fs::copy(folder / "before", folder / "out", fs::copy_options::recursive);
    }
  }

  /// Runs the scene undisturbed; records its files and, for `calls`, its calls.
  void rehearse(const Scene& scene, Words* calls = nullptr) {
    for (const Words& more : scene.before) ASSERT_EQ(run(training(more)).status, 0);
    if (!scene.before.empty()) fs::rename(folder / "out", folder / "before");
    set_stage();
    const fs::path log = folder / "calls";
    if (calls != nullptr) disturb(0, "", log.string());
    ASSERT_EQ(run(training(scene.call)).status, 0);
    undisturbed();
    if (calls != nullptr) {
      std::istringstream lines(text_of(log));
      for (std::string line; std::getline(lines, line);) calls->push_back(line);
      ASSERT_GT(calls->size(), 100U);
    }
    whole_ = run_files(folder / "out" / kStem);
    files_ = files();
    figures_ = figures();
    log_ = logged_scalars(folder / "out/logs/mnist_4");
  }

  /// All files but the event files, whose names are times.
  Words files() const {
    Words all = files_below(folder / "out");
    std::erase_if(all, [](const std::string& file) { return file.starts_with("logs/"); });
    return all;
  }
  /// The bytes of all figures and of their data.
  std::map<std::string, std::string> figures() const {
    std::map<std::string, std::string> all;
    for (const std::string& file : files_below(folder / "out/visu")) {
      all[file] = text_of(folder / "out/visu" / file);
    }
    return all;
  }

  void disturb(std::size_t at, const std::string& how, const std::string& log = "") {
    set["LD_PRELOAD"] = HOURGLASS_FAULTS;
    set["FAULT_UNDER"] = "out/";
    set["FAULT_AT"] = std::to_string(at);
    set["FAULT_HOW"] = how;
    if (!log.empty()) set["FAULT_LOG"] = log;
  }
  void undisturbed() { set.clear(); }

  /// Every file is complete.
  void expect_whole(const Scene& scene) {
    const fs::path stem = folder / "out" / kStem;
    for (const char* ending : {".safetensors", ".best.safetensors"}) {
      const fs::path path = stem.string() + ending;
      if (fs::exists(path)) {
        EXPECT_NO_THROW(load_checkpoint(path)) << path;
      }
    }
    const fs::path state = stem.string() + ".resume.safetensors";
    if (fs::exists(state)) {
      EXPECT_NO_THROW(peek_run_state(state));
    }
    EXPECT_NO_THROW(read_metrics(stem.string() + ".metrics.jsonl"));
    if (!scene.before.empty()) {
      EXPECT_TRUE(fs::exists(stem.string() + ".safetensors")) << "there is no checkpoint";
    }
  }

  /// Does what a user would: --resume, or what its refusal suggests.
  void go_on(const Scene& scene) {
    Words call = training(scene.call);
    std::erase(call, "--overwrite");
    if (!resumes(scene.call)) call.push_back("--resume");
    Outcome outcome = run(call);
    if (outcome.status != 0 && !resumes(scene.call)) {
      EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
      EXPECT_THAT(outcome.err, AnyOf(HasSubstr("leave --resume out"),
                                     HasSubstr("give the same, or --overwrite to start again")));
      outcome = run(training(scene.call));
    }
    EXPECT_EQ(outcome.status, 0) << outcome.err;
  }

  /// The result is that of an undisturbed run, without unfinished files.
  void expect_the_end() {
    EXPECT_EQ(run_files(folder / "out" / kStem), whole_);
    EXPECT_EQ(files(), files_);
    const auto drawn = figures();
    for (const auto& [file, bytes] : figures_) {
      EXPECT_TRUE(drawn.contains(file) && drawn.at(file) == bytes) << file << " differs";
    }
    EXPECT_EQ(logged_scalars(folder / "out/logs/mnist_4"), log_);
    EXPECT_TRUE(logged_scalars(folder / "out/logs/mnist_4.2").empty()) << "a second log";
  }

  /// Disturbs `samples` of the calls, or all if there are no more, in each of these ways; returns
  /// how often.
  int disturb_some(const Scene& scene, std::size_t samples, const Words& ways) {
    Words calls;
    rehearse(scene, &calls);
    std::vector<std::size_t> all, writes;  // counted from 1
    for (std::size_t at = 1; at <= calls.size(); ++at) {
      all.push_back(at);
      if (calls[at - 1].find("write ") != std::string::npos) writes.push_back(at);
    }
    int count = 0;
    for (const std::string& how : ways) {
      const std::vector<std::size_t>& possible = how == "half" ? writes : all;
      const std::uint64_t stream = std::hash<std::string>()(scene.name + how);
      for (const std::size_t i : sample_of(possible.size(), samples, stream)) {
        if (HasFailure()) return count;
        const std::size_t at = possible[i];
        SCOPED_TRACE(
            fmt::format("{} at call {}, HOURGLASS_TEST_SEED={}", how, calls[at - 1], test_seed()));
        set_stage();
        disturb(at, how);
        const Outcome outcome = run(training(scene.call));
        undisturbed();
        const bool killed = how == "kill" || how == "half";
        if (killed) {
          EXPECT_EQ(outcome.status, 128 + SIGKILL) << outcome.err;
        } else {
          expect_one_line(outcome);
        }
        expect_whole(scene);
        go_on(scene);
        expect_the_end();
        ++count;
      }
    }
    return count;
  }

  /// An error is one line at the end; a run may ignore errors of calls that it does not need.
  static void expect_one_line(const Outcome& outcome) {
    EXPECT_THAT(outcome.status, AnyOf(0, 1));
    std::istringstream lines(outcome.err);
    int told = 0;
    for (std::string line; std::getline(lines, line);) {
      EXPECT_THAT(line, StartsWith("hourglass: "));
      if (line.starts_with("hourglass: [")) ++told;
    }
    EXPECT_EQ(told, outcome.status) << outcome.err;
    EXPECT_THAT(outcome.err, Not(HasSubstr("[internal]")));
  }

  static void report(const char* what, int count) {
    RecordProperty(what, count);
    fmt::print("{}: {}\n", what, count);
  }

  RunFiles whole_;
  Words files_;
  std::map<std::string, std::string> figures_;
  std::map<std::string, float> log_;
};

// This many of some hundred calls, in each way.
constexpr std::size_t kFew = 4;
std::size_t many(const Scene& scene) {
  if (full_sweeps()) return std::numeric_limits<std::size_t>::max();
  return scene.slow ? 8 : 20;
}
// A disk that is full from then on, one that becomes read-only, and one call that fails.
const Words kFaults{fmt::format("{}+", ENOSPC), fmt::format("{}+", EROFS), fmt::format("{}", EIO)};

class Disturbed : public Survival, public testing::WithParamInterface<Scene> {
 protected:
  void SetUp() override {
    if (kSanitized) GTEST_SKIP() << "faults in calls: a sanitizer's library has to come first";
    Survival::SetUp();
  }
};

TEST_P(Disturbed, ByAKillAtSomeCallsGoesOnToTheSameBytes) {
  report("kills", disturb_some(GetParam(), kFew, {"kill", "half"}));
}

TEST_P(Disturbed, ByAFaultAtSomeCallsSaysSoAndGoesOnToTheSameBytes) {
  report("faults", disturb_some(GetParam(), kFew, kFaults));
}

TEST_P(Disturbed, SlowByAKillAtManyCallsGoesOnToTheSameBytes) {
  report("kills", disturb_some(GetParam(), many(GetParam()), {"kill", "half"}));
}

TEST_P(Disturbed, SlowByAFaultAtManyCallsSaysSoAndGoesOnToTheSameBytes) {
  report("faults", disturb_some(GetParam(), many(GetParam()), kFaults));
}

INSTANTIATE_TEST_SUITE_P(Run, Disturbed, testing::ValuesIn(kScenes),
                         [](const auto& scene) { return std::string(scene.param.name); });

class DisturbedWithFigures : public Disturbed {};

TEST_P(DisturbedWithFigures, SlowByAKillAtSomeCallsGoesOnToTheSameBytes) {
  report("kills", disturb_some(GetParam(), many(GetParam()), {"kill", "half"}));
}

TEST_P(DisturbedWithFigures, SlowByAFaultAtSomeCallsSaysSoAndGoesOnToTheSameBytes) {
  report("faults", disturb_some(GetParam(), many(GetParam()), kFaults));
}

INSTANTIATE_TEST_SUITE_P(Run, DisturbedWithFigures, testing::ValuesIn(kDrawnScenes),
                         [](const auto& scene) { return std::string(scene.param.name); });

class RandomKills : public Survival {
 protected:
  /// Kills runs at random moments until `count` were killed, and resumes until each is done.
  int kill_at_random(int count, const Words& more = {}) {
    Scene scene{"", {}, {"--epochs", "3", "--validation", "8"}};
    scene.call.insert(scene.call.end(), more.begin(), more.end());
    write_small_idx(folder / "data/mnist", 800, 24);
    const auto begin = std::chrono::steady_clock::now();
    rehearse(scene);
    const std::chrono::duration<double> whole = std::chrono::steady_clock::now() - begin;
    SCOPED_TRACE(fmt::format("HOURGLASS_TEST_SEED={}", test_seed()));
    std::mt19937_64 random(test_seed());
    std::uniform_real_distribution<double> moment(0.0, whole.count());
    int kills = 0;
    while (kills < count && !HasFailure()) {
      set_stage();
      for (bool done = false; !done && !HasFailure();) {
        const bool state = fs::exists(folder / "out" / (kStem + ".resume.safetensors"));
        Words call = training(scene.call);
        if (state) call.push_back("--resume");
        const Running running = start(call);
        std::this_thread::sleep_for(std::chrono::duration<double>(moment(random)));
        ::kill(running.pid, SIGKILL);
        const Outcome outcome = finish(running);
        done = outcome.status == 0;
        EXPECT_THAT(outcome.status, AnyOf(0, 128 + SIGKILL)) << outcome.err;
        if (!done) ++kills;
        expect_whole(scene);
      }
      expect_the_end();
    }
    return kills;
  }
};

TEST_F(RandomKills, LeaveFilesThatGoOnToTheSameBytes) {
  report("kills", kill_at_random(4));
}

// With HOURGLASS_FULL_SWEEPS a hundred.
TEST_F(RandomKills, SlowWithFiguresAndALogLoseNothing) {
  report("kills",
         kill_at_random(full_sweeps() ? 100 : 6, {"--visualize", "--tensorboard", "out/logs"}));
}

TEST_F(RandomKills, SlowManyOfThemLeaveFilesThatGoOnToTheSameBytes) {
  report("kills", kill_at_random(full_sweeps() ? 60 : 20));
}

}  // namespace
}  // namespace hourglass
