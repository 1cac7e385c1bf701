#include "hourglass/project/impl/random_directions.h"

#include <algorithm>
#include <cmath>

#include "hourglass/base/random.h"

namespace hourglass {
namespace {

constexpr std::uint64_t kSeed = 0x9ca;  // fixed: a fit does not depend on the user's seed
constexpr int kMostIterations = 30;
constexpr double kTolerance =
    1e-8;  // relative change of an eigenvalue; its vector then has an error of about 1e-4
constexpr double kNothing = 1e-14;  // a direction with a relative norm below this is rounding

Eigen::MatrixXd random_normal(Eigen::Index rows, Eigen::Index columns) {
  Rng rng(kSeed);
  Eigen::MatrixXd out(rows, columns);
  for (Eigen::Index c = 0; c < columns; ++c) {
    for (Eigen::Index r = 0; r < rows; ++r) out(r, c) = rng.normal();
  }
  return out;
}

}  // namespace

EigenPairs by_random_directions(const CentredRows& x, int k) {
  // With extra directions, the first k converge at the rate of the first direction left out.
  const std::int64_t wanted =
      std::min({k + std::max<std::int64_t>(10, k / 2), x.rows(), x.columns()});
  Eigen::MatrixXd directions = random_normal(x.columns(), wanted);
  orthonormalise(directions, kNothing);
  Eigen::VectorXd before = Eigen::VectorXd::Zero(k);
  for (int iteration = 0;; ++iteration) {
    Eigen::MatrixXd rows = x.times(directions);  // [n, l]
    orthonormalise(rows, kNothing);
    const Eigen::MatrixXd back = x.transposed_times(rows);  // [d, l]: Xt is about back * rowst
    const Eigen::MatrixXd small = back.transpose() * back;  // [l, l]
    const EigenPairs pairs = largest_eigenpairs(small, static_cast<int>(wanted));
    const Eigen::VectorXd values = pairs.values.head(k).cwiseMax(0.0);
    directions.noalias() = back * pairs.vectors;
    orthonormalise(directions, kNothing);
    const double floor = kNothing * values[0];
    const bool converged =
        ((values - before).cwiseAbs().array() <= kTolerance * values.array() + floor).all();
    if (converged || iteration == kMostIterations) return {values, directions.leftCols(k)};
    before = values;
  }
}

}  // namespace hourglass
