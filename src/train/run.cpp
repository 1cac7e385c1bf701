#include "train/run.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/version.h"
#include "train/metrics_log.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

void check_name(const std::string& name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  if (!std::all_of(name.begin(), name.end(), allowed)) {
    fail("train", "name is '{}': use letters, digits, '-', '_' and '.' only", name);
  }
}

const RunPaths& in_made_folder(const RunPaths& paths) {
  make_folder(paths.checkpoint.parent_path());
  return paths;
}

/// Removes what a run that was killed here had begun to write. Only for the lock's holder.
void remove_halves(const RunPaths& paths) {
  const std::string stem = paths.lock.stem().string() + ".";
  for (const auto& entry : fs::directory_iterator(paths.lock.parent_path())) {
    const std::string name = entry.path().filename().string();
    const bool half = name.ends_with(".new") || name.find(".tmp.") != std::string::npos;
    if (half && name.starts_with(stem)) fs::remove(entry.path());
  }
}

/// Of a checkpoint without a state, if that is how it came to be.
std::string origin_of(const fs::path& checkpoint) {
  if (!fs::exists(checkpoint)) return "";
  const std::string files = load_checkpoint(checkpoint).facts.imported;
  if (files.empty()) return "";
  return fmt::format(", since the model beside it was imported from {}", files);
}

fs::path with_suffix(const fs::path& stem, const char* suffix) {
  return stem.string() + suffix;
}

}  // namespace

RunPaths run_paths(const fs::path& out, std::string_view model, const std::string& dataset,
                   std::int64_t latent_dim, const std::string& name) {
  check_name(name);
  const std::string suffix = name.empty() ? "" : "_" + name;
  const fs::path stem =
      out / "models" / std::string(model) / fmt::format("{}_{}{}", dataset, latent_dim, suffix);
  RunPaths paths;
  paths.checkpoint = with_suffix(stem, ".safetensors");
  paths.best = with_suffix(stem, ".best.safetensors");
  paths.previous = with_suffix(stem, ".previous.safetensors");
  paths.state = with_suffix(stem, ".resume.safetensors");
  paths.metrics = with_suffix(stem, ".metrics.jsonl");
  paths.lock = with_suffix(stem, ".lock");
  paths.figures = out / "visu" / fmt::format("{}_autoencoder{}", dataset, suffix);
  return paths;
}

Run::Run(Model& model, const Dataset& data, const Split& validation, const TrainOptions& options,
         const RunPaths& paths, StartMode mode, ThreadPool& pool)
    : model_(model),
      data_(data),
      identity_{model.describe().dump(), data.sha256, options, validation.count()},
      paths_(in_made_folder(paths)),
      lock_(paths.lock, fmt::format("training {}", paths.checkpoint.string())),
      trainer_(model, data, validation, options, pool) {
  if (lock_.held()) {
    remove_halves(paths);
  } else {
    notes_.push_back("the file system has no locks: start no second run in the same place");
  }
  { const AtomicFile probe(paths.checkpoint); }  // better to know now than after an epoch
  const bool state_here = fs::exists(paths.state);
  if (mode == StartMode::resume) {
    if (!state_here) {
      fail("resume", "there is no {}{}: leave --resume out to start a run", paths.state.string(),
           origin_of(paths.checkpoint));
    }
    const RunState state = load_run_state(paths.state, identity_, model, trainer_.adam());
    trainer_.resume(state.position);
    best_validation_ = state.best_validation;
    notes_.push_back(fmt::format("going on from epoch {}, step {}", state.position.epochs_done + 1,
                                 state.position.step + 1));
    if (state.kernels != kernels_text()) {
      notes_.push_back(
          fmt::format("the run began with kernels {} and goes on with {}: the bits may "
                      "differ from an undisturbed run's",
                      state.kernels, kernels_text()));
    }
    if (fs::exists(paths.metrics)) trim_metrics(paths.metrics, state.position.epochs_done);
    return;
  }
  if (mode == StartMode::fresh && state_here && !peek_run_state(paths.state).finished()) {
    fail("train", "{} is of an unfinished run: --resume goes on with it, --overwrite starts anew",
         paths.state.string());
  }
  old_run_here_ = state_here || fs::exists(paths.checkpoint) || fs::exists(paths.metrics);
  if (fs::exists(paths.checkpoint)) {
    notes_.push_back(
        fmt::format("the checkpoint that was here will be kept as {}", paths.previous.string()));
  }
}

bool Run::train(TrainObserver& watcher) {
  watcher_ = &watcher;
  const bool done = trainer_.run(*this);
  // After a whole epoch everything is saved already.
  if (!done && trainer_.position().step > 0) save_state();
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
  const TrainOptions& options = identity_.options;
  const CheckpointFacts facts{
      data_.name,     data_.sha256,          data_.class_names, options.seed,
      result.epoch,   result.train_loss,     result.test_mse,   version(),
      kernels_text(), recipe_record(options)};
  const auto save = [&](const fs::path& place) { save_checkpoint(place, model_, facts); };
  put(paths_.checkpoint, save);
  if (result.validation_mse && *result.validation_mse < best_validation_) {
    best_validation_ = *result.validation_mse;
    put(paths_.best, save);
  }
  append_metrics(paths_.metrics, result);
  note_written(paths_.metrics);
  save_state();
  watcher_->on_epoch(result);
}

template <typename Write>
void Run::put(const fs::path& place, const Write& write) {
  if (old_run_here_) {
    const fs::path staged = place.string() + ".new";
    write(staged);
    set_old_run_aside(staged, place);
  } else {
    write(place);
  }
  note_written(place);
}

/// At every moment either the old checkpoint or the new one is whole and in its place.
void Run::set_old_run_aside(const fs::path& staged, const fs::path& place) {
  old_run_here_ = false;
  if (fs::exists(paths_.checkpoint)) {
    const fs::path link = paths_.previous.string() + ".new";
    std::error_code no_links;
    fs::create_hard_link(paths_.checkpoint, link, no_links);
    fs::rename(no_links ? paths_.checkpoint : link, paths_.previous);
    note_written(paths_.previous);
  }
  for (const fs::path& old : {paths_.best, paths_.metrics, paths_.state}) fs::remove(old);
  fs::rename(staged, place);
  if (place != paths_.checkpoint) fs::remove(paths_.checkpoint);
}

void Run::save_state() {
  put(paths_.state, [&](const fs::path& place) {
    save_run_state(place, {identity_, trainer_.position(), best_validation_, kernels_text()},
                   model_, trainer_.adam());
  });
}

void Run::note_written(const fs::path& path) {
  if (std::find(written_.begin(), written_.end(), path) == written_.end()) {
    written_.push_back(path);
  }
}

}  // namespace hourglass
