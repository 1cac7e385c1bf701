#include "hourglass/project/impl/covariance.h"

#include <algorithm>
#include <cmath>

#include "hourglass/base/error.h"
#include "hourglass/kernels/matmul.h"

namespace hourglass {
namespace {

constexpr std::int64_t kBlockRows = 1024;
constexpr std::int64_t kFillRows = 64;  // rows that a thread requests at a time
constexpr std::int64_t kFillFloats = std::int64_t{1} << 22;  // and at most this many floats
constexpr std::int64_t kPanelWidth = 128;  // at most: two panels' pieces and their tile stay in L2

std::size_t index(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

[[noreturn]] void name_bad_value(const RowSource& source, std::int64_t rows, std::int64_t columns) {
  Tensor room(Shape{1, columns});
  for (std::int64_t i = 0; i < rows; ++i) {
    const ConstView row = source.rows(i, i + 1, room);
    for (std::int64_t j = 0; j < columns; ++j) {
      if (std::isfinite(row[j])) continue;
      fail("pca", "row {}, column {} is {}: every value must be a finite number", i, j, row[j]);
    }
  }
  fail("pca", "the sum of a column is not finite: scale the data down");
}

/// Columns [begin(p), begin(p + 1)) form panel p; all panels but the last are equally wide.
struct Panels {
  std::int64_t columns;
  std::int64_t width;

  explicit Panels(std::int64_t columns_) : columns(columns_) {
    const std::int64_t wanted = (columns + kPanelWidth - 1) / kPanelWidth;
    width = ((columns + wanted - 1) / wanted + 15) / 16 * 16;
  }
  std::int64_t count() const { return (columns + width - 1) / width; }
  std::int64_t begin(std::int64_t p) const { return std::min(p * width, columns); }
  std::int64_t size(std::int64_t p) const { return begin(p + 1) - begin(p); }
};

/// One block of centred rows, each panel a contiguous matrix of its own.
struct Block {
  const Panels& panels;
  Tensor raw;
  Tensor packed;
  std::int64_t rows = 0;

  explicit Block(const Panels& p)
      : panels(p), raw(Shape{kBlockRows, p.columns}), packed(Shape{kBlockRows, p.columns}) {}

  void fill(const RowSource& source, std::int64_t first, std::int64_t end, ConstView mean,
            ThreadPool& pool) {
    rows = end - first;
    parallel_for(pool, rows, kFillRows, [&](std::int64_t from, std::int64_t to) {
      const ConstView made = source.rows(first + from, first + to, raw.view().rows(from, to));
      for (std::int64_t p = 0; p < panels.count(); ++p) {
        const std::int64_t width = panels.size(p), left = panels.begin(p);
        float* out = panel_data(p);
        for (std::int64_t i = from; i < to; ++i) {
          const float* in = made.data() + (i - from) * panels.columns + left;
          for (std::int64_t j = 0; j < width; ++j) out[i * width + j] = in[j] - mean[left + j];
        }
      }
    });
  }
  float* panel_data(std::int64_t p) { return packed.data() + kBlockRows * panels.begin(p); }
  ConstView panel(std::int64_t p) { return {panel_data(p), Shape{rows, panels.size(p)}}; }
};

}  // namespace

std::vector<double> column_means(const RowSource& source, std::int64_t rows, std::int64_t columns,
                                 ThreadPool& pool) {
  // A fixed number of pieces: the order of additions does not depend on the number of threads.
  constexpr std::int64_t kPieces = 16;
  const std::int64_t piece = (rows + kPieces - 1) / kPieces, pieces = (rows + piece - 1) / piece;
  std::vector<double> sums(index(pieces * columns), 0.0);
  parallel_for(pool, rows, piece, [&](std::int64_t begin, std::int64_t end) {
    double* sum = sums.data() + begin / piece * columns;
    const std::int64_t most = std::clamp<std::int64_t>(kFillFloats / columns, 1, kFillRows);
    Tensor room(Shape{most, columns});
    for (std::int64_t i = begin; i < end; i += most) {
      const std::int64_t filled = std::min(most, end - i);
      const ConstView made = source.rows(i, i + filled, room.view().rows(0, filled));
      for (std::int64_t r = 0; r < filled; ++r) {
        const float* row = made.data() + r * columns;
        for (std::int64_t j = 0; j < columns; ++j) sum[j] += static_cast<double>(row[j]);
      }
    }
  });
  std::vector<double> mean(index(columns), 0.0);
  for (std::int64_t p = 0; p < pieces; ++p) {
    for (std::int64_t j = 0; j < columns; ++j) mean[index(j)] += sums[index(p * columns + j)];
  }
  for (double& m : mean) {
    if (!std::isfinite(m)) name_bad_value(source, rows, columns);
    m /= static_cast<double>(rows);
  }
  return mean;
}

std::vector<double> covariance(const RowSource& source, std::int64_t rows, ConstView mean,
                               ThreadPool& pool) {
  const std::int64_t columns = mean.count();
  const Panels panels(columns);
  Block block(panels);
  std::vector<double> result(index(columns * columns), 0.0);

  struct Tile {
    std::int64_t row_panel, column_panel;
  };
  std::vector<Tile> tiles;  // the upper triangle; the lower is its mirror image
  for (std::int64_t p = 0; p < panels.count(); ++p) {
    for (std::int64_t q = p; q < panels.count(); ++q) tiles.push_back({p, q});
  }

  for (std::int64_t first = 0; first < rows; first += kBlockRows) {
    block.fill(source, first, std::min(rows, first + kBlockRows), mean, pool);
    // Each tile is one task and adds the blocks in order, for any number of threads.
    pool.run(static_cast<std::int64_t>(tiles.size()), [&](std::int64_t task) {
      const auto [p, q] = tiles[index(task)];
      Tensor products(Shape{panels.size(p), panels.size(q)});
      matmul_tn_accumulate(products, block.panel(p), block.panel(q));
      for (std::int64_t i = 0; i < products.size(0); ++i) {
        double* out = result.data() + (panels.begin(p) + i) * columns + panels.begin(q);
        const float* in = products.data() + i * products.size(1);
        for (std::int64_t j = 0; j < products.size(1); ++j) out[j] += static_cast<double>(in[j]);
      }
    });
  }

  const double scale = 1.0 / static_cast<double>(rows - 1);
  for (std::int64_t i = 0; i < columns; ++i) {
    for (std::int64_t j = i; j < columns; ++j) {
      const double value = result[index(i * columns + j)] * scale;
      result[index(i * columns + j)] = value;
      result[index(j * columns + i)] = value;
    }
  }
  return result;
}

}  // namespace hourglass
