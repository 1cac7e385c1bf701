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

/// X [n, d], the rows of a source with `mean` [d] subtracted in double. At most 256 MiB of rows are
/// held at a time (or two rows, if those are larger), and 16 MiB (or one row) per thread. Every
/// result has the same bits for any number of threads.
class CentredRows {
 public:
  CentredRows(const RowSource& source, std::int64_t rows, std::vector<double> mean,
              ThreadPool& pool)
      : source_(source), rows_(rows), mean_(std::move(mean)), pool_(pool) {}

  std::int64_t rows() const { return rows_; }
  std::int64_t columns() const { return static_cast<std::int64_t>(mean_.size()); }

  Eigen::MatrixXd gram() const;                                          ///< X Xt [n, n]
  Eigen::MatrixXd scatter() const;                                       ///< Xt X [d, d]
  double sum_of_squares() const;                                         ///< of all entries of X
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
  ThreadPool& pool_;
};

}  // namespace hourglass
