// hourglass doctor: what this machine offers, what was chosen and why, and what is wrong.

#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "common.h"
#include "hourglass/base/machine.h"
#include "hourglass/base/version.h"
#include "hourglass/data/manage.h"
#include "hourglass/kernels/kernels.h"
#include "machine.h"
#include "output.h"
#include "terminal.h"
#include "verbs.h"

namespace hourglass::cli {
namespace {

struct DoctorFlags {
  Common common;
  bool json = false;
};

struct Findings {
  Processor processor;
  std::vector<KernelSetFact> sets;
  std::string chosen;
  int threads = 1;
  std::optional<double> quota;
  std::optional<std::uint64_t> memory;
  Folder cache;
  std::vector<DatasetFacts> datasets;
  std::vector<Library> libraries;
  Font font;
  std::vector<std::string> warnings;
};

constexpr double kGigabyte = 1e9;

std::string gigabytes(const std::optional<std::uint64_t>& bytes) {
  return bytes ? fmt::format("{:.1f} GB", static_cast<double>(*bytes) / kGigabyte) : "unknown";
}

/// What is wrong, one line each: what, why, remedy.
std::vector<std::string> warnings_of(const Findings& f) {
  std::vector<std::string> found;
  if (f.font.family != "DejaVu Sans") {
    found.push_back(
        fmt::format("the font DejaVu Sans is missing, figures are drawn in {}: install "
                    "the package fonts-dejavu-core",
                    f.font.family.empty() ? "whatever is found" : f.font.family));
  }
  if (f.chosen == "portable" || f.chosen == "ref") {
    found.push_back(
        "this processor has neither AVX2 nor AVX-512: training will take several times as long");
  }
  if (f.memory && *f.memory < 400'000'000) {
    found.push_back(
        fmt::format("{} of memory is free, and training on mnist takes 0.3 GB: close "
                    "other programs",
                    gigabytes(f.memory)));
  }
  if (f.cache.path.empty()) {
    found.push_back(
        "neither HOME nor XDG_CACHE_HOME is set: there is no folder to download data sets into");
  } else if (!f.cache.writable) {
    found.push_back(fmt::format(
        "{} cannot be written: data sets cannot be downloaded; set XDG_CACHE_HOME", f.cache.path));
  } else if (f.cache.free_bytes && *f.cache.free_bytes < 100'000'000) {
    found.push_back(fmt::format("{} has {} left, and data sets take 0.1 GB: make room",
                                f.cache.path, gigabytes(f.cache.free_bytes)));
  }
  return found;
}

Findings examine(const DoctorFlags& flags) {
  OpenOptions options;
  options.data_dir = flags.common.data_dir;
  Findings f;
  f.processor = processor();
  f.sets = kernel_sets();
  f.chosen = kernels().name;
  f.threads = available_threads();
  f.quota = processor_quota();
  f.memory = free_memory();
  f.cache = cache();
  f.datasets = list_datasets(options);
  f.libraries = libraries();
  f.font = figure_font();
  f.warnings = warnings_of(f);
  return f;
}

template <typename T>
nlohmann::ordered_json or_null(const std::optional<T>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
}

void print_as_json(const Findings& f) {
  using Json = nlohmann::ordered_json;
  Json out;
  out["version"] = version();
  out["device"] = "cpu";
  out["processor"] = {{"name", f.processor.name}, {"features", f.processor.features}};
  out["kernels"] = f.chosen;
  out["kernel_sets"] = Json::array();
  for (const KernelSetFact& set : f.sets) {
    out["kernel_sets"].push_back({{"name", set.name}, {"usable", set.usable}, {"why", set.why}});
  }
  out["threads"] = f.threads;
  out["processor_quota"] = or_null(f.quota);
  out["available_memory_bytes"] = or_null(f.memory);
  out["cache"] = {{"path", f.cache.path},
                  {"exists", f.cache.exists},
                  {"writable", f.cache.writable},
                  {"free_bytes", or_null(f.cache.free_bytes)}};
  out["datasets"] = Json::array();
  for (const DatasetFacts& set : f.datasets) {
    out["datasets"].push_back({{"name", set.name}, {"here", set.here}, {"place", set.location}});
  }
  out["font"] = {{"family", f.font.family}, {"file", f.font.file}};
  out["libraries"] = Json::object();
  for (const Library& library : f.libraries) out["libraries"][library.name] = library.version;
  out["warnings"] = f.warnings;
  print_json(out);
}

void print_for_people(const Findings& f) {
  say("hourglass {}\n\n", version());
  print_fact("processor", f.processor.name);
  print_fact("features", f.processor.features.empty()
                             ? "none that matter here"
                             : fmt::format("{}", fmt::join(f.processor.features, " ")));
  print_fact("threads", fmt::format("{}{}", f.threads,
                                    f.quota ? fmt::format(", quota {:.1f}", *f.quota) : ""));
  print_fact("memory", gigabytes(f.memory) + " free");
  print_fact("device", "cpu (this version has no other)");
  say("\n  kernels\n");
  for (const KernelSetFact& set : f.sets) {
    const bool chosen = set.name == f.chosen;
    print_fact(fmt::format("{} {}", chosen ? "*" : " ", set.name),
               fmt::format("{}{}", set.why, chosen ? "; chosen, the fastest of these" : ""));
  }
  say("\n  data sets\n");
  for (const DatasetFacts& set : f.datasets) print_fact("  " + set.name, set.location);
  print_fact("  cache", f.cache.path.empty() ? "none"
                                             : fmt::format("{}{}, {} free", f.cache.path,
                                                           f.cache.exists ? "" : " (not made yet)",
                                                           gigabytes(f.cache.free_bytes)));
  say("\n  libraries\n");
  for (const Library& library : f.libraries) print_fact("  " + library.name, library.version);
  say("\n");
  print_fact("font",
             f.font.family.empty() ? "none" : fmt::format("{}, {}", f.font.family, f.font.file));
  say("\n");
  const bool color = color_wanted(stdout);
  for (const std::string& warning : f.warnings) {
    say_styled(stdout, bold("warning: ", color));
    say("{}\n", warning);
  }
  if (f.warnings.empty()) say("all is well\n");
}

int doctor(const DoctorFlags& flags) {
  const Findings findings = examine(flags);
  if (flags.json) {
    print_as_json(findings);
    return kDone;
  }
  print_for_people(findings);
  print_written({}, "hourglass train --dataset strokes --epochs 5 --visualize", flags.common);
  return kDone;
}

}  // namespace

Action add_doctor(CLI::App& app) {
  const auto flags = std::make_shared<DoctorFlags>();
  switch_flag(app, flags->json, "--json", "print one JSON object and nothing else");
  path_flag(app, flags->common.data_dir,
            {"--data_dir", "DIR",
             "searched for data sets instead of $HOURGLASS_DATA_DIR, ./data and the cache"});
  quiet_flag(app, flags->common);
  return [flags] { return doctor(*flags); };
}

}  // namespace hourglass::cli
