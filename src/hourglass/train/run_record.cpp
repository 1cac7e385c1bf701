#include "hourglass/train/run_record.h"

#include <nlohmann/json.hpp>

#include "hourglass/base/impl/json.h"

namespace hourglass {

nlohmann::json to_json(const RunRecord& record) {
  const TrainOptions& o = record.options;
  nlohmann::json json{{"recipe", o.recipe},
                      {"batch_size", o.batch_size},
                      {"learning_rate", o.learning_rate},
                      {"warmup", o.schedule.warmup},
                      {"decays", o.schedule.decays},
                      {"beta2", o.beta2},
                      {"lanes", o.lanes},
                      {"validation", record.validation}};
  if (o.weight_decay != 0.0) json["weight_decay"] = o.weight_decay;
  if (o.augmentation != Augmentation{}) json["augment"] = augmentation_text(o.augmentation);
  if (o.patience > 0) json["patience"] = o.patience;
  if (o.schedule.needs_total()) json["epochs"] = o.epochs;
  return json;
}

RunRecord run_record(const nlohmann::json& json) {
  RunRecord record;
  TrainOptions& o = record.options;
  o.batch_size = whole_number(json, "batch_size");
  o.learning_rate = json.at("learning_rate").get<double>();
  if (json.contains("recipe")) {
    o.recipe = json["recipe"].get<std::string>();
    o.schedule = {json.at("warmup").get<double>(), json.at("decays").get<bool>()};
    o.beta2 = json.at("beta2").get<double>();
  }
  if (json.contains("lanes")) o.lanes = whole_number(json, "lanes");
  if (json.contains("weight_decay")) o.weight_decay = json.at("weight_decay").get<double>();
  if (json.contains("augment")) {
    o.augmentation = parse_augmentation(json.at("augment").get<std::string>());
  }
  if (json.contains("patience")) o.patience = whole_number(json, "patience");
  if (o.schedule.needs_total()) o.epochs = whole_number(json, "epochs");
  record.validation = whole_number(json, "validation");
  return record;
}

}  // namespace hourglass
