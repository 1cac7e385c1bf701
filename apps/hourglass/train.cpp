// hourglass train: a run from the data to its checkpoint and figures.

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "common.h"
#include "hourglass/base/machine.h"
#include "hourglass/data/split.h"
#include "hourglass/lab/figure_folder.h"
#include "hourglass/lab/gallery.h"
#include "hourglass/lab/loss_figure.h"
#include "hourglass/lab/tensorboard_log.h"
#include "hourglass/models/registry.h"
#include "hourglass/train/metrics_log.h"
#include "hourglass/train/run.h"
#include "hourglass/train/run_state.h"
#include "interrupt.h"
#include "model_flags.h"
#include "terminal.h"
#include "verbs.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

struct TrainFlags {
  Common common;
  std::string model = "AE";
  std::map<std::string, std::string> model_options;  // by name; "": not given
  std::string dataset = "mnist";
  std::int64_t latent_dim = 32;
  std::string recipe = "plain";
  // 0, -1 and no value: the recipe's.
  TrainOptions options{.epochs = 0, .batch_size = 0, .learning_rate = 0.0, .weight_decay = -1.0};
  std::string augment;
  std::int64_t validation = 0;
  bool visualize = false;
  fs::path tensorboard;  // empty: none
  std::string name;
  bool resume = false;
  bool overwrite = false;
};

/// Shows the progress of a run: a bar on a terminal, a line for each epoch and figure. Draws the
/// figures and writes the log for TensorBoard.
class Watcher : public TrainObserver {
 public:
  Watcher(const TrainFlags& flags, const Model& model, const Dataset& data, const RunPaths& paths,
          FigureFolder& folder, TensorBoardLog* log, ThreadPool& pool)
      : flags_(flags),
        model_(model),
        data_(data),
        paths_(paths),
        folder_(folder),
        log_(log),
        pool_(pool) {}

  void on_step(std::int64_t epoch, std::int64_t images_done, std::int64_t images, double loss,
               double images_per_second) override {
    if (log_ != nullptr) log_->on_step(epoch, images_done, loss);
    if (flags_.common.quiet || !progress_wanted()) return;
    if (!bar_) {
      bar_ = make_progress(fmt::format("epoch {}/{}", epoch, flags_.options.epochs), false);
    }
    bar_->update(static_cast<double>(images_done) / static_cast<double>(images),
                 fmt::format("loss {:.5f}  {:.0f} images/s", loss, images_per_second));
  }

  void on_epoch(const EpochResult& r) override {
    bar_.reset();
    if (log_ != nullptr) log_->on_epoch(r);
    if (!flags_.common.quiet) {
      const std::string validation =
          r.validation_mse ? fmt::format("  validation {:.5f}", *r.validation_mse) : "";
      say(stdout,
          fmt::format("epoch {:>{}}/{}  train {:.5f}{}  test {:.5f}  {:.2f} dB  {:.0f} images/s  "
                      "{:.1f} s\n",
                      r.epoch, fmt::formatted_size("{}", flags_.options.epochs),
                      flags_.options.epochs, r.train_loss, validation, r.test_mse, r.psnr,
                      r.images_per_second, r.seconds));
      std::fflush(stdout);
    }
    const bool due = r.epoch == 1 || r.epoch % 5 == 0 || r.epoch == flags_.options.epochs;
    if (flags_.visualize && due) draw(r);
  }

  bool stop_requested() override { return interrupted(); }

  const std::vector<fs::path>& written() const { return written_; }

 private:
  void draw(const EpochResult& r) {
    folder_.open();
    CheckpointFacts facts;
    facts.dataset = data_.name;
    facts.seed = flags_.options.seed;
    facts.epochs = r.epoch;
    facts.test_mse = r.test_mse;
    Gallery gallery{model_, data_, facts, paths_.figures, {FigureFormat::png}, pool_};
    const auto paths =
        draw_figures(gallery, kFigureKinds, parse_pair("", data_), flags_.common.quiet);
    written_.insert(written_.end(), paths.begin(), paths.end());
  }

  const TrainFlags& flags_;
  const Model& model_;
  const Dataset& data_;
  const RunPaths& paths_;
  FigureFolder& folder_;
  TensorBoardLog* log_;  // may be null
  ThreadPool& pool_;
  std::unique_ptr<Progress> bar_;
  std::vector<fs::path> written_;
};

/// The recipe's options, replaced by the flags that were given. The epochs of a recipe that counts
/// steps are still 0.
TrainOptions chosen_options(const TrainFlags& flags) {
  TrainOptions options = as_call_error([&] { return find_recipe(flags.recipe).options; });
  const TrainOptions& given = flags.options;
  if (given.epochs > 0) options.epochs = given.epochs;
  if (given.batch_size > 0) options.batch_size = given.batch_size;
  if (given.learning_rate > 0.0) options.learning_rate = given.learning_rate;
  if (given.weight_decay >= 0.0) options.weight_decay = given.weight_decay;
  options.lanes = given.lanes;
  options.seed = given.seed;
  as_call_error([&] {
    if (!flags.augment.empty()) options.augmentation = parse_augmentation(flags.augment);
    TrainOptions checked = options;
    if (checked.epochs == 0) checked.epochs = 1;  // set once the images are counted
    check_options(checked);
  });
  return options;
}

/// The model's options that were given, checked by the kind's table; for --resume also those that
/// the run began with.
OptionValues chosen_model_options(const TrainFlags& flags, const fs::path& state) {
  const ModelKind& kind = model_kind(flags.model);
  OptionValues chosen;
  if (flags.resume && fs::exists(state)) {
    const ModelConfig recorded =
        model_config(nlohmann::json::parse(peek_run_state(state).identity.model));
    if (recorded.kind == kind.name) chosen = recorded.options;
  }
  for (const auto& [name, text] : flags.model_options) {
    if (text.empty()) continue;
    chosen[name] = parse_option(find_option(kind.options, kind.name, name), text);
  }
  return chosen;
}

/// Prints the memory that a run needs if it is more than half of what was free before.
void note_memory(const Common& common, std::int64_t needed, std::optional<std::uint64_t> free) {
  if (!free || static_cast<std::uint64_t>(needed) <= *free / 2) return;
  note(common, fmt::format("this run needs about {:.1f} GB of the {:.1f} GB of free memory: fewer "
                           "--threads or --lanes or a smaller --latent_dim need less",
                           1e-9 * static_cast<double>(needed), 1e-9 * static_cast<double>(*free)));
}

/// The call that continues a run: the same flags, and --resume.
std::string resume_call(const TrainFlags& f) {
  const TrainFlags usual;
  const TrainOptions recipe = find_recipe(f.recipe).options;
  std::string call = fmt::format("hourglass train --dataset {} --latent_dim {} --epochs {}",
                                 quoted(f.dataset), f.latent_dim, f.options.epochs);
  const auto add = [&](std::string_view flag, const auto& value, const auto& fallback) {
    if (value != fallback) call += fmt::format(" --{} {}", flag, value);
  };
  add("model", f.model, usual.model);
  add("recipe", f.recipe, usual.recipe);
  add("batch_size", f.options.batch_size, recipe.batch_size);
  add("learning_rate", f.options.learning_rate, recipe.learning_rate);
  for (const auto& [name, text] : f.model_options) {
    if (text.empty()) continue;
    call += " --" + name;
    if (text != "true") call += fmt::format(" {}", quoted(text));
  }
  add("weight_decay", f.options.weight_decay, recipe.weight_decay);
  add("augment", augmentation_text(f.options.augmentation), augmentation_text(recipe.augmentation));
  add("lanes", f.options.lanes, usual.options.lanes);
  add("seed", f.options.seed, usual.options.seed);
  add("validation", f.validation, usual.validation);
  add("name", f.name, usual.name);
  if (!f.tensorboard.empty()) call += " --tensorboard " + quoted(f.tensorboard.string());
  add("kernels", f.common.kernels, usual.common.kernels);
  if (f.common.image_size) {
    call +=
        fmt::format(" --image_size {}x{}", f.common.image_size->height, f.common.image_size->width);
  }
  return with_folders(call + (f.visualize ? " --visualize --resume" : " --resume"), f.common);
}

/// The log that --tensorboard asks for, or null.
std::unique_ptr<TensorBoardLog> tensorboard_log(const TrainFlags& flags, const Model& model,
                                                const Dataset& data, const RowSource& validation,
                                                const RunPaths& paths, const Run& run) {
  if (flags.tensorboard.empty()) return nullptr;
  LoggedRun logged;
  logged.name = checkpoint_stem(paths.checkpoint);
  logged.identity =
      fmt::format("{} {} {} seed {} validation {}", model.describe().dump(), data.sha256,
                  recipe_text(flags.options), flags.options.seed, validation.count());
  logged.images = data.train.count();
  logged.batch_size = flags.options.batch_size;
  logged.start = run.position();
  logged.resumed = flags.resume;
  if (flags.resume) logged.earlier = read_metrics(paths.metrics);
  return std::make_unique<TensorBoardLog>(flags.tensorboard, std::move(logged));
}

int train(const TrainFlags& given) {
  as_call_error([&] {
    const ModelKind& kind = model_kind(given.model);
    for (const auto& [name, text] : given.model_options) {
      if (text.empty()) continue;
      parse_option(find_option(kind.options, kind.name, name), text);
    }
  });
  TrainFlags flags = given;
  flags.options = chosen_options(given);
  if (flags.resume && flags.overwrite) {
    fail_call("train", "--resume continues a run and --overwrite starts again: give one of them");
  }
  const auto free = free_memory();
  ThreadPool pool(make_pool(flags.common));
  Dataset data = open_data(flags.dataset, flags.common);
  const RowSource validation = hold_out(data.train, flags.validation, flags.options.seed);
  if (flags.options.epochs == 0) {
    flags.options.epochs =
        recipe_epochs(find_recipe(flags.recipe), data.train.count(), flags.options.batch_size);
  }
  const RunPaths paths =
      run_paths(flags.common.out, flags.model, data.name, flags.latent_dim, flags.name);
  const auto model = make_model(flags.model, data.shape,
                                {.latent_dim = flags.latent_dim,
                                 .options = chosen_model_options(flags, paths.state),
                                 .classes = data.classes()},
                                flags.options.seed);
  const StartMode mode = flags.resume      ? StartMode::resume
                         : flags.overwrite ? StartMode::overwrite
                                           : StartMode::fresh;
  note_memory(flags.common, Trainer::bytes(*model, data, validation, flags.options, pool.size()),
              free);
  Run run(*model, data, validation, flags.options, paths, mode, pool);
  const auto log = tensorboard_log(flags, *model, data, validation, paths, run);
  FigureFolder folder(paths.figures,
                      {checkpoint_stem(paths.checkpoint), flags.model, data.name, data.sha256,
                       flags.latent_dim, flags.options.seed},
                      mode == StartMode::resume ? FigureFolder::Owner::as_recorded
                                                : FigureFolder::Owner::other_run);
  folder.hold();
  if (!flags.common.quiet) {
    say("{} d {} on {}: {} training images of {}, {} test images, {} parameters; {} threads, {}\n",
        flags.model, flags.latent_dim, data.name, data.train.count(), data.shape.text(),
        data.test.count(), model->parameter_list().state_count(), pool.size(), kernels().name);
    say("{}; {} epochs\n", recipe_text(flags.options), flags.options.epochs);
    if (data.train.count() < kSmallSet && flags.recipe != "small") {
      say("{} training images are few: --recipe small with --augment shift:2 (and flip, if "
          "mirrored images mean the same) is likely to give a better model\n",
          data.train.count());
    }
  }
  if (images_are_equal(data.train)) {
    note(flags.common, "all training images are equal: there is only that image to learn");
  }
  for (const std::string& sentence : run.notes()) note(flags.common, sentence);

  catch_interrupts();
  Watcher watcher(flags, *model, data, paths, folder, log.get(), pool);
  const bool done = run.train(watcher);
  if (log) log->stop();

  std::vector<fs::path> written = run.written();
  written.insert(written.end(), watcher.written().begin(), watcher.written().end());
  if (log) written.insert(written.end(), log->written().begin(), log->written().end());
  const std::string name = checkpoint_name(paths.checkpoint);
  if (run.position().epochs_done > 0 && (done || !interrupted())) {
    try {
      folder.open();
      const auto drawn = draw_loss(paths, data, *model, flags.options.seed, pool);
      written.insert(written.end(), drawn.begin(), drawn.end());
    } catch (const Error& error) {
      throw error.followed_by(
          fmt::format(": the trained model is saved; fix that, then draw it with {}",
                      with_folders("hourglass visualize " + name, flags.common)));
    }
    written.push_back(folder.facts_path());
  }
  if (done) {
    print_written(written,
                  with_folders(fmt::format("hourglass eval {}", name), flags.common, flags.dataset),
                  flags.common);
    return kDone;
  }
  note(flags.common, fmt::format("stopped at epoch {}, step {}; everything is saved",
                                 run.position().epochs_done + 1, run.position().step));
  print_written(written, resume_call(flags), flags.common);
  return interrupt_status();
}

/// "plain, fast ...; plain: WHAT IT IS; ...": every recipe with its summary.
std::string recipe_help() {
  std::string names, text;
  for (const Recipe& r : recipes()) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", r.options.recipe);
    text += fmt::format("; {}: {}", r.options.recipe, r.summary);
  }
  return names + text;
}

/// The defaults of a flag, by recipe: "50; fast: 5".
template <typename T>
std::string recipe_defaults(T TrainOptions::*part) {
  std::string text;
  for (const Recipe& r : recipes()) {
    if (r.steps > 0 && !(r.options.*part > T{})) continue;  // follows from the number of images
    text += text.empty() ? fmt::format("{}", r.options.*part)
                         : fmt::format("; {}: {}", r.options.recipe, r.options.*part);
  }
  return text;
}

}  // namespace

Action add_train(CLI::App& app) {
  const auto flags = std::make_shared<TrainFlags>();
  flag_group(app, "Model");
  text_flag(app, flags->model, {"--model", "KIND", kinds_help().c_str()});
  count_flag(app, flags->latent_dim,
             {"--latent_dim", "D",
              "latent dimension: size of an image's latent vector; more keeps more detail"},
             1, 4096);
  model_option_flags(app, flags->model_options);
  flag_group(app, "Data");
  text_flag(app, flags->dataset,
            {"--dataset", "NAME|PATH",
             "mnist, fashion_mnist, strokes; or a folder of images or a .npz of your own"});
  count_flag(app, flags->validation,
             {"--validation", "N",
              "training images held out to choose the best epoch, which is saved as .best"},
             0);
  data_flags(app, flags->common);
  flag_group(app, "Training");
  text_flag(app, flags->recipe, {"--recipe", "NAME", recipe_help().c_str()});
  const std::string epochs = recipe_defaults(&TrainOptions::epochs);
  const std::string batch_size = recipe_defaults(&TrainOptions::batch_size);
  const std::string learning_rate = recipe_defaults(&TrainOptions::learning_rate);
  const std::string weight_decay = recipe_defaults(&TrainOptions::weight_decay);
  count_flag(app, flags->options.epochs,
             {"--epochs", "N", "total passes over the data; with --resume, including those before",
              epochs.c_str()},
             1);
  count_flag(app, flags->options.batch_size,
             {"--batch_size", "N", "images per step; larger gives less noisy but fewer steps",
              batch_size.c_str()},
             1);
  positive_flag(app, flags->options.learning_rate,
                {"--learning_rate", "RATE",
                 "of Adam (its peak, if it changes); larger learns faster until it diverges",
                 learning_rate.c_str()});
  nonnegative_flag(
      app, flags->options.weight_decay,
      {"--weight_decay", "W", "each step shrinks the weights by W times the rate (AdamW)",
       weight_decay.c_str()});
  text_flag(app, flags->augment,
            {"--augment", "flip,shift:N",
             "mirror half of the training images; shift each by up to N pixels", "none"});
  count_flag(app, flags->options.lanes,
             {"--lanes", "1|2|4|8|16",
              "parts of a batch with separate sums of gradients: at most as many threads help; "
              "another number rounds differently and is another run"},
             1, kMostLanes);
  seed_flag(app, flags->options.seed,
            {"--seed", "N", "the same seed gives the same result, to the bit"});
  flag_group(app, "Files");
  switch_flag(app, flags->visualize, "--visualize",
              "draw the figures; at epoch 1, at every fifth and at the last");
  path_flag(
      app, flags->tensorboard,
      {"--tensorboard", "DIR", "write the losses of every epoch for `tensorboard --logdir DIR`"});
  out_flag(app, flags->common);
  text_flag(app, flags->name,
            {"--name", "NAME", "added to the names of the run's files; keeps several runs"});
  switch_flag(app, flags->resume, "--resume", "continue the run of that name, bit for bit");
  switch_flag(app, flags->overwrite, "--overwrite", "start again over an unfinished run");
  flag_group(app, "Machine");
  machine_flags(app, flags->common);
  quiet_flag(app, flags->common);
  return [flags] { return train(*flags); };
}

}  // namespace hourglass::cli
