#include "project.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hourglass/figures/save.h"
#include "hourglass/lab/map_picture.h"
#include "output.h"
#include "terminal.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostClasses = 100;  // that a legend can tell apart

fs::path whole(const fs::path& path) {
  std::error_code ignored;
  return fs::weakly_canonical(fs::absolute(path), ignored);
}

/// Whether "X.npz:latents" or "X.npy" is that file.
bool names_file(const std::string& matrix, const fs::path& file) {
  const std::size_t at = matrix.rfind(".npz:");
  const std::string path = at == std::string::npos ? matrix : matrix.substr(0, at + 4);
  return !path.empty() && whole(path) == whole(file);
}

std::string counted(std::int64_t n, std::string_view what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

}  // namespace

void input_argument(CLI::App& app, ProjectFlags& flags) {
  argument(app, flags.input, "IN",
           "the rows: .npy, float32 or float64 [n, d]; or an .npz that holds one matrix, or "
           "FILE.npz:NAME");
}

void project_flags(CLI::App& app, ProjectFlags& flags) {
  flag_group(app, "Files");
  path_flag(app, flags.output, {"-o,--output", "FILE", "the map: .npy, float32 [n, components]"});
  require(app, "--output");
  text_flag(
      app, flags.labels,
      {"--labels", "FILE",
       "whole numbers [n], .npy or .npz: colours of the plot, and classes for k-NN accuracy"});
  path_flag(app, flags.plot,
            {"--plot", "FILE", "a picture of the map with its scores: .png, .svg or .pdf"});
  path_flag(app, flags.save,
            {"--save", "FILE", "the fitted projection, for `project apply` to new rows"});
  switch_flag(app, flags.json, "--json", "print what was done as one JSON object");
  flag_group(app, "Machine");
  machine_flags(app, flags.common);
  quiet_flag(app, flags.common);
}

void check_project_call(const ProjectFlags& flags) {
  if (!flags.plot.empty()) {
    as_call_error([&] { parse_figure_format(flags.plot.extension().string()); });
    if (flags.components > 2) {
      fail_call(flags.verb, "--plot draws maps of 1 or 2 components, not of {}: leave one out",
                flags.components);
    }
  }
  std::vector<std::pair<std::string_view, fs::path>> written{{"--output", flags.output}};
  if (!flags.plot.empty()) written.emplace_back("--plot", flags.plot);
  if (!flags.save.empty()) written.emplace_back("--save", flags.save);
  for (std::size_t i = 0; i < written.size(); ++i) {
    const auto& [name, path] = written[i];
    for (const std::string& read : {flags.input, flags.labels}) {
      if (names_file(read, path)) {
        fail_call(flags.verb, "{} is {}, which is read: name another file", name, path.string());
      }
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (whole(written[j].second) != whole(path)) continue;
      fail_call(flags.verb, "{} and {} are the same file: name two", written[j].first, name);
    }
    check_output(path);
  }
}

ProjectInput read_project_input(const ProjectFlags& flags, RowsAre rows) {
  CentredMatrix read = rows == RowsAre::kKept ? CentredMatrix{read_matrix(flags.input), {}}
                                              : read_centred_matrix(flags.input);
  ProjectInput input{std::move(read.rows), {}, std::move(read.origin)};
  if (!flags.labels.empty()) input.labels = read_labels(flags.labels, input.x.rows());
  if (!flags.plot.empty()) {
    const std::size_t classes = classes_of(input.labels).names.size();
    if (classes > kMostClasses) {
      fail(flags.verb, "{} has {} different labels: a plot shows at most {}", flags.labels, classes,
           kMostClasses);
    }
  }
  return input;
}

StepTimer::StepTimer(const std::string& title, bool quiet) : bar_(make_progress(title, quiet)) {}
StepTimer::~StepTimer() = default;

void StepTimer::step(std::string_view name) {
  const double now = monotonic_seconds();
  if (!steps_.empty() && steps_.back().second < 0) steps_.back().second = now - begun_;
  begun_ = now;
  if (!name.empty()) steps_.emplace_back(name, -1.0);  // ends with the next
}

void StepTimer::update(double share, std::string_view detail) {
  const std::string_view name = detail.substr(0, detail.find(','));
  if (steps_.empty() || steps_.back().second >= 0 || steps_.back().first != name) step(name);
  if (bar_) bar_->update(share, detail);
}

void StepTimer::hide_bar() {
  bar_.reset();
}

double StepTimer::seconds() const {
  double sum = 0;
  for (const auto& [name, seconds] : steps_) sum += std::max(0.0, seconds);
  return sum;
}

std::string StepTimer::text() const {
  std::string out = fmt::format("{:.1f}", seconds());
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    out += fmt::format("{} {} {:.1f}", i == 0 ? ":" : ",", steps_[i].first, steps_[i].second);
  }
  return out;
}

nlohmann::ordered_json StepTimer::json() const {
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  for (const auto& [name, seconds] : steps_) out[name] = seconds;
  return out;
}

std::optional<MapScores> wanted_scores(const ProjectFlags& flags, const ProjectInput& input,
                                       ConstView map, const MapQualityOptions& options,
                                       ThreadPool& pool) {
  if (flags.plot.empty() && flags.labels.empty()) return std::nullopt;
  if (!can_be_scored(input.x, map)) return std::nullopt;
  return score_map(input.x, map, input.labels, options, pool);
}

void print_scores(const MapScores& scores) {
  const MapQuality& q = scores.quality;
  print_fact("trustworthiness",
             fmt::format("{:.4f}  of {} neighbours in the map", q.trustworthiness, q.k));
  print_fact("continuity",
             fmt::format("{:.4f}  of {} neighbours among the rows", q.continuity, q.k));
  print_fact("overlap",
             fmt::format("{:.4f}  of the {} neighbours are the same", q.neighbour_overlap, q.k));
  if (scores.map_accuracy) {
    print_fact(fmt::format("{}-NN accuracy", q.k),
               fmt::format("{:.4f}  in the map, {:.4f} among the rows", *scores.map_accuracy,
                           *scores.space_accuracy));
  }
  if (q.sampled) {
    print_fact("sample",
               fmt::format("{} rows drawn at random, each against all others", q.rows.size()));
  }
}

void add_scores(nlohmann::ordered_json& out, const MapScores& scores) {
  const MapQuality& q = scores.quality;
  const auto number = [](const std::optional<double>& value) {
    return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
  };
  out["k"] = q.k;
  out["trustworthiness"] = q.trustworthiness;
  out["continuity"] = q.continuity;
  out["neighbour_overlap"] = q.neighbour_overlap;
  out["map_knn_accuracy"] = number(scores.map_accuracy);
  out["space_knn_accuracy"] = number(scores.space_accuracy);
  out["sampled"] = q.sampled;
  out["rows_asked"] = q.rows.size();
}

void plot_map(const ProjectFlags& flags, const ProjectInput& input, ConstView map,
              const PlotText& text, const std::optional<MapScores>& scores) {
  LabelClasses classes = classes_of(input.labels);
  MapPicture picture = picture_of(map, classes.labels, std::move(classes.names), flags.seed);
  MapFigure& figure = picture.figure;
  const std::string source = fs::path(flags.input).filename().string();
  figure.text.title = fmt::format("{}, by {}", source, text.method);
  figure.text.caption = fmt::format("{} of {}{}{}. {}", counted(input.x.rows(), "row"),
                                    counted(input.x.columns(), "column"),
                                    text.options.empty() ? "" : "; ", text.options, text.reading);
  if (scores) figure.scores = score_line(*scores, "rows");
  figure.x_label = text.x_label;
  figure.y_label = text.y_label;
  figure.ticks = !text.x_label.empty();
  save_figure(flags.plot, figure);
}

void print_project_written(const ProjectFlags& flags, bool scored) {
  std::vector<fs::path> written{flags.output};
  if (!flags.plot.empty()) written.push_back(flags.plot);
  if (!flags.save.empty()) written.push_back(flags.save);
  const std::string input = quoted(flags.input), output = quoted(flags.output.string());
  std::string next;
  if (!scored) {
    next = fmt::format("hourglass project quality {} {}", input, output);
  } else if (!flags.save.empty()) {
    next = fmt::format("hourglass project apply {} NEW.npy -o NEW_MAP.npy",
                       quoted(flags.save.string()));
  } else {
    const std::string labels = flags.labels.empty() ? "" : " --labels " + quoted(flags.labels);
    next =
        flags.verb == "project pca"
            ? fmt::format("hourglass project umap {} -o umap.npy{} --plot umap.png", input, labels)
            : fmt::format("hourglass project umap {} -o {} --stability 3", input, output);
  }
  print_written(written, next, flags.common);
}

}  // namespace hourglass::cli
