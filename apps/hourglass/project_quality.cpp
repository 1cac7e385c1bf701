// hourglass project quality: how far a map of any rows can be trusted.

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "hourglass/interop/npz.h"
#include "output.h"
#include "project.h"
#include "terminal.h"
#include "verbs.h"

namespace hourglass::cli {
namespace {

struct QualityFlags {
  ProjectFlags project;
  std::string map, metric = "euclidean";
  std::filesystem::path points;
  std::int64_t k = 10;
};

/// Throws Error unless --points can hold several columns.
void check_points(const QualityFlags& all) {
  const ProjectFlags& flags = all.project;
  check_input_flags(flags);
  if (all.points.empty()) return;
  if (!table_format(all.points.string()) && all.points.extension() != ".npz") {
    fail(flags.verb, "--points is {}: end its name with .npz, .csv or .tsv", all.points.string());
  }
  const OutputPath output{"--points", all.points};
  check_outputs({flags.verb,
                 {input_file(flags.input), input_file(all.map), input_file(flags.labels)},
                 flags.overwrite},
                {&output, 1});
}

/// The scores of each row that was measured as a table, with the input's columns of text.
void write_point_table(const std::filesystem::path& path, TableFormat format, const MapQuality& q,
                       const std::vector<TableColumn>& text) {
  const std::int64_t n = std::ssize(q.rows);
  std::vector<TableColumn> columns{{"row", TableColumn::Kind::kText, {}}};
  for (const TableColumn& column : text) columns.push_back({column.name, column.kind, {}});
  Tensor scores(Shape{n, 3});
  for (std::int64_t i = 0; i < n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const auto row = static_cast<std::size_t>(q.rows[at]);
    columns[0].text.push_back(fmt::format("{}", row));
    for (std::size_t j = 0; j < text.size(); ++j) columns[j + 1].text.push_back(text[j].text[row]);
    scores[3 * i] = q.point_trustworthiness[at];
    scores[3 * i + 1] = q.point_continuity[at];
    scores[3 * i + 2] = q.point_overlap[at];
  }
  const std::vector<std::string> names{"trustworthiness", "continuity", "neighbour_overlap"};
  AtomicFile file(path);
  write_table(file, format, {columns, names, scores});
  file.commit();
}

void write_points(const std::filesystem::path& path, const MapQuality& q,
                  const std::vector<TableColumn>& text) {
  if (const auto format = table_format(path.string())) {
    return write_point_table(path, *format, q, text);
  }
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

int quality(const QualityFlags& all) {
  const ProjectFlags& flags = all.project;
  MapQualityOptions options;
  options.k = static_cast<int>(all.k);
  options.seed = flags.seed;
  options.metric = parse_metric(all.metric);
  check_points(all);
  ThreadPool pool = make_pool(flags.common);
  StepTimer timer("quality", flags.common.quiet || flags.json);
  timer.update(0.0, "read");
  const bool cosine = options.metric == Metric::cosine;  // of the rows as they are
  const ProjectInput input =
      read_project_input(flags, cosine ? RowsAre::kKept : RowsAre::kCentredWhereFar);
  const Matrix& x = input.x;
  const Matrix map = read_centred_matrix(all.map).rows;
  if (x.rows() != map.rows()) {
    fail(flags.verb, "{} has {} rows and {} has {}: a map has a row for each", flags.input,
         x.rows(), all.map, map.rows());
  }
  if (x.rows() >= 3 && !can_be_scored(x, map)) {
    fail(flags.verb,
         "all rows of {} are equal: none is nearer to a row than another, so that there is nothing "
         "to measure",
         can_be_scored(map, map) ? flags.input : all.map);
  }
  timer.update(0.0, "scores");
  const MapScores scores = score_map(x, map, input.labels.classes, options, pool);
  if (!all.points.empty()) write_points(all.points, scores.quality, input.text);
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
  say("{} rows of {} columns, mapped to {}\n", x.rows(), x.columns(), map.columns());
  print_scores(scores);
  print_fact("of single points",
             fmt::format("{:.4f}  trustworthiness; 5 % of them lie below", worst));
  if (!flags.common.quiet) print_fact("seconds", timer.text());
  std::vector<std::filesystem::path> written;
  if (!all.points.empty()) written.push_back(all.points);
  print_written(written, "", flags.common);
  return kDone;
}

}  // namespace

Action add_project_quality(CLI::App& app) {
  const auto flags = std::make_shared<QualityFlags>();
  ProjectFlags& project = flags->project;
  project.verb = verb_of(app);
  argument(app, project.input, "IN",
           "the rows that were mapped, [n, d]: .npy, .npz, .csv or .tsv; or - for standard input");
  argument(app, flags->map, "MAP", "their map, of any program, [n, components]: as IN");
  flag_group(app, "Measure");
  label_flags(app, project);
  scale_flag(app, project);
  count_flag(app, flags->k, {"--k", "K", "number of neighbours; fewer than half of the rows"}, 1,
             1000);
  text_flag(app, flags->metric, {"--metric", "NAME", "distance between rows: euclidean or cosine"});
  seed_flag(app, project.seed, {"--seed", "N", "of the 2,000 rows drawn from more than 20,000"});
  flag_group(app, "Files");
  path_flag(app, flags->points,
            {"--points", "FILE",
             "the scores of every point (rows, trustworthiness, ...): .npz, .csv or .tsv"});
  overwrite_flag(app, project.overwrite);
  switch_flag(app, project.json, "--json", "print one JSON object and nothing else");
  flag_group(app, "Machine");
  machine_flags(app, project.common);
  quiet_flag(app, project.common);
  return [flags] { return quality(*flags); };
}

}  // namespace hourglass::cli
