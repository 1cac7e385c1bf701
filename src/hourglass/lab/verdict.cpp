#include "hourglass/lab/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

constexpr double kMemorised = 2.0;    // times that the training error is smaller
constexpr double kRose = 2.0;         // times the smallest error of the run
constexpr double kStillFalls = 0.03;  // share of the error that an epoch takes away
constexpr std::int64_t kShift = 2;    // pixels of the augmentation that is advised

/// The error that may choose: on validation images if there are any.
double error_of(const EpochResult& r) {
  return r.validation_mse.value_or(r.test_mse);
}

/// Training errors of several parts, in nats, are not errors per pixel.
bool loss_is_error(const EpochResult& r) {
  return r.loss_parts.empty();
}

std::string times(double factor) {
  return factor < 9.95 ? fmt::format("{:.1f}", factor) : fmt::format("{:.0f}", factor);
}

/// Whether more epochs of the same run are likely to help.
bool still_falls(const RunNumbers& run) {
  if (run.options.schedule.needs_total()) return false;  // its rate ended at 0
  if (run.log.size() < 2) return true;
  const double last = error_of(run.log.back()), before = error_of(run.log[run.log.size() - 2]);
  return last < (1.0 - kStillFalls) * before;
}

Verdict diverged(const RunNumbers& run, std::string sentence) {
  return {Finding::diverged,
          fmt::format("{}: it diverged; try a smaller `learning_rate` than {}", sentence,
                      run.options.learning_rate),
          "learning_rate", fmt::format("{}", run.options.learning_rate / 10.0)};
}

std::optional<Verdict> diverged(const RunNumbers& run) {
  const EpochResult& last = run.log.back();
  if (!std::isfinite(last.test_mse) || !std::isfinite(last.train_loss)) {
    return diverged(run, fmt::format("{} has an error that is not a number", run.kind));
  }
  const auto best = std::ranges::min_element(run.log, {}, &EpochResult::test_mse);
  const auto trained = std::ranges::min_element(run.log, {}, &EpochResult::train_loss);
  if (last.test_mse <= kRose * best->test_mse || last.train_loss <= kRose * trained->train_loss) {
    return std::nullopt;
  }
  return diverged(
      run, fmt::format("{} rose from {} in epoch {} to {}", run.kind, short_error(best->test_mse),
                       best->epoch, short_error(last.test_mse)));
}

void add_more_epochs(Verdict& verdict, const RunNumbers& run) {
  const std::int64_t epochs = 2 * run.log.back().epoch;
  verdict.option = "epochs";
  verdict.value = fmt::format("{}", epochs);
}

/// Why the model is worse than PCA, if the numbers say so, and the remedy.
void explain(Verdict& verdict, const RunNumbers& run) {
  if (still_falls(run)) {
    add_more_epochs(verdict, run);
    verdict.sentence +=
        fmt::format("; its error still falls: train it longer, `epochs` {}", verdict.value);
  } else if (run.options.recipe == "plain") {
    verdict.option = "recipe";
    verdict.value = "fast";
    verdict.sentence += "; its error falls no more: try `recipe` fast, whose learning rate falls";
  } else {
    add_more_epochs(verdict, run);
    verdict.sentence += fmt::format("; try more `epochs`, as {}", verdict.value);
  }
}

}  // namespace

std::string short_error(double error) {
  if (!std::isfinite(error)) return "not a number";
  if (error != 0.0 && std::abs(error) < 1e-4) return fmt::format("{:.1e}", error);
  if (std::abs(error) >= 100.0) return fmt::format("{:.0f}", error);
  const std::string text = fmt::format("{:#.3g}", error);
  return text.starts_with("0.") ? text.substr(1) : text;
}

Verdict judge(const RunNumbers& run) {
  if (run.log.empty()) fail("verdict", "the run has no epoch: train it first");
  if (auto verdict = diverged(run)) return *verdict;
  const EpochResult& last = run.log.back();
  const bool worse = run.pca_mse && last.test_mse > *run.pca_mse;
  Verdict verdict;
  verdict.sentence = fmt::format("{} {}", run.kind, short_error(last.test_mse));
  if (run.pca_mse) {
    verdict.sentence +=
        fmt::format(" is {} than PCA {}", worse ? "worse" : "better", short_error(*run.pca_mse));
  }
  const double factor = last.test_mse / last.train_loss;
  if (loss_is_error(last) && last.train_loss > 0.0 && factor >= kMemorised) {
    verdict.finding = worse ? Finding::worse_than_pca : Finding::memorised;
    verdict.sentence += fmt::format("{} train error is {} times lower: it has memorised; try ",
                                    worse ? ";" : ", but its", times(factor));
    if (run.options.augmentation == Augmentation{}) {
      verdict.option = "augment";
      verdict.value = fmt::format("shift:{}", kShift);
      verdict.sentence += "`augment` or fewer channels";
    } else {
      verdict.sentence += "more images or fewer channels";
    }
  } else if (worse) {
    verdict.finding = Finding::worse_than_pca;
    explain(verdict, run);
  } else if (run.log.size() > 1 && still_falls(run)) {
    verdict.finding = Finding::still_falling;
    add_more_epochs(verdict, run);
    verdict.sentence += "; its error still falls: more `epochs` make it better";
  }
  return verdict;
}

}  // namespace hourglass
