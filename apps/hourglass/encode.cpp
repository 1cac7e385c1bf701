// hourglass encode: images to latent vectors, in a file for NumPy or as a table.

#include <fmt/ranges.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "common.h"
#include "hourglass/base/file.h"
#include "hourglass/base/hash.h"
#include "hourglass/base/impl/printable.h"
#include "hourglass/interop/npy.h"
#include "hourglass/lab/latents.h"
#include "matrix_output.h"
#include "output.h"
#include "run_data.h"
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
  fs::path output, labels_out, names_out;
  std::string format;
  bool overwrite = false;
  bool json = false;
};

/// Where everything goes, known before the work.
struct Outputs {
  MatrixOutput latents;
  std::optional<MatrixOutput> labels, names;
};

bool is_text(const fs::path& path) {
  return path.extension() == ".txt";
}

Outputs checked_outputs(const EncodeFlags& flags, const fs::path& checkpoint) {
  Outputs outputs{
      matrix_output("encode", "--output", flags.output, flags.format, flags.json), {}, {}};
  std::vector<OutputPath> paths{{"--output", outputs.latents.path}};
  if (!flags.labels_out.empty()) {
    outputs.labels = matrix_output("encode", "--labels_out", flags.labels_out, flags.format);
    paths.push_back({"--labels_out", flags.labels_out});
  }
  if (!flags.names_out.empty()) {
    if (!is_text(flags.names_out)) {
      outputs.names = matrix_output("encode", "--names_out", flags.names_out, "");
    }
    paths.push_back({"--names_out", flags.names_out});
  }
  check_outputs({"encode", {checkpoint}, flags.overwrite}, paths);
  return outputs;
}

/// The class of each image by its name.
TableColumn label_column(const std::vector<std::int64_t>& labels, const Dataset& data) {
  TableColumn column{"label", TableColumn::Kind::kText, {}};
  for (const std::int64_t label : labels) {
    column.text.push_back(data.class_names.at(static_cast<std::size_t>(label)));
  }
  return column;
}

/// What is known of each image beside its latent vector, as columns.
std::vector<TableColumn> columns_of(const EncodedSplits& encoded, const Dataset& data) {
  std::vector<TableColumn> columns;
  if (!encoded.names.empty()) {
    columns.push_back({"name", TableColumn::Kind::kText, encoded.names});
  }
  if (!encoded.labels.empty()) columns.push_back(label_column(encoded.labels, data));
  return columns;
}

void write_labels(const MatrixOutput& output, const EncodedSplits& encoded) {
  const std::vector<std::int64_t>& labels = encoded.labels;
  if (!output.is_table()) {
    write_matrix(output,
                 {"labels", {std::span<const std::int64_t>(labels), Shape{std::ssize(labels)}}});
    return;
  }
  TableColumn column{"label", TableColumn::Kind::kText, {}};
  for (const std::int64_t label : labels) column.text.push_back(fmt::format("{}", label));
  write_matrix(output, {"labels", Tensor(Shape{std::ssize(labels), 0}), {}, {std::move(column)}});
}

void write_names(const fs::path& path, const std::optional<MatrixOutput>& output,
                 const std::vector<std::string>& names) {
  if (!output) {
    std::string lines;
    for (const std::string& name : names) {
      if (name.find('\n') != std::string::npos) {
        fail("encode", "the image {} has a name of several lines: write the names as .csv",
             printable(name));
      }
      lines += name + "\n";
    }
    write_file(path, lines);
  } else if (output->format == MatrixFormat::kNpy) {
    write_npy(path, TextArray{Shape{std::ssize(names)}, names});
  } else {
    const TableColumn column{"name", TableColumn::Kind::kText, names};
    write_matrix(*output, {"none", Tensor(Shape{std::ssize(names), 0}), {}, {column}});
  }
}

std::vector<fs::path> write_outputs(const EncodeFlags& flags, const Outputs& outputs,
                                    const EncodedSplits& encoded, const Dataset& data) {
  std::vector<fs::path> written;
  if (!is_stream(flags.output)) written.push_back(flags.output);
  write_matrix(outputs.latents,
               {"latents", encoded.latents, counted_names("latent", encoded.latents.size(1)),
                columns_of(encoded, data)});
  if (outputs.labels) {
    write_labels(*outputs.labels, encoded);
    written.push_back(flags.labels_out);
  }
  if (!flags.names_out.empty()) {
    write_names(flags.names_out, outputs.names, encoded.names);
    written.push_back(flags.names_out);
  }
  return written;
}

nlohmann::ordered_json path_or_null(const fs::path& path) {
  return path.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(path.string());
}

int encode_to_files(const EncodeFlags& flags) {
  check_splits("encode", flags.splits);
  ThreadPool pool = make_pool(flags.common);
  const fs::path path = find_checkpoint(flags.checkpoint, flags.common);
  const Checkpoint checkpoint = load_checkpoint(path);
  const Outputs outputs = checked_outputs(flags, path);
  const Dataset data = open_data_for(checkpoint, flags.dataset, flags.common);
  if (!flags.labels_out.empty() && !have_labels(data, flags.splits)) {
    fail("encode", "images of {} have no labels: leave out --labels_out", data.name);
  }
  if (!flags.names_out.empty() && !have_names(data, flags.splits)) {
    fail("encode", "images of {} have no files of their own: leave out --names_out", data.name);
  }
  const EncodedSplits encoded = encode_splits(*checkpoint.model, data, flags.splits, pool);
  const std::vector<fs::path> written = write_outputs(flags, outputs, encoded, data);
  if (flags.json) {
    nlohmann::ordered_json out;
    out["output"] = flags.output.string();
    out["labels_out"] = path_or_null(flags.labels_out);
    out["names_out"] = path_or_null(flags.names_out);
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
                fmt::format("hourglass decode {} {} -o sheet.png", checkpoint_name(path),
                            quoted(flags.output.string())),
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
            {"-o,--output", "FILE",
             "the latent vectors [n, latent_dim]: .npy or .npz, float32; .csv or .tsv, with each "
             "image's name and label; or -, standard output"});
  require(app, "--output");
  path_flag(app, flags->labels_out,
            {"--labels_out", "FILE", "the labels [n]: .npy or .npz, int64; .csv or .tsv"});
  path_flag(
      app, flags->names_out,
      {"--names_out", "FILE", "the names of the images' files: .txt, a line each; .csv, .npy"});
  format_flag(app, flags->format);
  overwrite_flag(app, flags->overwrite);
  json_flag(app, flags->json);
  out_flag(app, flags->common);
  flag_group(app, "Machine");
  machine_flags(app, flags->common);
  quiet_flag(app, flags->common);
  return [flags] { return encode_to_files(*flags); };
}

}  // namespace hourglass::cli
