#include "hourglass/train/verify.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hourglass/base/error.h"
#include "hourglass/base/impl/json.h"
#include "hourglass/base/version.h"
#include "hourglass/data/split.h"
#include "hourglass/models/registry.h"
#include "hourglass/train/kernels_text.h"
#include "hourglass/train/run_record.h"

namespace hourglass {
namespace {

RunRecord recorded_run(const CheckpointFacts& facts) {
  try {
    return run_record(parse_json(facts.run).value_or(nullptr));
  } catch (const nlohmann::json::exception&) {
    fail_file("verify",
              "the checkpoint's record of its run is damaged: it cannot be trained again");
  }
}

/// Compares each epoch with its record and asks to stop at the first that differs.
class Comparison : public TrainObserver {
 public:
  Comparison(const Checkpoint& checkpoint, const std::vector<EpochResult>& log, std::int64_t epochs,
             TrainObserver& watcher)
      : facts_(checkpoint.facts),
        weights_(weights_sha256(*checkpoint.model)),
        log_(log),
        epochs_(epochs),
        watcher_(watcher) {}

  void on_step(std::int64_t epoch, std::int64_t images_done, std::int64_t images, double loss,
               double images_per_second) override {
    watcher_.on_step(epoch, images_done, images, loss, images_per_second);
  }

  void on_epoch(const EpochResult& r) override {
    result.epochs = r.epoch;
    const auto line = std::find_if(log_.begin(), log_.end(),
                                   [&](const EpochResult& l) { return l.epoch == r.epoch; });
    bool same = line == log_.end() || line->weights_sha256 == r.weights_sha256;
    result.recorded = line == log_.end() ? "" : line->weights_sha256;
    if (r.epoch == facts_.epochs && same) {
      result.recorded = weights_;
      same = weights_ == r.weights_sha256 && facts_.train_loss == r.train_loss &&
             facts_.test_mse == r.test_mse;
    }
    result.found = r.weights_sha256;
    if (!same) result.differs_from = r.epoch;
    watcher_.on_epoch(r);
  }

  bool stop_requested() override {
    return result.differs_from || result.epochs >= epochs_ || watcher_.stop_requested();
  }

  Verification result;

 private:
  const CheckpointFacts& facts_;
  std::string weights_;
  const std::vector<EpochResult>& log_;
  std::int64_t epochs_;
  TrainObserver& watcher_;
};

}  // namespace

std::optional<std::string> why_not_comparable(const CheckpointFacts& facts, const Dataset& data) {
  if (!facts.imported.empty()) {
    return fmt::format("it was imported from {}, not trained by hourglass", facts.imported);
  }
  if (facts.version != version()) {
    return fmt::format("hourglass {} trained it, and this is {}", facts.version, version());
  }
  if (facts.run.empty()) return "it does not say how it was trained";
  if (facts.dataset_sha256 != data.sha256) {
    return fmt::format("the data in {} are not the {} that it was trained on", data.source,
                       facts.dataset);
  }
  if (!same_bits(facts.kernels, kernels_text())) {
    return fmt::format("it was trained with the kernels {}, and these are {}{}", facts.kernels,
                       kernels_text(),
                       facts.kernels.find(';') == std::string::npos
                           ? ": leave `kernels` out, on a processor that has them"
                           : "");
  }
  return std::nullopt;
}

Verification verify_run(const Checkpoint& checkpoint, const std::vector<EpochResult>& log,
                        Dataset& data, std::int64_t epochs, ThreadPool& pool,
                        TrainObserver& watcher) {
  const CheckpointFacts& facts = checkpoint.facts;
  require(checkpoint.model != nullptr, "verify", "checkpoint", "empty", "load one from a file");
  require(epochs >= 1, "verify", "epochs", epochs, "must be at least 1");
  RunRecord record = recorded_run(facts);
  record.options.seed = facts.seed;
  if (!record.options.schedule.needs_total()) record.options.epochs = facts.epochs;
  check_options(record.options);
  const RowSource validation = hold_out(data.train, record.validation, facts.seed);
  const auto model = make_model(checkpoint.model->config(), facts.seed);
  Trainer trainer(*model, data, record.options, pool, validation);
  Comparison comparison(checkpoint, log, epochs, watcher);
  trainer.run(comparison);
  return comparison.result;
}

}  // namespace hourglass
