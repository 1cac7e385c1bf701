#include "exchange/torch.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "base/error.h"
#include "base/file.h"
#include "base/version.h"
#include "interop/torch_file.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSides[] = {"encoder", "decoder"};
constexpr std::string_view kDecodersOwn = "deconv1.";  // no encoder has a layer of this name

SafetensorsFile read_parameters(const fs::path& path) {
  if (path.extension() == ".safetensors") return read_safetensors(path);
  return {read_torch(path), {}};
}

/// Where "encoder." or "decoder." begins in a name, at its start or behind a dot.
std::optional<std::size_t> side_in(std::string_view name) {
  for (const std::string_view side : kSides) {
    for (std::size_t at = 0; (at = name.find(side, at)) != std::string_view::npos; ++at) {
      const std::size_t end = at + side.size();
      if ((at == 0 || name[at - 1] == '.') && end < name.size() && name[end] == '.') return at;
    }
  }
  return std::nullopt;
}

/// Renames a file's arrays as hourglass's checkpoints have them: "encoder.conv1.weight".
void rename(std::vector<NamedArray>& arrays) {
  const bool decoder = std::ranges::any_of(
      arrays, [](const NamedArray& a) { return a.name.find(kDecodersOwn) != std::string::npos; });
  for (NamedArray& array : arrays) {
    if (const auto at = side_in(array.name)) {
      array.name.erase(0, *at);
      continue;
    }
    constexpr std::string_view kWrapper = "module.";  // of torch.nn.DataParallel
    if (array.name.starts_with(kWrapper)) array.name.erase(0, kWrapper.size());
    array.name = fmt::format("{}.{}", kSides[decoder ? 1 : 0], array.name);
  }
}

void check_type(const NamedArray& named, const std::string& source) {
  const std::string_view type = facts(named.array.dtype).safetensors;
  if (type[0] != 'F' && type != "BF16") {
    fail("import", "{}: {} holds {}: parameters are real numbers", source, quote_name(named.name),
         type);
  }
}

/// After names and shapes, which are looked at faster.
void check_numbers(const SafetensorsFile& file, const std::string& source) {
  for (const NamedArray& named : file.arrays) {
    if (const auto at = first_non_finite(named.array.floats())) {
      fail("import", "{}: {} holds a NaN, an infinity or more than float32 can (element {})",
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

/// All files' arrays under their new names, each there once.
SafetensorsFile joined(std::vector<ParameterFile> files) {
  SafetensorsFile all;
  std::set<std::string> names;
  for (ParameterFile& file : files) {
    const std::string source = file.path.string();
    rename(file.content.arrays);
    for (NamedArray& named : file.content.arrays) {
      check_type(named, source);
      if (!names.insert(named.name).second) {
        fail("import", "{}: {} is there already: give one encoder and one decoder", source,
             quote_name(named.name));
      }
      all.arrays.push_back(std::move(named));
    }
    all.metadata.merge(file.content.metadata);
  }
  return all;
}

StateShapes shapes_of(const SafetensorsFile& file) {
  StateShapes shapes;
  for (const NamedArray& named : file.arrays) shapes.emplace(named.name, named.array.shape);
  return shapes;
}

/// extract_parameters() says what is missing and what has another shape; this, what is too much.
void check_no_others(const SafetensorsFile& file, const Model& model, const std::string& source) {
  const auto& parameters = model.parameter_list().parameters();
  for (const NamedArray& named : file.arrays) {
    if (std::ranges::none_of(parameters,
                             [&](const Parameter& p) { return p.name == named.name; })) {
      fail("import", "{}: {} {} is no parameter of {}: leave it out when saving", source,
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
  const SafetensorsFile file = joined(std::move(files));
  Checkpoint checkpoint;
  checkpoint.model =
      make_model(recognise_model(shapes_of(file), image_size ? image_size->height : 0,
                                 image_size ? image_size->width : 0, source));
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

std::vector<fs::path> export_torch(const Checkpoint& checkpoint, const fs::path& folder) {
  const Model& model = *checkpoint.model;
  std::vector<NamedArrayView> arrays;
  std::vector<float> storage;
  append_parameters(arrays, storage, model, model.parameters(), "");
  std::vector<fs::path> written;
  for (const std::string_view side : kSides) {
    const std::string prefix = fmt::format("{}.", side);
    std::vector<NamedArrayView> own;
    for (const NamedArrayView& named : arrays) {
      if (!named.name.starts_with(prefix)) continue;
      own.push_back({named.name.substr(prefix.size()), named.array});
    }
    written.push_back(
        folder / fmt::format("{}_{}_{}.pth", side, checkpoint.facts.dataset, model.latent_dim()));
    write_torch(written.back(), own);
  }
  return written;
}

}  // namespace hourglass
