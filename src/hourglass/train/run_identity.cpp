#include "hourglass/train/run_identity.h"

#include <nlohmann/json.hpp>

#include "hourglass/base/error.h"
#include "hourglass/base/impl/printable.h"

namespace hourglass {
namespace {

constexpr std::size_t kLongestRecipe = 300;  // in a message

/// The first option that differs, of those that are compared in order.
class Comparison {
 public:
  template <typename T>
  void compare(std::string_view option, const T& now, const T& then, bool of_model = false) {
    if (found || now == then) return;
    found = RunDifference{std::string(option), of_model, printable(fmt::format("{}", then)),
                          printable(fmt::format("{}", now))};
  }
  std::optional<RunDifference> found;
};

/// Compares kind, latent dimension and each option of two descriptions.
void compare_models(Comparison& comparison, const std::string& here, const std::string& recorded) {
  const auto mine = nlohmann::json::parse(here), theirs = nlohmann::json::parse(recorded);
  const auto text = [](const nlohmann::json& value, const auto& key) {
    return value.is_object() && value.contains(key) ? value.at(key).dump() : std::string("unset");
  };
  for (const char* key : {"model", "latent_dim"}) {
    comparison.compare(key, text(mine, key), text(theirs, key));
  }
  const auto options_of = [](const nlohmann::json& description) {
    const bool there = description.is_object() && description.contains("options");
    return there ? description.at("options") : nlohmann::json::object();
  };
  nlohmann::json all = options_of(mine);
  if (options_of(theirs).is_object()) all.update(options_of(theirs));
  for (const auto& [name, value] : all.items()) {
    comparison.compare(name, text(options_of(mine), name), text(options_of(theirs), name), true);
  }
  comparison.compare("model", here, recorded);
}

}  // namespace

std::optional<RunDifference> first_difference(const RunIdentity& here, const RunIdentity& recorded,
                                              Compared compared) {
  const TrainOptions &mine = here.options, &theirs = recorded.options;
  Comparison comparison;
  comparison.compare("seed", mine.seed, theirs.seed);
  comparison.compare("recipe", mine.recipe, theirs.recipe);
  comparison.compare("batch_size", mine.batch_size, theirs.batch_size);
  comparison.compare("learning_rate", mine.learning_rate, theirs.learning_rate);
  comparison.compare("weight_decay", mine.weight_decay, theirs.weight_decay);
  comparison.compare("augment", augmentation_text(mine.augmentation),
                     augmentation_text(theirs.augmentation));
  comparison.compare("lanes", mine.lanes, theirs.lanes);
  if (theirs.schedule.needs_total() || compared == Compared::as_same) {
    comparison.compare("epochs", mine.epochs, theirs.epochs);
  }
  if (compared == Compared::as_same) {
    comparison.compare("patience", mine.patience, theirs.patience);
  }
  comparison.compare("recipe", recipe_text(mine), recipe_text(theirs));
  comparison.compare("validation", here.validation, recorded.validation);
  compare_models(comparison, here.model, recorded.model);
  if (!comparison.found && here.dataset_sha256 != recorded.dataset_sha256) {
    comparison.found = RunDifference{"dataset", false, "", ""};
  }
  return comparison.found;
}

std::string difference_text(const std::string& run, const RunDifference& d) {
  if (d.then.empty()) return fmt::format("{} was trained on other images", run);
  return fmt::format("{0} has {1} {2}, this run {1} {3}", run, d.option, d.then, d.now);
}

void check_same_run(const RunIdentity& here, const RunIdentity& recorded,
                    const std::filesystem::path& path) {
  const auto difference = first_difference(here, recorded, Compared::to_resume);
  if (!difference) return;
  const RunDifference& d = *difference;
  if (d.then.empty()) {
    fail("resume",
         "{} was started on other data than `dataset` and `data_dir` give now: give the same, or "
         "`overwrite` to start again",
         path.string());
  }
  if (d.option == "recipe" && here.options.recipe == recorded.options.recipe) {
    fail("resume",
         "{} was started with another version's recipe {}, and this version has {}: resume with "
         "that version, or `overwrite` to start again",
         path.string(), printable(recipe_text(recorded.options), kLongestRecipe),
         recipe_text(here.options));
  }
  fail("resume", "{} was started with {} {}, not {}: give the same, or `overwrite` to start again",
       path.string(), d.of_model ? "--" + d.option : fmt::format("`{}`", d.option), d.then, d.now);
}

}  // namespace hourglass
