// hourglass verify: trains a checkpoint's run again and says whether all bits are the same.

#include "hourglass/train/verify.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "common.h"
#include "hourglass/kernels/kernels.h"
#include "hourglass/train/kernels_text.h"
#include "hourglass/train/metrics_log.h"
#include "output.h"
#include "run_data.h"
#include "terminal.h"
#include "verbs.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

struct VerifyFlags {
  Common common;
  std::string checkpoint;
  std::string dataset;
  std::int64_t epochs = 0;  // 0: all
  bool json = false;
};

/// A bar on a terminal, and a line for each epoch.
class Watcher : public TrainObserver {
 public:
  Watcher(const std::vector<EpochResult>& log, std::int64_t epochs, bool silent)
      : log_(log), epochs_(epochs), silent_(silent) {}

  void on_step(std::int64_t epoch, std::int64_t images_done, std::int64_t images, double,
               double images_per_second) override {
    if (silent_ || !progress_wanted()) return;
    if (!bar_) bar_ = make_progress(fmt::format("epoch {}/{}", epoch, epochs_), false);
    bar_->update(static_cast<double>(images_done) / static_cast<double>(images),
                 fmt::format("{:.0f} images/s", images_per_second));
  }

  void on_epoch(const EpochResult& r) override {
    bar_.reset();
    if (silent_) return;
    const auto line = std::find_if(log_.begin(), log_.end(),
                                   [&](const EpochResult& l) { return l.epoch == r.epoch; });
    const bool same = line != log_.end() && line->weights_sha256 == r.weights_sha256;
    say(stdout,
        fmt::format("epoch {:>{}}/{}  weights {}  {}\n", r.epoch,
                    fmt::formatted_size("{}", epochs_), epochs_, r.weights_sha256.substr(0, 16),
                    line == log_.end() ? "not in a log" : (same ? "as logged" : "NOT as logged")));
    std::fflush(stdout);
  }

  bool stop_requested() override { return false; }

 private:
  const std::vector<EpochResult>& log_;
  std::int64_t epochs_;
  bool silent_;
  std::unique_ptr<Progress> bar_;
};

/// Chooses the recorded kernel set if it differs from the default here and no flag chose one.
void choose_kernels(const CheckpointFacts& facts, Common& common) {
  const bool several = facts.kernels.find(';') != std::string::npos;
  if (!common.kernels.empty() || several || same_bits(facts.kernels, kernels_text())) return;
  const std::string recorded = facts.kernels.substr(0, facts.kernels.find(','));
  for (const KernelSetFact& fact : kernel_sets()) {
    if (fact.name != recorded || !fact.usable) continue;
    common.kernels = recorded;
    note(common, fmt::format("using --kernels {}, as in training", recorded));
  }
}

/// The log of the run that made the checkpoint; empty, with a note, if there is none beside it.
std::vector<EpochResult> log_of(const fs::path& path, const Checkpoint& checkpoint,
                                const Common& common) {
  fs::path stem = path.parent_path() / path.stem();
  if (stem.extension() == ".best") stem.replace_extension();
  const fs::path metrics = stem.string() + ".metrics.jsonl";
  std::vector<EpochResult> log = read_metrics(metrics);
  const auto last = std::find_if(log.begin(), log.end(), [&](const EpochResult& line) {
    return line.epoch == checkpoint.facts.epochs;
  });
  if (last != log.end() && last->weights_sha256 == weights_sha256(*checkpoint.model)) return log;
  note(common, log.empty() ? fmt::format("there is no {}: only the last epoch is compared",
                                         metrics.string())
                           : fmt::format("{} is not of these weights: only the last epoch is "
                                         "compared, with the checkpoint",
                                         metrics.string()));
  return {};
}

nlohmann::ordered_json json_of(const fs::path& path, const char* result) {
  return {{"checkpoint", path.string()}, {"result", result}};
}

int verify(const VerifyFlags& given) {
  VerifyFlags flags = given;
  Common& common = flags.common;
  const fs::path path = find_checkpoint(flags.checkpoint, common);
  const Checkpoint checkpoint = load_checkpoint(path);
  const CheckpointFacts& facts = checkpoint.facts;
  const std::string name = checkpoint_name(path);
  const auto refuse = [&](const std::string& why) {
    if (flags.json) {
      nlohmann::ordered_json out = json_of(path, "not comparable");
      out["why"] = why;
      print_json(out);
    }
    fail_result("verify", "{} is not comparable: {}", name, why);
  };
  if (!facts.imported.empty()) refuse(*why_not_comparable(facts, {}));
  if (flags.epochs > facts.epochs) {
    fail("verify", "--epochs is {}, and {} has {}", flags.epochs, name, facts.epochs);
  }
  choose_kernels(facts, common);
  ThreadPool pool(make_pool(common));
  Common quiet = common;
  quiet.quiet = true;  // other data is reported below
  Dataset data = open_data_for(checkpoint, flags.dataset, quiet);
  if (const auto why = why_not_comparable(facts, data)) refuse(*why);
  const std::vector<EpochResult> log = log_of(path, checkpoint, common);
  const std::int64_t epochs = flags.epochs == 0 ? facts.epochs : flags.epochs;
  if (epochs < facts.epochs && log.empty()) {
    fail_result(
        "verify",
        "the epochs before the last are known only from its log, which is missing: leave out "
        "--epochs");
  }
  Watcher watcher(log, epochs, common.quiet || flags.json);
  const Verification v = verify_run(checkpoint, log, data, epochs, pool, watcher);
  if (flags.json) {
    nlohmann::ordered_json out = json_of(path, v.differs_from ? "differs" : "agrees");
    out["epochs"] = v.epochs;
    if (v.differs_from) out["differs_from_epoch"] = *v.differs_from;
    out["weights_sha256"] = v.found;
    out["recorded_weights_sha256"] = v.recorded;
    print_json(out);
  }
  if (v.differs_from) {
    const std::string how =
        v.recorded == v.found
            ? "the weights are the same, the recorded train_loss or test_mse is not"
            : fmt::format("the weights are {}, on record {}", v.found.substr(0, 16),
                          v.recorded.substr(0, 16));
    fail_result("verify", "{} differs {} epoch {}{}: {}", name, log.empty() ? "at" : "from",
                *v.differs_from, log.empty() ? "" : " on", how);
  }
  if (flags.json) return kDone;
  if (!common.quiet) {
    say(stdout, fmt::format("{} agrees: trained again, {} {} same weights to the bit\n", name,
                            v.epochs == 1 ? "epoch 1" : fmt::format("epochs 1 to {}", v.epochs),
                            v.epochs == 1 ? "has the" : "have the"));
  }
  print_written({}, with_folders(fmt::format("hourglass eval {}", name), common, flags.dataset),
                common);
  return kDone;
}

}  // namespace

Action add_verify(CLI::App& app) {
  const auto flags = std::make_shared<VerifyFlags>();
  optional_argument(app, flags->checkpoint, "CHECKPOINT",
                    "a path or a short name such as mnist_32; the newest when left out");
  count_flag(
      app, flags->epochs,
      {"--epochs", "K", "train the first K epochs only, and compare with the run's log", "all"}, 1);
  switch_flag(app, flags->json, "--json", "print one JSON object and nothing else");
  measured_data_flags(app, flags->dataset, flags->common);
  return [flags] { return verify(*flags); };
}

}  // namespace hourglass::cli
