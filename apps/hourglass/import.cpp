// hourglass import: a model that another program trained, as a checkpoint.

#include <memory>
#include <nlohmann/json.hpp>

#include "common.h"
#include "hourglass/base/file.h"
#include "hourglass/base/impl/printable.h"
#include "hourglass/base/lock.h"
#include "hourglass/exchange/torch.h"
#include "hourglass/models/apply.h"
#include "hourglass/train/trainer.h"
#include "output.h"
#include "run_data.h"
#include "terminal.h"
#include "verbs.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

struct ImportFlags {
  Common common;
  bool json = false;
  std::string first, second;
  fs::path output;
  std::string dataset;
  bool overwrite = false;
};

/// An import never replaces a file that it reads, and a checkpoint only where that is asked for.
void check_import_output(const ImportFlags& flags, const std::vector<fs::path>& inputs) {
  if (flags.output.extension() != ".safetensors") {
    fail("import", "--output is {}: name a .safetensors file", flags.output.string());
  }
  if (flags.output.has_parent_path()) make_folder(flags.output.parent_path());
  check_output({"import", inputs, flags.overwrite}, flags.output);
}

/// "left out "epoch_loss", ..., which are no parameters of the model", or "" for none.
std::string left_out_note(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 6;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i) {
    text += (i == 0 ? "" : ", ") + quote_name(names[i]);
  }
  if (names.size() > kShown) text += fmt::format(" and {} more", names.size() - kShown);
  const bool one = names.size() == 1;
  return names.empty() ? ""
                       : fmt::format("left out {}: {} of the model", text,
                                     one ? "it is no parameter" : "they are no parameters");
}

int import_files(const ImportFlags& flags) {
  ThreadPool pool(make_pool(flags.common));
  std::vector<fs::path> files{flags.first};
  if (!flags.second.empty()) files.emplace_back(flags.second);
  check_import_output(flags, files);
  Import imported = import_checkpoint(files, flags.common.image_size);
  if (!imported.left_out.empty()) note(flags.common, left_out_note(imported.left_out));
  Checkpoint& checkpoint = imported.checkpoint;
  CheckpointFacts& facts = checkpoint.facts;
  if (!flags.dataset.empty()) {
    const Dataset data = open_data_for(checkpoint, flags.dataset, flags.common);
    facts.dataset = data.name;
    facts.dataset_sha256 = data.sha256;
    facts.class_names = data.class_names;
    facts.test_mse = checkpoint.model->evaluate(data.test, pool).scores.mse;
  }
  // Of the run that trains this checkpoint, as RunPaths::lock.
  const FileLock lock(fs::path(flags.output).replace_extension(".lock"),
                      {fmt::format("working on {}", flags.output.lexically_normal().string()),
                       "wait until it ends, or name another file"});
  check_import_output(flags, files);  // it may have come since
  save_checkpoint(flags.output, *checkpoint.model, facts);
  if (flags.json) {
    print_result({{"model", checkpoint.model->describe()}, {"left_out", imported.left_out}},
                 std::span(&flags.output, 1));
    return kDone;
  }
  if (!flags.common.quiet) {
    say("{}, latent dimension {}, images of {}{}\n", checkpoint.model->kind(),
        checkpoint.model->latent_dim(), checkpoint.model->image_shape().text(),
        flags.dataset.empty()
            ? ""
            : fmt::format(", test MSE {:.5f} on {}", facts.test_mse, facts.dataset));
  }
  print_written({&flags.output, 1},
                with_data(fmt::format("hourglass eval {}", checkpoint_name(flags.output)),
                          checkpoint, flags.common, flags.dataset),
                flags.common);
  return kDone;
}

}  // namespace

Action add_import(CLI::App& app) {
  const auto flags = std::make_shared<ImportFlags>();
  argument(app, flags->first, "ENCODER",
           "the encoder's state dict: .pth from torch.save, or .safetensors; or one file of both, "
           "with the prefixes encoder. and decoder.");
  optional_argument(app, flags->second, "DECODER", "the decoder's state dict, in the same formats");
  flag_group(app, "Files");
  path_flag(app, flags->output, {"-o,--output", "FILE", "the checkpoint: .safetensors"});
  require(app, "--output");
  switch_flag(app, flags->overwrite, "--overwrite", "replace a checkpoint that is there");
  flag_group(app, "Data");
  text_flag(app, flags->dataset,
            {"--dataset", "NAME|PATH",
             "what it was trained on: is recorded, and its test images are measured", ""});
  data_dir_flag(app, flags->common);
  image_size_flag(app, flags->common.image_size,
                  {"--image_size", "HxW", "size of its images, if not square; height first"});
  flag_group(app, "Machine");
  machine_flags(app, flags->common);
  quiet_flag(app, flags->common);
  json_flag(app, flags->json);
  return [flags] { return import_files(*flags); };
}

}  // namespace hourglass::cli
