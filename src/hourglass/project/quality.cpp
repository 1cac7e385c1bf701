#include "hourglass/project/quality.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "hourglass/base/error.h"
#include "hourglass/base/random.h"
#include "hourglass/project/impl/ranks.h"
#include "hourglass/project/rows.h"

namespace hourglass {
namespace {

void check(ConstView x, ConstView map, const MapQualityOptions& options, ThreadPool& pool) {
  check_finite("quality", x, pool);
  check_finite("quality", map, pool);
  const std::int64_t n = x.size(0);
  if (map.size(0) != n) {
    fail("quality", "the data have {} rows and the map {}: they must agree", n, map.size(0));
  }
  if (x.size(1) < 1 || map.size(1) < 1) {
    fail("quality", "the data have shape {} and the map {}: at least one column is needed",
         x.shape().text(), map.shape().text());
  }
  if (n < 3) fail("quality", "there are {} rows: at least 3 are needed", n);
  if (n > std::numeric_limits<std::int32_t>::max()) {
    fail("quality", "{} rows are too many: at most 2^31 - 1 are handled", n);
  }
  if (options.k < 1 || options.exact_rows < 0 || options.sample_rows < 1) {
    fail("quality", "k is {} and the sample {} rows: both must be at least 1", options.k,
         options.sample_rows);
  }
}

/// The rows to measure, in ascending order.
std::vector<std::int64_t> rows_asked(std::int64_t n, const MapQualityOptions& options) {
  std::vector<std::int64_t> rows;
  if (n <= options.exact_rows || n <= options.sample_rows) {
    rows.resize(static_cast<std::size_t>(n));
    std::iota(rows.begin(), rows.end(), 0);
  } else {
    Rng rng(options.seed, Stream::quality_sample);
    rows = random_permutation(n, rng);
    rows.resize(static_cast<std::size_t>(options.sample_rows));
    std::sort(rows.begin(), rows.end());
  }
  return rows;
}

/// Integers of one row: their sums do not depend on the order.
struct Penalties {
  std::int64_t intruders = 0;  // sum of the true ranks beyond k of the map's neighbours
  std::int64_t torn = 0;       // sum of the map's ranks beyond k of the true neighbours
  std::int64_t shared = 0;     // neighbours that are in both lists
};

/// The sum of (rank - k) over the neighbours in `other` that are not in `own`.
std::int64_t excess(RankedRow& row, std::span<const std::int32_t> own,
                    std::span<const std::int32_t> other) {
  std::vector<std::int32_t> others;
  for (const std::int32_t j : other) {
    if (std::find(own.begin(), own.end(), j) == own.end()) others.push_back(j);
  }
  if (others.empty()) return 0;
  std::vector<std::int64_t> ranks(others.size());
  row.ranks(ranks, others);
  return std::accumulate(ranks.begin(), ranks.end(), std::int64_t{0}) -
         std::ssize(ranks) * std::ssize(own);
}

/// Measures rows [begin, end) of result.rows and fills their entries of the lists.
class Judge {
 public:
  Judge(const BoundedDistances& space, const BoundedDistances& map, MapQuality& result,
        std::vector<Penalties>& penalties)
      : space_(space), map_(map), result_(result), penalties_(penalties) {}

  void rows(std::int64_t begin, std::int64_t end) const {
    const auto asked =
        std::span(result_.rows)
            .subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
    const Tensor in_space = space_.products(asked), in_map = map_.products(asked);
    RankedRow space(space_), map(map_);
    for (std::int64_t a = begin; a < end; ++a) {
      const std::int64_t i = result_.rows[static_cast<std::size_t>(a)];
      space.look_from(i, in_space.row(a - begin));
      map.look_from(i, in_map.row(a - begin));
      const auto near_space = neighbours_of(result_.space_neighbours, a);
      const auto near_map = neighbours_of(result_.map_neighbours, a);
      space.nearest(near_space);
      map.nearest(near_map);
      Penalties& p = penalties_[static_cast<std::size_t>(a)];
      p.intruders = excess(space, near_space, near_map);
      p.torn = excess(map, near_map, near_space);
      p.shared = std::count_if(near_map.begin(), near_map.end(), [&](std::int32_t j) {
        return std::find(near_space.begin(), near_space.end(), j) != near_space.end();
      });
    }
  }

 private:
  std::span<std::int32_t> neighbours_of(std::vector<std::int32_t>& list, std::int64_t a) const {
    const auto k = static_cast<std::size_t>(result_.k);
    return std::span(list).subspan(static_cast<std::size_t>(a) * k, k);
  }

  const BoundedDistances& space_;
  const BoundedDistances& map_;
  MapQuality& result_;
  std::vector<Penalties>& penalties_;
};

/// Venna and Kaski 2001, equations 1 and 2, for each row and for all.
void score(MapQuality& result, const std::vector<Penalties>& penalties, std::int64_t n) {
  const auto k = static_cast<double>(result.k), rows = static_cast<double>(n);
  const double most = k * (2.0 * rows - 3.0 * k - 1.0) / 2.0;
  Penalties all;
  for (const Penalties& p : penalties) {
    result.point_trustworthiness.push_back(
        static_cast<float>(1.0 - static_cast<double>(p.intruders) / most));
    result.point_continuity.push_back(static_cast<float>(1.0 - static_cast<double>(p.torn) / most));
    result.point_overlap.push_back(static_cast<float>(static_cast<double>(p.shared) / k));
    all.intruders += p.intruders;
    all.torn += p.torn;
    all.shared += p.shared;
  }
  const auto asked = static_cast<double>(penalties.size());
  result.trustworthiness = 1.0 - static_cast<double>(all.intruders) / (asked * most);
  result.continuity = 1.0 - static_cast<double>(all.torn) / (asked * most);
  result.neighbour_overlap = static_cast<double>(all.shared) / (asked * k);
}

}  // namespace

MapQuality map_quality(ConstView x, ConstView map, const MapQualityOptions& options,
                       ThreadPool& pool) {
  check(x, map, options, pool);
  const std::int64_t n = x.size(0);
  MapQuality result;
  result.rows = rows_asked(n, options);
  const std::int64_t asked = std::ssize(result.rows);
  result.sampled = asked < n;
  result.k = static_cast<int>(std::min<std::int64_t>(options.k, (n - 1) / 2));
  const auto size = static_cast<std::size_t>(asked) * static_cast<std::size_t>(result.k);
  result.space_neighbours.resize(size);
  result.map_neighbours.resize(size);

  Tensor unit;
  if (options.metric == Metric::cosine) {
    unit = unit_rows(x, pool);
    x = unit;
  }
  const BoundedDistances in_space(x, pool), in_map(map, pool);
  std::vector<Penalties> penalties(static_cast<std::size_t>(asked));
  const Judge judge(in_space, in_map, result, penalties);
  // The products of a block of rows take a few megabytes.
  const std::int64_t block = std::clamp<std::int64_t>((std::int64_t{1} << 22) / n, 4, 64);
  parallel_for(pool, asked, block,
               [&](std::int64_t begin, std::int64_t end) { judge.rows(begin, end); });
  score(result, penalties, n);
  return result;
}

}  // namespace hourglass
