// hourglass encode: images to latent vectors, in a file for NumPy.

#include <fmt/ranges.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "common.h"
#include "hourglass/base/file.h"
#include "hourglass/base/hash.h"
#include "hourglass/interop/npy.h"
#include "hourglass/lab/latents.h"
#include "output.h"
#include "terminal.h"
#include "verbs.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

struct EncodeFlags {
  Common common;
  std::string checkpoint;
  std::string dataset;
  std::vector<std::string> splits{"train", "test"};
  fs::path output;
  fs::path labels_out;
  bool json = false;
};

void check_outputs(const EncodeFlags& flags) {
  check_output(flags.output);
  if (flags.labels_out.empty()) return;
  check_output(flags.labels_out);
  const auto whole = [](const fs::path& path) { return fs::weakly_canonical(fs::absolute(path)); };
  if (whole(flags.output) == whole(flags.labels_out)) {
    fail_call("encode", "--output and --labels_out are the same file: name two");
  }
}

int encode_to_files(const EncodeFlags& flags) {
  as_call_error([&] { check_splits("encode", flags.splits); });
  ThreadPool pool = make_pool(flags.common);
  const fs::path path = find_checkpoint(flags.checkpoint, flags.common);
  const Checkpoint checkpoint = load_checkpoint(path);
  check_outputs(flags);
  const Dataset data = open_data_for(checkpoint, flags.dataset, flags.common);
  if (!flags.labels_out.empty() && !have_labels(data, flags.splits)) {
    fail("encode", "images of {} have no labels: leave out --labels_out", data.name);
  }
  const EncodedSplits encoded = encode_splits(*checkpoint.model, data, flags.splits, pool);

  std::vector<fs::path> written{flags.output};
  write_npy(flags.output, encoded.latents);
  if (!flags.labels_out.empty()) {
    write_npy(flags.labels_out,
              {std::span<const std::int64_t>(encoded.labels), Shape{std::ssize(encoded.labels)}});
    written.push_back(flags.labels_out);
  }
  const std::string name = checkpoint_name(path);
  if (flags.json) {
    nlohmann::ordered_json out;
    out["output"] = flags.output.string();
    out["labels_out"] = flags.labels_out.empty()
                            ? nlohmann::ordered_json()
                            : nlohmann::ordered_json(flags.labels_out.string());
    out["images"] = encoded.latents.size(0);
    out["latent_dim"] = encoded.latents.size(1);
    out["dataset"] = data.name;
    out["split"] = flags.splits;
    out["checkpoint_sha256"] = sha256_hex(read_file(path));
    print_json(out);
    return kDone;
  }
  if (!flags.common.quiet) {
    say("{} images of {} ({}), latent dimension {}\n", encoded.latents.size(0), data.name,
        fmt::join(flags.splits, ", then "), encoded.latents.size(1));
  }
  print_written(written,
                fmt::format("hourglass decode {} {} -o sheet.png", name, flags.output.string()),
                flags.common);
  return kDone;
}

}  // namespace

Action add_encode(CLI::App& app) {
  const auto flags = std::make_shared<EncodeFlags>();
  argument(app, flags->checkpoint, "CHECKPOINT", "a path or a short name such as mnist_32");
  flag_group(app, "Data");
  text_flag(app, flags->dataset,
            {"--dataset", "NAME|PATH", "the images; left out, those that it was trained on"});
  list_flag(app, flags->splits,
            {"--split", "LIST", "train, test or both, in the order of the rows"});
  data_flags(app, flags->common);
  flag_group(app, "Files");
  path_flag(app, flags->output,
            {"-o,--output", "FILE", "the latent vectors: .npy, float32 [n, latent_dim]"});
  require(app, "--output");
  path_flag(app, flags->labels_out, {"--labels_out", "FILE", "the labels: .npy, int64 [n]"});
  switch_flag(app, flags->json, "--json", "print what was done as one JSON object");
  out_flag(app, flags->common);
  flag_group(app, "Machine");
  machine_flags(app, flags->common);
  quiet_flag(app, flags->common);
  return [flags] { return encode_to_files(*flags); };
}

}  // namespace hourglass::cli
