// hourglass train: a run from the data to its checkpoint and figures.

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "common.h"
#include "hourglass/base/impl/json.h"
#include "hourglass/base/machine.h"
#include "hourglass/data/split.h"
#include "hourglass/kernels/kernels.h"
#include "hourglass/lab/loss_figure.h"
#include "hourglass/lab/tensorboard_log.h"
#include "hourglass/lab/verdict.h"
#include "hourglass/models/registry.h"
#include "hourglass/train/metrics_log.h"
#include "hourglass/train/run.h"
#include "interrupt.h"
#include "run_data.h"
#include "terminal.h"
#include "train_already.h"
#include "train_flags.h"
#include "train_watcher.h"
#include "verbs.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

/// The run that the flags ask for.
ClaimedRun claim(const TrainFlags& flags, const Dataset& data) {
  RunRequest request;
  request.base = run_paths(flags.common.out, flags.model, data.name, flags.latent_dim, flags.name);
  request.named = !flags.name.empty();
  request.mode = flags.resume      ? StartMode::resume
                 : flags.overwrite ? StartMode::overwrite
                                   : StartMode::fresh;
  const auto identity = [&](const RunIdentity* recorded) {
    const AskedRun asked = asked_run(flags, data, recorded);
    const auto model = make_model(flags.model, data.shape, asked.model, asked.options.seed);
    return RunIdentity{model->describe().dump(), data.sha256, asked.options, asked.validation};
  };
  // What is wrong with the model or its images is found before any folder is made.
  const RunIdentity new_run = identity(nullptr);
  request.identity = [&](const RunIdentity* recorded) {
    return recorded == nullptr ? new_run : identity(recorded);
  };
  return claim_run(request);
}

/// Prints the memory that a run needs if it is more than half of what was free before.
void note_memory(const Common& common, std::int64_t needed, std::optional<std::uint64_t> free) {
  if (!free || static_cast<std::uint64_t>(needed) <= *free / 2) return;
  note(common, fmt::format("this run needs about {:.1f} GB of the {:.1f} GB of free memory: fewer "
                           "--threads or --lanes or a smaller --latent_dim need less",
                           1e-9 * static_cast<double>(needed), 1e-9 * static_cast<double>(*free)));
}

/// The log that --tensorboard asks for, or null.
std::unique_ptr<TensorBoardLog> tensorboard_log(const TrainFlags& flags, const Model& model,
                                                const Dataset& data, const RowSource& validation,
                                                const Run& run, bool continues) {
  if (flags.tensorboard.empty()) return nullptr;
  LoggedRun logged;
  logged.name = run.paths().run;
  logged.identity =
      fmt::format("{} {} {} seed {} validation {}", model.describe().dump(), data.sha256,
                  recipe_text(flags.options), flags.options.seed, validation.count());
  logged.images = data.train.count();
  logged.batch_size = flags.options.batch_size;
  logged.start = run.position();
  logged.resumed = continues;
  if (continues) logged.earlier = read_metrics(run.paths().metrics);
  return std::make_unique<TensorBoardLog>(flags.tensorboard, std::move(logged));
}

/// "1 epoch", "2 epochs".
std::string counted(std::int64_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

void print_start(const TrainFlags& flags, const Model& model, const Dataset& data,
                 const RowSource& validation, const std::string& name, const ThreadPool& pool) {
  if (flags.common.quiet) return;
  say("{}: {} d {} on {}: {} training images of {}, {}{} test images, {} parameters; {} threads, "
      "{}; images {}\n",
      name, flags.model, flags.latent_dim, data.name, data.train.count(), data.shape.text(),
      validation.count() > 0 ? counted(validation.count(), "validation image") + ", " : "",
      data.test.count(), model.parameter_list().state_count(), pool.size(), kernels().name,
      data.source == "built in" ? data.source : "from " + data.source);
  say("{}; {}{}\n", recipe_text(flags.options), counted(flags.options.epochs, "epoch"),
      flags.options.patience > 0
          ? fmt::format(", or {} without a smaller validation error", flags.options.patience)
          : "");
  if (data.train.count() < kSmallSet && flags.recipe != "small") {
    say("{} training images are few: --recipe small with --augment shift:2 (and flip, if mirrored "
        "images mean the same) is likely to give a better model\n",
        data.train.count());
  }
  std::fflush(stdout);
}

/// PCA of the same dimension and the mean image; nothing, with a note, if they cannot be measured.
std::optional<Baselines> baselines_of(const TrainFlags& flags, const Dataset& data,
                                      ThreadPool& pool) {
  try {
    return measure_baselines(data, flags.latent_dim, pool);
  } catch (const Error& error) {
    note(flags.common, fmt::format("PCA is left out: {}", error.reason()));
    return std::nullopt;
  }
}

/// Which epoch is kept as .best; or, without validation images, which flag would have chosen one.
void print_choice(const std::vector<EpochResult>& log, const RunPaths& paths, const Dataset& data) {
  const auto error = [](const EpochResult& r) { return r.validation_mse.value_or(r.test_mse); };
  const EpochResult& best = *std::ranges::min_element(log, {}, error);
  if (best.validation_mse) {
    say("best: epoch {}, validation {}, kept as {}.best\n", best.epoch, short_error(error(best)),
        paths.run);
  } else if (log.size() > 1) {
    const std::string smallest =
        best.epoch == log.back().epoch
            ? "no image held out chose the epoch"
            : fmt::format(
                  "epoch {} had the smallest test error, {}, but test images choose nothing",
                  best.epoch, short_error(best.test_mse));
    say("{}: --validation {} keeps the best epoch as {}.best\n", smallest,
        std::max<std::int64_t>(data.train.count() / 10, 1), paths.run);
  }
}

/// The call that the verdict advises: the run with one option changed.
std::string remedy_call(const TrainFlags& given, const Verdict& verdict, const Run& run) {
  TrainFlags flags = given;
  std::string more;
  if (verdict.option == "epochs") {
    flags.options.epochs = std::stoll(verdict.value);
    if (!flags.options.schedule.needs_total() && !run.stopped_early()) more = " --resume";
  } else if (verdict.option == "recipe") {
    more = " --recipe " + verdict.value;
  } else if (verdict.option == "augment") {
    flags.options.augmentation = parse_augmentation(verdict.value);
  } else {
    flags.options.learning_rate = std::stod(verdict.value);
  }
  return train_call(flags) + more;
}

/// How much the models of drawn epochs take, if there are some.
void print_kept_models(const FigureFolder& folder) {
  std::int64_t count = 0;
  std::uintmax_t bytes = 0;
  for (const auto& [epoch, map] : folder.data_by_epoch("umap")) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(folder.model(epoch), error);
    if (error) continue;
    ++count;
    bytes += size;
  }
  if (count == 0) return;
  say("the models of {} are kept beside their maps, {:.1f} MB: hourglass explore goes through "
      "them\n",
      counted(count, "drawn epoch"), 1e-6 * static_cast<double>(bytes));
}

/// The last lines of a run that is done.
void print_end(const TrainFlags& flags, const Run& run, const std::optional<Baselines>& baselines,
               const Dataset& data, const FigureFolder& folder, std::vector<fs::path> written) {
  const std::vector<EpochResult> log = read_metrics(run.paths().metrics);
  std::string next = with_folders(
      fmt::format("hourglass eval {}", checkpoint_name(run.paths().checkpoint)), flags.common);
  if (!flags.common.quiet && !log.empty()) {
    if (run.stopped_early()) {
      say("{} without a smaller validation error: the run ends\n",
          counted(flags.options.patience, "epoch"));
    }
    print_choice(log, run.paths(), data);
    RunNumbers numbers{flags.model, log, {}, flags.options};
    if (baselines && baselines->pca) numbers.pca_mse = baselines->pca->mse;
    const Verdict verdict = judge(numbers);
    say(stdout, in_flags(verdict.sentence) + "\n");
    print_kept_models(folder);
    if (verdict.bad() && !verdict.option.empty()) {
      next = remedy_call(flags, verdict, run) + "\nnext: " + next;
    }
  }
  print_written(written, next, flags.common);
}

int stopped(const TrainFlags& flags, const Run& run, const std::vector<fs::path>& written) {
  const TrainPosition& at = run.position();
  if (!run.saved()) {
    note(flags.common, fmt::format("stopped at epoch {}, step {}, before anything was saved: {} is "
                                   "as it was",
                                   at.epochs_done + 1, at.step, run.paths().run));
    print_written(written, train_call(flags) + (flags.overwrite ? " --overwrite" : ""),
                  flags.common);
  } else {
    note(flags.common, fmt::format("stopped at epoch {}, step {}; everything is saved",
                                   at.epochs_done + 1, at.step));
    print_written(written, train_call(flags) + " --resume", flags.common);
  }
  return interrupt_status();
}

int train(const TrainFlags& given) {
  check_train_flags(given);
  TrainFlags flags = given;
  const auto free = free_memory();
  ThreadPool pool(make_pool(flags.common));
  const bool known = is_known_dataset(flags.dataset);
  Dataset data = flags.resume && !known
                     ? open_data_to_resume(flags.dataset, model_kind(flags.model).name,
                                           flags.latent_dim, flags.name, flags.common)
                     : open_data(flags.dataset, flags.common);
  ClaimedRun claimed = claim(flags, data);
  if (claimed.already) return finish_already(flags, std::move(claimed), data, pool);

  std::optional<RunState> recorded;
  if (claimed.mode == StartMode::resume) recorded = peek_run_state(claimed.paths.state);
  const AskedRun asked = asked_run(flags, data, recorded ? &recorded->identity : nullptr);
  flags.options = asked.options;
  RunFacts facts{origin_of(flags, data), flags.visualize};
  const auto held_out = held_out_rows(data.train.count(), asked.validation, flags.options.seed);
  if (!known) facts.split = record_split(data, held_out);
  const RowSource validation = hold_out(data.train, held_out);
  const auto model = make_model(flags.model, data.shape, asked.model, flags.options.seed);
  note_memory(flags.common, Trainer::bytes(*model, data, validation, flags.options, pool.size()),
              free);
  const RunPaths paths = claimed.paths;
  const bool resumes = claimed.mode == StartMode::resume;
  const bool continues = resumes || claimed.restarted;
  Run run(*model, data, validation, flags.options, std::move(claimed), facts, pool);
  const auto log = tensorboard_log(flags, *model, data, validation, run, continues);
  print_start(flags, *model, data, validation, paths.run, pool);
  if (images_are_equal(data.train)) {
    note(flags.common, "all training images are equal: there is only that image to learn");
  }
  for (const std::string& sentence : run.notes()) note(flags.common, sentence);

  catch_interrupts();
  const std::optional<Baselines> baselines = baselines_of(flags, data, pool);
  const FigureFolder folder = figures_of(flags, paths, data, resumes);
  Watched watched{data, flags.options, folder, {}, flags.common.quiet, log.get(), {}, {}};
  if (resumes) watched.earlier = read_metrics(paths.metrics);
  if (baselines) {
    if (baselines->pca) watched.pca_mse = baselines->pca->mse;
    watched.draw_loss = [&] {
      return draw_loss(folder, read_metrics(paths.metrics), data, *model, flags.options.seed,
                       *baselines);
    };
  }
  Watcher watcher(watched, pool);
  const bool done = run.train(watcher);
  std::vector<fs::path> written = run.written();
  written.insert(written.end(), watcher.written().begin(), watcher.written().end());
  if (log) written.insert(written.end(), log->written().begin(), log->written().end());
  if (flags.json) print_run(paths, done, written);
  if (!done) return stopped(flags, run, written);
  if (!flags.json) print_end(flags, run, baselines, data, folder, std::move(written));
  fail_undrawn(watcher, paths, flags.common);
  return kDone;
}

}  // namespace

Action add_train(CLI::App& app) {
  const auto flags = std::make_shared<TrainFlags>();
  declare_train_flags(app, *flags);
  return [flags] {
    if (flags->json) flags->common.quiet = true;
    return train(*flags);
  };
}

}  // namespace hourglass::cli
