// Places and words for the numbers along an axis. Not drawing.
#pragma once

#include <string>
#include <vector>

namespace hourglass {

/// Round numbers (1, 2 or 5 times a power of ten apart) in [low, high]: as many as there can be, at
/// most `most` + 1, the ends of `most` steps.
std::vector<double> linear_ticks(double low, double high, int most = 6);

/// Round numbers in [low, high] that suit a logarithmic axis: powers of ten where there are enough,
/// otherwise ever finer fractions. 0 < low < high.
std::vector<double> log_ticks(double low, double high);

/// A tick as people write it, with a true minus sign: "0.005", "−2".
std::string tick_text(double value);

/// An error to four decimals, and a smaller one than 0.001 to two digits: "0.0041", "0.00041".
std::string error_text(double error);

/// Moves places as little as needed to be at least `gap` apart and within [low, high] as far as
/// that is possible; keeps their order. For labels at the ends of lines.
std::vector<double> spread_apart(const std::vector<double>& places, double gap, double low,
                                 double high);

}  // namespace hourglass
