// hourglass project umap: rows as a map in which neighbours stay neighbours.

#include <algorithm>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>

#include "hourglass/base/impl/suggest.h"
#include "hourglass/project/saved.h"
#include "hourglass/project/stability.h"
#include "hourglass/project/umap/model.h"
#include "hourglass/project/umap/options.h"
#include "output.h"
#include "project.h"
#include "terminal.h"
#include "verbs.h"

namespace hourglass::cli {
namespace {

const std::array<std::string, 3> kInits{"spectral", "pca", "random"};

struct UmapFlags {
  ProjectFlags project;
  std::int64_t n_neighbors = 15, n_epochs = 0, negative_sample_rate = 5;
  double learning_rate = 1, min_dist = 0.1, spread = 1, local_connectivity = 1;
  double repulsion_strength = 1;
  std::string metric = "euclidean", init = kInits[0];
  std::int64_t stability = 0;
  std::filesystem::path stability_out;
};

UmapInit init_of(const std::string& name) {
  const auto found = std::find(kInits.begin(), kInits.end(), name);
  if (found != kInits.end()) return static_cast<UmapInit>(found - kInits.begin());
  const std::string near = suggestion(name, kInits);
  fail("project umap", "no init is called '{}'{}", name,
       near.empty() ? ": choose spectral, pca or random" : near);
}

UmapOptions options_of(const UmapFlags& flags) {
  UmapOptions options;
  options.n_neighbors = static_cast<int>(flags.n_neighbors);
  options.n_components = static_cast<int>(flags.project.components);
  options.metric = parse_metric(flags.metric);
  options.n_epochs = static_cast<int>(flags.n_epochs);
  options.learning_rate = static_cast<float>(flags.learning_rate);
  options.init = init_of(flags.init);
  options.min_dist = static_cast<float>(flags.min_dist);
  options.spread = static_cast<float>(flags.spread);
  options.local_connectivity = static_cast<float>(flags.local_connectivity);
  options.repulsion_strength = static_cast<float>(flags.repulsion_strength);
  options.negative_sample_rate = static_cast<int>(flags.negative_sample_rate);
  options.seed = flags.project.seed;
  check_umap_options(options);
  return options;
}

std::string_view start_name(UmapStart start) {
  switch (start) {
    case UmapStart::kSpectral:
      return "spectral";
    case UmapStart::kComponents:
      return "spectral, each component by itself";
    case UmapStart::kPca:
      return "pca";
    case UmapStart::kRandom:
      break;
  }
  return "random";
}

/// Makes maps by the seeds that follow, and measures how far they differ from the first.
MapStability measure_stability(const UmapFlags& flags, const ProjectInput& input,
                               const UmapOptions& options, const Tensor& first, ThreadPool& pool) {
  std::vector<Tensor> maps;
  maps.push_back(first.clone());
  for (std::int64_t i = 1; i <= flags.stability; ++i) {
    StepTimer bar(fmt::format("map {} of {}", i + 1, flags.stability + 1),
                  flags.project.common.quiet || flags.project.json);
    UmapOptions other = options;
    other.seed += static_cast<std::uint64_t>(i);
    maps.push_back(umap(input.x, other, pool, bar).map);
  }
  return map_stability(maps);
}

/// The spread that `percent` % of the points stay below.
float percentile(std::vector<float> values, std::int64_t percent) {
  const auto at = values.begin() + (std::ssize(values) - 1) * percent / 100;
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

std::string in_words(double spread) {
  if (spread < 0.1) return "other seeds give nearly the same map";
  if (spread < 0.35) return "other seeds move some groups";
  return "other seeds put the groups elsewhere: do not read their arrangement";
}

PlotText plot_text(const UmapOptions& options, const UmapResult& fitted, const std::string& scale) {
  return {
      "UMAP",
      fmt::format("n_neighbors {}, min_dist {:g}, spread {:g}, {}, {} epochs, seed {}{}",
                  fitted.n_neighbors, options.min_dist, options.spread, metric_name(options.metric),
                  fitted.n_epochs, options.seed, scale == "none" ? "" : ", scale " + scale),
      "The axes have no unit: which points are neighbours means something; distances between "
      "groups and their sizes mean little.",
      "", ""};
}

struct Report {
  const UmapFlags& flags;
  const ProjectInput& input;
  const UmapModel& model;
  const StepTimer& timer;
  const std::optional<MapScores>& scores;
  const std::optional<MapStability>& stability;
};

void report_json(const Report& r) {
  const UmapResult& fitted = r.model.fitted;
  nlohmann::ordered_json out;
  out["output"] = r.flags.project.output.string();
  out["rows"] = r.input.x.rows();
  out["columns"] = r.input.x.columns();
  out["components"] = fitted.map.size(1);
  out["n_neighbors"] = fitted.n_neighbors;
  out["scale"] = r.flags.project.scale;
  out["metric"] = metric_name(r.model.options.metric);
  out["search"] = fitted.search;
  out["recall"] = fitted.recall;
  out["start"] = start_name(fitted.start);
  out["graph_components"] = fitted.graph_components;
  out["n_epochs"] = fitted.n_epochs;
  out["seconds"] = r.timer.json();
  out["quality"] = nlohmann::ordered_json();
  if (r.scores) add_scores(out["quality"], *r.scores);
  out["stability"] = nlohmann::ordered_json();
  if (r.stability) {
    out["stability"] = {{"maps", r.flags.stability + 1},
                        {"spread", r.stability->spread},
                        {"median", percentile(r.stability->point_spread, 50)},
                        {"percentile_95", percentile(r.stability->point_spread, 95)}};
  }
  print_json(out);
}

void report_words(const Report& r) {
  const UmapResult& fitted = r.model.fitted;
  say("{} rows of {} columns, by UMAP to {}\n", r.input.x.rows(), r.input.x.columns(),
      fitted.map.size(1));
  std::string neighbours = fmt::format("{}, {}, {}", fitted.n_neighbors - 1,
                                       metric_name(r.model.options.metric), fitted.search);
  if (fitted.recall < 1) neighbours += fmt::format("; recall {:.4f}", fitted.recall);
  print_fact("neighbours", neighbours);
  print_fact("start", fmt::format("{}; the graph is {}", start_name(fitted.start),
                                  fitted.graph_components == 1
                                      ? "connected"
                                      : fmt::format("in {} parts", fitted.graph_components)));
  print_fact("epochs", std::to_string(fitted.n_epochs));
  print_fact("seconds", r.timer.text());
  if (r.scores) print_scores(*r.scores);
  if (r.stability) {
    const MapStability& s = *r.stability;
    print_fact("spread of seeds",
               fmt::format("{:.3f}  of the map's size over {} maps; half of the points below "
                           "{:.3f},",
                           s.spread, r.flags.stability + 1, percentile(s.point_spread, 50)));
    print_fact("", fmt::format("19 of 20 below {:.3f}: {}", percentile(s.point_spread, 95),
                               in_words(s.spread)));
  }
}

int run_umap(const UmapFlags& all) {
  const ProjectFlags& flags = all.project;
  const UmapOptions options = options_of(all);
  if (!all.stability_out.empty() && all.stability == 0) {
    fail(flags.verb, "--stability_out needs --stability: give the number of maps");
  }
  const MatrixOutput output = check_project_call(flags, {"--stability_out", all.stability_out});
  std::optional<MatrixOutput> spread_output;
  if (!all.stability_out.empty()) {
    spread_output = matrix_output(flags.verb, "--stability_out", all.stability_out, flags.format);
  }
  ThreadPool pool = make_pool(flags.common);
  StepTimer timer("UMAP", flags.common.quiet || flags.json);
  timer.update(0.0, "read");
  // A cosine is that of the rows as they are; Euclidean distances do not depend on the origin.
  const ProjectInput input = read_project_input(
      flags, options.metric == Metric::cosine ? RowsAre::kKept : RowsAre::kCentredWhereFar);
  UmapModel model{options, {}, umap(input.x, options, pool, timer), input.origin, input.scale};
  const Tensor& map = model.fitted.map;
  timer.update(1.0, "write");
  write_map(output, input, map, "umap");
  if (!flags.save.empty()) {
    model.data = Tensor(input.x.view().shape());
    std::ranges::copy(input.x.view().span(), model.data.data());
    save_projection(flags.save, model);
    model.data = {};
  }
  timer.update(1.0, "scores");
  const auto scores =
      wanted_scores(flags, input, map, {.metric = options.metric, .seed = options.seed}, pool);
  if (!flags.plot.empty()) {
    timer.update(1.0, "plot");
    plot_map(flags, input, map, plot_text(options, model.fitted, flags.scale), scores);
  }
  timer.step("");
  timer.hide_bar();
  std::optional<MapStability> stability;
  if (all.stability > 0) stability = measure_stability(all, input, options, map, pool);
  if (spread_output) {
    const std::vector<float>& spread = stability->point_spread;
    write_matrix(*spread_output, {"spread",
                                  {std::span<const float>(spread), Shape{std::ssize(spread)}},
                                  {"spread"},
                                  input.text});
  }

  for (const std::string& remark : umap_remarks(options, model.fitted)) note(flags.common, remark);
  const Report report{all, input, model, timer, scores, stability};
  if (flags.json) {
    report_json(report);
    return kDone;
  }
  if (!flags.common.quiet) report_words(report);
  print_project_written(flags, scores.has_value());
  return kDone;
}

void method_flags(CLI::App& app, UmapFlags& flags) {
  flag_group(app, "Method");
  constexpr std::int64_t kMost = 1000000;
  count_flag(
      app, flags.n_neighbors,
      {"--n_neighbors", "N",
       "neighbours of a row, itself included; more keep the overall shape, fewer the detail"},
      2, kMost);
  count_flag(app, flags.project.components,
             {"--n_components,--components", "K", "columns of the map"}, 1, 64);
  number_flag(app, flags.min_dist,
              {"--min_dist", "X", "smallest gap between neighbours; larger spreads groups out"});
  number_flag(app, flags.spread, {"--spread", "X", "scale of the map"});
  text_flag(app, flags.metric, {"--metric", "NAME", "what near means: euclidean or cosine"});
  count_flag(app, flags.n_epochs,
             {"--n_epochs", "N", "steps of the layout", "500; 200 over 10,000 rows"}, 0, kMost);
  number_flag(app, flags.learning_rate,
              {"--learning_rate", "X", "size of the first steps of the layout"});
  text_flag(app, flags.init, {"--init", "NAME", "where points start: spectral, pca or random"});
  number_flag(app, flags.local_connectivity,
              {"--local_connectivity", "X", "nearest neighbours with full weight in the graph"});
  number_flag(app, flags.repulsion_strength,
              {"--repulsion_strength", "X", "larger pushes points that are not neighbours apart"});
  count_flag(app, flags.negative_sample_rate,
             {"--negative_sample_rate", "N", "random points repelled for each neighbour attracted"},
             0, 1000);
  seed_flag(app, flags.project.seed,
            {"--seed", "N", "another seed gives another, equally good map"});
}

}  // namespace

Action add_project_umap(CLI::App& app) {
  const auto flags = std::make_shared<UmapFlags>();
  flags->project.verb = verb_of(app);
  input_argument(app, flags->project);
  method_flags(app, *flags);
  scale_flag(app, flags->project);
  flag_group(app, "Stability");
  count_flag(
      app, flags->stability,
      {"--stability", "N", "make N more maps by other seeds and measure how far they differ"}, 0,
      1000);
  path_flag(app, flags->stability_out,
            {"--stability_out", "FILE", "the spread of each point [n]: .npy, .npz, .csv or .tsv"});
  project_flags(app, flags->project);
  return [flags] { return run_umap(*flags); };
}

}  // namespace hourglass::cli
