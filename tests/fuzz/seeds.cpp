// Writes seeds for the fuzz targets: small valid files of every kind, FOLDER/TARGET/NAME.
//   fuzz_seeds GOLDEN FOLDER
#include <png.h>

#include <array>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>

#include "fuzz.h"
#include "hourglass/base/file.h"
#include "hourglass/data/image_samples_test.h"
#include "hourglass/data/samples_test.h"
#include "hourglass/data/split_record.h"
#include "hourglass/interop/impl/bytes.h"
#include "hourglass/interop/npy.h"
#include "hourglass/interop/npz.h"
#include "hourglass/interop/safetensors.h"
#include "hourglass/interop/torch_file.h"
#include "hourglass/interop/zip.h"
#include "hourglass/models/checkpoint_file.h"
#include "hourglass/models/registry.h"
#include "hourglass/project/saved.h"
#include "hourglass/train/metrics_log.h"
#include "hourglass/train/run_state.h"

namespace {

using namespace hourglass;
namespace fs = std::filesystem;

class Seeds {
 public:
  Seeds(fs::path golden, fs::path folder) : golden_(std::move(golden)), root_(std::move(folder)) {}

  void write(const std::string& target, const std::string& name, fuzz::ByteView bytes) const {
    fs::create_directories(root_ / target);
    write_quickly(root_ / target / name, {bytes.begin(), bytes.end()});
  }
  void write(const std::string& target, const std::string& name, const std::string& text) const {
    write(target, name, fuzz::bytes_of(text));
  }
  Bytes golden(const std::string& target, const std::string& name) const {
    Bytes bytes = read_file(golden_ / name);
    write(target, name, bytes);
    return bytes;
  }

 private:
  fs::path golden_, root_;
};

void idx(const Seeds& seeds) {
  const Bytes grey = idx_bytes({2, 1, 3}, {1, 2, 3, 4, 5, 6});
  const Bytes colour = idx_bytes({1, 1, 2, 3}, {1, 2, 3, 4, 5, 6});
  const Bytes labels = idx_bytes({3}, {7, 0, 255});
  const Bytes packed = gzip_bytes(grey);
  Bytes twice = gzip_bytes(std::span(grey).first(9));
  const Bytes second = gzip_bytes(std::span(grey).subspan(9));
  twice.insert(twice.end(), second.begin(), second.end());
  seeds.write("idx_images", "grey", grey);
  seeds.write("idx_images", "colour", colour);
  seeds.write("idx_images", "gzip", packed);
  seeds.write("idx_images", "zeros", gzip_bytes(idx_bytes({100, 28, 28}, Bytes(78400, 0))));
  seeds.write("idx_labels", "labels", labels);
  seeds.write("idx_labels", "gzip", gzip_bytes(labels));
  seeds.write("idx_labels", "columns", idx_bytes({2, 3}, Bytes(24, 0), 0x0c));
  seeds.write("idx_labels", "shorts", idx_bytes({2}, {0, 1, 3, 0xe7}, 0x0b));
  seeds.write("gzip", "one", packed);
  seeds.write("gzip", "two", twice);
  seeds.write("gzip", "zeros", gzip_bytes(Bytes(200000, 0)));
  seeds.write("gzip", "plain", Bytes{1, 2, 3});
}

void archives(const Seeds& seeds) {
  const Bytes tar = tar_bytes({{"a", {1, 2, 3}}, {"f/readme", {4}}, {"f/b", Bytes(600, 5)}});
  seeds.write("tar", "plain", tar);
  seeds.write("tar", "gzip", gzip_bytes(tar));
  for (const std::uint8_t label_bytes : Bytes{1, 2}) {
    Bytes batch{static_cast<std::uint8_t>(label_bytes - 1)};
    const Bytes images = cifar_bytes({Bytes(label_bytes, 7), Bytes(label_bytes, 3)});
    batch.insert(batch.end(), images.begin(), images.end());
    seeds.write("cifar", label_bytes == 1 ? "cifar10" : "cifar100", batch);
  }
}

void png(const Seeds& seeds) {
  Rng rng(1);
  seeds.write("png", "grey", png_bytes(ByteImage{{1, 4, 4}, random_bytes(16, rng)}));
  seeds.write("png", "rgb", png_bytes(ByteImage{{3, 3, 3}, random_bytes(27, rng)}));
  PngSpec palette{2, 3, PNG_COLOR_TYPE_PALETTE, 2, true, {{0b00011000}, {0b01001000}}, {}, {}};
  palette.palette = {{255, 0, 0}, {0, 255, 0}, {1, 2, 3}};
  palette.palette_alpha = {0, 51};
  seeds.write("png", "palette", png_bytes(palette));
  seeds.write("png", "deep",
              png_bytes(PngSpec{
                  1, 2, PNG_COLOR_TYPE_RGB_ALPHA, 16, false, {random_bytes(16, rng)}, {}, {}}));
  seeds.write("png", "turned", with_exif(png_bytes(ByteImage{{1, 2, 3}, random_bytes(6, rng)}), 6));
  seeds.write("png", "bit",
              png_bytes(PngSpec{1, 8, PNG_COLOR_TYPE_GRAY, 1, false, {{0b10110000}}, {}, {}}));
}

/// JPEG, WebP and TIFF.
void images(const Seeds& seeds) {
  Rng rng(2);
  const auto image = [&](const ImageShape& shape) {
    return ByteImage{shape, random_bytes(static_cast<std::size_t>(shape.pixels()), rng)};
  };
  seeds.write("jpeg", "grey", jpeg_bytes(image({1, 5, 6})));
  seeds.write("jpeg", "turned", jpeg_bytes(image({3, 9, 17}), {.orientation = 6}));
  seeds.write("jpeg", "progressive", jpeg_bytes(image({3, 8, 9}), {.progressive = true}));
  seeds.write("jpeg", "restarts", jpeg_bytes(image({3, 33, 8}), {.restart_rows = 1}));
  seeds.write("jpeg", "inks", jpeg_bytes(image({4, 8, 8}), {.cmyk = true}));
  seeds.write("webp", "rgb", webp_bytes(image({3, 5, 6})));
  seeds.write("webp", "alpha", webp_bytes(image({4, 4, 3})));
  seeds.write("webp", "turned", webp_bytes(image({4, 4, 3}), 8));
  seeds.write("webp", "lossy", lossy_webp_bytes(image({3, 17, 9})));
  seeds.write("webp", "lossy_alpha", lossy_webp_bytes(image({4, 9, 9})));
  seeds.write("tiff", "grey", tiff_bytes(image({1, 3, 4})));
  seeds.write("tiff", "rgb", tiff_bytes(image({3, 4, 5})));
  for (const bool big : {false, true}) {
    TiffSpec spec;
    spec.height = spec.width = 20;
    spec.samples = 4;
    spec.photometric = 2;
    spec.alpha = std::uint16_t{2};
    spec.compression = big ? 5 : 8;
    spec.planar = big ? 2 : 1;
    spec.orientation = big ? 7 : 1;
    spec.tile = 16;
    spec.big_endian = big;
    spec.pixels = random_bytes(20 * 20 * 4, rng);
    seeds.write("tiff", big ? "planes" : "tiles", tiff_bytes(spec));
  }
  TiffSpec deep;
  deep.height = 2;
  deep.width = 3;
  deep.bits = 16;
  deep.photometric = 0;
  deep.pixels = random_bytes(12, rng);
  seeds.write("tiff", "deep", tiff_bytes(deep));
  deep.bits = 32;
  deep.format = 3;
  deep.pixels = Bytes(24, 0x3d);
  seeds.write("tiff", "real", tiff_bytes(deep));
  TiffSpec palette;
  palette.width = 8;
  palette.bits = 4;
  palette.photometric = 3;
  palette.palette = {{0xffff, 0, 0}, {0, 0x1234, 0}, {1, 2, 3}};
  palette.pixels = {0x01, 0x20, 0x12, 0x00};
  seeds.write("tiff", "palette", tiff_bytes(palette));
}

void numpy(const Seeds& seeds) {
  for (const char* name : {"empty.npy", "float32.npy", "float32_big_fortran.npy", "int64_big.npy",
                           "float64_fortran.npy", "scalar.npy", "uint8.npy"}) {
    seeds.golden("npy", name);
    seeds.golden("matrix", name);
  }
  for (const char* name : {"stored.npz", "deflated.npz"}) {
    seeds.golden("npz", name);
    seeds.golden("zip", name);
    seeds.golden("matrix", name);
  }
  const fs::path& path = fuzz::scratch_file();
  const std::vector<std::int64_t> labels{3, 1, 4};
  const TextArray text{Shape{3}, {"cat", "d\xc3\xb6g", ""}};
  seeds.write("npy", "text", npy_bytes(text));
  seeds.write("matrix", "text", npy_bytes(text));
  for (const bool deflate : {false, true}) {
    NpzOptions options;
    options.deflate = deflate;
    NpzWriter npz(path, options);
    npz.add("latents", Tensor(Shape{3, 2}));
    npz.add("../labels", std::span<const std::int64_t>(labels), Shape{3});
    npz.add("names", text);
    npz.commit();
    const auto bytes = read_file(path);
    for (const char* target : {"npz", "zip", "matrix"}) {
      seeds.write(target, deflate ? "pressed" : "plain", bytes);
    }
  }
}

/// Tables; the first byte is the target's own.
void tables(const Seeds& seeds) {
  const std::string plain = "a,b\n1,2\n3,4\n";
  const std::string named =
      ",name,x,y\r\n0,a.png,1.5,-2e3\r\n1,\"b \"\"2\"\"\n,\",3,4\r\n2,c;\td,5,6\r\n";
  seeds.write("table", "plain", std::string(1, '\0') + plain);
  seeds.write("table", "label", "\2" + plain);
  seeds.write("table", "named", std::string(1, '\0') + named);
  seeds.write("table", "semicolons",
              std::string(1, '\0') +
                  "\xef\xbb\xbf"
                  "a;b\n1;2\n");
  seeds.write("table", "tabs", "\1a\tb\n1\t2\n");
  seeds.write("table", "words", "\4cat\ndog\ncow\n");
  seeds.write("matrix", "table", plain);
  seeds.write("matrix", "named", named);
}

/// Archives and tables of twelve images; the first byte is the target's own.
void user_images(const Seeds& seeds) {
  const fs::path& path = fuzz::scratch_file();
  const std::vector<std::uint8_t> pixels(48, 200);
  const std::vector<double> reals(48, 0.3);
  const std::vector<std::int64_t> labels(12, 3);
  const auto write = [&](const std::string& name, char first, const auto& add) {
    NpzOptions options;
    options.deflate = true;
    NpzWriter npz(path, options);
    add(npz);
    npz.commit();
    const auto bytes = read_file(path);
    seeds.write("user_images", name, first + std::string(fuzz::text_of(bytes)));
  };
  write("bytes", '\0', [&](NpzWriter& npz) {
    npz.add("images", std::span<const std::uint8_t>(pixels), Shape{12, 2, 2});
    npz.add("labels", std::span<const std::int64_t>(labels), Shape{12});
  });
  write("rows", '\2', [&](NpzWriter& npz) {
    npz.add("X", std::span<const double>(reals), Shape{12, 4});
    npz.add("y", TextArray{Shape{12}, std::vector<std::string>(12, "cat")});
    npz.add("names", TextArray{Shape{12}, std::vector<std::string>(12, "a.png")});
  });
  std::string table = "label,a,b,c,d\n";
  for (int i = 0; i < 12; ++i) table += "cat,1,2,3,255\n";
  seeds.write("user_images", "table", "\3" + table);
  SplitRecord record{{"cat", "dog"}, {}};
  record.images = {{SplitPart::kTrain, 1, "a\tb"},
                   {SplitPart::kValidation, 2, ""},
                   {SplitPart::kTest, ~std::uint64_t{0}, "c\xff.png"}};
  write_split_record(path, record);
  seeds.write("split_record", "small", read_file(path));
}

/// Only the pickle of a .pth.
void pickle(const Seeds& seeds, const std::string& name, fuzz::ByteView archive) {
  for (const ZipEntry& entry : read_zip_directory(archive, name, 1 << 20)) {
    if (!entry.name.ends_with("data.pkl")) continue;
    const auto bytes = unpack(entry, name);
    seeds.write("pickle", name, bytes);
    seeds.write("torch_pickle", name, bytes);
  }
}

void torch(const Seeds& seeds) {
  const fs::path& path = fuzz::scratch_file();
  const Tensor weight(Shape{2, 3}), none(Shape{0});
  const std::vector<std::int64_t> labels{1, 2, 3};
  const std::vector<NamedArrayView> arrays{
      {"weight", weight},
      {"labels", {std::span<const std::int64_t>(labels), Shape{3}}},
      {"none", none}};
  write_torch(path, arrays);
  const auto small = read_file(path);
  seeds.write("torch", "small", small);
  pickle(seeds, "small", small);
  write_safetensors(path, arrays, {{"config", "{\"latent_dim\":32}"}, {"seed", "0"}});
  seeds.write("safetensors", "small", read_file(path));
  seeds.golden("safetensors", "reference.safetensors");
  for (const char* name : {"types_1_13.pth", "types_2_15.pth", "nested.pth", "module_state.pth",
                           "whole_module.pth", "before_1_6.pth"}) {
    const auto bytes = seeds.golden("torch", name);
    if (bytes[0] == 'P') pickle(seeds, name, bytes);
  }
}

/// The header of a safetensors file, for the targets that make the data themselves.
std::string header_of(fuzz::ByteView file) {
  const auto length = load_little<std::uint64_t>(file, 0);
  return std::string(fuzz::text_of(file.subspan(8, length)));
}

/// A header without the data, which are zeros, of the smallest possible model.
void checkpoints(const Seeds& seeds) {
  const fs::path& path = fuzz::scratch_file();
  const auto model = make_model("AE", {1, 8, 8}, {1}, 0);
  CheckpointFacts facts;
  facts.dataset = "strokes";
  facts.dataset_sha256 = facts.version = facts.kernels = "abc";
  facts.class_names = {"0", "1"};
  save_checkpoint(path, *model, facts);
  seeds.write("checkpoint", "small", header_of(read_file(path)));
  facts.recipe = "fast: batch 64";
  facts.imported = "a.pth";
  facts.train_loss = std::numeric_limits<double>::quiet_NaN();
  facts.others = {{"format", "pt"}};
  save_checkpoint(path, *model, facts);
  seeds.write("checkpoint", "imported", header_of(read_file(path)));

  const Adam adam{std::ssize(model->parameters()), {}};
  RunState state;
  state.identity.model = model->describe().dump();
  state.identity.dataset_sha256 = "abc";
  state.position = {.epochs_done = 3, .step = 4, .loss_sum = 0.5};
  state.kernels = "avx2";
  save_run_state(path, state, *model, adam);
  seeds.write("resume", "small", header_of(read_file(path)));
  seeds.write(
      "resume", "old",
      R"({"__metadata__":{"hourglass.resume_format":"1","run":"{\"model\":{},\"dataset_sha256\":\"\",\"epochs\":5,\"batch_size\":128,\"learning_rate\":0.1,\"seed\":0,\"validation\":0,\"epochs_done\":1,\"step\":2,\"kernels\":\"\"}"},"sums":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}})");

  std::string lines, halves;
  for (const Parameter& p : model->parameter_list().parameters()) {
    std::string sizes;
    for (int axis = 0; axis < p.shape.rank(); ++axis) {
      sizes += fmt::format("{}{}", axis > 0 ? "x" : "", p.shape[axis]);
    }
    lines += fmt::format("module.{} F32 {} 0\n", p.name, sizes);
    if (p.name == "decoder.linear.weight") halves += "-\n";
    halves += fmt::format("{} F16 {} 60\n", p.name.substr(8), sizes);
  }
  seeds.write("import", "one", lines + "=8x8\n");
  seeds.write("import", "two", halves);
}

void projections(const Seeds& seeds) {
  const fs::path& path = fuzz::scratch_file();
  Pca pca;
  pca.mean = Tensor(Shape{3});
  pca.components = Tensor(Shape{1, 3});
  pca.explained_variance = {1.0};
  pca.explained_variance_ratio = {0.5};
  save_projection(path, pca);
  seeds.write("projection", "pca", header_of(read_file(path)));
  pca.origin = {1, 2, 3};
  pca.scale = {4, 5, 6};
  save_projection(path, pca);
  seeds.write("projection", "scaled", header_of(read_file(path)));
  UmapModel model;
  model.data = Tensor(Shape{4, 3});
  model.fitted.map = Tensor(Shape{4, 2});
  model.fitted.n_neighbors = 2;
  model.fitted.n_epochs = 9;
  model.fitted.search = "exact";
  save_projection(path, model);
  seeds.write("projection", "umap", header_of(read_file(path)));
}

void texts(const Seeds& seeds) {
  EpochResult line{1, 0.25, 0.125, 9.0, {}, {}, 1.5, 100.0, "abc"};
  std::string text = metrics_line(line);
  line.validation_mse = line.learning_rate = 0.5;
  text += metrics_line(line);
  seeds.write("metrics", "two", text);
  seeds.write("metrics", "torn", text.substr(0, text.size() - 20));
  seeds.write(
      "run_json", "run",
      R"({"run":"mnist_32","model":"AE","dataset":"mnist","dataset_sha256":"abc","latent_dim":32,"seed":0})");
  seeds.write("run_json", "values", R"([null, true, -1.5e3, "a\u00e9\n", {"a": {"b": []}}])");
}

/// Requests to the page's server, after the size of the pieces that they arrive in.
void http(const Seeds& seeds) {
  const std::string path = "/0123456789abcdef0123456789abcdef/";
  const std::string host = "Host: 127.0.0.1:7830\r\n";
  const auto request = [&](const std::string& line, const std::string& headers) {
    return line + " HTTP/1.1\r\n" + headers + "\r\n";
  };
  const std::string page = request("GET " + path, host);
  const auto write = [&](const std::string& name, const std::string& bytes) {
    seeds.write("http", name, "\x03" + bytes);
  };
  write("page", page);
  write("browser", request("GET " + path + "engine.wasm",
                           "Host: localhost:9999\r\nOrigin: http://localhost:9999\r\n"
                           "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\n"));
  write("head", request("HEAD " + path, host));
  write("old", "GET " + path + " HTTP/1.0\r\n" + host + "\r\n");
  write("several", page + request("GET " + path + "engine.wasm", host) + page);
  write("link", request("GET " + path, host + "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: "
                                              "navigate\r\nSec-Fetch-Dest: document\r\n"));
  write("post", request("POST " + path, host + "Content-Length: 5\r\n") + "hello");
  write("chunked", request("GET " + path, host + "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n");
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  const Seeds seeds(arguments[1], arguments[2]);
  idx(seeds);
  archives(seeds);
  png(seeds);
  images(seeds);
  numpy(seeds);
  tables(seeds);
  user_images(seeds);
  torch(seeds);
  checkpoints(seeds);
  projections(seeds);
  texts(seeds);
  http(seeds);
  return 0;
}
