#include "train_watcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "hourglass/base/file.h"
#include "hourglass/base/version.h"
#include "hourglass/lab/gallery.h"
#include "hourglass/train/kernels_text.h"
#include "interrupt.h"
#include "terminal.h"

namespace hourglass::cli {
namespace {

/// The error that chooses the best epoch: no test image may, unless there are no others.
double choosing_error(const EpochResult& r) {
  return r.validation_mse.value_or(r.test_mse);
}

}  // namespace

std::string duration_text(std::optional<double> seconds) {
  if (!seconds) return "";
  const auto whole = static_cast<std::int64_t>(*seconds + 0.5);
  const std::int64_t hours = whole / 3600, minutes = whole / 60 % 60;
  return hours > 0 ? fmt::format("{}:{:02}:{:02}", hours, minutes, whole % 60)
                   : fmt::format("{}:{:02}", minutes, whole % 60);
}

Watcher::Watcher(Watched run, ThreadPool& pool)
    : run_(std::move(run)), pool_(pool), smallest_error_(std::numeric_limits<double>::infinity()) {
  for (const EpochResult& r : run_.earlier) {
    smallest_error_ = std::min(smallest_error_, choosing_error(r));
  }
  for (const auto& file : run_.folder.files()) {
    if (is_temporary_file(file)) remove_file(file);  // of a killed process of this run
  }
}

std::optional<double> Watcher::seconds_left(double epochs_done) const {
  if (!first_seconds_ || epochs_done <= first_epochs_) return std::nullopt;
  const double each = (monotonic_seconds() - *first_seconds_) / (epochs_done - first_epochs_);
  return each * (static_cast<double>(run_.options.epochs) - epochs_done);
}

void Watcher::on_step(std::int64_t epoch, std::int64_t images_done, std::int64_t images,
                      double loss, double images_per_second) {
  if (run_.log != nullptr) run_.log->on_step(epoch, images_done, loss);
  const double share = static_cast<double>(images_done) / static_cast<double>(images);
  const double epochs_done = static_cast<double>(epoch - 1) + share;
  if (!first_seconds_) {
    first_seconds_ = monotonic_seconds();
    first_epochs_ = epochs_done;
  }
  if (run_.quiet || !progress_wanted()) return;
  if (!bar_) bar_ = make_progress(fmt::format("epoch {}/{}", epoch, run_.options.epochs), false);
  const std::string left = duration_text(seconds_left(epochs_done));
  bar_->update(share, fmt::format("loss {:.5f}  {:.0f} images/s{}", loss, images_per_second,
                                  left.empty() ? "" : fmt::format("  {} left", left)));
}

void Watcher::before_save(const EpochResult& r) {
  if (run_.log != nullptr) run_.log->on_epoch(r);
}

void Watcher::before_stop() {
  if (run_.log != nullptr) run_.log->stop();
}

void Watcher::on_epoch(const EpochResult& r) {
  bar_.reset();
  const bool best = choosing_error(r) < smallest_error_;
  if (best) smallest_error_ = choosing_error(r);
  if (run_.quiet) return;
  const std::size_t digits = fmt::formatted_size("{}", run_.options.epochs);
  std::string header = fmt::format("{:{}}  {:>8}", "", 7 + 2 * digits, "train");
  std::string line =
      fmt::format("epoch {:>{}}/{}  {:8.5f}", r.epoch, digits, run_.options.epochs, r.train_loss);
  const auto add = [&](const char* name, const std::string& value) {
    const std::size_t width = std::max(std::string_view(name).size(), std::size_t{8});
    header += fmt::format("  {:>{}}", name, width);
    line += fmt::format("  {:>{}}", value, width);
  };
  if (r.validation_mse) add("validation", fmt::format("{:.5f}", *r.validation_mse));
  add("test", fmt::format("{:.5f}", r.test_mse));
  if (run_.pca_mse) add("PCA", fmt::format("{:.5f}", *run_.pca_mse));
  add("PSNR", fmt::format("{:.2f} dB", r.psnr));
  add("images/s", fmt::format("{:.0f}", r.images_per_second));
  add("seconds", fmt::format("{:.1f}", r.seconds));
  add("left", duration_text(seconds_left(static_cast<double>(r.epoch))));
  if (!header_printed_) say(stdout, header + "\n");
  header_printed_ = true;
  say(stdout, line + (best ? " *" : "") + "\n");
  std::fflush(stdout);
}

CheckpointFacts Watcher::facts_of(const EpochResult& r) const {
  CheckpointFacts facts;
  facts.dataset = run_.data.name;
  facts.dataset_sha256 = run_.data.sha256;
  facts.class_names = run_.data.class_names;
  facts.seed = run_.options.seed;
  facts.epochs = r.epoch;
  facts.train_loss = r.train_loss;
  facts.test_mse = r.test_mse;
  facts.version = version();
  facts.kernels = kernels_text();
  return facts;
}

bool Watcher::draw_figures(const Model& model, const EpochResult& r) {
  Gallery gallery{model, run_.data, facts_of(r), run_.folder, {FigureFormat::png}, pool_};
  bool all = true;
  for (const FigureKind kind : kFigureKinds) {
    const std::string what = fmt::format("figure {} of epoch {}", name_of(kind), r.epoch);
    const bool drawn = draw(what, [&] {
      return hourglass::draw_figures(gallery, {&kind, 1}, parse_pair("", run_.data), run_.quiet);
    });
    all = all && drawn;
  }
  return keep_model(model, r) && all;
}

bool Watcher::keep_model(const Model& model, const EpochResult& r) {
  return draw(fmt::format("model of epoch {}", r.epoch), [&] {
    std::vector<std::filesystem::path> paths{run_.folder.model(r.epoch)};
    make_folder(paths.front().parent_path());
    save_checkpoint(paths.front(), model, facts_of(r));
    return paths;
  });
}

void Watcher::failed(const std::string& what, const Error& error) {
  const std::string why = fmt::format("{}: {}", what, error.reason());
  if (first_failure_.empty()) first_failure_ = why;
  if (run_.quiet) return;
  std::fflush(stdout);
  say(stderr, fmt::format("hourglass: {}; training goes on\n", why));
}

void Watcher::before_finish() {
  if (run_.draw_loss) draw("figure loss", run_.draw_loss);
}

void Watcher::on_replaced() {
  for (const auto& file : run_.folder.files()) remove_file(file);
}

bool Watcher::stop_requested() {
  return interrupted();
}

}  // namespace hourglass::cli
