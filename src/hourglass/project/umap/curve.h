// UMAP, third step: the curve from distance in the map to membership strength.
#pragma once

namespace hourglass {

/// Membership strength at distance d in the map: 1 / (1 + a d^(2 b)).
struct Curve {
  double a = 1.0;
  double b = 1.0;
};

/// McInnes, Healy, Melville 2018, definition 11: a and b by least squares at 300 points of
/// [0, 3 spread] against 1 up to min_dist and exp(-(d - min_dist) / spread) beyond. Throws as
/// check_curve_options().
Curve fit_curve(float min_dist, float spread);

/// Throws Error unless 0 <= min_dist <= spread and 0.001 <= spread <= 100.
void check_curve_options(float min_dist, float spread);

}  // namespace hourglass
