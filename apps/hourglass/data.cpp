// hourglass data list, data fetch, data verify: the data sets known by name.

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>

#include "common.h"
#include "hourglass/data/catalogue.h"
#include "hourglass/data/manage.h"
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

/// Throws Error for an unknown name. A data set that cannot be fetched is an Error instead.
void check_name(const std::string& name) {
  const auto known = known_datasets();
  if (std::find(known.begin(), known.end(), name) != known.end()) return;
  fail_unknown_dataset(name);
}

std::string megabytes(std::int64_t bytes) {
  return fmt::format("{:.0f} MB", static_cast<double>(bytes) / 1e6);
}

/// Where a data set is, for people: $HOME is ~, so that most lines fit a terminal.
std::string place_of(const DatasetFacts& facts) {
  if (!facts.here) return fmt::format("not here ({})", megabytes(facts.download_bytes));
  const char* home = std::getenv("HOME");
  const std::string in_home = home == nullptr || *home == '\0' ? "" : std::string(home) + "/";
  if (in_home.empty() || !facts.location.starts_with(in_home)) return facts.location;
  return "~/" + facts.location.substr(in_home.size());
}

void print_as_json(std::span<const DatasetFacts> all) {
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  for (const DatasetFacts& facts : all) {
    const ImageShape& shape = facts.shape;
    out.push_back({{"name", facts.name},
                   {"title", facts.title},
                   {"here", facts.here},
                   {"place", facts.location},
                   {"train_images", facts.train_images},
                   {"test_images", facts.test_images},
                   {"image_shape", {shape.channels, shape.height, shape.width}},
                   {"class_names", facts.class_names},
                   {"licence", facts.licence},
                   {"download_bytes", facts.download_bytes}});
  }
  print_json(out);
}

int list(const DataFlags& flags) {
  const auto all = list_datasets(open_options(flags));
  if (flags.json) {
    print_as_json(all);
    return kDone;
  }
  say("{:<15}{:>7}{:>7}  {:<12}{}\n", "name", "train", "test", "images", "where");
  for (const DatasetFacts& facts : all) {
    say("{:<15}{:>7}{:>7}  {:<12}{}\n", facts.name, facts.train_images, facts.test_images,
        facts.shape.text(), place_of(facts));
  }
  const auto here =
      std::find_if(all.begin(), all.end(), [](const DatasetFacts& facts) { return facts.here; });
  const bool downloaded = here->name != "strokes";  // which is last, and always here
  const std::string next = downloaded ? fmt::format("train --dataset {}", here->name)
                                      : fmt::format("data fetch {}", all.front().name);
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

const char* word_for(const FileCheck& check) {
  if (!check.has_checksum) return "?   ";
  return check.good() ? "good" : "BAD ";
}

void refuse_unless_good(const std::string& name, std::span<const FileCheck> checks) {
  std::int64_t bad = 0, unknown = 0;
  for (const FileCheck& check : checks) {
    if (!check.good()) ++(check.has_checksum ? bad : unknown);
  }
  const char* files = checks.size() == 1 ? "file" : "files";
  if (bad > 0) {
    fail_file("data",
              "{} of the {} {} of {} {} damaged: delete {}, then run "
              "`hourglass data fetch {}`",
              bad, checks.size(), files, name, bad == 1 ? "is" : "are", bad == 1 ? "it" : "them",
              name);
  }
  if (unknown > 0) {
    fail("data",
         "{} of the {} {} of {} cannot be checked: its publisher gives no checksum of what is here",
         unknown, checks.size(), files, name);
  }
}

int verify(const DataFlags& flags) {
  check_name(flags.name);
  const auto checks = verify_dataset(flags.name, open_options(flags));
  const bool good = std::all_of(checks.begin(), checks.end(),
                                [](const FileCheck& check) { return check.good(); });
  if (flags.json) {
    nlohmann::ordered_json files = nlohmann::ordered_json::array();
    for (const FileCheck& check : checks) {
      files.push_back({{"path", check.path.string()},
                       {"good", check.good()},
                       {"has_checksum", check.has_checksum},
                       {"expected", check.expected},
                       {"found", check.found},
                       {"trouble", check.trouble}});
    }
    print_json({{"name", flags.name}, {"good", good}, {"files", files}});
  } else if (!flags.common.quiet) {
    for (const FileCheck& check : checks) {
      const std::string why = check.good()            ? ""
                              : check.trouble.empty() ? ": has other bytes than it should"
                                                      : ": " + check.trouble;
      say("{}  {}{}\n", word_for(check), check.path.string(), why);
    }
  }
  refuse_unless_good(flags.name, checks);
  return kDone;
}

/// The flags that all three verbs have, and the action.
Action add(CLI::App& app, bool named, const char* name_help, int (*act)(const DataFlags&)) {
  const auto flags = std::make_shared<DataFlags>();
  if (named) argument(app, flags->name, "NAME", name_help);
  path_flag(app, flags->common.data_dir,
            {"--data_dir", "DIR", "searched instead of $HOURGLASS_DATA_DIR, ./data and the cache"});
  switch_flag(app, flags->json, "--json", "print JSON and nothing else");
  quiet_flag(app, flags->common);
  return [flags, act] { return act(*flags); };
}

}  // namespace

Action add_data_list(CLI::App& app) {
  return add(app, false, "", list);
}

Action add_data_fetch(CLI::App& app) {
  return add(app, true,
             "the data set to download into --data_dir or the user's cache, such as mnist", fetch);
}

Action add_data_verify(CLI::App& app) {
  return add(app, true, "the data set to check, such as mnist", verify);
}

}  // namespace hourglass::cli
