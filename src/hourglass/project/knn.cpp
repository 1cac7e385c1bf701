#include "hourglass/project/knn.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "hourglass/base/error.h"
#include "hourglass/base/random.h"
#include "hourglass/project/impl/knn/direct.h"
#include "hourglass/project/impl/knn/duplicates.h"
#include "hourglass/project/impl/knn/search.h"
#include "hourglass/project/rows.h"

namespace hourglass {
namespace {

constexpr std::int64_t kRowGrain = 256;
constexpr double kMostProducts =
    1e13;  // of an exact search chosen automatically: 560,000 rows of 32 columns
constexpr float kReach = 0.5f;  // of a search of candidates
constexpr std::int64_t kRecallRows = 500;

bool exact_pays(std::int64_t rows, const Embedding& embedding) {
  const auto n = static_cast<double>(rows);
  return n * n * static_cast<double>(embedding.near) <= kMostProducts;
}

}  // namespace

/// Rows prepared for a search.
struct NeighbourIndex::State {
  Metric metric;
  Tensor unit;     // where the metric is cosine
  ConstView rows;  // given, or unit
  bool direct;     // all distances are computed, and the following stay empty
  Duplicates duplicates;
  Embedding embedding;
  Leaves leaves;

  State(ConstView x, Metric metric_, ThreadPool& pool) : metric(metric_), rows(x) {
    check_finite("neighbours", x, pool);
    if (x.size(0) < 1 || x.size(1) < 1) {
      fail("neighbours", "the data have shape {}: there is nothing to search", x.shape().text());
    }
    if (x.size(0) > std::numeric_limits<std::int32_t>::max()) {
      fail("neighbours", "{} rows are too many for a search", x.size(0));
    }
    if (metric == Metric::cosine) {
      unit = unit_rows(x, pool);
      rows = unit;
    }
    direct = direct_pays(rows.size(0), rows.size(1));
    if (!direct) prepare_leaves(pool);
  }

  /// The same rows in leaves, for an approximate search of rows whose distances are few. Borrows.
  State(const State& other, ThreadPool& pool)
      : metric(other.metric), rows(other.rows), direct(false) {
    prepare_leaves(pool);
  }

  void prepare_leaves(ThreadPool& pool) {
    duplicates = find_duplicates(rows, pool);
    embedding = fit_embedding(rows, pool);
    leaves = make_leaves(embedding, rows, duplicates.firsts, pool);
  }

  /// `nearest` holds the `groups` nearest groups of each row.
  Neighbours finish(const std::vector<Candidate>& nearest, std::int64_t count, int groups, int k,
                    bool leave_out_self, ThreadPool& pool) const {
    Neighbours result;
    result.rows = count;
    result.k = k;
    const auto width = static_cast<std::size_t>(k);
    result.indices.resize(static_cast<std::size_t>(count) * width);
    result.distances.resize(static_cast<std::size_t>(count) * width);
    parallel_for(pool, count, kRowGrain, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        const std::int64_t first =
            leave_out_self && duplicates.any() ? duplicates.first[static_cast<std::size_t>(i)] : i;
        std::span<const Candidate> found = std::span(nearest).subspan(
            static_cast<std::size_t>(first * groups), static_cast<std::size_t>(groups));
        std::vector<Candidate> all;
        if (duplicates.any()) {
          all = all_of_groups(duplicates, found, leave_out_self ? static_cast<std::int32_t>(i) : -1,
                              k);
          found = all;
        }
        const std::size_t at = static_cast<std::size_t>(i) * width;
        for (std::size_t j = 0; j < width; ++j) {
          result.indices[at + j] = found[j].index;
          // Between unit vectors |a - b|^2 = 2 (1 - cos).
          result.distances[at + j] = static_cast<float>(
              metric == Metric::cosine ? found[j].squared / 2 : std::sqrt(found[j].squared));
        }
      }
    });
    return result;
  }

  /// The neighbours of the rows themselves.
  Neighbours of_each_other(int k, float reach, ThreadPool& pool) const {
    const std::int64_t others = rows.size(0) - 1;
    check_count(k, others);
    if (direct) {
      return finish(nearest_of_each_other(rows, k, pool), rows.size(0), k, k, true, pool);
    }
    const int groups = std::min(k, static_cast<int>(duplicates.firsts.size()) - 1);
    const SearchSides sides{rows, leaves, rows, leaves, embedding, true};
    return finish(search_leaves(sides, groups, reach, pool), rows.size(0), groups, k, true, pool);
  }

  /// The same, from candidates, with their recall.
  Neighbours from_candidates(int k, std::uint64_t seed, ThreadPool& pool) const {
    Neighbours found = of_each_other(k, kReach, pool);
    Rng rng(seed, Stream::recall_sample);
    const std::int64_t n = rows.size(0), d = rows.size(1), m = std::min(n, kRecallRows);
    std::vector<std::int64_t> asked;
    Tensor sample(Shape{m, d});
    for (std::int64_t i = 0; i < m; ++i) {
      asked.push_back(static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(n))));
      std::ranges::copy(rows.row(asked.back()), sample.row(i).begin());
    }
    // The k + 1 nearest rows include at least k other rows.
    const Neighbours truth = of_prepared(sample, k + 1, pool);
    std::int64_t right = 0;
    for (std::int64_t i = 0; i < m; ++i) {
      const float farthest = truth.distances_of(i).back();
      for (const float distance : found.distances_of(asked[static_cast<std::size_t>(i)])) {
        right += distance <= farthest ? 1 : 0;
      }
    }
    found.exact = false;
    found.recall = static_cast<double>(right) / static_cast<double>(m * k);
    found.recall_rows = m;
    found.how =
        fmt::format("candidates from near leaves, recall {:.3f} on {} rows", found.recall, m);
    return found;
  }

  /// The neighbours of other rows.
  Neighbours of_others(ConstView queries, int k, ThreadPool& pool) const {
    check_finite("neighbours", queries, pool);
    const std::int64_t d = metric == Metric::cosine ? rows.size(1) - 1 : rows.size(1);
    if (queries.size(1) != d) {
      fail("neighbours", "the reference has {} columns and the queries have {}: they must agree", d,
           queries.size(1));
    }
    check_count(k, rows.size(0));
    Tensor unit_queries;
    if (metric == Metric::cosine) {
      unit_queries = unit_rows(queries, pool);
      queries = unit_queries;
    }
    return of_prepared(queries, k, pool);
  }

  /// The same for checked rows, of norm 1 where the metric is cosine.
  Neighbours of_prepared(ConstView queries, int k, ThreadPool& pool) const {
    if (direct) {
      return finish(nearest_of_others(rows, queries, k, pool), queries.size(0), k, k, false, pool);
    }
    const int groups = std::min(k, static_cast<int>(duplicates.firsts.size()));
    std::vector<std::int32_t> all(static_cast<std::size_t>(queries.size(0)));
    std::iota(all.begin(), all.end(), 0);
    const Leaves query_leaves = make_leaves(embedding, queries, all, pool);
    const SearchSides sides{queries, query_leaves, rows, leaves, embedding, false};
    return finish(search_leaves(sides, groups, 1, pool), queries.size(0), groups, k, false, pool);
  }

  static void check_count(int k, std::int64_t others) {
    if (k >= 1 && k <= others) return;
    fail("neighbours", "{} neighbours asked for among {} other rows: from 1 to {} are possible", k,
         others, std::max<std::int64_t>(others, 0));
  }
};

NeighbourIndex::NeighbourIndex(ConstView reference, Metric metric, ThreadPool& pool)
    : state_(std::make_unique<State>(reference, metric, pool)) {}
NeighbourIndex::~NeighbourIndex() = default;
NeighbourIndex::NeighbourIndex(NeighbourIndex&&) noexcept = default;
NeighbourIndex& NeighbourIndex::operator=(NeighbourIndex&&) noexcept = default;

Neighbours NeighbourIndex::query(ConstView queries, int k, ThreadPool& pool) const {
  return state_->of_others(queries, k, pool);
}

Neighbours NeighbourIndex::of_each_other(const NeighbourOptions& options, ThreadPool& pool) const {
  if (options.search == Search::candidates && state_->direct) {
    return State(*state_, pool).from_candidates(options.k, options.seed, pool);
  }
  const bool exact =
      options.search == Search::exact || state_->direct ||
      (options.search == Search::automatic && exact_pays(state_->rows.size(0), state_->embedding));
  return exact ? state_->of_each_other(options.k, 1, pool)
               : state_->from_candidates(options.k, options.seed, pool);
}

Neighbours nearest_neighbours(ConstView x, const NeighbourOptions& options, ThreadPool& pool) {
  return NeighbourIndex(x, options.metric, pool).of_each_other(options, pool);
}

Neighbours nearest_neighbours(ConstView x, int k, ThreadPool& pool) {
  return nearest_neighbours(x, {.k = k}, pool);
}

Neighbours nearest_neighbours(ConstView reference, ConstView queries, int k, ThreadPool& pool) {
  return NeighbourIndex(reference, Metric::euclidean, pool).query(queries, k, pool);
}

}  // namespace hourglass
