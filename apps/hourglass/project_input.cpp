// What the verbs `project` read, and the checks before their work. Not their results: see
// project.cpp.

#include <algorithm>
#include <memory>

#include "hourglass/figures/save.h"
#include "hourglass/project/scaling.h"
#include "project.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

void note_labels(const Common& common, const std::string& source, const Labels& labels) {
  if (labels.are_classes()) return;
  note(common, fmt::format("{} holds numbers that are not whole: values, not classes, so no k-NN "
                           "accuracy",
                           source));
}

/// Says so if the map would show little but one column.
void note_dominant_column(const ProjectFlags& flags, const ProjectInput& input,
                          const std::vector<std::string>& names) {
  if (flags.scale != "none" || flags.output.empty()) return;  // no map is made
  const auto found = dominant_column(input.x);
  if (!found) return;
  note(flags.common,
       fmt::format("{} holds {:.1f} % of the variance, so the map shows little else: --scale "
                   "standard gives every column the same weight",
                   column_title(names, found->column), 100 * found->share));
}

/// The labels of the rows, from --labels or a column of the table.
void take_labels(const ProjectFlags& flags, const MatrixFile& file, ProjectInput& input) {
  if (!flags.labels.empty()) {
    input.labels = read_labels(flags.labels, file.shape()[0]);
    input.label_source = flags.labels;
  } else if (file.labels()) {
    input.labels = *file.labels();
    input.label_source = file.label_name();
  } else {
    return;
  }
  note_labels(flags.common, input.label_source, input.labels);
  const std::size_t classes = input.labels.names.size();
  if (flags.plot.empty() || classes <= kMostPlotClasses) return;
  if (input.labels.values.empty()) {
    fail(flags.verb, "{} has {} different labels: a plot shows at most {}", input.label_source,
         classes, kMostPlotClasses);
  }
  note(flags.common, fmt::format("{} has {} different numbers: the plot colours them as values",
                                 input.label_source, classes));
}

}  // namespace

void input_argument(CLI::App& app, ProjectFlags& flags) {
  argument(
      app, flags.input, "IN",
      "the rows [n, d]: .npy; an .npz that holds one matrix, or FILE.npz:NAME; .csv or .tsv; or "
      "- for standard input");
}

void label_column_flag(CLI::App& app, ProjectFlags& flags) {
  text_flag(app, flags.label_column,
            {"--label_column", "NAME",
             "the labels as a column of the table IN: its name, or its number from 1",
             "label, where there is one"});
}

void label_flags(CLI::App& app, ProjectFlags& flags) {
  text_flag(app, flags.labels,
            {"--labels", "FILE",
             "labels [n], .npy, .npz or .csv: text or whole numbers are classes, for colours and "
             "k-NN accuracy; other numbers colour the plot by value"});
  label_column_flag(app, flags);
}

void scale_flag(CLI::App& app, ProjectFlags& flags) {
  text_flag(app, flags.scale,
            {"--scale", "KIND",
             "none; standard: every column gets mean 0 and deviation 1; robust: median 0 and "
             "quartiles 1 apart, for columns with outliers"});
}

void project_flags(CLI::App& app, ProjectFlags& flags) {
  flag_group(app, "Files");
  path_flag(
      app, flags.output,
      {"-o,--output", "FILE",
       "the map [n, components]: .npy or .npz, float32; .csv or .tsv, with the table's columns "
       "of text; or -, standard output"});
  require(app, "--output");
  format_flag(app, flags.format);
  label_flags(app, flags);
  path_flag(app, flags.plot,
            {"--plot", "FILE", "a picture of the map with its scores: .png, .svg or .pdf"});
  path_flag(app, flags.save,
            {"--save", "FILE", "the fitted projection, for `project apply` to new rows"});
  overwrite_flag(app, flags.overwrite);
  switch_flag(app, flags.json, "--json", "print what was done as one JSON object");
  flag_group(app, "Machine");
  machine_flags(app, flags.common);
  quiet_flag(app, flags.common);
}

void check_input_flags(const ProjectFlags& flags) {
  parse_scale(flags.scale);
  if (!flags.labels.empty() && !flags.label_column.empty()) {
    fail(flags.verb, "--labels and --label_column both name labels: leave one out");
  }
}

MatrixOutput check_project_call(const ProjectFlags& flags, const OutputPath& other) {
  check_input_flags(flags);
  if (!flags.plot.empty()) {
    parse_figure_format(flags.plot.extension().string());
    if (flags.components > 2) {
      fail(flags.verb, "--plot draws maps of 1 or 2 components, not of {}: leave one out",
           flags.components);
    }
  }
  MatrixOutput output =
      matrix_output(flags.verb, "--output", flags.output, flags.format, flags.json);
  std::vector<OutputPath> written{{"--output", output.path}};
  if (!flags.plot.empty()) written.push_back({"--plot", flags.plot});
  if (!flags.save.empty()) written.push_back({"--save", flags.save});
  if (!other.path.empty()) written.push_back(other);
  check_outputs({flags.verb,
                 {input_file(flags.input), input_file(flags.labels), flags.model},
                 flags.overwrite},
                written);
  return output;
}

void note_columns(const ProjectFlags& flags, const MatrixFile& file) {
  if (!file.passed_over().empty()) {
    note(flags.common, fmt::format("{}: {}", file.source(), file.passed_over()));
  }
  if (file.label_name().empty() || !flags.label_column.empty()) return;
  note(flags.common,
       fmt::format("{}: the column 'label' is taken for labels, not for a feature", file.source()));
}

ProjectInput read_project_input(const ProjectFlags& flags, RowsAre rows) {
  MatrixFile file(flags.input, {flags.label_column});
  note_columns(flags, file);
  const std::vector<std::string> names = file.column_names();
  ProjectInput input;
  take_labels(flags, file, input);
  input.text = file.text();
  const ScaleKind kind = parse_scale(flags.scale);
  if (kind != ScaleKind::kNone) {
    Scaling scaling = fit_scaling(kind, file.doubles(), file.shape());
    input.x = std::move(file).moved(scaling.origin, scaling.scale);
    input.origin = std::move(scaling.origin);
    input.scale = std::move(scaling.scale);
  } else if (rows == RowsAre::kKept) {
    input.x = std::move(file).rows();
  } else {
    CentredMatrix read = std::move(file).centred();
    input.x = std::move(read.rows);
    input.origin = std::move(read.origin);
  }
  note_dominant_column(flags, input, names);
  return input;
}

}  // namespace hourglass::cli
