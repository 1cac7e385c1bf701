// hourglass decode: codes from a file to images, as numbers or as a picture.

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/hash.h"
#include "common.h"
#include "figures/save.h"
#include "figures/sheet.h"
#include "interop/npy.h"
#include "models/apply.h"
#include "output.h"
#include "stamp.h"
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
Tensor read_codes(const std::string& path, const Model& model) {
  const Array array = read_npy(path);
  const std::int64_t d = model.latent_dim();
  if (array.dtype != DType::kF32) {
    fail("decode", "{} holds {}: codes are float32, save it with .astype('float32')", path,
         facts(array.dtype).safetensors);
  }
  if (array.shape.rank() != 2 || array.shape[1] != d) {
    fail("decode", "{} has the shape {}: this model decodes n x {}", path, array.shape.text(), d);
  }
  if (const auto at = first_non_finite(array)) {
    fail("decode", "{} has a NaN or infinity at row {}, column {} (both from 0): codes are finite",
         path, *at / d, *at % d);
  }
  return array.floats();
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
  constexpr std::int64_t kBlock = 4096;  // rows that are there in both orders at a time
  const ImageShape shape = model.image_shape();
  const std::int64_t n = codes.size(0);
  Tensor images(Shape{n, shape.channels, shape.height, shape.width});
  for (std::int64_t begin = 0; begin < n; begin += kBlock) {
    const std::int64_t end = std::min(n, begin + kBlock);
    const Tensor block = decode(model, codes.rows(begin, end), pool);
    channels_first({images.data() + begin * shape.pixels(), Shape{end - begin, shape.pixels()}},
                   block, shape);
  }
  write_npy(place, images);
}

void draw_sheet(const fs::path& place, const Checkpoint& checkpoint, ConstView codes,
                const std::string& source, ThreadPool& pool) {
  if (codes.size(0) == 0) fail("decode", "{} has no rows: there is nothing to draw", source);
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

/// Whether numbers are asked for, not a picture.
bool wants_numbers(const fs::path& place) {
  const std::string extension = place.extension().string();
  if (extension == ".npy") return true;
  if (extension == ".png" || extension == ".svg" || extension == ".pdf") return false;
  fail_call("decode", "--output is {}: name a .npy for numbers, or a .png, .svg or .pdf to look at",
            place.string());
}

int decode_to_file(const DecodeFlags& flags) {
  const bool numbers = wants_numbers(flags.output);
  ThreadPool pool = make_pool(flags.common);
  const fs::path path = find_checkpoint(flags.checkpoint, flags.common);
  const Checkpoint checkpoint = load_checkpoint(path);
  const Tensor codes = read_codes(flags.codes, *checkpoint.model);
  check_place(flags.output);
  if (numbers) {
    write_numbers(flags.output, *checkpoint.model, codes, pool);
  } else {
    draw_sheet(flags.output, checkpoint, codes, flags.codes, pool);
  }
  if (flags.json) {
    const ImageShape shape = checkpoint.model->image_shape();
    nlohmann::ordered_json out;
    out["output"] = flags.output.string();
    out["images"] = codes.size(0);
    out["image_shape"] = {shape.channels, shape.height, shape.width};
    out["checkpoint_sha256"] = sha256_hex(read_file(path));
    print_json(out);
    return kDone;
  }
  const std::string next = numbers ? fmt::format("hourglass decode {} {} -o sheet.png",
                                                 checkpoint_name(path), flags.codes)
                                   : "";
  print_written({&flags.output, 1}, next, flags.common);
  return kDone;
}

}  // namespace

Action add_decode(CLI::App& app) {
  const auto flags = std::make_shared<DecodeFlags>();
  argument(app, flags->checkpoint, "CHECKPOINT", "a path or a short name such as mnist_32");
  argument(app, flags->codes, "CODES", "the codes: .npy, float32 [n, latent_dim]");
  flag_group(app, "Files");
  path_flag(app, flags->output,
            {"-o,--output", "FILE",
             "the images: .npy, float32 [n, C, H, W] in [0, 1]; or a picture of them all: .png, "
             ".svg, .pdf"});
  require(app, "--output");
  switch_flag(app, flags->json, "--json", "print what was done as one JSON object");
  out_flag(app, flags->common);
  flag_group(app, "Machine");
  machine_flags(app, flags->common);
  quiet_flag(app, flags->common);
  return [flags] { return decode_to_file(*flags); };
}

}  // namespace hourglass::cli
