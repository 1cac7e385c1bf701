#include "common.h"

#include <algorithm>
#include <optional>

#include "hourglass/data/catalogue.h"
#include "hourglass/exchange/torch.h"
#include "hourglass/kernels/kernels.h"
#include "hourglass/train/record_file.h"
#include "hourglass/train/run_paths.h"
#include "terminal.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

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

/// Where the images of the checkpoint's run came from, if its record is beside it.
std::optional<DataOrigin> recorded_origin(const Checkpoint& checkpoint) {
  if (checkpoint.path.empty()) return std::nullopt;
  const auto record = read_record_file(run_of(checkpoint.path).record);
  const bool ours = record && record->dataset_sha256 == checkpoint.facts.dataset_sha256 &&
                    record->settings.options.seed == checkpoint.facts.seed;
  return ours ? std::optional(record->data) : std::nullopt;
}

/// Opens the images that a run was trained on, as its record says.
Dataset open_recorded(const DataOrigin& origin, const Common& common) {
  Common own = common;
  if (own.data_dir.empty()) own.data_dir = origin.data_dir;
  if (origin.path.empty()) return open_data(origin.dataset, own);
  note(common,
       fmt::format("using the images in {}, on which it was trained", origin.path.string()));
  try {
    return open_data(origin.path.string(), own);
  } catch (const Error& error) {
    throw error.followed_by(": the model was trained on them; name their new place with `dataset`");
  }
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
             "searched first for data sets, before $HOURGLASS_DATA_DIR, ./data and the cache"});
}

void data_flags(CLI::App& app, Common& common) {
  data_dir_flag(app, common);
  image_size_flag(app, common.image_size,
                  {"--image_size", "HxW", "resize every image, height first"});
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
  const auto progress = make_progress(name_or_path, common.quiet);
  OpenOptions options;
  options.data_dir = common.data_dir;
  options.image_size = common.image_size;
  options.progress = progress.get();
  Dataset data = open_dataset(name_or_path, options);
  for (const std::string& sentence : data.notes) note(common, sentence);
  return data;
}

Dataset open_data_for(const Checkpoint& checkpoint, const std::string& dataset,
                      const Common& common) {
  const CheckpointFacts& facts = checkpoint.facts;
  Common own = common;
  const ImageShape shape = checkpoint.model->image_shape();
  if (!own.image_size) own.image_size = ImageSize{shape.height, shape.width};
  const auto origin = recorded_origin(checkpoint);
  if (dataset.empty() && !origin) {
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
  }
  Dataset data = !dataset.empty() ? open_data(dataset, own)
                 : origin         ? open_recorded(*origin, own)
                                  : open_data(facts.dataset, own);
  check_fits(checkpoint, data);
  if (data.name == facts.dataset && data.sha256 != facts.dataset_sha256) {
    note(common, fmt::format("{} here is not the {} that the checkpoint was trained on",
                             data.source, facts.dataset));
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
