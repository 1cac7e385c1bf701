#include "project/knn.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "kernels/matmul.h"
#include "project/distances.h"
#include "project/rows.h"

namespace hourglass {
namespace {

constexpr std::int64_t kQueryBlock = 64;  // with the next, a block of products stays in L2
constexpr std::int64_t kReferenceBlock = 1024;
constexpr std::int64_t kScan = 32;  // products looked at together
constexpr float kLargestNorm = 1e37f;

struct Candidate {
  double squared = std::numeric_limits<double>::infinity();
  std::int32_t index = std::numeric_limits<std::int32_t>::max();

  bool operator<(const Candidate& other) const {
    return squared != other.squared ? squared < other.squared : index < other.index;
  }
};

/// The k best candidates so far, sorted.
class Best {
 public:
  explicit Best(std::span<Candidate> places) : places_(places) {}

  double worst() const { return places_.back().squared; }
  void offer(Candidate candidate) {
    if (!(candidate < places_.back())) return;
    const auto place = std::upper_bound(places_.begin(), places_.end(), candidate);
    std::move_backward(place, places_.end() - 1, places_.end());
    *place = candidate;
  }

 private:
  std::span<Candidate> places_;
};

struct Search {
  ConstView reference;
  ConstView queries;
  bool leave_out_self;
  int k;
  PreparedRows prepared_reference;
  PreparedRows prepared_queries;  // unused where queries are the reference
  std::vector<float> lower_norm;  // [n] norm * (1 - slack), below every distance's share of b
  float slack;
  bool bounded;  // whether all norms are far from overflow; otherwise every distance is exact

  const PreparedRows& asking() const {
    return leave_out_self ? prepared_reference : prepared_queries;
  }

  /// Offers to `best` what may be among the nearest of query q, given its products [count] with
  /// the reference rows from `first` on.
  void scan(Best& best, std::int64_t q, std::int64_t first, std::int64_t count,
            const float* products) const {
    const std::int64_t d = reference.size(1);
    const double own = static_cast<double>(asking().norm[static_cast<std::size_t>(q)]);
    const float* norms = lower_norm.data() + first;
    // A row can only be nearer than the worst if norms - 2 products <= limit; rounded outward.
    const auto limit_now = [&] {
      if (!bounded) return std::numeric_limits<float>::infinity();
      const double limit = best.worst() - own * (1.0 - static_cast<double>(slack));
      return std::nextafter(static_cast<float>(limit), std::numeric_limits<float>::infinity());
    };
    float limit = limit_now();
    for (std::int64_t from = 0; from < count; from += kScan) {
      const std::int64_t to = std::min(count, from + kScan);
      int any = 0;
      for (std::int64_t j = from; j < to; ++j) {
        any |= norms[j] - 2.0f * products[j] > limit ? 0 : 1;
      }
      if (any == 0) continue;
      for (std::int64_t j = from; j < to; ++j) {
        if (norms[j] - 2.0f * products[j] > limit) continue;
        const std::int64_t r = first + j;
        if (leave_out_self && r == q) continue;
        best.offer({squared_distance(queries.data() + q * d, reference.data() + r * d, d),
                    static_cast<std::int32_t>(r)});
        limit = limit_now();
      }
    }
  }

  void block(std::int64_t begin, std::int64_t end, Neighbours& out) const {
    const std::int64_t d = reference.size(1), n = reference.size(0);
    const auto places = static_cast<std::size_t>(k);
    std::vector<Candidate> best(static_cast<std::size_t>(end - begin) * places);
    Tensor products(Shape{kQueryBlock, kReferenceBlock});
    const ConstView asked(asking().shifted.data() + begin * d, Shape{end - begin, d});
    for (std::int64_t first = 0; first < n; first += kReferenceBlock) {
      const std::int64_t count = std::min(kReferenceBlock, n - first);
      const View product(products.data(), Shape{end - begin, count});
      matmul_nt(product, asked, prepared_reference.shifted.view().rows(first, first + count));
      for (std::int64_t q = begin; q < end; ++q) {
        const auto offset = static_cast<std::size_t>(q - begin) * places;
        Best row(std::span<Candidate>(best).subspan(offset, places));
        scan(row, q, first, count, product.data() + (q - begin) * count);
      }
    }
    for (std::size_t i = 0; i < best.size(); ++i) {
      const std::size_t place = static_cast<std::size_t>(begin) * places + i;
      out.indices[place] = best[i].index;
      out.distances[place] = static_cast<float>(std::sqrt(best[i].squared));
    }
  }
};

Neighbours search(ConstView reference, ConstView queries, bool leave_out_self, int k,
                  ThreadPool& pool) {
  const std::int64_t others = reference.size(0) - (leave_out_self ? 1 : 0);
  if (k < 1 || k > others) {
    fail("neighbours", "{} neighbours asked for among {} other rows: from 1 to {} are possible", k,
         others, std::max<std::int64_t>(others, 0));
  }
  if (reference.size(0) > std::numeric_limits<std::int32_t>::max()) {
    fail("neighbours", "{} rows are too many for an exact search", reference.size(0));
  }
  const Tensor shift = distance_shift(reference);
  Search s{.reference = reference,
           .queries = queries,
           .leave_out_self = leave_out_self,
           .k = k,
           .prepared_reference = prepare_rows(reference, shift, pool),
           .prepared_queries = leave_out_self ? PreparedRows{} : prepare_rows(queries, shift, pool),
           .lower_norm = {},
           .slack = distance_slack(reference.size(1)),
           .bounded = true};
  for (const float norm : s.prepared_reference.norm) s.bounded &= norm < kLargestNorm;
  for (const float norm : s.asking().norm) s.bounded &= norm < kLargestNorm;
  s.lower_norm = s.prepared_reference.norm;
  for (float& norm : s.lower_norm) norm *= 1.0f - s.slack;

  Neighbours result{queries.size(0), k, {}, {}};
  const auto size = static_cast<std::size_t>(queries.size(0)) * static_cast<std::size_t>(k);
  result.indices.resize(size);
  result.distances.resize(size);
  parallel_for(pool, queries.size(0), kQueryBlock,
               [&](std::int64_t begin, std::int64_t end) { s.block(begin, end, result); });
  return result;
}

}  // namespace

Neighbours nearest_neighbours(ConstView x, int k, ThreadPool& pool) {
  check_finite("neighbours", x, pool);
  return search(x, x, true, k, pool);
}

Neighbours nearest_neighbours(ConstView reference, ConstView queries, int k, ThreadPool& pool) {
  check_finite("neighbours", reference, pool);
  check_finite("neighbours", queries, pool);
  if (reference.size(1) != queries.size(1)) {
    fail("neighbours", "the reference has {} columns and the queries have {}: they must agree",
         reference.size(1), queries.size(1));
  }
  return search(reference, queries, false, k, pool);
}

}  // namespace hourglass
