#include "common.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "hourglass/base/impl/suggest.h"
#include "hourglass/data/catalogue.h"
#include "hourglass/data/fit.h"
#include "hourglass/exchange/torch.h"
#include "hourglass/kernels/kernels.h"
#include "terminal.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".safetensors";

bool ends_with(std::string_view text, std::string_view ending) {
  return text.size() >= ending.size() && text.substr(text.size() - ending.size()) == ending;
}

/// "mnist_32" of ".../mnist_32.safetensors".
std::string short_name(const fs::path& path) {
  const std::string name = path.filename().string();
  return ends_with(name, kEnding) ? name.substr(0, name.size() - kEnding.size()) : name;
}

/// Whether the file is used only if named: a copy of a run or its state, not its checkpoint.
bool stands_aside(const std::string& name) {
  return ends_with(name, ".resume") || ends_with(name, ".best") || ends_with(name, ".previous");
}

/// The files OUT/models/*/*.safetensors, sorted by path.
std::vector<fs::path> checkpoints_in(const fs::path& out) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const auto& folder : fs::directory_iterator(out / "models", ignored)) {
    for (const auto& file : fs::directory_iterator(folder.path(), ignored)) {
      if (file.is_regular_file(ignored) && ends_with(file.path().filename().string(), kEnding)) {
        found.push_back(file.path().lexically_normal());
      }
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

fs::path newest_checkpoint(const Common& common) {
  fs::path newest;
  fs::file_time_type latest{};
  for (const fs::path& path : checkpoints_in(common.out)) {
    if (stands_aside(short_name(path))) continue;
    std::error_code error;
    const auto time = fs::last_write_time(path, error);
    if (error || (!newest.empty() && time <= latest)) continue;
    newest = path;
    latest = time;
  }
  if (newest.empty()) {
    fail("checkpoint", "there is none in {}: train one with `hourglass train`, or name a file",
         (common.out / "models").lexically_normal().string());
  }
  note(common, fmt::format("using {}, the newest", newest.string()));
  return newest;
}

fs::path checkpoint_at(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    fail("checkpoint", "{} is a folder: name a .safetensors file", path.string());
  }
  if (!fs::exists(path, ignored)) {
    std::vector<std::string> there;
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    for (const auto& file : fs::directory_iterator(folder, ignored)) {
      if (!ends_with(file.path().filename().string(), kEnding)) continue;
      there.push_back((path.parent_path() / file.path().filename()).string());
    }
    std::sort(there.begin(), there.end());
    fail("checkpoint", "there is no file {}{}", path.string(), suggestion(path.string(), there));
  }
  return path;
}

fs::path named_checkpoint(const std::string& name, const Common& common) {
  std::vector<fs::path> matches;
  std::vector<std::string> names;
  for (const fs::path& path : checkpoints_in(common.out)) {
    if (short_name(path) == name) matches.push_back(path);
    names.push_back(short_name(path));
  }
  if (matches.size() == 1) return matches.front();
  if (matches.size() > 1) {
    fail_call("checkpoint", "{} may be {} or {}: name the file", name, matches[0].string(),
              matches[1].string());
  }
  std::string remedy = suggestion(name, names);
  if (remedy.empty()) {
    names.erase(std::remove_if(names.begin(), names.end(), stands_aside), names.end());
    remedy = names.empty() ? ": train one with `hourglass train`, or name a file"
                           : fmt::format(": there is {}", fmt::join(names, ", "));
  }
  fail("checkpoint", "there is no {} in {}{}", name,
       (common.out / "models").lexically_normal().string(), remedy);
}

void refuse_state(const fs::path& path) {
  const std::string name = short_name(path);
  if (!ends_with(name, ".resume")) return;
  const std::string run = name.substr(0, name.size() - std::string_view(".resume").size());
  fail("checkpoint", "{} is the state of a run that can be resumed, not a model: name {}",
       path.string(), (path.parent_path() / (run + std::string(kEnding))).string());
}

void check_fits(const Checkpoint& checkpoint, const Dataset& data) {
  const ImageShape shape = checkpoint.model->image_shape();
  if (shape == data.shape) return;
  const std::string remedy =
      shape.channels == data.shape.channels
          ? fmt::format("resize them with --image_size {}x{}", shape.height, shape.width)
          : fmt::format("it needs images of {} channel{}, as {} has", shape.channels,
                        shape.channels == 1 ? "" : "s", checkpoint.facts.dataset);
  fail("data", "{} has images of {} and the network was trained on {}: {}", data.name,
       data.shape.text(), shape.text(), remedy);
}

bool is_known_dataset(const std::string& name) {
  const auto known = known_datasets();
  return std::find(known.begin(), known.end(), name) != known.end();
}

}  // namespace

void machine_flags(CLI::App& app, Common& common) {
  count_flag(app, common.threads,
             {"--threads", "N",
              "number of threads; changes the speed only; by default every processor that it may "
              "use, or a container's quota"},
             1, 1024);
  text_flag(app, common.kernels,
            {"--kernels", "SET", "ref, portable, avx2, avx512 or neon", "the fastest here"});
}

void data_dir_flag(CLI::App& app, Common& common) {
  path_flag(app, common.data_dir,
            {"--data_dir", "DIR",
             "searched first for data sets, before $HOURGLASS_DATA_DIR, ./data and the cache"});
}

void data_flags(CLI::App& app, Common& common) {
  data_dir_flag(app, common);
  image_size_flag(app, common.image_size,
                  {"--image_size", "HxW", "resize every image, height first"});
  text_flag(app, common.fit,
            {"--fit", "HOW",
             "for images of another aspect: stretch, crop the middle, or pad with the background"});
  text_flag(app, common.background,
            {"--background", "COLOUR",
             "below transparent images: auto (black or white, whichever leaves more contrast), "
             "black, white or #rrggbb"});
}

void out_flag(CLI::App& app, Common& common) {
  path_flag(app, common.out, {"--out", "DIR", "the folder of models/ and visu/"});
}

void quiet_flag(CLI::App& app, Common& common) {
  switch_flag(app, common.quiet, "--quiet", "print only errors and what was asked for");
}

void measured_data_flags(CLI::App& app, std::string& dataset, Common& common) {
  flag_group(app, "Data");
  text_flag(
      app, dataset,
      {"--dataset", "NAME|PATH", "other images than those that the model was trained on", ""});
  data_flags(app, common);
  flag_group(app, "Files");
  out_flag(app, common);
  flag_group(app, "Machine");
  machine_flags(app, common);
  quiet_flag(app, common);
}

ThreadPool make_pool(const Common& common) {
  if (!common.kernels.empty()) {
    as_call_error([&] { select_kernels(parse_kernel_set(common.kernels)); });
  }
  ThreadPool pool(static_cast<int>(common.threads));
  if (pool.size() < common.threads) {
    note(common, fmt::format("the system gives {} of {} threads (too little memory, or a limit on "
                             "processes): continuing with these",
                             pool.size(), common.threads));
  }
  return pool;
}

void note(const Common& common, std::string_view text) {
  if (common.quiet) return;
  std::fflush(stdout);
  say(stderr, fmt::format("hourglass: {}\n", text));
}

fs::path find_checkpoint(const std::string& given, const Common& common) {
  if (given.empty()) return newest_checkpoint(common);
  std::error_code ignored;
  const bool is_path = given.find('/') != std::string::npos || ends_with(given, kEnding) ||
                       fs::is_regular_file(given, ignored);
  fs::path path = is_path ? checkpoint_at(given) : named_checkpoint(given, common);
  refuse_state(path);
  return path;
}

std::string checkpoint_name(const fs::path& path) {
  std::error_code ignored;
  const fs::path models = path.parent_path().parent_path();
  return fs::equivalent(models, "models", ignored) ? short_name(path) : quoted(path.string());
}

std::string quoted(const std::string& text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-+./:,@=").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), plain)) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string with_folders(std::string call, const Common& common, const std::string& dataset) {
  if (!dataset.empty() && !is_known_dataset(dataset)) {
    call += " --dataset " + quoted(dataset);
    if (common.image_size) {
      call +=
          fmt::format(" --image_size {}x{}", common.image_size->height, common.image_size->width);
    }
    const Common plain;
    if (common.fit != plain.fit) call += " --fit " + common.fit;
    if (common.background != plain.background) call += " --background " + quoted(common.background);
  }
  if (common.out != ".") call += " --out " + quoted(common.out.string());
  if (!common.data_dir.empty()) call += " --data_dir " + quoted(common.data_dir.string());
  return call;
}

std::string with_data(std::string call, const Checkpoint& checkpoint, const Common& common,
                      const std::string& dataset) {
  const std::string& own = checkpoint.facts.dataset;
  if (is_known_dataset(dataset) && dataset != own) call += " --dataset " + dataset;
  if (dataset.empty() && own == kImportedDataset) call += " --dataset mnist";  // the likeliest
  return with_folders(std::move(call), common, dataset);
}

Dataset open_data(const std::string& name_or_path, const Common& common) {
  std::error_code ignored;
  if (!is_known_dataset(name_or_path) && name_or_path.find('/') == std::string::npos &&
      !fs::exists(name_or_path, ignored)) {
    as_call_error([&] { fail_unknown_dataset(name_or_path); });
  }
  as_call_error([&] { parse_fit(common.fit); });
  as_call_error([&] { parse_background(common.background); });
  const auto progress = make_progress(name_or_path, common.quiet);
  OpenOptions options;
  options.data_dir = common.data_dir;
  options.image_size = common.image_size;
  options.fit = common.fit;
  options.background = common.background;
  options.progress = progress.get();
  Dataset data = open_dataset(name_or_path, options);
  for (const std::string& sentence : data.notes) note(common, sentence);
  return data;
}

Dataset open_data_for(const Checkpoint& checkpoint, const std::string& dataset,
                      const Common& common) {
  const CheckpointFacts& facts = checkpoint.facts;
  Common own = common;
  if (dataset.empty()) {
    if (facts.dataset == kImportedDataset) {
      fail_call("data",
                "the checkpoint was imported and does not say what it was trained on: name the "
                "data with --dataset");
    }
    if (!is_known_dataset(facts.dataset)) {
      fail_call("data",
                "the checkpoint was trained on images of your own, '{}': name their folder "
                "with --dataset",
                facts.dataset);
    }
    const ImageShape shape = checkpoint.model->image_shape();
    if (!own.image_size) own.image_size = ImageSize{shape.height, shape.width};
  }
  Dataset data = open_data(dataset.empty() ? facts.dataset : dataset, own);
  check_fits(checkpoint, data);
  if (data.name == facts.dataset && data.sha256 != facts.dataset_sha256) {
    note(common, fmt::format("{} here is not the {} that the checkpoint was trained on{}",
                             data.source, facts.dataset,
                             data.lossy_images ? ", or another version of a library decoded its "
                                                 "JPEG or WebP files"
                                               : ""));
  }
  return data;
}

void print_written(std::span<const fs::path> paths, std::string_view next, const Common& common,
                   std::FILE* stream) {
  if (common.quiet) return;
  for (const fs::path& path : paths) {
    say(stream, fmt::format("wrote {}\n", path.lexically_normal().string()));
  }
  if (!next.empty()) say(stream, fmt::format("next: {}\n", next));
}

}  // namespace hourglass::cli
