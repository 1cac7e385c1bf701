#include "hourglass/project/impl/centred_rows.h"

#include <algorithm>

#include "hourglass/tensor/tensor.h"

namespace hourglass {
namespace {

constexpr std::int64_t kBlockFloats = std::int64_t{1} << 25;   // 128 MiB
constexpr std::int64_t kThreadFloats = std::int64_t{1} << 22;  // 16 MiB
constexpr std::int64_t kFillRows = 16;  // rows that a thread requests at a time
constexpr std::int64_t kTile = 64;      // rows or columns of one task
constexpr std::int64_t kDepth = 256;    // depth of a product whose two pieces stay in L2

std::size_t index(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

/// Pairs of tiles (p, q) with p <= q of `count` tiles.
std::vector<std::pair<std::int64_t, std::int64_t>> upper_tiles(std::int64_t count) {
  std::vector<std::pair<std::int64_t, std::int64_t>> tiles;
  for (std::int64_t p = 0; p < count; ++p) {
    for (std::int64_t q = p; q < count; ++q) tiles.emplace_back(p, q);
  }
  return tiles;
}

void mirror(Eigen::MatrixXd& matrix) {
  matrix.triangularView<Eigen::StrictlyLower>() = matrix.transpose();
}

}  // namespace

/// Rows [first, first + count) of the source, each read in place if possible.
struct CentredRows::RowBlock {
  std::int64_t first = 0;
  std::int64_t count = 0;
  Tensor room;
  std::vector<const float*> row;
};

std::int64_t CentredRows::block_rows() const {
  return std::clamp<std::int64_t>(kBlockFloats / columns(), 1, rows_);
}

CentredRows::RowBlock CentredRows::block(std::int64_t first, std::int64_t end) const {
  RowBlock made{first, end - first, Tensor(Shape{end - first, columns()}), {}};
  made.row.resize(index(made.count));
  parallel_for(pool_, made.count, kFillRows, [&](std::int64_t from, std::int64_t to) {
    const ConstView rows = source_.rows(first + from, first + to, made.room.view().rows(from, to));
    for (std::int64_t i = from; i < to; ++i) {
      made.row[index(i)] = rows.data() + (i - from) * columns();
    }
  });
  return made;
}

Eigen::MatrixXd CentredRows::piece(const RowBlock& block, std::int64_t first, std::int64_t count,
                                   std::int64_t left, std::int64_t width) const {
  Eigen::MatrixXd out(count, width);
  for (std::int64_t i = 0; i < count; ++i) {
    const float* in = block.row[index(first + i)] + left;
    for (std::int64_t j = 0; j < width; ++j) {
      out(i, j) = static_cast<double>(in[j]) - mean_[index(left + j)];
    }
  }
  if (removed_.cols() > 0) {
    out.noalias() -= removed_lengths_.middleRows(block.first + first, count) *
                     removed_.middleRows(left, width).transpose();
  }
  return out;
}

void CentredRows::remove(const Eigen::MatrixXd& directions) {
  const Eigen::MatrixXd lengths = times(directions);
  const Eigen::Index before = removed_.cols();
  removed_.conservativeResize(Eigen::NoChange, before + directions.cols());
  removed_.rightCols(directions.cols()) = directions;
  removed_lengths_.conservativeResize(Eigen::NoChange, before + directions.cols());
  removed_lengths_.rightCols(directions.cols()) = lengths;
}

Eigen::MatrixXd CentredRows::gram() const {
  Eigen::MatrixXd result(rows_, rows_);
  // Tiles of a pair of blocks; each sums over the columns in order.
  const auto fill_pair = [&](const RowBlock& a, const RowBlock& b) {
    const std::int64_t down = (a.count + kTile - 1) / kTile, across = (b.count + kTile - 1) / kTile;
    pool_.run(down * across, [&](std::int64_t task) {
      const std::int64_t i = task / across * kTile, j = task % across * kTile;
      if (a.first + i > b.first + j) return;
      const std::int64_t height = std::min(kTile, a.count - i),
                         width = std::min(kTile, b.count - j);
      Eigen::MatrixXd sums = Eigen::MatrixXd::Zero(height, width);
      for (std::int64_t left = 0; left < columns(); left += kDepth) {
        const std::int64_t depth = std::min(kDepth, columns() - left);
        sums.noalias() +=
            piece(a, i, height, left, depth) * piece(b, j, width, left, depth).transpose();
      }
      result.block(a.first + i, b.first + j, height, width) = sums;
    });
  };
  const std::int64_t step = block_rows();
  for (std::int64_t first = 0; first < rows_; first += step) {
    const RowBlock a = block(first, std::min(rows_, first + step));
    fill_pair(a, a);
    for (std::int64_t second = first + step; second < rows_; second += step) {
      fill_pair(a, block(second, std::min(rows_, second + step)));
    }
  }
  mirror(result);
  return result;
}

Eigen::MatrixXd CentredRows::scatter() const {
  Eigen::MatrixXd result = Eigen::MatrixXd::Zero(columns(), columns());
  const auto tiles = upper_tiles((columns() + kTile - 1) / kTile);
  const std::int64_t step = block_rows();
  for (std::int64_t first = 0; first < rows_; first += step) {
    const RowBlock rows = block(first, std::min(rows_, first + step));
    pool_.run(static_cast<std::int64_t>(tiles.size()), [&](std::int64_t task) {
      const std::int64_t p = tiles[index(task)].first * kTile,
                         q = tiles[index(task)].second * kTile;
      const std::int64_t height = std::min(kTile, columns() - p);
      const std::int64_t width = std::min(kTile, columns() - q);
      auto sums = result.block(p, q, height, width);
      for (std::int64_t i = 0; i < rows.count; i += kDepth) {
        const std::int64_t depth = std::min(kDepth, rows.count - i);
        sums.noalias() +=
            piece(rows, i, depth, p, height).transpose() * piece(rows, i, depth, q, width);
      }
    });
  }
  mirror(result);
  return result;
}

std::vector<double> CentredRows::squared_norms() const {
  std::vector<double> norms(index(rows_), 0.0);
  const std::int64_t step = block_rows();
  for (std::int64_t first = 0; first < rows_; first += step) {
    const RowBlock rows = block(first, std::min(rows_, first + step));
    parallel_for(pool_, rows.count, kFillRows, [&](std::int64_t from, std::int64_t to) {
      for (std::int64_t i = from; i < to; ++i) {
        double& norm = norms[index(first + i)];
        for (std::int64_t j = 0; j < columns(); ++j) {
          const double x = static_cast<double>(rows.row[index(i)][j]) - mean_[index(j)];
          norm += x * x;
        }
      }
    });
  }
  return norms;
}

Eigen::MatrixXd CentredRows::times(const Eigen::MatrixXd& right) const {
  Eigen::MatrixXd result(rows_, right.cols());
  const std::int64_t grain = std::clamp<std::int64_t>(kThreadFloats / columns(), 1, kTile);
  parallel_for(pool_, rows_, grain, [&](std::int64_t from, std::int64_t to) {
    RowBlock rows{from, to - from, Tensor(Shape{to - from, columns()}), {}};
    const ConstView made = source_.rows(from, to, rows.room);
    for (std::int64_t i = 0; i < rows.count; ++i) rows.row.push_back(made.data() + i * columns());
    Eigen::MatrixXd sums = Eigen::MatrixXd::Zero(rows.count, right.cols());
    for (std::int64_t left = 0; left < columns(); left += kDepth) {
      const std::int64_t depth = std::min(kDepth, columns() - left);
      sums.noalias() += piece(rows, 0, rows.count, left, depth) * right.middleRows(left, depth);
    }
    result.middleRows(from, rows.count) = sums;
  });
  return result;
}

Eigen::MatrixXd CentredRows::transposed_times(const Eigen::MatrixXd& right) const {
  Eigen::MatrixXd result = Eigen::MatrixXd::Zero(columns(), right.cols());
  const std::int64_t step = block_rows();
  for (std::int64_t first = 0; first < rows_; first += step) {
    const RowBlock rows = block(first, std::min(rows_, first + step));
    parallel_for(pool_, columns(), kDepth, [&](std::int64_t left, std::int64_t end) {
      auto sums = result.middleRows(left, end - left);
      for (std::int64_t i = 0; i < rows.count; i += kDepth) {
        const std::int64_t depth = std::min(kDepth, rows.count - i);
        sums.noalias() += piece(rows, i, depth, left, end - left).transpose() *
                          right.middleRows(first + i, depth);
      }
    });
  }
  return result;
}

}  // namespace hourglass
