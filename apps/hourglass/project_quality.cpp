// hourglass project quality: how far a map of any rows can be trusted.

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "hourglass/interop/npz.h"
#include "output.h"
#include "project.h"
#include "verbs.h"

namespace hourglass::cli {
namespace {

struct QualityFlags {
  Common common;
  std::string verb, input, map, labels, metric = "euclidean";
  std::filesystem::path points;
  std::int64_t k = 10;
  std::uint64_t seed = 0;
  bool json = false;
};

/// Writes the scores of each row that was measured, for NumPy.
void write_points(const std::filesystem::path& path, const MapQuality& q) {
  const Shape n{std::ssize(q.rows)};
  NpzWriter npz(path);
  npz.add("rows", std::span<const std::int64_t>(q.rows), n);
  npz.add("trustworthiness", std::span<const float>(q.point_trustworthiness), n);
  npz.add("continuity", std::span<const float>(q.point_continuity), n);
  npz.add("neighbour_overlap", std::span<const float>(q.point_overlap), n);
  npz.commit();
}

/// The trustworthiness that 5 % of the points lie below.
float worst_twentieth(std::vector<float> values) {
  const auto at = values.begin() + std::ssize(values) / 20;
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

int quality(const QualityFlags& flags) {
  MapQualityOptions options;
  options.k = static_cast<int>(flags.k);
  options.seed = flags.seed;
  options.metric = as_call_error([&] { return parse_metric(flags.metric); });
  if (!flags.points.empty()) check_output(flags.points);
  ThreadPool pool = make_pool(flags.common);
  StepTimer timer("quality", flags.common.quiet || flags.json);
  timer.update(0.0, "read");
  const bool cosine = options.metric == Metric::cosine;  // of the rows as they are
  const Matrix x = cosine ? read_matrix(flags.input) : read_centred_matrix(flags.input).rows;
  const Matrix map = read_centred_matrix(flags.map).rows;
  if (x.rows() != map.rows()) {
    fail(flags.verb, "{} has {} rows and {} has {}: a map has a row for each", flags.input,
         x.rows(), flags.map, map.rows());
  }
  std::vector<std::int64_t> labels;
  if (!flags.labels.empty()) labels = read_labels(flags.labels, x.rows());
  if (x.rows() >= 3 && !can_be_scored(x, map)) {
    fail(flags.verb,
         "all rows of {} are equal: none is nearer to a row than another, so that there is nothing "
         "to measure",
         can_be_scored(map, map) ? flags.input : flags.map);
  }
  timer.update(0.0, "scores");
  const MapScores scores = score_map(x, map, labels, options, pool);
  if (!flags.points.empty()) write_points(flags.points, scores.quality);
  timer.step("");
  timer.hide_bar();
  if (scores.quality.k < options.k) {
    note(flags.common, fmt::format("k is {} instead of {}: fewer than half of {} rows",
                                   scores.quality.k, options.k, x.rows()));
  }
  const float worst = worst_twentieth(scores.quality.point_trustworthiness);
  if (flags.json) {
    nlohmann::ordered_json out;
    out["rows"] = x.rows();
    out["columns"] = x.columns();
    out["components"] = map.columns();
    add_scores(out, scores);
    out["trustworthiness_5_percent"] = worst;
    print_json(out);
    return kDone;
  }
  fmt::print("{} rows of {} columns, mapped to {}\n", x.rows(), x.columns(), map.columns());
  print_scores(scores);
  print_fact("of single points",
             fmt::format("{:.4f}  trustworthiness; 5 % of them lie below", worst));
  if (!flags.common.quiet) print_fact("seconds", timer.text());
  std::vector<std::filesystem::path> written;
  if (!flags.points.empty()) written.push_back(flags.points);
  print_written(written, "", flags.common);
  return kDone;
}

}  // namespace

Action add_project_quality(CLI::App& app) {
  const auto flags = std::make_shared<QualityFlags>();
  flags->verb = verb_of(app);
  argument(app, flags->input, "IN", "the rows that were mapped: .npy or .npz, [n, d]");
  argument(app, flags->map, "MAP", "their map, of any program: .npy or .npz, [n, components]");
  flag_group(app, "Measure");
  text_flag(app, flags->labels, {"--labels", "FILE", "whole numbers [n]: adds the k-NN accuracy"});
  count_flag(app, flags->k, {"--k", "K", "number of neighbours; fewer than half of the rows"}, 1,
             1000);
  text_flag(app, flags->metric, {"--metric", "NAME", "distance between rows: euclidean or cosine"});
  seed_flag(app, flags->seed, {"--seed", "N", "of the 2,000 rows drawn from more than 20,000"});
  flag_group(app, "Files");
  path_flag(app, flags->points,
            {"--points", "FILE", "the scores of every point: .npz (rows, trustworthiness, ...)"});
  switch_flag(app, flags->json, "--json", "print one JSON object and nothing else");
  flag_group(app, "Machine");
  machine_flags(app, flags->common);
  quiet_flag(app, flags->common);
  return [flags] { return quality(*flags); };
}

}  // namespace hourglass::cli
