#include "hourglass/exchange/impl/state_dicts.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <utility>

#include "hourglass/base/error.h"
#include "hourglass/base/impl/printable.h"

namespace hourglass {
namespace {

constexpr std::string_view kSides[] = {"encoder", "decoder"};
constexpr std::string_view kBlock = "res";  // the name of residual blocks, before their number
constexpr std::string_view kDecodersOwn = "deconv1.";  // no encoder has a layer of this name
constexpr std::size_t kMostPairs = 64;  // that are tried: each that fits makes a model

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

/// What stands before layer and parameter: "module.encoder.", or "".
std::string_view home_of(std::string_view name) {
  return name.substr(0, name.size() - layer_and_parameter(name).size());
}

/// The last part of a home that is "encoder" or "decoder", with its position; npos if there is
/// none.
struct Side {
  std::string_view name;
  std::size_t at = std::string_view::npos;
};
Side side_of(std::string_view home) {
  while (!home.empty()) {
    home.remove_suffix(1);                          // its dot
    const std::size_t begin = home.rfind('.') + 1;  // 0 if there is no dot
    const auto side = std::ranges::find(kSides, home.substr(begin));
    if (side != std::end(kSides)) return {*side, begin};
    home = home.substr(0, begin);
  }
  return {};
}

/// A dictionary of one side's parameters, in one of the files.
struct Dictionary {
  std::size_t file = 0;
  std::string home;                 // before the names of all its arrays
  std::string around;               // the part of the home before the side: "module."
  std::vector<std::size_t> arrays;  // of the file
  bool decodes = false;
};

/// Whether the layers of a dictionary without "encoder" or "decoder" in its names are a decoder's:
/// by their names, or, without convolutions, by the first linear map, which is then wider at its
/// output.
bool is_decoder(const Dictionary& dictionary, const std::vector<NamedArray>& arrays) {
  const Shape* linear = nullptr;
  bool convolves = false;
  for (const std::size_t i : dictionary.arrays) {
    const Shape& shape = arrays[i].array.shape;
    if (layer_and_parameter(arrays[i].name).starts_with(kDecodersOwn)) return true;
    convolves |= shape.rank() > 2;
    if (shape.rank() == 2 && !linear) linear = &shape;
  }
  return !convolves && linear && (*linear)[0] > (*linear)[1];
}

/// The dictionaries of a file, the largest first: those in whose names is "encoder" or "decoder";
/// if there are none, all.
std::vector<Dictionary> dictionaries_of(const std::vector<NamedArray>& arrays, std::size_t file) {
  std::map<std::string_view, Dictionary> by_home;
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    const std::string_view name = arrays[i].name;  // without a dot it belongs to no layer
    if (name.find('.') != std::string_view::npos) by_home[home_of(name)].arrays.push_back(i);
  }
  std::vector<Dictionary> sided, others;
  for (auto& [home, dictionary] : by_home) {
    const Side side = side_of(home);
    dictionary.file = file;
    dictionary.home = home;
    dictionary.around = home.substr(0, side.name.empty() ? home.size() : side.at);
    dictionary.decodes =
        side.name.empty() ? is_decoder(dictionary, arrays) : side.name == kSides[1];
    (side.name.empty() ? others : sided).push_back(std::move(dictionary));
  }
  std::vector<Dictionary>& taken = sided.empty() ? others : sided;
  std::ranges::stable_sort(taken, std::ranges::greater(),
                           [](const Dictionary& d) { return d.arrays.size(); });
  return std::move(taken);
}

/// An encoder and a decoder; one of them may be missing.
struct Pair {
  const Dictionary* encoder = nullptr;
  const Dictionary* decoder = nullptr;

  /// Whether both are parts of the same module or dictionary.
  bool together() const {
    return encoder->file == decoder->file && encoder->around == decoder->around;
  }
};

/// The name of a dictionary's array in checkpoints.
std::string name_of(const NamedArray& array, const Dictionary& dictionary) {
  return fmt::format("{}.{}", kSides[dictionary.decodes ? 1 : 0], layer_and_parameter(array.name));
}

/// Calls visit(file, array, name) for each array of the pair.
template <typename Visit>
void each_array(const Pair& pair, std::vector<ParameterFile>& files, const Visit& visit) {
  for (const Dictionary* dictionary : {pair.encoder, pair.decoder}) {
    if (!dictionary) continue;
    ParameterFile& file = files[dictionary->file];
    for (const std::size_t i : dictionary->arrays) {
      NamedArray& array = file.content.arrays[i];
      visit(file, array, name_of(array, *dictionary));
    }
  }
}

/// Whether the pair has all parameters of a model, in the right shapes.
bool is_complete(const Pair& pair, std::vector<ParameterFile>& files,
                 std::optional<ImageSize> image_size) {
  StateShapes shapes = shapes_of({}, image_size, "");
  each_array(pair, files, [&](const ParameterFile&, const NamedArray& array, std::string name) {
    shapes.arrays.emplace(std::move(name), array.array.shape);
  });
  try {
    const auto model = recognise_model(shapes);
    return std::ranges::all_of(model->parameter_list().parameters(), [&](const Parameter& p) {
      const Shape* shape = shapes.find(p.name);
      return shape && *shape == p.shape;
    });
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::memory) throw;
    return false;
  }
}

/// The pairs to try: those of one module first, the largest first.
std::vector<Pair> pairs_of(const std::vector<Dictionary>& all) {
  std::vector<Pair> pairs;
  for (const Dictionary& encoder : all) {
    for (const Dictionary& decoder : all) {
      if (!encoder.decodes && decoder.decodes) pairs.push_back({&encoder, &decoder});
    }
  }
  std::stable_partition(pairs.begin(), pairs.end(), [](const Pair& p) { return p.together(); });
  if (pairs.size() > kMostPairs) pairs.resize(kMostPairs);
  return pairs;
}

/// The pair of the largest dictionaries, for messages.
Pair largest_pair(const std::vector<Dictionary>& all) {
  Pair pair;
  for (const Dictionary& dictionary : all) {
    const Dictionary*& side = dictionary.decodes ? pair.decoder : pair.encoder;
    if (!side) side = &dictionary;
  }
  return pair;
}

Pair choose(const std::vector<Dictionary>& all, std::vector<ParameterFile>& files,
            std::optional<ImageSize> image_size) {
  const std::vector<Pair> pairs = pairs_of(all);
  if (pairs.size() <= 1) return pairs.empty() ? largest_pair(all) : pairs.front();
  std::vector<Pair> complete;
  for (const Pair& pair : pairs) {
    // Halves of two modules are a model only if no module is one.
    if (!complete.empty() && complete.front().together() && !pair.together()) break;
    if (is_complete(pair, files, image_size)) complete.push_back(pair);
  }
  if (complete.empty()) return largest_pair(all);
  if (complete.size() > 1 && complete[0].encoder->file == complete[1].encoder->file) {
    fail_file("import", "{} holds more than one model ({} and {}): save one alone", names_of(files),
              quote_name(complete[0].encoder->home), quote_name(complete[1].encoder->home));
  }
  return complete.front();
}

/// Two files hold one model: two encoders are a mistake, not a choice.
void check_each_file_is_used(const Pair& pair, const std::vector<Dictionary>& all,
                             std::vector<ParameterFile>& files) {
  for (const Dictionary& dictionary : all) {
    const auto in_its_file = [&](const Dictionary* d) { return d && d->file == dictionary.file; };
    if (in_its_file(pair.encoder) || in_its_file(pair.decoder)) continue;
    const NamedArray& first = files[dictionary.file].content.arrays[dictionary.arrays.front()];
    fail_file("import", "{}: {} is there already: give one encoder and one decoder",
              files[dictionary.file].path.string(), quote_name(name_of(first, dictionary)));
  }
}

/// An array inside a dictionary that was taken: "decoder.scale" in "decoder.".
bool is_inside(std::string_view name, const Dictionary* dictionary) {
  return dictionary && !dictionary->home.empty() && name.starts_with(dictionary->home);
}

}  // namespace

StateDict find_state_dict(std::vector<ParameterFile> files, std::optional<ImageSize> image_size) {
  std::vector<Dictionary> all;
  for (std::size_t i = 0; i < files.size(); ++i) {
    std::vector<Dictionary> own = dictionaries_of(files[i].content.arrays, i);
    std::ranges::move(own, std::back_inserter(all));
  }
  const Pair pair = choose(all, files, image_size);
  check_each_file_is_used(pair, all, files);
  StateDict found;
  std::set<const NamedArray*> taken;
  std::set<std::string> names;
  const auto take = [&](const ParameterFile& file, NamedArray& array, std::string name) {
    taken.insert(&array);
    if (!names.insert(name).second) {
      fail_file("import", "{}: {} is there already: give one encoder and one decoder",
                file.path.string(), quote_name(name));
    }
    found.arrays.arrays.push_back({std::move(name), std::move(array.array)});
  };
  each_array(pair, files, take);
  for (std::size_t f = 0; f < files.size(); ++f) {
    ParameterFile& file = files[f];
    for (NamedArray& array : file.content.arrays) {
      if (taken.contains(&array)) continue;
      const auto inside = [&](const Dictionary* d) {
        return d && d->file == f && is_inside(array.name, d);
      };
      if (inside(pair.encoder) || inside(pair.decoder)) {
        take(file, array, array.name);
      } else {
        found.left_out.push_back(array.name);
      }
    }
    found.arrays.metadata.merge(file.content.metadata);
  }
  return found;
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

std::string names_of(std::span<const ParameterFile> files) {
  std::string text;
  for (const ParameterFile& file : files) {
    text += (text.empty() ? "" : ", ") + file.path.filename().string();
  }
  return text;
}

}  // namespace hourglass
