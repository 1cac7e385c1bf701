#include "train_flags.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hourglass/train/run_paths.h"
#include "model_flags.h"

namespace hourglass::cli {
namespace {

/// The recipe's options, replaced by the flags that were given. The epochs of a recipe that counts
/// steps are still 0.
TrainOptions chosen_options(const TrainFlags& flags) {
  TrainOptions options = find_recipe(flags.recipe).options;
  const TrainOptions& given = flags.options;
  if (given.epochs > 0) options.epochs = given.epochs;
  if (given.batch_size > 0) options.batch_size = given.batch_size;
  if (given.learning_rate > 0.0) options.learning_rate = given.learning_rate;
  if (given.weight_decay >= 0.0) options.weight_decay = given.weight_decay;
  options.patience = given.patience;
  options.lanes = given.lanes;
  options.seed = given.seed;
  if (!flags.augment.empty()) options.augmentation = parse_augmentation(flags.augment);
  TrainOptions checked = options;
  if (checked.epochs == 0) checked.epochs = 1;  // set once the images are counted
  check_options(checked);
  return options;
}

/// The model's options that were given; to resume also those that the run began with.
OptionValues chosen_model_options(const TrainFlags& flags, const RunIdentity* recorded) {
  const ModelKind& kind = model_kind(flags.model);
  OptionValues chosen;
  if (recorded != nullptr) {
    const ModelConfig config = model_config(nlohmann::json::parse(recorded->model));
    if (config.kind == kind.name) chosen = config.options;
  }
  for (const auto& [name, text] : flags.model_options) {
    if (text.empty()) continue;
    chosen[name] = parse_option(find_option(kind.options, kind.name, name), text);
  }
  return chosen;
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

void declare_train_flags(CLI::App& app, TrainFlags& flags) {
  flag_group(app, "Model");
  text_flag(app, flags.model, {"--model", "KIND", kinds_help().c_str()});
  count_flag(app, flags.latent_dim,
             {"--latent_dim", "D",
              "latent dimension: size of an image's latent vector; more keeps more detail"},
             1, 4096);
  model_option_flags(app, flags.model_options);
  flag_group(app, "Data");
  text_flag(app, flags.dataset,
            {"--dataset", "NAME|PATH",
             "a name, as mnist, or your own images; `data list` has the names; your own are a "
             "folder, or a "
             ".npz, .npy, .csv or IDX file"});
  count_flag(app, flags.validation,
             {"--validation", "N",
              "training images held out to choose the best epoch, which is saved as .best",
              "a tenth of images of your own; 0 of a known data set"},
             0);
  data_flags(app, flags.common);
  flag_group(app, "Training");
  text_flag(app, flags.recipe, {"--recipe", "NAME", recipe_help().c_str()});
  const std::string epochs = recipe_defaults(&TrainOptions::epochs);
  const std::string batch_size = recipe_defaults(&TrainOptions::batch_size);
  const std::string learning_rate = recipe_defaults(&TrainOptions::learning_rate);
  const std::string weight_decay = recipe_defaults(&TrainOptions::weight_decay);
  count_flag(app, flags.options.epochs,
             {"--epochs", "N", "total passes over the data; with --resume, including those before",
              epochs.c_str()},
             1);
  count_flag(app, flags.options.batch_size,
             {"--batch_size", "N", "images per step; larger gives less noisy but fewer steps",
              batch_size.c_str()},
             1);
  count_flag(app, flags.options.patience,
             {"--patience", "N", "end after N epochs without a smaller validation error", "never"},
             1);
  positive_flag(app, flags.options.learning_rate,
                {"--learning_rate", "RATE",
                 "of Adam (its peak, if it changes); larger learns faster until it diverges",
                 learning_rate.c_str()});
  nonnegative_flag(
      app, flags.options.weight_decay,
      {"--weight_decay", "W", "each step shrinks the weights by W times the rate (AdamW)",
       weight_decay.c_str()});
  text_flag(app, flags.augment,
            {"--augment", "flip,shift:N",
             "mirror half of the training images; shift each by up to N pixels", "none"});
  count_flag(app, flags.options.lanes,
             {"--lanes", "1|2|4|8|16",
              "parts of a batch with separate sums of gradients: at most as many threads help; "
              "another number rounds differently and is another run"},
             1, kMostLanes);
  seed_flag(app, flags.options.seed,
            {"--seed", "N", "the same seed gives the same result, to the bit"});
  flag_group(app, "Files");
  switch_flag(app, flags.visualize, "--visualize",
              "draw the figures; at epoch 1, at every fifth and at the last");
  path_flag(
      app, flags.tensorboard,
      {"--tensorboard", "DIR", "write the losses of every epoch for `tensorboard --logdir DIR`"});
  out_flag(app, flags.common);
  text_flag(app, flags.name,
            {"--name", "NAME", "added to the names of the run's files; keeps several runs"});
  switch_flag(app, flags.resume, "--resume", "continue the unfinished run, bit for bit");
  switch_flag(app, flags.overwrite, "--overwrite",
              "replace the run of that name once the first epoch is saved");
  flag_group(app, "Machine");
  machine_flags(app, flags.common);
  quiet_flag(app, flags.common);
  json_flag(app, flags.json);
}

void check_train_flags(const TrainFlags& flags) {
  chosen_model_options(flags, nullptr);
  const TrainOptions options = chosen_options(flags);
  if (flags.resume && flags.overwrite) {
    fail("train", "--resume continues a run and --overwrite starts again: give one of them");
  }
  const bool may_have_some =
      flags.validation != 0 && !(flags.validation < 0 && is_known_dataset(flags.dataset));
  check_patience(options, may_have_some ? 1 : 0);
  run_paths(flags.common.out, flags.model, "", flags.latent_dim, flags.name);
}

AskedRun asked_run(const TrainFlags& flags, const Dataset& data, const RunIdentity* recorded) {
  AskedRun asked;
  asked.options = chosen_options(flags);
  if (flags.validation >= 0) {
    asked.validation = flags.validation;
  } else if (recorded != nullptr) {
    asked.validation = recorded->validation;
  } else if (!is_known_dataset(flags.dataset)) {
    asked.validation = data.train.count() / 10;
  }
  check_patience(asked.options, asked.validation);
  if (asked.options.epochs == 0) {
    const std::int64_t images = std::max<std::int64_t>(data.train.count() - asked.validation, 1);
    asked.options.epochs =
        recipe_epochs(find_recipe(flags.recipe), images, asked.options.batch_size);
  }
  asked.model = {.latent_dim = flags.latent_dim,
                 .options = chosen_model_options(flags, recorded),
                 .classes = data.classes()};
  return asked;
}

DataOrigin origin_of(const TrainFlags& flags, const Dataset& data) {
  const auto absolute = [](const std::filesystem::path& path) {
    return std::filesystem::absolute(path).lexically_normal();
  };
  DataOrigin origin{data.name,
                    {},
                    {},
                    flags.common.image_size,
                    flags.common.fit,
                    data.background,
                    flags.common.transpose};
  if (!is_known_dataset(flags.dataset)) origin.path = absolute(flags.dataset);
  if (!flags.common.data_dir.empty()) origin.data_dir = absolute(flags.common.data_dir);
  return origin;
}

std::string train_call(const TrainFlags& f) {
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
  if (f.validation >= 0) call += fmt::format(" --validation {}", f.validation);
  add("patience", f.options.patience, usual.options.patience);
  add("name", f.name, usual.name);
  if (!f.tensorboard.empty()) call += " --tensorboard " + quoted(f.tensorboard.string());
  add("kernels", f.common.kernels, usual.common.kernels);
  call += reading_flags(f.common);
  if (f.visualize) call += " --visualize";
  return with_folders(call, f.common);
}

}  // namespace hourglass::cli
