// A progress bar on a terminal. Not a log: it draws nothing if standard error is not a terminal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hourglass {

/// Receives the progress of long work, as shares in [0, 1] that never decrease. This class ignores
/// them.
class Progress {
 public:
  virtual ~Progress() = default;
  /// `detail` is a short text after the bar; may be empty.
  virtual void update(double /*share*/, std::string_view /*detail*/) {}

  /// Ignores all progress: the default argument of functions that report it.
  static Progress& none();
};

/// One line on standard error, redrawn in place at most ten times a second: title, bar, share,
/// detail and time left, cut to the terminal's width. The destructor erases the line.
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
