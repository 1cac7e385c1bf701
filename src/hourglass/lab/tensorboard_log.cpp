#include "hourglass/lab/tensorboard_log.h"

#include <algorithm>
#include <span>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/base/hash.h"
#include "hourglass/data/split.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kPointsAnEpoch = 50;

/// The end of the file names, by which a resumed run finds its folder.
std::string ending_of(const std::string& identity) {
  const std::string_view text(identity);
  return "hourglass." +
         sha256_hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}).substr(0, 8);
}

bool holds_file_with(const fs::path& folder, const std::string& ending) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().filename().string().ends_with("." + ending)) return true;
  }
  return false;
}

/// The folder of a run, numbered if folders of other runs have its name.
fs::path folder_for(const fs::path& dir, const LoggedRun& run, const std::string& ending) {
  const auto numbered = [&](int n) {
    return dir / (n == 1 ? run.name : fmt::format("{}.{}", run.name, n));
  };
  int next = 1;
  while (fs::exists(numbered(next))) ++next;
  for (int n = next - 1; run.resumed && n >= 1; --n) {
    if (holds_file_with(numbered(n), ending)) return numbered(n);
  }
  return numbered(next);
}

/// Tests writing now, so that a failure does not come after an epoch.
void check_folder(const fs::path& dir) {
  make_folder(dir);
  AtomicFile trial(dir / "events");
  trial.write(std::string(4096, ' '));
}

}  // namespace

TensorBoardLog::TensorBoardLog(fs::path dir, LoggedRun run)
    : dir_(std::move(dir)),
      run_(std::move(run)),
      steps_per_epoch_(batch_count(run_.images, run_.batch_size)),
      stride_((steps_per_epoch_ + kPointsAnEpoch - 1) / kPointsAnEpoch),
      seen_(std::min(run_.start.step * run_.batch_size, run_.images)),
      loss_sum_(run_.start.loss_sum) {
  check_folder(dir_);
  points_.reserve(static_cast<std::size_t>(steps_per_epoch_ / stride_ + 1));
}

void TensorBoardLog::on_step(std::int64_t epoch, std::int64_t images_done, double loss) {
  const std::int64_t step = batch_count(images_done, run_.batch_size);
  if (step % stride_ != 0 && step != steps_per_epoch_) return;
  const double sum = loss * static_cast<double>(images_done);
  points_.push_back({wall_time_now(), (epoch - 1) * steps_per_epoch_ + step,
                     (sum - loss_sum_) / static_cast<double>(images_done - seen_)});
  seen_ = images_done;
  loss_sum_ = sum;
}

void TensorBoardLog::on_epoch(const EpochResult& result) {
  open();
  add(result);
  add_steps();
  seen_ = 0;
  loss_sum_ = 0.0;
}

void TensorBoardLog::stop() {
  if (points_.empty()) return;
  open();
  add_steps();
}

void TensorBoardLog::open() {
  if (epochs_) return;
  const std::string ending = ending_of(run_.identity);
  const fs::path folder = folder_for(dir_, run_, ending);
  const bool goes_on = fs::exists(folder);
  const std::int64_t done = run_.start.epochs_done;
  epochs_ = std::make_unique<EventFile>(folder, ending, goes_on ? done + 1 : 1);
  steps_ = std::make_unique<EventFile>(folder / "steps", ending,
                                       done * steps_per_epoch_ + run_.start.step + 1);
  written_ = {epochs_->path(), steps_->path()};
  if (goes_on) return;
  for (const EpochResult& earlier : run_.earlier) add(earlier);
}

void TensorBoardLog::add(const EpochResult& r) {
  const double time = wall_time_now();
  const auto put = [&](std::string_view tag, double value) {
    epochs_->add(time, r.epoch, tag, value);
  };
  put("train_loss", r.train_loss);
  put("test_mse", r.test_mse);
  put("psnr", r.psnr);
  if (r.validation_mse) put("validation_mse", *r.validation_mse);
  if (r.learning_rate) put("learning_rate", *r.learning_rate);
  put("images_per_second", r.images_per_second);
  epochs_->flush();
}

void TensorBoardLog::add_steps() {
  for (const Point& point : points_) steps_->add(point.wall_time, point.step, "loss", point.loss);
  points_.clear();
  steps_->flush();
}

}  // namespace hourglass
