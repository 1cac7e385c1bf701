// The verbs; each has its own file.
#pragma once

#include "cli.h"

namespace hourglass::cli {

Action add_train(CLI::App& app);
Action add_eval(CLI::App& app);
Action add_visualize(CLI::App& app);
Action add_explore(CLI::App& app);
Action add_encode(CLI::App& app);
Action add_decode(CLI::App& app);
Action add_project_pca(CLI::App& app);
Action add_project_umap(CLI::App& app);
Action add_project_apply(CLI::App& app);
Action add_project_quality(CLI::App& app);
Action add_import(CLI::App& app);
Action add_export(CLI::App& app);
Action add_verify(CLI::App& app);
Action add_info(CLI::App& app);
Action add_data_list(CLI::App& app);
Action add_data_fetch(CLI::App& app);
Action add_data_verify(CLI::App& app);
Action add_doctor(CLI::App& app);

}  // namespace hourglass::cli
