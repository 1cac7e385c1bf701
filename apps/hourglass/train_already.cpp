#include "train_already.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hourglass/base/impl/json.h"
#include "hourglass/data/split.h"
#include "hourglass/lab/gallery.h"
#include "hourglass/lab/loss_figure.h"
#include "hourglass/lab/verdict.h"
#include "hourglass/train/metrics_log.h"
#include "hourglass/train/run.h"
#include "output.h"
#include "terminal.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

/// Whether every figure of the epoch is there.
bool all_drawn(const FigureFolder& folder, std::int64_t epoch) {
  return std::ranges::all_of(kFigureKinds, [&](FigureKind kind) {
    return fs::exists(folder.path(name_of(kind), epoch, "png")) &&
           fs::exists(folder.path(name_of(kind), epoch, "npz"));
  });
}

/// The line of the log for a checkpoint's epoch, or what the checkpoint says itself.
EpochResult result_of(const CheckpointFacts& facts, const std::vector<EpochResult>& log) {
  const auto line = std::ranges::find(log, facts.epochs, &EpochResult::epoch);
  if (line != log.end()) return *line;
  EpochResult result;
  result.epoch = facts.epochs;
  result.train_loss = facts.train_loss;
  result.test_mse = facts.test_mse;
  return result;
}

}  // namespace

FigureFolder figures_of(const TrainFlags& flags, const RunPaths& paths, const Dataset& data,
                        bool may_be_older) {
  FigureFolder folder{paths.figures, paths.run};
  if (may_be_older) {
    folder.older = older_figures(
        paths.figures, flags.name.empty() ? "" : "_" + flags.name,
        {paths.run, flags.model, data.name, data.sha256, flags.latent_dim, flags.options.seed});
  }
  return folder;
}

void fail_undrawn(const Watcher& watcher, const RunPaths& paths, const Common& common) {
  if (watcher.first_failure().empty()) return;
  fail_result("figures", "{}: the trained model is saved; fix that, then draw it with {}",
              watcher.first_failure(),
              with_folders("hourglass visualize " + checkpoint_name(paths.checkpoint), common));
}

void print_run(const RunPaths& paths, bool finished, std::span<const fs::path> wrote) {
  nlohmann::ordered_json out{{"run", paths.run},
                             {"checkpoint", paths.checkpoint.lexically_normal().string()},
                             {"finished", finished}};
  const std::vector<EpochResult> log = read_metrics(paths.metrics);
  out["epochs"] = log.empty() ? 0 : log.back().epoch;
  if (!log.empty()) {
    out["train_loss"] = log.back().train_loss;
    if (log.back().validation_mse) out["validation_mse"] = *log.back().validation_mse;
    out["test_mse"] = log.back().test_mse;
  }
  print_result(std::move(out), wrote);
}

int finish_already(const TrainFlags& flags, ClaimedRun claim, Dataset& data, ThreadPool& pool) {
  const RunPaths paths = claim.paths;
  const Checkpoint checkpoint = load_checkpoint(paths.checkpoint);
  const CheckpointFacts& facts = checkpoint.facts;
  const RunRecord settings = run_record(parse_json(facts.run).value_or(nullptr));
  const RowSource validation = hold_out(data.train, settings.validation, facts.seed);
  auto record = read_record_file(paths.record);
  const std::vector<EpochResult> log = read_metrics(paths.metrics);
  const EpochResult last = result_of(facts, log);
  if (!flags.common.quiet) {
    say("{} is this run already ({} epoch{}, test MSE {})\n", paths.run, facts.epochs,
        facts.epochs == 1 ? "" : "s", short_error(facts.test_mse));
    std::fflush(stdout);
  }
  if (!claim.note.empty()) note(flags.common, claim.note);
  const FigureFolder folder = figures_of(flags, paths, data, true);
  Watcher watcher({data, flags.options, folder, {}, flags.common.quiet, nullptr, {}, {}}, pool);
  const bool due = record && record->figures_due == facts.epochs;
  if (due || (flags.visualize && !all_drawn(folder, facts.epochs))) {
    if (watcher.draw_figures(*checkpoint.model, last) && record) record->figures_due = 0;
  } else if (flags.visualize && !fs::exists(folder.model(facts.epochs))) {
    watcher.keep_model(*checkpoint.model, last);  // of a run of a version that kept none
  }
  // A run that was killed before it was finished may have the figure of fewer epochs.
  const bool unfinished = record && record->finished.empty();
  const bool loss_drawn = fs::exists(folder.loss("png")) && fs::exists(folder.loss("npz"));
  if (!log.empty() && (unfinished || !loss_drawn)) {
    watcher.draw("figure loss", [&] {
      return draw_loss(folder, log, data, *checkpoint.model, facts.seed,
                       measure_baselines(data, flags.latent_dim, pool));
    });
  }
  finish_record(paths, record, !settings.options.schedule.needs_total());
  if (flags.json) {
    print_run(paths, true, watcher.written());
    fail_undrawn(watcher, paths, flags.common);
    return kDone;
  }
  print_written(watcher.written(),
                with_folders(fmt::format("hourglass eval {}", checkpoint_name(paths.checkpoint)),
                             flags.common),
                flags.common);
  fail_undrawn(watcher, paths, flags.common);
  return kDone;
}

}  // namespace hourglass::cli
