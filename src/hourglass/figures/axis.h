// Positions and texts of the numbers along an axis. Not drawing.
#pragma once

#include <string>
#include <vector>

namespace hourglass {

/// Round numbers in [low, high], spaced by 1, 2 or 5 times a power of ten: the finest spacing that
/// gives at most `most` + 1 of them.
std::vector<double> linear_ticks(double low, double high, int most = 6);

/// Round numbers in [low, high] for a logarithmic axis: powers of ten if there are enough of them,
/// otherwise numbers between them too. 0 < low < high.
std::vector<double> log_ticks(double low, double high);

/// A tick as people write it, with a true minus sign: "0.005", "−2".
std::string tick_text(double value);

/// An error with four decimals, below 0.001 with two significant digits: "0.0041", "0.00041".
std::string error_text(double error);

/// Moves positions as little as needed to be at least `gap` apart and within [low, high] as far as
/// that is possible; keeps their order. For labels at the ends of lines.
std::vector<double> spread_apart(const std::vector<double>& positions, double gap, double low,
                                 double high);

}  // namespace hourglass
