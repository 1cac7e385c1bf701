// hourglass project apply: puts new rows into the map of a saved projection.

#include <memory>
#include <nlohmann/json.hpp>

#include "hourglass/project/saved.h"
#include "output.h"
#include "project.h"
#include "terminal.h"
#include "verbs.h"

namespace hourglass::cli {
namespace {

/// The new rows as the projection needs them, with the table's columns of text.
ProjectInput read_new_rows(const ProjectFlags& flags, const Projection& projection) {
  MatrixFile file(flags.input, {flags.label_column});
  note_columns(flags, file);
  if (file.shape()[1] != columns_in(projection)) {
    fail(flags.verb, "{} has {} columns: {} needs rows of {}", file.source(), file.shape()[1],
         flags.model, columns_in(projection));
  }
  ProjectInput input;
  input.text = file.text();
  input.x = std::move(file).moved(origin_of(projection), scale_of(projection));
  return input;
}

int apply(const ProjectFlags& flags) {
  const MatrixOutput output = check_project_call(flags);
  ThreadPool pool = make_pool(flags.common);
  StepTimer timer("place", flags.common.quiet || flags.json);
  timer.update(0.0, "read");
  const Projection projection = load_projection(flags.model);
  const ProjectInput input = read_new_rows(flags, projection);
  const Matrix& rows = input.x;
  timer.update(0.1, "place");
  const Tensor map = transform_rows(projection, rows, pool);
  write_map(output, input, map, kind_of(projection) == "PCA" ? "pca" : "umap");
  timer.step("");
  timer.hide_bar();
  if (flags.json) {
    nlohmann::ordered_json out;
    out["output"] = flags.output.string();
    out["method"] = kind_of(projection);
    out["rows"] = map.size(0);
    out["components"] = map.size(1);
    out["seconds"] = timer.json();
    print_json(out);
    return kDone;
  }
  if (!flags.common.quiet) {
    say("{} rows of {} columns mapped by {}\n", rows.rows(), rows.columns(), kind_of(projection));
    print_fact("seconds", timer.text());
  }
  print_project_written(flags, false);
  return kDone;
}

}  // namespace

Action add_project_apply(CLI::App& app) {
  const auto flags = std::make_shared<ProjectFlags>();
  flags->verb = verb_of(app);
  argument(app, flags->model, "MODEL", "a file that `project pca` or `umap` wrote with --save");
  argument(app, flags->input, "NEW",
           "the new rows, with as many columns as the fitted rows: .npy, .npz, .csv or .tsv; or - "
           "for standard input");
  flag_group(app, "Files");
  path_flag(app, flags->output,
            {"-o,--output", "FILE",
             "their points in the map [n, components]: .npy or .npz, float32; .csv or .tsv; or -, "
             "standard output"});
  require(app, "--output");
  format_flag(app, flags->format);
  label_column_flag(app, *flags);
  overwrite_flag(app, flags->overwrite);
  switch_flag(app, flags->json, "--json", "print what was done as one JSON object");
  flag_group(app, "Machine");
  machine_flags(app, flags->common);
  quiet_flag(app, flags->common);
  return [flags] { return apply(*flags); };
}

}  // namespace hourglass::cli
