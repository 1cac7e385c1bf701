#include "hourglass/train/trainer.h"

#include <algorithm>
#include <cmath>

#include "hourglass/base/error.h"
#include "hourglass/base/progress.h"
#include "hourglass/data/split.h"

namespace hourglass {
namespace {

StepOptions step_options(const TrainOptions& options, std::int64_t images) {
  check_options(options);
  require(images >= 1, "train", "data", "without training images", "at least one is needed");
  return {.batch_size = std::min(options.batch_size, images),
          .lanes = options.lanes,
          .adam = {.learning_rate = options.learning_rate,
                   .beta2 = options.beta2,
                   .weight_decay = options.weight_decay},
          .augmentation = options.augmentation};
}

std::int64_t bytes_of(const RowSource& rows) {
  const auto value = static_cast<std::int64_t>(rows.keeps_bytes() ? 1 : sizeof(float));
  return rows.count() * rows.columns() * value;
}

/// The memory that saving takes: files are written one parameter at a time.
std::int64_t largest_parameter(const Model& model) {
  std::int64_t largest = 0;
  for (const Parameter& p : model.parameter_list().parameters()) {
    largest = std::max(largest, p.shape.count());
  }
  return largest * static_cast<std::int64_t>(sizeof(float));
}

}  // namespace

std::int64_t Trainer::bytes(const Model& model, const Dataset& data, const RowSource& validation,
                            const TrainOptions& options, int threads) {
  const std::int64_t measured = std::max(data.test.count(), validation.count());
  return bytes_of(data.train) + bytes_of(data.test) + bytes_of(validation) + model.bytes() +
         Stepper::bytes(model, step_options(options, data.train.count()), threads) +
         std::max(reconstruct_bytes(model, measured, threads), largest_parameter(model));
}

TrainObserver& TrainObserver::none() {
  static TrainObserver silent;
  return silent;
}

Trainer::Trainer(Model& model, Dataset data, const TrainOptions& options, ThreadPool& pool,
                 RowSource validation)
    : model_(model),
      data_(std::move(data)),
      validation_(std::move(validation)),
      options_(options),
      pool_(pool),
      stepper_(model, step_options(options, data_.train.count()), pool),
      order_(static_cast<std::size_t>(data_.train.count())) {
  const std::int64_t pixels = model.image_shape().pixels();
  for (const RowSource* rows : {&data_.train, &data_.test, &validation_}) {
    require(rows->count() == 0 || rows->columns() == pixels, "train", "data", data_.shape.text(),
            "the model is for images of another size");
    check_labels(model, rows->labels(), rows->count());
  }
}

void Trainer::resume(const TrainPosition& position) {
  require(position.epochs_done >= 0, "train", "epochs_done", position.epochs_done,
          "must be at least 0");
  require(position.step >= 0 && position.step <= steps_per_epoch(), "train", "step", position.step,
          "an epoch has fewer steps");
  position_ = position;
}

bool Trainer::run(TrainObserver& observer) {
  while (position_.epochs_done < options_.epochs) {
    const double started = monotonic_seconds();
    const std::optional<double> images_per_second = train_epoch(observer);
    if (!images_per_second) return false;
    EpochResult result = finish_epoch();
    result.images_per_second = *images_per_second;
    result.seconds = monotonic_seconds() - started;
    position_ = {.epochs_done = result.epoch};
    observer.on_epoch(result);
    if (observer.stop_requested() && position_.epochs_done < options_.epochs) return false;
  }
  return true;
}

std::optional<double> Trainer::train_epoch(TrainObserver& observer) {
  const std::int64_t epoch = position_.epochs_done + 1;
  epoch_order(options_.seed, epoch, order_);
  const std::int64_t images = std::ssize(order_);
  const std::int64_t steps = steps_per_epoch();
  const auto images_at = [&](std::int64_t step) {
    return std::min(step * options_.batch_size, images);
  };
  const std::int64_t first = images_at(position_.step);
  const double started = monotonic_seconds();
  double rate = 0.0;
  while (position_.step < steps) {
    const auto batch = batch_of(order_, position_.step, options_.batch_size);
    adam().set_learning_rate(learning_rate(position_.step));
    const BatchLoss loss =
        stepper_.step(data_.train, {batch, options_.seed, epoch, progress(position_.step)});
    position_.loss_sum += loss.loss;
    position_.parts += loss.parts;
    ++position_.step;
    if (!std::isfinite(position_.loss_sum)) {
      fail_result(
          "train",
          "the loss is no longer a number at epoch {}, step {}: the last checkpoint is kept; try a "
          "smaller `learning_rate` than {}",
          epoch, position_.step, options_.learning_rate);
    }
    const std::int64_t done = images_at(position_.step);
    rate = static_cast<double>(done - first) / std::max(monotonic_seconds() - started, 1e-9);
    observer.on_step(epoch, done, images, position_.loss_sum / static_cast<double>(done), rate);
    if (observer.stop_requested()) return std::nullopt;
  }
  return rate;
}

std::int64_t Trainer::steps_per_epoch() const {
  return batch_count(std::ssize(order_), options_.batch_size);
}

double Trainer::progress(std::int64_t step) const {
  const std::int64_t steps = steps_per_epoch();
  return static_cast<double>(position_.epochs_done * steps + step) /
         static_cast<double>(options_.epochs * steps);
}

double Trainer::learning_rate(std::int64_t step) const {
  const std::int64_t steps = steps_per_epoch();
  return rate_at(options_.schedule, options_.learning_rate, position_.epochs_done * steps + step,
                 options_.epochs * steps);
}

EpochResult Trainer::finish_epoch() {
  EpochResult result;
  result.epoch = position_.epochs_done + 1;
  result.train_loss = position_.loss_sum / static_cast<double>(order_.size());
  const auto names = model_.loss_names();
  for (std::size_t i = 0; names.size() > 1 && i < names.size(); ++i) {
    result.loss_parts.push_back(
        {std::string(names[i]), position_.parts.part[i] / static_cast<double>(order_.size())});
  }
  const Evaluation test = model_.evaluate(data_.test, pool_);
  if (!std::isfinite(test.metrics.front().value) || !std::isfinite(test.scores.mse)) {
    fail_result(
        "train",
        "the test error is no longer a number after epoch {}: the last checkpoint is kept; try a "
        "smaller `learning_rate` than {}",
        result.epoch, options_.learning_rate);
  }
  result.test_mse = test.scores.mse;
  result.psnr = test.scores.psnr;
  for (const Score& metric : test.metrics) {
    const bool has_its_own_key = metric.name == "mse" || metric.name == "psnr";
    if (!has_its_own_key && metric.name != "ssim") result.metrics.push_back(metric);
  }
  if (validation_.count() > 0) {
    result.validation_mse = model_.evaluate(validation_, pool_).metrics.front().value;
  }
  result.learning_rate = learning_rate(position_.step - 1);
  result.weights_sha256 = weights_sha256(model_);
  return result;
}

}  // namespace hourglass
