// hourglass data list, data fetch, data verify: the data sets known by name.

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "common.h"
#include "hourglass/data/catalogue.h"
#include "hourglass/data/manage.h"
#include "hourglass/data/strokes.h"
#include "output.h"
#include "terminal.h"
#include "verbs.h"

namespace hourglass::cli {
namespace {

struct DataFlags {
  Common common;
  std::string name;
  bool json = false;
};

OpenOptions open_options(const DataFlags& flags) {
  OpenOptions options;
  options.data_dir = flags.common.data_dir;
  return options;
}

/// Throws CallError for an unknown name. A data set that cannot be fetched is an Error instead.
void check_name(const std::string& name) {
  const auto known = known_datasets();
  if (std::find(known.begin(), known.end(), name) != known.end()) return;
  as_call_error([&] { fail_unknown_dataset(name); });
}

ImageShape shape_of(const std::string& name) {
  const CatalogueEntry* entry = find_in_catalogue(name);
  return entry != nullptr ? entry->shape : strokes_shape();
}

int list(const DataFlags& flags) {
  const auto all = list_datasets(open_options(flags));
  if (flags.json) {
    nlohmann::ordered_json out = nlohmann::ordered_json::array();
    for (const DatasetFacts& facts : all) {
      const ImageShape shape = shape_of(facts.name);
      out.push_back({{"name", facts.name},
                     {"title", facts.title},
                     {"here", facts.here},
                     {"place", facts.location},
                     {"train_images", facts.train_images},
                     {"test_images", facts.test_images},
                     {"image_shape", {shape.channels, shape.height, shape.width}},
                     {"class_names", facts.class_names}});
    }
    print_json(out);
    return kDone;
  }
  say("{:<15}{:>7}{:>7}  {:<12}{}\n", "name", "train", "test", "images", "where");
  std::string absent;
  for (const DatasetFacts& facts : all) {
    say("{:<15}{:>7}{:>7}  {:<12}{}\n", facts.name, facts.train_images, facts.test_images,
        shape_of(facts.name).text(), facts.location);
    if (!facts.here && absent.empty()) absent = facts.name;
  }
  const std::string next = absent.empty() ? fmt::format("train --dataset {}", all.front().name)
                                          : fmt::format("data fetch {}", absent);
  print_written({}, with_folders("hourglass " + next, flags.common), flags.common);
  return kDone;
}

int fetch(const DataFlags& flags) {
  check_name(flags.name);
  const auto progress = make_progress(flags.name, flags.common.quiet);
  OpenOptions options = open_options(flags);
  options.progress = progress.get();
  const auto known = list_datasets(options);
  const auto before = std::find_if(known.begin(), known.end(),
                                   [&](const DatasetFacts& f) { return f.name == flags.name; });
  const bool was_here = before != known.end() && before->here;
  const std::string folder = fetch_dataset(flags.name, options).string();
  if (flags.json) {
    print_json({{"name", flags.name}, {"place", folder}, {"fetched", !was_here}});
    return kDone;
  }
  if (!flags.common.quiet) {
    say("{} {} {}\n", flags.name, was_here ? "is here already:" : "is now in", folder);
  }
  print_written({},
                with_folders(fmt::format("hourglass train --dataset {}", flags.name), flags.common),
                flags.common);
  return kDone;
}

int verify(const DataFlags& flags) {
  check_name(flags.name);
  const auto checks = verify_dataset(flags.name, open_options(flags));
  const auto bad = std::count_if(checks.begin(), checks.end(),
                                 [](const FileCheck& check) { return !check.good(); });
  if (flags.json) {
    nlohmann::ordered_json files = nlohmann::ordered_json::array();
    for (const FileCheck& check : checks) {
      files.push_back({{"path", check.path.string()},
                       {"good", check.good()},
                       {"expected", check.expected},
                       {"found", check.found},
                       {"trouble", check.trouble}});
    }
    print_json({{"name", flags.name}, {"good", bad == 0}, {"files", files}});
  } else if (!flags.common.quiet) {
    for (const FileCheck& check : checks) {
      const std::string why = check.good()            ? ""
                              : check.trouble.empty() ? ": has other bytes than it should"
                                                      : ": " + check.trouble;
      say("{}  {}{}\n", check.good() ? "good" : "BAD ", check.path.string(), why);
    }
  }
  if (bad > 0) {
    fail("data",
         "{} of the {} files of {} are damaged: delete them, then run "
         "`hourglass data fetch {}`",
         bad, checks.size(), flags.name, flags.name);
  }
  return kDone;
}

/// The flags that all three verbs have, and the action.
Action add(CLI::App& app, bool named, const char* name_help, int (*act)(const DataFlags&)) {
  const auto flags = std::make_shared<DataFlags>();
  if (named) argument(app, flags->name, "NAME", name_help);
  path_flag(
      app, flags->common.data_dir,
      {"--data_dir", "DIR", "searched first, before $HOURGLASS_DATA_DIR, ./data and the cache"});
  switch_flag(app, flags->json, "--json", "print JSON and nothing else");
  quiet_flag(app, flags->common);
  return [flags, act] { return act(*flags); };
}

}  // namespace

Action add_data_list(CLI::App& app) {
  return add(app, false, "", list);
}

Action add_data_fetch(CLI::App& app) {
  return add(app, true, "the data set to download into the user's cache, such as mnist", fetch);
}

Action add_data_verify(CLI::App& app) {
  return add(app, true, "the data set to check, such as mnist", verify);
}

}  // namespace hourglass::cli
