#include "hourglass/exchange/torch.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "hourglass/base/error.h"
#include "hourglass/base/version.h"
#include "hourglass/exchange/impl/exported_path.h"
#include "hourglass/exchange/impl/state_dicts.h"
#include "hourglass/interop/torch_file.h"
#include "hourglass/models/registry.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

NamedArrays read_parameters(const fs::path& path) {
  if (path.extension() == ".safetensors") return read_safetensors(path);
  return {read_torch(path), {}};
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

Import import_checkpoint(std::span<const fs::path> files, std::optional<ImageSize> image_size) {
  std::vector<ParameterFile> read;
  for (const fs::path& path : files) read.push_back({path, read_parameters(path)});
  return import_parameters(std::move(read), image_size);
}

Import import_parameters(std::vector<ParameterFile> files, std::optional<ImageSize> image_size) {
  const std::string source = names_of(files);
  StateDict found = find_state_dict(std::move(files), image_size);
  const NamedArrays& file = found.arrays;
  for (const NamedArray& named : file.arrays) check_type(named, source);
  Import imported;
  Checkpoint& checkpoint = imported.checkpoint;
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
  imported.left_out = std::move(found.left_out);
  return imported;
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
