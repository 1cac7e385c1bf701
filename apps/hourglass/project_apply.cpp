// hourglass project apply: puts new rows into the map of a saved projection.

#include <memory>
#include <nlohmann/json.hpp>

#include "hourglass/interop/npy.h"
#include "hourglass/project/saved.h"
#include "output.h"
#include "project.h"
#include "terminal.h"
#include "verbs.h"

namespace hourglass::cli {
namespace {

struct ApplyFlags {
  ProjectFlags project;
  std::string model;
};

int apply(const ApplyFlags& all) {
  const ProjectFlags& flags = all.project;
  check_project_call(flags);
  ThreadPool pool = make_pool(flags.common);
  StepTimer timer("place", flags.common.quiet || flags.json);
  timer.update(0.0, "read");
  const Projection projection = load_projection(all.model);
  Matrix rows = read_matrix(flags.input);
  if (rows.columns() != columns_in(projection)) {
    fail(flags.verb, "{} has {} columns: {} needs rows of {}", flags.input, rows.columns(),
         all.model, columns_in(projection));
  }
  const std::span<const double> origin = origin_of(projection);
  if (!origin.empty()) rows = read_matrix(flags.input, origin);
  timer.update(0.1, "place");
  const Tensor map = transform_rows(projection, rows, pool);
  write_npy(flags.output, map);
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
  const auto flags = std::make_shared<ApplyFlags>();
  flags->project.verb = verb_of(app);
  argument(app, flags->model, "MODEL", "a file that `project pca` or `umap` wrote with --save");
  argument(app, flags->project.input, "NEW",
           "the new rows: .npy or .npz, with as many columns as the fitted rows");
  flag_group(app, "Files");
  path_flag(app, flags->project.output,
            {"-o,--output", "FILE", "their points in the map: .npy, float32 [n, components]"});
  require(app, "--output");
  switch_flag(app, flags->project.json, "--json", "print what was done as one JSON object");
  flag_group(app, "Machine");
  machine_flags(app, flags->project.common);
  quiet_flag(app, flags->project.common);
  return [flags] { return apply(*flags); };
}

}  // namespace hourglass::cli
