// What the verbs `project pca`, `umap`, `apply` and `quality` share: flags, reading, the picture
// and the last lines of the output. Not the verbs.
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
#include "hourglass/interop/labels.h"
#include "hourglass/interop/matrix.h"
#include "hourglass/lab/map_scores.h"
#include "hourglass/tensor/tensor.h"
#include "matrix_output.h"
#include "output.h"

namespace hourglass::cli {

/// The flags of a verb that makes a map.
struct ProjectFlags {
  Common common;
  std::string verb;   // "project pca"
  std::string input;  // a matrix, as read_matrix() takes it
  std::int64_t components = 2;
  std::uint64_t seed = 0;
  std::string labels, label_column;  // empty: none
  std::string scale = "none";
  std::string model;  // a saved projection, for `project apply`; empty: none
  std::filesystem::path output, plot, save;
  std::string format;  // --format
  bool overwrite = false;
  bool json = false;
};

void input_argument(CLI::App& app, ProjectFlags& flags);
/// --label_column.
void label_column_flag(CLI::App& app, ProjectFlags& flags);
/// That and --labels.
void label_flags(CLI::App& app, ProjectFlags& flags);
/// --scale.
void scale_flag(CLI::App& app, ProjectFlags& flags);
/// --labels, --output, --plot, --save, --json, and those of the machine.
void project_flags(CLI::App& app, ProjectFlags& flags);

/// The rows and their labels.
struct ProjectInput {
  Matrix x{Tensor()};
  Labels labels;                      // empty without --labels and a column of labels
  std::string label_source;           // their file or column, for messages
  std::vector<double> origin, scale;  // [d] subtracted from the rows, which were then divided; or
                                      // empty
  std::vector<TableColumn> text;      // columns of the table beside its numbers, with the labels
};

/// Whether the rows are read unchanged, or centred where float32 needs that.
enum class RowsAre { kKept, kCentredWhereFar };

inline constexpr std::size_t kMostPlotClasses = 100;  // that a legend can tell apart

/// Throws Error for a --scale that is none, and for labels named twice.
void check_input_flags(const ProjectFlags& flags);
/// Throws Error as that, and for files named twice, other endings, a trained model that would
/// be replaced, or a plot of more than two dimensions, and Error for paths that cannot be written:
/// before the work. `other` is an output beside those of ProjectFlags, or has an empty path.
MatrixOutput check_project_call(const ProjectFlags& flags, const OutputPath& other = {});
/// Says what a table holds that is not in the rows.
void note_columns(const ProjectFlags& flags, const MatrixFile& file);
ProjectInput read_project_input(const ProjectFlags& flags, RowsAre rows = RowsAre::kKept);

/// A progress bar that measures how long each step takes; `detail` names the step.
class StepTimer : public Progress {
 public:
  StepTimer(const std::string& title, bool quiet);
  ~StepTimer() override;
  void update(double share, std::string_view detail) override;
  /// Begins a step; "" ends the last one.
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

/// Writes the map; as a table with the input's columns of text and the labels. `stem` is that of
/// its columns' names: "umap".
void write_map(const MatrixOutput& output, const ProjectInput& input, ConstView map,
               std::string_view stem);

/// Scores of the map if --plot or labels ask for them and can_be_scored().
std::optional<MapScores> wanted_scores(const ProjectFlags& flags, const ProjectInput& input,
                                       ConstView map, const MapQualityOptions& options,
                                       ThreadPool& pool);

/// Prints the scores as lines of print_fact().
void print_scores(const MapScores& scores);
/// The same as members of an object; k-NN accuracies are null without labels or votes.
void add_scores(nlohmann::ordered_json& out, const MapScores& scores);

/// The texts of the plot that depend on the method.
struct PlotText {
  std::string method;   // "UMAP"
  std::string options;  // "n_neighbors 15, min_dist 0.1"
  std::string reading;  // a sentence on what the axes mean
  std::string x_label, y_label;
};
void plot_map(const ProjectFlags& flags, const ProjectInput& input, ConstView map,
              const PlotText& text, const std::optional<MapScores>& scores);

/// IN and the flags that say how it is read, for a next command.
std::string input_words(const ProjectFlags& flags);

/// Prints every path that was written and a suggested next command.
void print_project_written(const ProjectFlags& flags, bool scored);

}  // namespace hourglass::cli
