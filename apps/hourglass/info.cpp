// hourglass info: what a checkpoint says of itself.

#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "common.h"
#include "hourglass/base/file.h"
#include "hourglass/base/hash.h"
#include "hourglass/exchange/torch.h"
#include "output.h"
#include "terminal.h"
#include "verbs.h"

namespace hourglass::cli {
namespace {

struct InfoFlags {
  Common common;
  std::string checkpoint;
  bool json = false;
};
void print_as_json(const std::filesystem::path& path, const Checkpoint& checkpoint) {
  const Model& model = *checkpoint.model;
  const CheckpointFacts& facts = checkpoint.facts;
  const ImageShape shape = model.image_shape();
  nlohmann::ordered_json out;
  out["checkpoint"] = path.string();
  out["model"] = model.kind();
  out["latent_dim"] = model.latent_dim();
  out["image_shape"] = {shape.channels, shape.height, shape.width};
  out["dataset"] = facts.dataset;
  out["dataset_sha256"] = facts.dataset_sha256;
  out["class_names"] = facts.class_names;
  out["test_mse"] = facts.test_mse;  // null: not known
  if (facts.imported.empty()) {
    out["epochs"] = facts.epochs;
    if (facts.epochs < 0) out["epochs"] = nullptr;  // not known
    out["train_loss"] = facts.train_loss;
    out["seed"] = facts.seed;
    out["recipe"] = facts.recipe.empty() ? "plain" : facts.recipe;
    out["kernels"] = facts.kernels;
  } else {
    out["imported"] = facts.imported;
  }
  out["version"] = facts.version;
  if (!facts.others.empty()) out["other_metadata"] = facts.others;
  out["parameters"] = nlohmann::ordered_json::array();
  for (const Parameter& p : model.parameter_list().parameters()) {
    nlohmann::ordered_json sizes = nlohmann::ordered_json::array();
    for (int axis = 0; axis < p.shape.rank(); ++axis) sizes.push_back(p.shape[axis]);
    out["parameters"].push_back({{"name", p.name}, {"shape", sizes}, {"count", p.shape.count()}});
  }
  out["parameter_count"] = model.parameter_list().state_count();
  out["weights_sha256"] = weights_sha256(model);
  out["checkpoint_sha256"] = sha256_hex(read_file(path));
  print_json(out);
}

/// A number of a checkpoint; "not known" if it is NaN.
std::string known(double number) {
  return std::isnan(number) ? "not known" : fmt::format("{:.6f}", number);
}

void print_training(const CheckpointFacts& facts) {
  print_fact("data set", facts.class_names.empty() ? facts.dataset
                                                   : fmt::format("{}, {} classes", facts.dataset,
                                                                 facts.class_names.size()));
  print_fact("epochs", facts.epochs < 0 ? "not known" : fmt::format("{}", facts.epochs));
  print_fact("train loss", known(facts.train_loss));
  print_fact("test MSE", known(facts.test_mse));
  print_fact("seed", fmt::format("{}", facts.seed));
  print_fact("recipe", facts.recipe.empty() ? "plain" : facts.recipe);
  print_fact("kernels", facts.kernels);
}

void print_for_people(const std::filesystem::path& path, const Checkpoint& checkpoint) {
  const Model& model = *checkpoint.model;
  const CheckpointFacts& facts = checkpoint.facts;
  say("{}\n\n", path.string());
  print_fact("model", fmt::format("{}, latent dimension {}", model.kind(), model.latent_dim()));
  print_fact("images", model.image_shape().text());
  if (facts.imported.empty()) {
    print_training(facts);
  } else {
    print_fact("imported", fmt::format("from {}", facts.imported));
    const bool named = facts.dataset != kImportedDataset;
    print_fact("data set", named ? facts.dataset : "not known: verbs need --dataset");
    if (named) print_fact("test MSE", known(facts.test_mse));
  }
  for (const auto& [key, value] : facts.others) {
    print_fact(quote_name(key).c_str(), quote_name(value));
  }
  print_fact("written by", fmt::format("hourglass {}", facts.version));
  print_fact("weights", fmt::format("sha256 {}", weights_sha256(model)));
  say("\n  {:<26}{:<18}{:>10}\n", "parameter", "shape", "numbers");
  for (const Parameter& p : model.parameter_list().parameters()) {
    say("  {:<26}{:<18}{:>10}\n", p.name, p.shape.text(), p.shape.count());
  }
  say("  {:<44}{:>10}\n", "all", model.parameter_list().state_count());
}

int info(const InfoFlags& flags) {
  const auto path = find_checkpoint(flags.checkpoint, flags.common);
  const Checkpoint checkpoint = load_checkpoint(path);
  if (flags.json) {
    print_as_json(path, checkpoint);
    return kDone;
  }
  print_for_people(path, checkpoint);
  const std::string name = checkpoint_name(path);
  if (!flags.common.quiet) say("\n");
  print_written({}, with_data(fmt::format("hourglass eval {}", name), checkpoint, flags.common),
                flags.common);
  return kDone;
}

}  // namespace

Action add_info(CLI::App& app) {
  const auto flags = std::make_shared<InfoFlags>();
  optional_argument(app, flags->checkpoint, "CHECKPOINT",
                    "a path or a short name such as mnist_32; the newest when left out");
  switch_flag(app, flags->json, "--json", "print one JSON object and nothing else");
  out_flag(app, flags->common);
  quiet_flag(app, flags->common);
  return [flags] { return info(*flags); };
}

}  // namespace hourglass::cli
