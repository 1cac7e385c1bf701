// hourglass project pca: rows onto their directions of largest variance.

#include <limits>
#include <memory>
#include <nlohmann/json.hpp>

#include "hourglass/project/pca.h"
#include "hourglass/project/saved.h"
#include "output.h"
#include "project.h"
#include "terminal.h"
#include "verbs.h"

namespace hourglass::cli {
namespace {

double total(const std::vector<double>& shares) {
  double sum = 0;
  for (const double share : shares) sum += share;
  return sum;
}

PlotText plot_text(const Pca& pca, const std::string& scale) {
  const auto axis = [&](std::size_t i) {
    if (i < pca.explained_variance_ratio.size() && pca.no_variance()) {
      return fmt::format("PC {}: all rows are equal", i + 1);
    }
    return i < pca.explained_variance_ratio.size()
               ? fmt::format("PC {} ({:.1f} % of variance)", i + 1,
                             100 * pca.explained_variance_ratio[i])
               : std::string("one component only: the height is random, to keep points apart");
  };
  const std::int64_t hidden = pca.columns() - pca.size();
  const std::string reading =
      hidden > 0 ? fmt::format(
                       "A linear view: groups that overlap here may be apart in the other "
                       "{} direction{}",
                       hidden, hidden == 1 ? "" : "s")
                 : std::string("Nothing is left out");
  return {"PCA", scale == "none" ? "" : "scale " + scale, reading + ".", axis(0), axis(1)};
}

int run_pca(const ProjectFlags& flags) {
  const MatrixOutput output = check_project_call(flags);
  ThreadPool pool = make_pool(flags.common);
  StepTimer timer("PCA", flags.common.quiet || flags.json);
  timer.update(0.0, "read");
  ProjectInput input = read_project_input(flags, RowsAre::kCentredWhereFar);
  timer.update(0.2, "fit");
  Pca pca = fit_pca(input.x.view(), static_cast<int>(flags.components), pool);
  pca.origin = std::move(input.origin);
  pca.scale = std::move(input.scale);
  timer.update(0.6, "place");
  const Tensor map = pca.transform(input.x, pool);
  write_map(output, input, map, "pca");
  if (!flags.save.empty()) save_projection(flags.save, pca);
  timer.update(0.7, "scores");
  const auto scores = wanted_scores(flags, input, map, {.seed = flags.seed}, pool);
  timer.update(0.9, "plot");
  if (!flags.plot.empty()) plot_map(flags, input, map, plot_text(pca, flags.scale), scores);
  timer.step("");
  timer.hide_bar();

  if (flags.json) {
    nlohmann::ordered_json out;
    out["output"] = flags.output.string();
    out["rows"] = input.x.rows();
    out["columns"] = input.x.columns();
    out["components"] = pca.size();
    out["scale"] = flags.scale;
    out["method"] = name_of(pca.method);
    out["all_rows_equal"] = pca.no_variance();
    out["explained_variance_ratio"] = pca.explained_variance_ratio;
    out["seconds"] = timer.json();
    out["quality"] = nlohmann::ordered_json();
    if (scores) add_scores(out["quality"], *scores);
    print_json(out);
    return kDone;
  }
  if (!flags.common.quiet) {
    say("{} rows of {} columns, by PCA to {}\n", input.x.rows(), input.x.columns(), pca.size());
    if (pca.no_variance()) {
      print_fact("variance kept", "none: all rows are equal");
    } else {
      print_fact("variance kept",
                 fmt::format("{:.1f} %", 100 * total(pca.explained_variance_ratio)));
    }
    if (pca.method == PcaMethod::kRandomised) {
      print_fact("method", "randomised (many rows and columns): the directions are approximate");
    }
    print_fact("seconds", timer.text());
    if (scores) print_scores(*scores);
  }
  print_project_written(flags, scores.has_value());
  return kDone;
}

}  // namespace

Action add_project_pca(CLI::App& app) {
  const auto flags = std::make_shared<ProjectFlags>();
  flags->verb = verb_of(app);
  input_argument(app, *flags);
  flag_group(app, "Method");
  count_flag(app, flags->components,
             {"--n_components,--components", "K", "number of directions, the columns of the map"},
             1, std::numeric_limits<int>::max());
  scale_flag(app, *flags);
  project_flags(app, *flags);
  return [flags] { return run_pca(*flags); };
}

}  // namespace hourglass::cli
