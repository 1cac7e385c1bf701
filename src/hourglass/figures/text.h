// Text made safe and short for a figure. Not drawing: see canvas.h.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass {

/// The texts that every figure has.
struct FigureText {
  std::string title;    // bold, at the left
  std::string caption;  // grey, below the title, in one or more lines
  std::string stamp;    // small and grey at the bottom: model, data set, d, epoch, seed, test MSE
};

/// `text` as valid UTF-8 without control characters: bytes that are not UTF-8 become U+FFFD, line
/// breaks and tabs become spaces.
std::string drawable(std::string_view text);

/// Width of a text in pixels.
using MeasureText = std::function<double(std::string_view)>;

/// `text`, shortened to fit `width`, then with an ellipsis at the end.
std::string elided(const std::string& text, double width, const MeasureText& measure);

/// The same with the ellipsis in the middle: names often differ at both ends.
std::string elided_middle(const std::string& text, double width, const MeasureText& measure);

/// The names without the words that all of them begin with ("n02_", "class "), where every name has
/// more than these.
std::vector<std::string> without_common_prefix(std::vector<std::string> names);

/// `text` broken into lines of at most `width`, at spaces and after any character of `break_after`.
/// A word too wide for a line is elided; so is the last line if more than `max_lines` are needed.
/// Returns at least one line, which may be empty.
std::vector<std::string> wrapped(const std::string& text, double width, const MeasureText& measure,
                                 std::string_view break_after = {}, std::size_t max_lines = 100);

}  // namespace hourglass
