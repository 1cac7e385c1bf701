// hourglass export: a checkpoint as files of other programs.

#include <algorithm>
#include <array>
#include <memory>

#include "base/file.h"
#include "base/suggest.h"
#include "common.h"
#include "exchange/onnx.h"
#include "exchange/torch.h"
#include "verbs.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

/// A format by name, and what writes its files.
struct Format {
  std::string_view name;
  std::vector<fs::path> (*write)(const Checkpoint& checkpoint, const fs::path& folder);
};

constexpr std::array kFormats{
    Format{"pth", export_torch},
    Format{"onnx", export_onnx},
};

struct ExportFlags {
  Common common;
  std::string checkpoint;
  std::string format = "pth";
  fs::path output;
};

const Format& find_format(const std::string& name) {
  const auto found = std::ranges::find(kFormats, name, &Format::name);
  if (found != kFormats.end()) return *found;
  std::vector<std::string> names;
  for (const Format& format : kFormats) names.emplace_back(format.name);
  const std::string near = suggestion(name, names);
  fail_call("export", "--format is '{}'{}", name,
            near.empty() ? fmt::format(": there is {}", fmt::join(names, ", ")) : near);
}

int export_files(const ExportFlags& flags) {
  const Format& format = find_format(flags.format);
  const fs::path path = find_checkpoint(flags.checkpoint, flags.common);
  const Checkpoint checkpoint = load_checkpoint(path);
  const fs::path folder = flags.output.empty()
                              ? flags.common.out / "models" / std::string(checkpoint.model->kind())
                              : flags.output;
  make_folder(folder);
  print_written(format.write(checkpoint, folder), "", flags.common);
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
             "onnx: encoder, decoder and both in one, for ONNX Runtime"});
  flag_group(app, "Files");
  path_flag(app, flags->output, {"-o,--output", "DIR", "where to write", "OUT/models/AE"});
  out_flag(app, flags->common);
  quiet_flag(app, flags->common);
  return [flags] { return export_files(*flags); };
}

}  // namespace hourglass::cli
