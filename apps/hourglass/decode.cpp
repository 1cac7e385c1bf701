// hourglass decode: latent vectors from a file to images: as numbers, one picture, or a file each.

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "common.h"
#include "hourglass/base/file.h"
#include "hourglass/base/hash.h"
#include "hourglass/base/impl/file_batch.h"
#include "hourglass/figures/png.h"
#include "hourglass/figures/raster.h"
#include "hourglass/figures/save.h"
#include "hourglass/figures/sheet.h"
#include "hourglass/interop/matrix.h"
#include "hourglass/lab/decode_labels.h"
#include "hourglass/lab/stamp.h"
#include "hourglass/models/apply.h"
#include "hourglass/models/registry.h"
#include "matrix_output.h"
#include "output.h"
#include "verbs.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

struct DecodeFlags {
  Common common;
  std::string checkpoint;
  std::string latents;
  std::string labels;  // "": none given
  fs::path output;
  std::string format;
  bool overwrite = false;
  bool json = false;
};

/// Latent vectors [n, latent_dim] from a file; throws Error for another shape.
Matrix read_latents(const DecodeFlags& flags, const Model& model) {
  MatrixFile file(flags.latents);
  if (!file.passed_over().empty()) {
    note(flags.common, fmt::format("{}: {}", file.source(), file.passed_over()));
  }
  if (file.shape()[1] != model.latent_dim()) {
    fail("decode", "{} has the shape {}: this model decodes n x {}", file.source(),
         file.shape().text(), model.latent_dim());
  }
  return std::move(file).rows();
}

/// What is decoded.
struct Input {
  ConstView latents;                 // [n, latent_dim]
  std::vector<std::int64_t> labels;  // [n], for models that take labels
};

/// Calls use(first row, images [m, H * W * C]) for each block of m rows, in order.
template <typename Use>
void decode_blocks(const Model& model, const Input& input, ThreadPool& pool, const Use& use) {
  constexpr std::int64_t kBlock = 4096;  // images that are held twice, at most
  const std::int64_t rows = input.latents.size(0);
  std::span<const std::int64_t> labels = input.labels;
  for (std::int64_t begin = 0; begin < rows; begin += kBlock) {
    const std::int64_t end = std::min(rows, begin + kBlock);
    const auto own = labels.first(labels.empty() ? 0 : static_cast<std::size_t>(end - begin));
    use(begin, decode(model, input.latents.rows(begin, end), pool, own));
    labels = labels.subspan(own.size());
  }
}

/// [n, H * W * C], channels last, to [n, C, H, W].
void channels_first(View out, ConstView in, const ImageShape& shape) {
  const std::int64_t area = shape.height * shape.width;
  for (std::int64_t i = 0; i < in.size(0); ++i) {
    const float* from = in.row(i).data();
    float* to = out.data() + i * shape.pixels();
    for (std::int64_t c = 0; c < shape.channels; ++c) {
      for (std::int64_t p = 0; p < area; ++p) *to++ = from[p * shape.channels + c];
    }
  }
}

void write_numbers(const MatrixOutput& output, const Model& model, const Input& input,
                   ThreadPool& pool) {
  const ImageShape shape = model.image_shape();
  Tensor images(Shape{input.latents.size(0), shape.channels, shape.height, shape.width});
  decode_blocks(model, input, pool, [&](std::int64_t begin, const Tensor& block) {
    channels_first({images.data() + begin * shape.pixels(), Shape{block.size(0), shape.pixels()}},
                   block, shape);
  });
  write_matrix(output, {"images", images, counted_names("pixel", shape.pixels())});
}

/// "0042.png": names of equal length, so that they sort in the order of the rows.
std::string png_name(std::int64_t row, std::int64_t rows) {
  return fmt::format("{:0{}}.png", row, fmt::formatted_size("{}", rows - 1));
}

/// Throws Error if the folder holds other PNGs, which could be taken for images of these rows.
void check_folder(const fs::path& folder, std::int64_t rows) {
  std::set<std::string> ours;
  for (std::int64_t row = 0; row < rows; ++row) ours.insert(png_name(row, rows));
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() == ".png" && !ours.contains(name)) {
      fail("decode", "{} holds {}, which is none of these {} images: name an empty folder",
           folder.string(), name, rows);
    }
  }
}

void write_pngs(const fs::path& folder, const Model& model, const Input& input, ThreadPool& pool) {
  const std::int64_t rows = input.latents.size(0);
  make_folder(folder);
  check_folder(folder, rows);
  FileBatch files(folder);
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(model.image_shape().pixels()));
  decode_blocks(model, input, pool, [&](std::int64_t begin, const Tensor& block) {
    for (std::int64_t i = 0; i < block.size(0); ++i) {
      const auto image = block.view().row(i);
      std::transform(image.begin(), image.end(), pixels.begin(), byte_of);
      files.add(png_name(begin + i, rows), image_png(pixels, model.image_shape()));
    }
    files.commit();
  });
}

void draw_sheet(const fs::path& path, const Checkpoint& checkpoint, const Input& input,
                const std::string& source, ThreadPool& pool) {
  const Tensor images = decode(*checkpoint.model, input.latents, pool, input.labels);
  const std::int64_t rows = images.size(0);
  SheetFigure sheet;
  sheet.text.title = "Decoded latent vectors";
  sheet.text.caption = fmt::format("{} latent vector{} of {}, in reading order", rows,
                                   rows == 1 ? "" : "s", fs::path(source).filename().string());
  sheet.text.stamp = stamp_of(*checkpoint.model, checkpoint.facts.dataset, checkpoint.facts);
  sheet.shape = checkpoint.model->image_shape();
  sheet.images = images;
  save_figure(path, sheet);
}

enum class Wanted { numbers, picture, pngs };

/// What to write, by the form of the path.
Wanted wanted(const fs::path& path) {
  std::error_code ignored;
  if (!path.has_filename() || fs::is_directory(path, ignored)) return Wanted::pngs;
  const std::string extension = path.extension().string();
  if (extension == ".png" || extension == ".svg" || extension == ".pdf") return Wanted::picture;
  if (has_matrix_ending(path) || is_stream(path)) return Wanted::numbers;
  fail("decode",
       "--output is {}: name a .npy, .npz, .csv or .tsv for numbers, a .png, .svg or .pdf to look "
       "at, or a folder, with / at its end, for a PNG of each",
       path.string());
}

/// Checks where everything goes, before the work; for numbers returns how.
std::optional<MatrixOutput> checked_output(const DecodeFlags& flags, Wanted kind,
                                           const fs::path& checkpoint) {
  if (kind == Wanted::pngs) return std::nullopt;
  std::optional<MatrixOutput> numbers;
  if (kind == Wanted::numbers) {
    numbers = matrix_output("decode", "--output", flags.output, flags.format, flags.json);
  } else if (!flags.format.empty()) {
    fail("decode", "--format is for numbers, and {} is a picture: leave it out",
         flags.output.string());
  }
  check_output({"decode",
                {checkpoint, input_file(flags.latents), input_file(flags.labels)},
                flags.overwrite},
               numbers ? numbers->path : flags.output);
  return numbers;
}

int decode_to_file(const DecodeFlags& flags) {
  const Wanted kind = wanted(flags.output);
  ThreadPool pool = make_pool(flags.common);
  const fs::path path = find_checkpoint(flags.checkpoint, flags.common);
  const std::optional<MatrixOutput> numbers = checked_output(flags, kind, path);
  const Checkpoint checkpoint = load_checkpoint(path);
  const Matrix latents = read_latents(flags, *checkpoint.model);
  const Input input{latents, decode_labels(*checkpoint.model, flags.labels, latents.rows())};
  if (kind == Wanted::pngs) {
    write_pngs(flags.output, *checkpoint.model, input, pool);
  } else if (numbers) {
    write_numbers(*numbers, *checkpoint.model, input, pool);
  } else {
    draw_sheet(flags.output, checkpoint, input, flags.latents, pool);
  }
  if (flags.json) {
    const ImageShape shape = checkpoint.model->image_shape();
    nlohmann::ordered_json out;
    out["output"] = flags.output.string();
    out["images"] = latents.rows();
    out["image_shape"] = {shape.channels, shape.height, shape.width};
    out["checkpoint_sha256"] = sha256_hex(read_file(path));
    print_json(out);
    return kDone;
  }
  const std::string next =
      with_folders(fmt::format("hourglass visualize {}", checkpoint_name(path)), flags.common);
  const std::size_t files = numbers && is_stream(flags.output) ? 0 : 1;
  print_written({&flags.output, files}, next, flags.common);
  return kDone;
}

}  // namespace

Action add_decode(CLI::App& app) {
  const auto flags = std::make_shared<DecodeFlags>();
  argument(app, flags->checkpoint, "CHECKPOINT", "a path or a short name such as mnist_32");
  argument(app, flags->latents, "LATENTS",
           "the latent vectors [n, latent_dim]: .npy, .npz, X.npz:NAME, .csv or .tsv, or - for "
           "standard input; real or whole numbers");
  // Listed only if there is a kind that takes labels.
  const bool useful = std::ranges::any_of(model_kinds(), &ModelKind::takes_labels);
  flag_group(app, useful ? "Labels" : "");
  text_flag(app, flags->labels,
            {"--labels", "N|FILE",
             "for models that take labels: one for all, or a file with one for each vector", ""});
  flag_group(app, "Files");
  path_flag(app, flags->output,
            {"-o,--output", "FILE",
             "the images: .npy or .npz, float32 [n, C, H, W] in [0, 1]; .csv or .tsv; one picture "
             "of all: .png, .svg, .pdf; or a folder, such as X/, for a PNG of each"});
  require(app, "--output");
  format_flag(app, flags->format);
  overwrite_flag(app, flags->overwrite);
  json_flag(app, flags->json);
  out_flag(app, flags->common);
  flag_group(app, "Machine");
  machine_flags(app, flags->common);
  quiet_flag(app, flags->common);
  return [flags] { return decode_to_file(*flags); };
}

}  // namespace hourglass::cli
