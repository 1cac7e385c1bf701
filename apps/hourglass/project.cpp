#include "project.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "hourglass/figures/save.h"
#include "hourglass/lab/map_picture.h"
#include "output.h"
#include "terminal.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

/// The names of classes with a true minus sign where they are numbers.
std::vector<std::string> shown_names(const Labels& labels) {
  std::vector<std::string> names = labels.names;
  if (labels.values.empty()) return names;
  for (std::string& name : names) {
    if (name.starts_with('-')) name.replace(0, 1, "\xE2\x88\x92");
  }
  return names;
}

/// "age" of "rows.npz:age", of "data/age.npy" and of a column "age".
std::string scale_title(const std::string& labels) {
  const std::size_t at = labels.rfind(".npz:");
  return at == std::string::npos ? fs::path(labels).stem().string() : labels.substr(at + 5);
}

std::string counted(std::int64_t n, std::string_view what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

}  // namespace

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
  const bool labelled = input.labels.are_classes() || !input.labels.values.empty();
  if (flags.plot.empty() && !labelled) return std::nullopt;
  if (!can_be_scored(input.x, map)) return std::nullopt;
  return score_map(input.x, map, input.labels.classes, options, pool);
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
  const Labels& labels = input.labels;
  const bool classes =
      labels.names.size() <= kMostPlotClasses && (labels.are_classes() || labels.values.empty());
  MapPicture picture =
      classes ? picture_of(map, labels.classes, shown_names(labels), flags.seed)
              : value_picture_of(map, labels.values, scale_title(input.label_source), flags.seed);
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

void write_map(const MatrixOutput& output, const ProjectInput& input, ConstView map,
               std::string_view stem) {
  constexpr std::array<std::string_view, 3> kAxes{"x", "y", "z"};
  std::vector<std::string> names = counted_names(stem, map.size(1));
  for (std::size_t i = 0; names.size() <= kAxes.size() && i < names.size(); ++i) {
    names[i] = fmt::format("{}_{}", stem, kAxes[i]);
  }
  write_matrix(output, {"map", map, std::move(names), input.text});
}

std::string input_words(const ProjectFlags& flags) {
  std::string words = quoted(flags.input);
  if (!flags.label_column.empty()) words += " --label_column " + quoted(flags.label_column);
  if (!flags.labels.empty()) words += " --labels " + quoted(flags.labels);
  if (flags.scale != "none") words += " --scale " + flags.scale;
  return words;
}

void print_project_written(const ProjectFlags& flags, bool scored) {
  std::vector<fs::path> written;
  const bool named = !is_stream(flags.output);
  if (named) written.push_back(flags.output);
  if (!flags.plot.empty()) written.push_back(flags.plot);
  if (!flags.save.empty()) written.push_back(flags.save);
  const std::string input = input_words(flags), output = quoted(flags.output.string());
  std::string next;
  if (!named || is_stream(flags.input)) {
    next = "";  // what went through a pipe cannot be named again
  } else if (!scored) {
    next = fmt::format("hourglass project quality {} {}{}", quoted(flags.input), output,
                       input.substr(quoted(flags.input).size()));
  } else if (!flags.save.empty()) {
    next = fmt::format("hourglass project apply {} NEW.npy -o NEW_MAP.npy",
                       quoted(flags.save.string()));
  } else if (flags.verb == "project pca") {
    next = fmt::format("hourglass project umap {} -o umap{} --plot umap.png", input,
                       flags.output.extension().string());
  } else {
    next = fmt::format("hourglass project umap {} -o {} --stability 3", input, output);
  }
  print_written(written, next, flags.common);
}

}  // namespace hourglass::cli
