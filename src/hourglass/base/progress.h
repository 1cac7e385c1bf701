// A progress bar on a terminal. Not a log: where standard error is no terminal it draws nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hourglass {

/// What a long piece of work calls as it goes on, with shares in [0, 1] that never fall. This one
/// does nothing with them.
class Progress {
 public:
  virtual ~Progress() = default;
  /// `detail` is a few words or figures shown behind the bar; empty for none.
  virtual void update(double /*share*/, std::string_view /*detail*/) {}

  /// For whoever is not interested: the default of every function that takes one.
  static Progress& none();
};

/// One line on standard error, redrawn in place at most ten times a second: title, bar, share,
/// detail and time left, cut to the terminal's width. Erased when destroyed, so that what is
/// printed next stands alone.
class ProgressBar : public Progress {
 public:
  explicit ProgressBar(std::string title);
  ~ProgressBar() override;
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void update(double share, std::string_view detail) override;

 private:
  std::string title_;
  double started_ = 0.0;  // seconds, monotonic
  double last_drawn_ = -1.0;
  bool drawn_ = false;
};

/// Whether bars may be drawn: standard error is a terminal that can move its cursor.
bool progress_wanted();

/// Seconds on a clock that only goes forward.
double monotonic_seconds();

}  // namespace hourglass
