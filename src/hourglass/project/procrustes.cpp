#include "hourglass/project/procrustes.h"

#include <Eigen/Dense>
#include <cmath>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Floats = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Matrix matrix_of(ConstView x) {
  return Eigen::Map<const Floats>(x.data(), x.size(0), x.size(1)).cast<double>();
}

}  // namespace

Tensor align_to(ConstView map, ConstView earlier, const ProcrustesOptions& options) {
  if (map.shape().rank() != 2 || map.shape() != earlier.shape()) {
    fail("procrustes", "the map has shape {} and the earlier one {}: they must agree",
         map.shape().text(), earlier.shape().text());
  }
  if (map.size(1) < 1 || map.size(1) > 64) {
    fail("procrustes", "the maps have {} dimensions: from 1 to 64 are possible", map.size(1));
  }
  Tensor laid(map.shape());
  if (map.size(0) == 0) return laid;
  Matrix from = matrix_of(map), onto = matrix_of(earlier);
  if (!from.allFinite() || !onto.allFinite()) {
    fail("procrustes", "a map holds a value that is not finite: every value must be a number");
  }
  const Eigen::RowVectorXd from_centre = from.colwise().mean(), onto_centre = onto.colwise().mean();
  from.rowwise() -= from_centre;
  onto.rowwise() -= onto_centre;

  const Eigen::MatrixXd cross = from.transpose() * onto;
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(cross, Eigen::ComputeFullU | Eigen::ComputeFullV);
  Eigen::VectorXd signs = Eigen::VectorXd::Ones(cross.rows());
  if (!options.mirror && (svd.matrixU() * svd.matrixV().transpose()).determinant() < 0) {
    signs[signs.size() - 1] = -1;  // the direction for which a rotation costs least
  }
  const Eigen::MatrixXd turn = svd.matrixU() * signs.asDiagonal() * svd.matrixV().transpose();
  double scale = 1.0;
  const double size = from.squaredNorm();
  if (options.scale && size > 0) scale = svd.singularValues().dot(signs) / size;

  const Matrix result =
      (scale * from * turn).rowwise() + (options.shift ? onto_centre : from_centre);
  Eigen::Map<Floats>(laid.data(), laid.size(0), laid.size(1)) = result.cast<float>();
  return laid;
}

}  // namespace hourglass
