#include "hourglass/lab/map_scores.h"

#include <fmt/format.h>

#include <algorithm>

#include "hourglass/base/error.h"
#include "hourglass/measure/knn_accuracy.h"

namespace hourglass {
namespace {

/// The share of the sampled rows whose neighbours in the list vote for their label.
double share_correct(const MapQuality& quality, const std::vector<std::int32_t>& neighbours,
                     std::span<const std::int64_t> labels) {
  std::int64_t correct = 0;
  std::vector<std::int64_t> votes;
  for (std::size_t i = 0; i < quality.rows.size(); ++i) {
    votes.clear();
    for (const std::int32_t other : quality.of(neighbours, static_cast<std::int64_t>(i))) {
      votes.push_back(labels[static_cast<std::size_t>(other)]);
    }
    correct += vote(votes) == labels[static_cast<std::size_t>(quality.rows[i])] ? 1 : 0;
  }
  return static_cast<double>(correct) / static_cast<double>(quality.rows.size());
}

bool all_rows_equal(ConstView x) {
  for (std::int64_t i = 1; i < x.size(0); ++i) {
    if (!std::ranges::equal(x.row(i), x.row(0))) return false;
  }
  return true;
}

}  // namespace

bool can_be_scored(ConstView x, ConstView map) {
  return x.size(0) >= 3 && !all_rows_equal(x) && !all_rows_equal(map);
}

MapScores score_map(ConstView x, ConstView map, std::span<const std::int64_t> labels,
                    const MapQualityOptions& options, ThreadPool& pool) {
  MapScores out{map_quality(x, map, options, pool), {}, {}};
  if (labels.empty()) return out;
  require(std::ssize(labels) == x.size(0), "quality", "labels", labels.size(),
          "one for each row is needed, or none");
  if (!votes_can_decide(labels, out.quality.k)) return out;
  out.space_accuracy = share_correct(out.quality, out.quality.space_neighbours, labels);
  out.map_accuracy = share_correct(out.quality, out.quality.map_neighbours, labels);
  return out;
}

std::string score_line(const MapScores& scores, std::string_view space) {
  const MapQuality& q = scores.quality;
  std::string line =
      fmt::format("Trustworthiness {:.3f} · continuity {:.3f} · neighbour overlap {:.3f} · ",
                  q.trustworthiness, q.continuity, q.neighbour_overlap);
  line += scores.space_accuracy
              ? fmt::format("{}-NN accuracy {:.1f} % ({}), {:.1f} % (map)", q.k,
                            100 * *scores.space_accuracy, space, 100 * *scores.map_accuracy)
              : fmt::format("{} neighbours", q.k);
  if (q.sampled) line += fmt::format(" · of {} sampled points", q.rows.size());
  return line;
}

}  // namespace hourglass
