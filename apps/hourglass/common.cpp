#include "common.h"

#include <algorithm>
#include <map>

#include "hourglass/data/catalogue.h"
#include "hourglass/exchange/torch.h"
#include "hourglass/kernels/kernels.h"
#include "terminal.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

/// "2 files in models/AE, 11 in visu/mnist_autoencoder": at most three folders.
std::string by_folder(std::span<const fs::path> paths) {
  std::map<fs::path, std::int64_t> counts;
  for (const fs::path& path : paths) ++counts[path.lexically_normal().parent_path()];
  const auto depth = [](const fs::path& path) { return std::distance(path.begin(), path.end()); };
  while (counts.size() > 3) {  // the deepest folders are counted as their parents
    const auto deeper = [&](const auto& a, const auto& b) {
      return depth(a.first) < depth(b.first);
    };
    const auto deepest = depth(std::ranges::max_element(counts, deeper)->first);
    if (deepest <= 1) break;
    std::map<fs::path, std::int64_t> folded;
    for (const auto& [folder, count] : counts) {
      folded[depth(folder) == deepest ? folder.parent_path() : folder] += count;
    }
    counts = std::move(folded);
  }
  std::string text;
  for (const auto& [folder, count] : counts) {
    text += fmt::format("{}{}{} in {}", text.empty() ? "" : ", ", count,
                        !text.empty() ? ""
                        : count == 1  ? " file"
                                      : " files",
                        folder.empty() ? "." : folder.string());
  }
  return text;
}

/// Many written files in one line: all of a few names, otherwise the first and how many there are
/// in which folders.
std::string in_one_line(std::span<const fs::path> paths) {
  constexpr std::size_t kMostNames = 3;
  std::string text = paths.front().lexically_normal().string();
  if (paths.size() > kMostNames) {
    return fmt::format("{} and {} (-v lists them)", text, by_folder(paths.subspan(1)));
  }
  for (const fs::path& path : paths.subspan(1)) text += ", " + path.lexically_normal().string();
  return text;
}

}  // namespace

bool is_known_dataset(const std::string& name) {
  const auto known = known_datasets();
  return std::find(known.begin(), known.end(), name) != known.end();
}

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
             "searched for data sets instead of $HOURGLASS_DATA_DIR, ./data and the cache"});
}

void data_flags(CLI::App& app, Common& common) {
  data_dir_flag(app, common);
  image_size_flag(app, common.image_size,
                  {"--image_size", "HxW", "resize every image, height first"});
  switch_flag(app, common.transpose, "--transpose",
              "swap rows and columns of images of your own, as EMNIST's files need");
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
  switch_flag(app, common.quiet, "-q,--quiet", "print only errors and what was asked for");
  switch_flag(app, common.verbose, "-v,--verbose", "list every file that was written");
}

void json_flag(CLI::App& app, bool& json) {
  switch_flag(app, json, "--json", "print what was done as one JSON object");
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
    select_kernels(parse_kernel_set(common.kernels));
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
  say(stderr, fmt::format("hourglass: {}\n", in_flags(std::string(text))));
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

std::string reading_flags(const Common& common) {
  const Common usual;
  std::string flags;
  if (const auto& size = common.image_size) {
    flags += fmt::format(" --image_size {}x{}", size->height, size->width);
  }
  if (common.transpose) flags += " --transpose";
  if (common.fit != usual.fit) flags += " --fit " + common.fit;
  if (common.background != usual.background) {
    flags += " --background " + quoted(common.background);
  }
  return flags;
}

std::string with_folders(std::string call, const Common& common, const std::string& dataset) {
  if (!dataset.empty() && !is_known_dataset(dataset)) {
    call += " --dataset " + quoted(dataset) + reading_flags(common);
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
  const auto progress = make_progress(name_or_path, common.quiet);
  OpenOptions options;
  options.data_dir = common.data_dir;
  options.image_size = common.image_size;
  options.transpose = common.transpose;
  options.fit = common.fit;
  options.background = common.background;
  options.progress = progress.get();
  Dataset data = open_dataset(name_or_path, options);
  for (const std::string& sentence : data.notes) note(common, sentence);
  return data;
}

void print_written(std::span<const fs::path> paths, std::string_view next, const Common& common,
                   std::FILE* stream) {
  if (common.quiet) return;
  if (common.verbose) {
    for (const fs::path& path : paths) {
      say(stream, fmt::format("wrote {}\n", path.lexically_normal().string()));
    }
  } else if (!paths.empty()) {
    say(stream, fmt::format("wrote {}\n", in_one_line(paths)));
  }
  if (!next.empty()) say(stream, fmt::format("next: {}\n", next));
}

}  // namespace hourglass::cli
