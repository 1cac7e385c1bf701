#include "hourglass/train/run.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/base/version.h"
#include "hourglass/train/found_run.h"
#include "hourglass/train/kernels_text.h"
#include "hourglass/train/metrics_log.h"
#include "hourglass/train/run_record.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

/// The path of a complete new file until the file of the old run has been moved away.
fs::path staged_for(const fs::path& path) {
  return path.string() + ".new";
}

/// Removes incomplete files of a killed run. Only for the holder of the lock.
void remove_incomplete(const RunPaths& paths) {
  auto files = files_of(paths);
  for (const fs::path& path : files) remove_file(staged_for(path));
  for (const fs::path& path : packs_of(paths)) files.push_back(path);
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(paths.lock.parent_path(), error)) {
    if (!is_temporary_file(entry.path())) continue;
    fs::path path = entry.path().parent_path() / entry.path().stem().stem();  // without .tmp.PID
    if (path.extension() == ".new") path.replace_extension();
    if (std::find(files.begin(), files.end(), path) != files.end()) remove_file(entry.path());
  }
}

/// A file that is removed unless it is renamed.
struct Staged {
  fs::path path;
  ~Staged() {
    std::error_code ignored;
    fs::remove(path, ignored);
  }
};

/// The epoch of the smallest validation error in a log; 0 if it has none.
std::int64_t best_epoch_of(const std::vector<EpochResult>& log) {
  const EpochResult* best = nullptr;
  for (const EpochResult& r : log) {
    if (!r.validation_mse) continue;
    if (best == nullptr || *r.validation_mse < *best->validation_mse) best = &r;
  }
  return best == nullptr ? 0 : best->epoch;
}

}  // namespace

RunObserver& RunObserver::none() {
  static RunObserver silent;
  return silent;
}

Run::Run(Model& model, const Dataset& data, const RowSource& validation,
         const TrainOptions& options, ClaimedRun claim, const RunFacts& facts, ThreadPool& pool)
    : model_(model),
      data_(data),
      identity_{model.describe().dump(), data.sha256, options, validation.count()},
      claim_(std::move(claim)),
      paths_(claim_.paths),
      trainer_(model, data, options, pool, validation),
      kernels_(kernels_text()) {
  check_patience(options, validation.count());
  record_.version = version();
  record_.run = paths_.run;
  record_.kind = model.kind();
  record_.data = facts.data;
  record_.dataset_sha256 = data.sha256;
  record_.settings = {options, validation.count()};
  record_.started = utc_now();
  record_.figures = facts.figures;
  split_ = facts.split;
  if (!claim_.note.empty()) notes_.push_back(claim_.note);
  if (claim_.lock->held()) {
    remove_incomplete(paths_);
  } else {
    notes_.push_back(
        fmt::format("the file system of {} has no locks: do not start a second run there",
                    paths_.lock.parent_path().string()));
  }
  { const AtomicFile probe(paths_.checkpoint); }  // fails now, not after an epoch
  if (claim_.mode == StartMode::resume) {
    resume();
  } else if (claim_.restarted) {
    remove_file(paths_.metrics);
    remove_file(paths_.best);
    for (const fs::path& pack : packs_of(paths_)) remove_file(pack);
  } else {
    old_run_here_ = has_files(paths_);
  }
}

void Run::resume() {
  if (const auto record = read_record_file(paths_.record)) {
    record_.started = record->started;
    record_.figures_due = record->figures_due;
    record_.epochs = record->epochs;
    record_.test_mse = record->test_mse;
    if (claim_.already) record_.finished = record->finished;
  }
  const RunState state = load_run_state(paths_.state, identity_, model_, trainer_.adam());
  trainer_.resume(state.position);
  best_validation_ = state.best_validation;
  saved_ = state.position;
  if (!claim_.already) {
    notes_.push_back(fmt::format("continuing {} from epoch {}, step {}", paths_.run,
                                 state.position.epochs_done + 1, state.position.step + 1));
  }
  kernels_ = kernels_gone_on_with(state.kernels);
  if (!same_bits(kernels_, kernels_text()) && !claim_.already) {
    notes_.push_back(
        fmt::format("the run began with kernels {} and continues with {}: the bits may differ from "
                    "those of an uninterrupted run",
                    kernels_.substr(0, kernels_.find(';')), kernels_text()));
  }
  if (fs::exists(paths_.metrics)) trim_metrics(paths_.metrics, state.position.epochs_done);
  best_epoch_ =
      state.best_epoch > 0 ? state.best_epoch : best_epoch_of(read_metrics(paths_.metrics));
}

bool Run::train(RunObserver& watcher) {
  watcher_ = &watcher;
  if (claim_.restarted) watcher.on_replaced();
  draw_due();
  const bool done = stopped_early() || trainer_.run(*this) || stopped_early();
  if (done) {
    watcher.before_finish();
    keep_lock();
    saving([&] { finish(); });
  } else if (trainer_.position().step > 0 && !old_run_here_) {
    // After a whole epoch everything is saved already.
    keep_lock();
    saving([&] { save_stop(); });
  }
  return done;
}

bool Run::stopped_early() const {
  return hourglass::stopped_early(identity_.options, trainer_.position(), best_epoch_);
}

void Run::on_step(std::int64_t epoch, std::int64_t images_done, std::int64_t images, double loss,
                  double images_per_second) {
  watcher_->on_step(epoch, images_done, images, loss, images_per_second);
}

bool Run::stop_requested() {
  return stopped_early() || watcher_->stop_requested();
}

void Run::on_epoch(const EpochResult& result) {
  keep_lock();
  saving([&] { save_epoch(result); });
  watcher_->on_epoch(result);
  if (record_.figures_due == result.epoch) draw(model_, result);
}

bool Run::figures_due_at(std::int64_t epoch) const {
  return record_.figures &&
         (epoch == 1 || epoch % 5 == 0 || epoch == identity_.options.epochs || stopped_early());
}

/// The figures that a killed process did not finish. Their model is the one of the state, or, if
/// the run went on, that of the checkpoint; later epochs draw their own.
void Run::draw_due() {
  const std::int64_t due = record_.figures_due;
  const TrainPosition& at = trainer_.position();
  if (due == 0 || due > at.epochs_done) return;
  const std::vector<EpochResult> log = read_metrics(paths_.metrics);
  const auto line = std::ranges::find(log, due, &EpochResult::epoch);
  if (line == log.end()) return;
  if (due == at.epochs_done && at.step == 0) {
    draw(model_, *line);
  } else if (fs::exists(paths_.checkpoint)) {
    const Checkpoint checkpoint = load_checkpoint(paths_.checkpoint);
    if (checkpoint.facts.epochs == due) draw(*checkpoint.model, *line);
  }
}

void Run::draw(const Model& model, const EpochResult& result) {
  if (!watcher_->draw_figures(model, result)) return;
  record_.figures_due = 0;
  keep_lock();
  saving([&] { save_record(); });
}

void Run::save_epoch(const EpochResult& result) {
  const bool best = result.validation_mse && *result.validation_mse < best_validation_;
  if (best) {
    best_validation_ = *result.validation_mse;
    best_epoch_ = result.epoch;
  }
  record_.epochs = result.epoch;
  record_.test_mse = result.test_mse;
  const bool due = figures_due_at(result.epoch);
  if (due) record_.figures_due = result.epoch;
  const TrainOptions& options = identity_.options;
  const CheckpointFacts facts{data_.name,
                              data_.sha256,
                              data_.class_names,
                              options.seed,
                              result.epoch,
                              result.train_loss,
                              result.test_mse,
                              version(),
                              kernels_,
                              recipe_record(options),
                              to_json(RunRecord{options, identity_.validation}).dump()};
  // The record comes first: figures that are due are known before the state says that the epoch is
  // done, and a run that is killed before its first state is known as one that may start again.
  if (old_run_here_) {
    replace_old_run(facts);
  } else {
    if (!record_saved_ || due) save_record();
    save_checkpoint(paths_.checkpoint, model_, facts);
  }
  note_written(paths_.checkpoint);
  if (best) {
    save_checkpoint(paths_.best, model_, facts);
    note_written(paths_.best);
  }
  append_metrics(paths_.metrics, result);
  note_written(paths_.metrics);
  watcher_->before_save(result);
  save_state();
}

/// The old state goes first: no run may be resumed from it without its other files.
void Run::replace_old_run(const CheckpointFacts& facts) {
  const Staged staged{staged_for(paths_.checkpoint)};
  save_checkpoint(staged.path, model_, facts);
  remove_file(paths_.state);
  save_record();
  move_file(staged.path, paths_.checkpoint);
  sync_folder(paths_.checkpoint.parent_path());
  for (const fs::path& old : {paths_.best, paths_.metrics}) remove_file(old);
  for (const fs::path& pack : packs_of(paths_)) remove_file(pack);
  if (!split_) remove_file(paths_.images);
  watcher_->on_replaced();
  old_run_here_ = false;
}

void Run::save_stop() {
  watcher_->before_stop();
  if (!record_saved_) save_record();
  save_state();
}

void Run::save_state() {
  save_run_state(
      paths_.state,
      {identity_, trainer_.position(), best_validation_, kernels_, best_epoch_, version()}, model_,
      trainer_.adam());
  note_written(paths_.state);
  saved_ = trainer_.position();
}

void Run::save_record() {
  if (split_ && !record_saved_) {
    write_split_record(paths_.images, *split_);
    note_written(paths_.images);
  }
  write_file(paths_.record, record_text(record_));
  note_written(paths_.record);
  record_saved_ = true;
}

void finish_record(const RunPaths& paths, std::optional<RecordFile>& record, bool extendable) {
  remove_incomplete(paths);  // of a process that was killed just here
  if (record) {
    if (record->finished.empty()) record->finished = utc_now();
    const std::string text = record_text(*record);
    write_file(paths.record, text);
  }
  // The record comes first: a run without a state is known as finished by it.
  if (!extendable) remove_file(paths.state);
}

void Run::finish() {
  std::optional<RecordFile> record = record_;
  finish_record(paths_, record, !identity_.options.schedule.needs_total());
  note_written(paths_.record);
  if (!fs::exists(paths_.state)) std::erase(written_, paths_.state);
}

void Run::keep_lock() {
  const fs::path folder = paths_.checkpoint.parent_path();
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    fail_file("train",
              "the folder {} was removed during the run, with all its files: start the run again",
              folder.string());
  }
  claim_.lock->keep();
}

template <typename Save>
void Run::saving(const Save& save) {
  try {
    save();
  } catch (const Error& error) {
    if (saved_ && saved_->epochs_done >= identity_.options.epochs) {
      throw error.followed_by(": the trained model is saved");
    }
    std::error_code ignored;
    if (saved_ && fs::exists(paths_.state, ignored)) {
      throw error.followed_by(
          fmt::format(": fix that, then `resume` continues from epoch {}, step {}",
                      saved_->epochs_done + 1, saved_->step + 1));
    }
    if (!saved_ && !fs::exists(paths_.checkpoint, ignored)) fs::remove(paths_.record, ignored);
    throw error.followed_by(": nothing of this run is saved; fix that, then start it again");
  }
}

void Run::note_written(const fs::path& path) {
  if (std::find(written_.begin(), written_.end(), path) != written_.end()) return;
  // The checkpoint is what a reader looks for.
  written_.insert(path == paths_.checkpoint ? written_.begin() : written_.end(), path);
}

}  // namespace hourglass
