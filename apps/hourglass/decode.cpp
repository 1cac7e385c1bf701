// hourglass decode: codes from a file to images, as numbers, as a picture or as a file each.

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
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
#include "hourglass/interop/npy.h"
#include "hourglass/lab/stamp.h"
#include "hourglass/models/apply.h"
#include "output.h"
#include "verbs.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

struct DecodeFlags {
  Common common;
  std::string checkpoint;
  std::string codes;
  fs::path output;
  bool json = false;
};

/// Codes [n, latent_dim] from a file that has to hold exactly that.
Matrix read_codes(const std::string& name, const Model& model) {
  Matrix codes = read_matrix(name);
  if (codes.columns() != model.latent_dim()) {
    fail("decode", "{} has the shape {}: this model decodes n x {}", name,
         codes.view().shape().text(), model.latent_dim());
  }
  return codes;
}

/// Calls use(first row, images [m, H * W * C] of it and the rows behind it) for all rows in order.
template <typename Use>
void decode_blocks(const Model& model, ConstView codes, ThreadPool& pool, const Use& use) {
  constexpr std::int64_t kBlock = 4096;  // images that are there a second time at most
  for (std::int64_t begin = 0; begin < codes.size(0); begin += kBlock) {
    const std::int64_t end = std::min(codes.size(0), begin + kBlock);
    use(begin, decode(model, codes.rows(begin, end), pool));
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

void write_numbers(const fs::path& place, const Model& model, ConstView codes, ThreadPool& pool) {
  const ImageShape shape = model.image_shape();
  Tensor images(Shape{codes.size(0), shape.channels, shape.height, shape.width});
  decode_blocks(model, codes, pool, [&](std::int64_t begin, const Tensor& block) {
    channels_first({images.data() + begin * shape.pixels(), Shape{block.size(0), shape.pixels()}},
                   block, shape);
  });
  write_npy(place, images);
}

/// "0042.png": names of one length, so that their order is that of the rows.
std::string png_name(std::int64_t row, std::int64_t rows) {
  return fmt::format("{:0{}}.png", row, fmt::formatted_size("{}", rows - 1));
}

/// Throws Error if the folder holds pictures that would look as if they were of these rows.
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

void write_pngs(const fs::path& folder, const Model& model, ConstView codes, ThreadPool& pool) {
  make_folder(folder);
  check_folder(folder, codes.size(0));
  FileBatch files(folder);
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(model.image_shape().pixels()));
  decode_blocks(model, codes, pool, [&](std::int64_t begin, const Tensor& block) {
    for (std::int64_t i = 0; i < block.size(0); ++i) {
      const auto image = block.view().row(i);
      std::transform(image.begin(), image.end(), pixels.begin(), byte_of);
      files.add(png_name(begin + i, codes.size(0)), image_png(pixels, model.image_shape()));
    }
    files.commit();
  });
}

void draw_sheet(const fs::path& place, const Checkpoint& checkpoint, ConstView codes,
                const std::string& source, ThreadPool& pool) {
  const Tensor images = decode(*checkpoint.model, codes, pool);
  SheetFigure sheet;
  sheet.text.title = "Decoded codes";
  sheet.text.caption =
      fmt::format("{} code{} of {}, in reading order", codes.size(0), codes.size(0) == 1 ? "" : "s",
                  fs::path(source).filename().string());
  sheet.text.stamp = stamp_of(*checkpoint.model, checkpoint.facts.dataset, checkpoint.facts);
  sheet.shape = checkpoint.model->image_shape();
  sheet.images = images;
  save_figure(place, sheet);
}

enum class Wanted { numbers, picture, pngs };

/// What the place is to hold.
Wanted wanted(const fs::path& place) {
  std::error_code ignored;
  if (!place.has_filename() || fs::is_directory(place, ignored)) return Wanted::pngs;
  const std::string extension = place.extension().string();
  if (extension == ".npy") return Wanted::numbers;
  if (extension == ".png" || extension == ".svg" || extension == ".pdf") return Wanted::picture;
  fail_call(
      "decode",
      "--output is {}: name a .npy for numbers, a .png, .svg or .pdf to look at, or a folder, "
      "with / at its end, for a PNG of each",
      place.string());
}

int decode_to_file(const DecodeFlags& flags) {
  const Wanted kind = wanted(flags.output);
  ThreadPool pool = make_pool(flags.common);
  const fs::path path = find_checkpoint(flags.checkpoint, flags.common);
  const Checkpoint checkpoint = load_checkpoint(path);
  const Matrix codes = read_codes(flags.codes, *checkpoint.model);
  if (kind == Wanted::pngs) {
    write_pngs(flags.output, *checkpoint.model, codes, pool);
  } else {
    check_place(flags.output);
    if (kind == Wanted::numbers) {
      write_numbers(flags.output, *checkpoint.model, codes, pool);
    } else {
      draw_sheet(flags.output, checkpoint, codes, flags.codes, pool);
    }
  }
  if (flags.json) {
    const ImageShape shape = checkpoint.model->image_shape();
    nlohmann::ordered_json out;
    out["output"] = flags.output.string();
    out["images"] = codes.rows();
    out["image_shape"] = {shape.channels, shape.height, shape.width};
    out["checkpoint_sha256"] = sha256_hex(read_file(path));
    print_json(out);
    return kDone;
  }
  const std::string next =
      kind == Wanted::numbers
          ? fmt::format("hourglass decode {} {} -o sheet.png", checkpoint_name(path), flags.codes)
          : "";
  print_written({&flags.output, 1}, next, flags.common);
  return kDone;
}

}  // namespace

Action add_decode(CLI::App& app) {
  const auto flags = std::make_shared<DecodeFlags>();
  argument(app, flags->checkpoint, "CHECKPOINT", "a path or a short name such as mnist_32");
  argument(app, flags->codes, "CODES",
           "the codes [n, latent_dim]: .npy, .npz or X.npz:NAME, real or whole numbers");
  flag_group(app, "Files");
  path_flag(app, flags->output,
            {"-o,--output", "FILE",
             "the images: .npy, float32 [n, C, H, W] in [0, 1]; a picture of them all: .png, .svg, "
             ".pdf; or a folder, as X/, for a PNG of each"});
  require(app, "--output");
  switch_flag(app, flags->json, "--json", "print what was done as one JSON object");
  out_flag(app, flags->common);
  flag_group(app, "Machine");
  machine_flags(app, flags->common);
  quiet_flag(app, flags->common);
  return [flags] { return decode_to_file(*flags); };
}

}  // namespace hourglass::cli
