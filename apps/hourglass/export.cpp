// hourglass export: a checkpoint as files of other programs.

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>

#include "common.h"
#include "hourglass/base/file.h"
#include "hourglass/base/impl/suggest.h"
#include "hourglass/exchange/onnx.h"
#include "hourglass/exchange/torch.h"
#include "hourglass/interop/projector.h"
#include "hourglass/lab/figure_folder.h"
#include "hourglass/lab/latents.h"
#include "hourglass/lab/projector.h"
#include "output.h"
#include "run_data.h"
#include "verbs.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

struct ExportFlags {
  Common common;
  bool json = false;
  std::string checkpoint;
  std::string format = "pth";
  std::string dataset;
  std::vector<std::string> splits{"test"};
  fs::path output;
  bool overwrite = false;
};

/// What is to be written where.
struct Job {
  const ExportFlags& flags;
  const Checkpoint& checkpoint;
  std::string name;  // the checkpoint's: "mnist_32"
  fs::path folder;
};

/// A format by name: the default folder of its files below OUT, and what writes them.
struct Format {
  std::string_view name;
  fs::path (*home)(const Job& job);
  std::vector<fs::path> (*write)(const Job& job);
};

fs::path beside_models(const Job& job) {
  return fs::path("models") / std::string(job.checkpoint.model->kind());
}

std::vector<fs::path> torch_files(const Job& job) {
  const std::string padding = padding_note(*job.checkpoint.model);
  if (!padding.empty()) note(job.flags.common, padding);
  return export_torch(job.checkpoint, job.folder);
}

std::vector<fs::path> onnx_files(const Job& job) {
  return export_onnx(job.checkpoint, job.folder);
}

fs::path projector_home(const Job& job) {
  return fs::path("projector") / job.name;
}

std::vector<fs::path> projector_files(const Job& job) {
  const ExportFlags& flags = job.flags;
  ThreadPool pool = make_pool(flags.common);
  const Dataset data = open_data_for(job.checkpoint, flags.dataset, flags.common);
  const ProjectorFiles files =
      export_projector(*job.checkpoint.model, job.name, data, flags.splits, job.folder, pool);
  if (files.shown_at) {
    note(flags.common,
         fmt::format("the projector takes pictures of {} x {} pixels in all: the {} "
                     "images are shown at {}",
                     kMaxSpriteSide, kMaxSpriteSide, files.images, files.shown_at->text()));
  }
  return files.paths;
}

constexpr std::array kFormats{
    Format{"pth", beside_models, torch_files},
    Format{"onnx", beside_models, onnx_files},
    Format{"projector", projector_home, projector_files},
};

const Format& find_format(const std::string& name) {
  const auto found = std::ranges::find(kFormats, name, &Format::name);
  if (found != kFormats.end()) return *found;
  std::vector<std::string> names;
  for (const Format& format : kFormats) names.emplace_back(format.name);
  const std::string near = suggestion(name, names);
  fail("export", "--format is '{}'{}", name,
       near.empty() ? fmt::format(": there is {}", fmt::join(names, ", ")) : near);
}

/// Throws Error if a file of the folder that might be replaced is a trained model under
/// another name, by a link.
void check_folder(const ExportFlags& flags, const fs::path& folder) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const fs::path& path = entry.path();
    if (flags.overwrite || path.extension() == ".safetensors" || !is_model_file(path)) continue;
    fail("export", "{} is a trained model by another name: remove it, or add --overwrite",
         path.string());
  }
}

int export_files(const ExportFlags& flags) {
  const Format& format = find_format(flags.format);
  check_splits("export", flags.splits);
  const fs::path path = find_checkpoint(flags.checkpoint, flags.common);
  const Checkpoint checkpoint = load_checkpoint(path);
  Job job{flags, checkpoint, checkpoint_stem(path), flags.output};
  if (job.folder.empty()) job.folder = flags.common.out / format.home(job);
  check_folder(flags, job.folder);
  make_folder(job.folder);
  const std::vector<fs::path> written = format.write(job);
  if (flags.json) {
    print_result({{"format", format.name}}, written);
    return kDone;
  }
  const bool shown = format.write == projector_files;
  print_written(
      written,
      shown ? fmt::format("tensorboard --logdir {}", quoted(job.folder.lexically_normal().string()))
            : "",
      flags.common);
  return kDone;
}

}  // namespace

Action add_export(CLI::App& app) {
  const auto flags = std::make_shared<ExportFlags>();
  optional_argument(app, flags->checkpoint, "CHECKPOINT",
                    "a path or a short name such as mnist_32; the newest when left out");
  text_flag(app, flags->format,
            {"--format", "FORMAT",
             "pth: an encoder's and a decoder's state dict, for torch.load and load_state_dict; "
             "onnx: encoder, decoder and both in one, for ONNX Runtime; "
             "projector: latent vectors, labels and thumbnails, for TensorBoard's projector"});
  flag_group(app, "Data, for projector");
  text_flag(app, flags->dataset,
            {"--dataset", "NAME|PATH", "the images; left out, those that it was trained on"});
  list_flag(app, flags->splits,
            {"--split", "LIST", "train, test or both, in the order of the rows"});
  data_flags(app, flags->common);
  flag_group(app, "Files");
  path_flag(
      app, flags->output,
      {"-o,--output", "DIR", "where to write", "OUT/models/AE; projector: OUT/projector/MODEL"});
  overwrite_flag(app, flags->overwrite);
  out_flag(app, flags->common);
  flag_group(app, "Machine");
  machine_flags(app, flags->common);
  quiet_flag(app, flags->common);
  json_flag(app, flags->json);
  return [flags] { return export_files(*flags); };
}

}  // namespace hourglass::cli
