// Products with the matrix of centred rows, all in double: slower than covariance.h, but correct
// for values of any size. Not for public use: see pca.h.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/project/rows.h"

namespace hourglass {

/// X [n, d], the rows of a source with `mean` [d] subtracted in double, and later also their parts
/// along directions that remove() names. At most 256 MiB of rows are
/// held at a time (or two rows, if those are larger), and 16 MiB (or one row) per thread. Every
/// result has the same bits for any number of threads.
class CentredRows {
 public:
  CentredRows(const RowSource& source, std::int64_t rows, std::vector<double> mean,
              ThreadPool& pool)
      : source_(source),
        rows_(rows),
        mean_(std::move(mean)),
        removed_(columns(), 0),
        removed_lengths_(rows, 0),
        pool_(pool) {}

  /// Subtracts the parts of all rows along orthonormal directions [d, r] from now on. What remains
  /// has an error of about 1e-16 of the rows' own norms. Holds 8 r (n + d) bytes.
  void remove(const Eigen::MatrixXd& directions);

  std::int64_t rows() const { return rows_; }
  std::int64_t columns() const { return static_cast<std::int64_t>(mean_.size()); }

  Eigen::MatrixXd gram() const;                                          ///< X Xt [n, n]
  Eigen::MatrixXd scatter() const;                                       ///< Xt X [d, d]
  std::vector<double> squared_norms() const;                             ///< of X's rows [n]
  Eigen::MatrixXd times(const Eigen::MatrixXd& right) const;             ///< X right [n, l]
  Eigen::MatrixXd transposed_times(const Eigen::MatrixXd& right) const;  ///< Xt right [d, l]

 private:
  struct RowBlock;
  RowBlock block(std::int64_t first, std::int64_t end) const;
  std::int64_t block_rows() const;
  /// Entries of rows [first, first + count) and columns [left, left + width) of a block.
  Eigen::MatrixXd piece(const RowBlock& block, std::int64_t first, std::int64_t count,
                        std::int64_t left, std::int64_t width) const;

  const RowSource& source_;
  std::int64_t rows_;
  std::vector<double> mean_;
  Eigen::MatrixXd removed_;          // [d, r] directions
  Eigen::MatrixXd removed_lengths_;  // [n, r], of the rows along them
  ThreadPool& pool_;
};

}  // namespace hourglass
