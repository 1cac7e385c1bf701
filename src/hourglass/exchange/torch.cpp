#include "hourglass/exchange/torch.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "hourglass/base/error.h"
#include "hourglass/base/version.h"
#include "hourglass/exchange/impl/exported_path.h"
#include "hourglass/interop/torch_file.h"
#include "hourglass/models/registry.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSides[] = {"encoder", "decoder"};
constexpr std::string_view kBlock = "res";  // the name of residual blocks, before their number
constexpr std::string_view kDecodersOwn = "deconv1.";  // no encoder has a layer of this name

NamedArrays read_parameters(const fs::path& path) {
  if (path.extension() == ".safetensors") return read_safetensors(path);
  return {read_torch(path), {}};
}

/// "layer.weight" from "module.encoder.layer.weight", and "res1.layer.weight" for a layer in a
/// block; the whole name if it has fewer parts.
std::string_view layer_and_parameter(std::string_view name) {
  const std::size_t last = name.rfind('.');
  if (last == 0 || last == std::string_view::npos) return name;
  const std::size_t before = name.rfind('.', last - 1);
  if (before == 0 || before == std::string_view::npos) return name;
  const std::size_t block = name.rfind('.', before - 1) + 1;  // 0 if there is no dot
  return name.substr(block).starts_with(kBlock) ? name.substr(block) : name.substr(before + 1);
}

/// The last part of the name before these that is "encoder" or "decoder"; "" if there is none.
std::string_view side_of(std::string_view name) {
  std::string_view before = name.substr(0, name.size() - layer_and_parameter(name).size());
  while (!before.empty()) {
    before.remove_suffix(1);                          // its dot
    const std::size_t begin = before.rfind('.') + 1;  // 0 if there is no dot
    const auto side = std::ranges::find(kSides, before.substr(begin));
    if (side != std::end(kSides)) return *side;
    before = before.substr(0, begin);
  }
  return "";
}

/// Whether the layers of a file without "encoder" or "decoder" in its names are a decoder's: by
/// their names, or, without convolutions, by the first linear map, which is then wider at its
/// output.
bool is_decoder(const std::vector<NamedArray>& arrays) {
  const Shape* linear = nullptr;
  bool convolves = false;
  for (const NamedArray& named : arrays) {
    if (layer_and_parameter(named.name).starts_with(kDecodersOwn)) return true;
    convolves |= named.array.shape.rank() > 2;
    if (named.array.shape.rank() == 2 && !linear) linear = &named.array.shape;
  }
  return !convolves && linear && (*linear)[0] > (*linear)[1];
}

/// Renames a file's arrays as in checkpoints, "encoder.conv1.weight": removes prefixes of wrappers
/// (`module.`, `model.`). If no name contains encoder or decoder, all arrays belong to one of them,
/// which is recognised from their layers.
void rename(std::vector<NamedArray>& arrays) {
  std::string_view of_all = kSides[is_decoder(arrays) ? 1 : 0];
  for (const NamedArray& named : arrays) {
    if (!side_of(named.name).empty()) of_all = "";
  }
  for (NamedArray& named : arrays) {
    const std::string_view own = side_of(named.name), side = own.empty() ? of_all : own;
    if (!side.empty()) named.name = fmt::format("{}.{}", side, layer_and_parameter(named.name));
  }
}

void check_type(const NamedArray& named, const std::string& source) {
  const std::string_view type = facts(named.array.dtype).safetensors;
  if (type[0] != 'F' && type != "BF16") {
    fail_file("import", "{}: {} holds {}: parameters are real numbers", source,
              quote_name(named.name), type);
  }
}

/// Called after the checks of names and shapes, which are faster.
void check_numbers(const NamedArrays& file, const std::string& source) {
  for (const NamedArray& named : file.arrays) {
    if (const auto at = first_non_finite(named.array.floats())) {
      fail_file("import", "{}: {} holds a NaN, an infinity or more than float32 can (element {})",
                source, quote_name(named.name), *at);
    }
  }
}

std::string names_of(std::span<const ParameterFile> files) {
  std::string text;
  for (const ParameterFile& file : files) {
    text += (text.empty() ? "" : ", ") + file.path.filename().string();
  }
  return text;
}

/// The arrays of all files under their new names, each once.
NamedArrays joined(std::vector<ParameterFile> files) {
  NamedArrays all;
  std::set<std::string> names;
  for (ParameterFile& file : files) {
    const std::string source = file.path.string();
    rename(file.content.arrays);
    for (NamedArray& named : file.content.arrays) {
      check_type(named, source);
      if (!names.insert(named.name).second) {
        fail_file("import", "{}: {} is there already: give one encoder and one decoder", source,
                  quote_name(named.name));
      }
      all.arrays.push_back(std::move(named));
    }
    all.metadata.merge(file.content.metadata);
  }
  return all;
}

StateShapes shapes_of(const NamedArrays& file, std::optional<ImageSize> image_size,
                      const std::string& source) {
  StateShapes shapes;
  for (const NamedArray& named : file.arrays) shapes.arrays.emplace(named.name, named.array.shape);
  if (image_size) {
    shapes.height = image_size->height;
    shapes.width = image_size->width;
  }
  shapes.source = source;
  return shapes;
}

/// Refuses arrays that the model does not have; extract_parameters() refuses missing ones and wrong
/// shapes.
void check_no_others(const NamedArrays& file, const Model& model, const std::string& source) {
  const auto& parameters = model.parameter_list().parameters();
  for (const NamedArray& named : file.arrays) {
    if (std::ranges::find(parameters, named.name, &Parameter::name) == parameters.end()) {
      fail_file("import", "{}: {} {} is no parameter of {}: leave it out when saving", source,
                quote_name(named.name), named.array.shape.text(), model.kind());
    }
  }
}

}  // namespace

Checkpoint import_checkpoint(std::span<const fs::path> files, std::optional<ImageSize> image_size) {
  std::vector<ParameterFile> read;
  for (const fs::path& path : files) read.push_back({path, read_parameters(path)});
  return import_parameters(std::move(read), image_size);
}

Checkpoint import_parameters(std::vector<ParameterFile> files,
                             std::optional<ImageSize> image_size) {
  const std::string source = names_of(files);
  const NamedArrays file = joined(std::move(files));
  Checkpoint checkpoint;
  checkpoint.model = recognise_model(shapes_of(file, image_size, source));
  Model& model = *checkpoint.model;
  extract_parameters(model.parameters(), file, model, "", source);
  check_no_others(file, model, source);
  check_numbers(file, source);
  model.prepare();
  CheckpointFacts& facts = checkpoint.facts;
  facts.dataset = kImportedDataset;
  facts.train_loss = facts.test_mse = std::numeric_limits<double>::quiet_NaN();
  facts.version = version();
  facts.imported = source;
  facts.others = other_metadata(file.metadata);
  return checkpoint;
}

std::string padding_note(const Model& model) {
  const ImageShape& shape = model.image_shape();
  const ImageSize padded = model.padded_size();
  if (padded == ImageSize{shape.height, shape.width}) return "";
  return fmt::format(
      "in PyTorch pad images x of {} x {} to {} by torch.nn.functional.pad(x, (0, {}, 0, {}), "
      "mode=\"replicate\"), and cut reconstructions y back to size by y[..., :{}, :{}]",
      shape.height, shape.width, padded.text(), padded.width - shape.width,
      padded.height - shape.height, shape.height, shape.width);
}

std::vector<fs::path> export_torch(const Checkpoint& checkpoint, const fs::path& folder) {
  const Model& model = *checkpoint.model;
  std::vector<NamedArrayView> arrays;
  std::vector<float> storage;
  append_parameters(arrays, storage, model, model.parameters(), "");
  // A state dict for each part of the model, in the order of the model's state dict.
  std::vector<std::pair<std::string, std::vector<NamedArrayView>>> parts;
  for (const NamedArrayView& named : arrays) {
    const std::size_t dot = named.name.find('.');
    const std::string part = named.name.substr(0, dot);
    auto found = std::ranges::find(parts, part, &decltype(parts)::value_type::first);
    if (found == parts.end()) found = parts.insert(parts.end(), {part, {}});
    found->second.push_back({named.name.substr(dot + 1), named.array});
  }
  std::vector<fs::path> written;
  for (const auto& [part, own] : parts) {
    written.push_back(exported_path(folder, part, checkpoint, "pth"));
    write_torch(written.back(), own);
  }
  return written;
}

}  // namespace hourglass
