// What the verbs `project pca`, `umap`, `apply` and `quality` share: flags, reading, the picture
// and the words at the end. Not the verbs.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common.h"
#include "hourglass/base/progress.h"
#include "hourglass/figures/map.h"
#include "hourglass/interop/matrix.h"
#include "hourglass/lab/map_scores.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass::cli {

/// What a verb that makes a map is told.
struct ProjectFlags {
  Common common;
  std::string verb;   // "project pca"
  std::string input;  // a matrix, as read_matrix() takes it
  std::int64_t components = 2;
  std::uint64_t seed = 0;
  std::string labels;  // empty: none
  std::filesystem::path output, plot, save;
  bool json = false;
};

void input_argument(CLI::App& app, ProjectFlags& flags);
/// --labels, --output, --plot, --save, --json, and those of the machine.
void project_flags(CLI::App& app, ProjectFlags& flags);

/// The rows and what is known of them.
struct ProjectInput {
  Matrix x;
  std::vector<std::int64_t> labels;  // [n], or empty
  std::vector<double> origin;        // [d] subtracted from the rows, or empty
};

/// Whether the rows are read as they are, or may be moved to their means where float32 needs that.
enum class RowsAre { kKept, kCentredWhereFar };

/// Throws CallError for files named twice or a plot of more than two dimensions, and Error for
/// places that cannot be written: before the work.
void check_project_call(const ProjectFlags& flags);
ProjectInput read_project_input(const ProjectFlags& flags, RowsAre rows = RowsAre::kKept);

/// Notes how long each step takes on its way to a progress bar: a step is what `detail` says.
class StepTimer : public Progress {
 public:
  StepTimer(const std::string& title, bool quiet);
  ~StepTimer() override;
  void update(double share, std::string_view detail) override;
  /// Begins a step, or ends the last one with "".
  void step(std::string_view name);
  void hide_bar();

  double seconds() const;    ///< of all steps
  std::string text() const;  ///< "3.2: neighbours 2.1, graph 0.4, layout 0.7"
  nlohmann::ordered_json json() const;

 private:
  std::unique_ptr<Progress> bar_;
  std::vector<std::pair<std::string, double>> steps_;
  double begun_ = 0;
};

/// Scores of the map where they are asked for (a plot, or labels) and possible, with a sentence of
/// what cannot be said.
std::optional<MapScores> wanted_scores(const ProjectFlags& flags, const ProjectInput& input,
                                       ConstView map, const MapQualityOptions& options,
                                       ThreadPool& pool);

/// Lines of print_fact() for the scores.
void print_scores(const MapScores& scores);
/// The same as members of an object; k-NN accuracies are null without labels.
void add_scores(nlohmann::ordered_json& out, const MapScores& scores);

/// Words of the plot that the method knows.
struct PlotText {
  std::string method;   // "UMAP"
  std::string options;  // "n_neighbors 15, min_dist 0.1"
  std::string reading;  // a sentence on what the axes mean
  std::string x_label, y_label;
};
void plot_map(const ProjectFlags& flags, const ProjectInput& input, ConstView map,
              const PlotText& text, const std::optional<MapScores>& scores);

/// Every path that was written and the next command worth trying.
void print_project_written(const ProjectFlags& flags, bool scored);

}  // namespace hourglass::cli
