#include "hourglass/train/run.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/base/version.h"
#include "hourglass/models/registry.h"
#include "hourglass/train/kernels_text.h"
#include "hourglass/train/metrics_log.h"
#include "hourglass/train/run_record.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

// Suffixes of a run's files beside the checkpoint.
constexpr const char* kBest = ".best";
constexpr const char* kPrevious = ".previous";
constexpr const char* kResume = ".resume";

void check_name(const std::string& name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  if (!std::all_of(name.begin(), name.end(), allowed)) {
    fail("train", "name is '{}': use letters, digits, '-', '_' and '.' only", name);
  }
  for (const char* ending : {kBest, kPrevious, kResume}) {
    if (name.ends_with(ending)) {
      fail("train", "name is '{}': files of a run without that name end so; use another", name);
    }
  }
}

const RunPaths& in_made_folder(const RunPaths& paths) {
  make_folder(paths.checkpoint.parent_path());
  return paths;
}

fs::path with_suffix(const fs::path& stem, const std::string& suffix) {
  return stem.string() + suffix;
}

/// The path of a complete new file until the file of the old run has been moved away.
fs::path staged_for(const fs::path& path) {
  return with_suffix(path, ".new");
}

/// Removes incomplete files of a killed run. Only for the holder of the lock.
void remove_incomplete(const RunPaths& paths) {
  const auto files = {paths.checkpoint, paths.best, paths.previous, paths.state, paths.metrics};
  for (const fs::path& path : files) remove_file(staged_for(path));
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(paths.lock.parent_path(), error)) {
    if (!is_temporary_file(entry.path())) continue;
    fs::path path = entry.path().parent_path() / entry.path().stem().stem();  // without .tmp.PID
    if (path.extension() == ".new") path.replace_extension();
    if (std::find(files.begin(), files.end(), path) != files.end()) remove_file(entry.path());
  }
}

/// A clause for messages if the checkpoint was imported, otherwise "".
std::string origin_of(const fs::path& checkpoint) {
  if (!fs::exists(checkpoint)) return "";
  const std::string files = load_checkpoint(checkpoint).facts.imported;
  if (files.empty()) return "";
  return fmt::format(", since the model beside it was imported from {}", files);
}

/// Whether a run was killed between saving its first two files: there is no state, the checkpoint
/// is of one epoch, and the finished checkpoint before it is kept as `.previous`, which must stay.
bool left_by_a_kill(const RunPaths& paths) {
  if (fs::exists(paths.state) || !fs::exists(paths.checkpoint) || !fs::exists(paths.previous)) {
    return false;
  }
  try {
    return load_checkpoint(paths.checkpoint).facts.epochs == 1;
  } catch (const Error&) {
    return false;
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

}  // namespace

RunPaths run_paths(const fs::path& out, std::string_view model, const std::string& dataset,
                   std::int64_t latent_dim, const std::string& name) {
  check_name(name);
  const ModelKind& kind = model_kind(model);
  const std::string suffix = name.empty() ? "" : "_" + name;
  const fs::path stem = out / "models" / kind.name / (run_stem(kind, dataset, latent_dim) + suffix);
  RunPaths paths;
  paths.checkpoint = with_suffix(stem, ".safetensors");
  paths.best = with_suffix(stem, fmt::format("{}.safetensors", kBest));
  paths.previous = with_suffix(stem, fmt::format("{}.safetensors", kPrevious));
  paths.state = with_suffix(stem, fmt::format("{}.safetensors", kResume));
  paths.metrics = with_suffix(stem, ".metrics.jsonl");
  paths.lock = with_suffix(stem, ".lock");
  paths.figures = out / "visu" / fmt::format("{}_{}{}", dataset, kind.folder, suffix);
  return paths;
}

Run::Run(Model& model, const Dataset& data, const RowSource& validation,
         const TrainOptions& options, const RunPaths& paths, StartMode mode, ThreadPool& pool)
    : model_(model),
      data_(data),
      identity_{model.describe().dump(), data.sha256, options, validation.count()},
      paths_(in_made_folder(paths)),
      lock_(paths.lock, {fmt::format("training {}", paths.checkpoint.lexically_normal().string()),
                         "wait for its end, or give this run a `name`"}),
      trainer_(model, data, options, pool, validation),
      kernels_(kernels_text()) {
  if (lock_.held()) {
    remove_incomplete(paths);
  } else {
    notes_.push_back(
        fmt::format("the file system of {} has no locks: do not start a second run there",
                    paths.lock.parent_path().string()));
  }
  { const AtomicFile probe(paths.checkpoint); }  // fails now, not after an epoch
  const bool state_here = fs::exists(paths.state);
  if (mode == StartMode::resume) {
    if (!state_here) {
      fail_file("resume", "there is no {}{}: leave `resume` out to start a run",
                paths.state.string(), origin_of(paths.checkpoint));
    }
    const RunState state = load_run_state(paths.state, identity_, model, trainer_.adam());
    trainer_.resume(state.position);
    best_validation_ = state.best_validation;
    saved_ = state.position;
    notes_.push_back(fmt::format("continuing from epoch {}, step {}",
                                 state.position.epochs_done + 1, state.position.step + 1));
    kernels_ = kernels_gone_on_with(state.kernels);
    if (!same_bits(kernels_, kernels_text())) {
      notes_.push_back(
          fmt::format("the run began with kernels {} and continues with {}: the bits may "
                      "differ from those of an uninterrupted run",
                      kernels_.substr(0, kernels_.find(';')), kernels_text()));
    }
    if (fs::exists(paths.metrics)) trim_metrics(paths.metrics, state.position.epochs_done);
    return;
  }
  if (mode == StartMode::fresh && state_here && !peek_run_state(paths.state).finished()) {
    fail("train", "{} is of an unfinished run: `resume` continues it, `overwrite` starts again",
         paths.state.string());
  }
  old_run_here_ = state_here || fs::exists(paths.checkpoint) || fs::exists(paths.metrics);
  keeps_previous_ = !left_by_a_kill(paths);
  if (!keeps_previous_) {
    notes_.push_back(fmt::format(
        "{} is of a run that was killed in its first epoch: it is replaced, and {} stays",
        paths.checkpoint.string(), paths.previous.string()));
  } else if (fs::exists(paths.checkpoint)) {
    notes_.push_back(
        fmt::format("the checkpoint that was here will be kept as {}", paths.previous.string()));
  }
}

bool Run::train(TrainObserver& watcher) {
  watcher_ = &watcher;
  const bool done = trainer_.run(*this);
  // After a whole epoch everything is saved already.
  if (!done && trainer_.position().step > 0) {
    keep_lock();
    saving([&] { save_state(); });
  }
  return done;
}

void Run::on_step(std::int64_t epoch, std::int64_t images_done, std::int64_t images, double loss,
                  double images_per_second) {
  watcher_->on_step(epoch, images_done, images, loss, images_per_second);
}

bool Run::stop_requested() {
  return watcher_->stop_requested();
}

void Run::on_epoch(const EpochResult& result) {
  keep_lock();
  saving([&] {
    save_epoch(result);
    watcher_->on_epoch(result);
  });
}

void Run::save_epoch(const EpochResult& result) {
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
  const auto save = [&](const fs::path& path) { save_checkpoint(path, model_, facts); };
  put(paths_.checkpoint, save);
  if (result.validation_mse && *result.validation_mse < best_validation_) {
    best_validation_ = *result.validation_mse;
    put(paths_.best, save);
  }
  append_metrics(paths_.metrics, result);
  note_written(paths_.metrics);
  save_state();
}

void Run::keep_lock() {
  const fs::path folder = paths_.checkpoint.parent_path();
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    fail("train",
         "the folder {} was removed during the run, with all its files: start the run again",
         folder.string());
  }
  lock_.keep();
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
    throw error.followed_by(": nothing of this run is saved; fix that, then start it again");
  }
}

template <typename Write>
void Run::put(const fs::path& path, const Write& write) {
  if (old_run_here_) {
    const Staged staged{staged_for(path)};
    write(staged.path);
    set_old_run_aside(staged.path, path);
  } else {
    write(path);
  }
  note_written(path);
}

/// At every moment either the old checkpoint or the new one is complete under its name. The old
/// state is removed first: no run may be resumed from it without its other files.
void Run::set_old_run_aside(const fs::path& staged, const fs::path& path) {
  if (keeps_previous_ && fs::exists(paths_.checkpoint)) keep_as_previous();
  for (const fs::path& old : {paths_.state, paths_.best, paths_.metrics}) remove_file(old);
  move_file(staged, path);
  if (path != paths_.checkpoint) remove_file(paths_.checkpoint);
  sync_folder(path.parent_path());
  old_run_here_ = false;
}

void Run::keep_as_previous() {
  std::error_code error;
  // After a killed run both may be the same file already; renaming one link to the other would do
  // nothing.
  if (!fs::equivalent(paths_.checkpoint, paths_.previous, error)) {
    const Staged copy{staged_for(paths_.previous)};
    fs::create_hard_link(paths_.checkpoint, copy.path, error);
    if (error) write_file(copy.path, read_file(paths_.checkpoint));  // no links on this file system
    move_file(copy.path, paths_.previous);
  }
  note_written(paths_.previous);
}

void Run::save_state() {
  put(paths_.state, [&](const fs::path& path) {
    save_run_state(path, {identity_, trainer_.position(), best_validation_, kernels_}, model_,
                   trainer_.adam());
  });
  saved_ = trainer_.position();
}

void Run::note_written(const fs::path& path) {
  if (std::find(written_.begin(), written_.end(), path) == written_.end()) {
    written_.push_back(path);
  }
}

}  // namespace hourglass
