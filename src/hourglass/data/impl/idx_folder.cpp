#include "hourglass/data/impl/idx_folder.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/data/impl/idx_stream.h"
#include "hourglass/data/impl/image_folder.h"
#include "hourglass/data/impl/sixth.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

enum Part : std::size_t { kTrain, kTest, kWhole };

/// What the name of an IDX file says.
struct IdxName {
  std::string stem;  // "emnist-letters-train-", as it is written
  std::string set;   // "emnist letters": what the files of a data set have in common
  Part part = kWhole;
  bool images = false;
};

/// Cuts the stem into words and takes those out that name the part.
void read_stem(IdxName& name) {
  std::string word;
  for (const char c : name.stem + "-") {
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      continue;
    }
    if (word == "train" || word == "training") {
      name.part = kTrain;
    } else if (word == "test" || word == "testing" || word == "t10k") {
      name.part = kTest;
    } else if (!word.empty()) {
      name.set += (name.set.empty() ? "" : " ") + word;
    }
    word.clear();
  }
}

std::optional<IdxName> idx_name(const std::string& file) {
  static const std::regex kName("(.*)(images?|labels?)[-._]idx[0-9]([-.](ubyte|byte|int))?(\\.gz)?",
                                std::regex::icase);
  constexpr std::size_t kLongestName = 255;  // std::regex recurses
  std::smatch match;
  if (file.size() > kLongestName || !std::regex_match(file, match, kName)) return std::nullopt;
  IdxName name;
  name.stem = match[1];
  name.images = match[2].str()[0] == 'i' || match[2].str()[0] == 'I';
  read_stem(name);
  return name;
}

/// A pair of files; a path is empty where there is none.
struct Pair {
  std::string stem;
  fs::path images, labels;
};

using Parts = std::array<Pair, 3>;  // by Part

/// Of two names for the same, the plain file reads faster than the gzip'd one.
void put(fs::path& where, const fs::path& path) {
  if (where.empty() || where.extension() == ".gz") where = path;
}

/// The files of the folder by data set.
std::map<std::string, Parts> idx_files_in(const fs::path& folder) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::directory_iterator entries(folder, error), end; !error && entries != end;
       entries.increment(error)) {
    std::error_code ignored;
    if (entries->is_regular_file(ignored)) paths.push_back(entries->path());
  }
  if (error) fail_file("data", "cannot read the folder {}: {}", folder.string(), error.message());
  std::sort(paths.begin(), paths.end());  // a folder is listed in any order
  std::map<std::string, Parts> sets;
  for (const auto& path : paths) {
    const auto name = idx_name(path.filename().string());
    if (!name) continue;
    Pair& pair = sets[name->set][name->part];
    pair.stem = name->stem;
    put(name->images ? pair.images : pair.labels, path);
  }
  return sets;
}

[[noreturn]] void fail_lacks(const fs::path& folder, const std::string& file) {
  fail_file("data", "{} lacks the file {} (or {}.gz)", folder.string(), file, file);
}

/// The only data set of the folder.
Parts only_set(const fs::path& folder) {
  auto sets = idx_files_in(folder);
  if (sets.size() == 1) return std::move(sets.begin()->second);
  std::vector<std::string> names;
  for (const auto& [name, parts] : sets)
    names.push_back(name.empty() ? "one without a name" : name);
  fail_file(
      "data",
      "{} holds the IDX files of {} data sets ({}): put those of one into a folder of its own",
      folder.string(), sets.size(), fmt::join(names, ", "));
}

/// The pairs with images, one or a training and a test pair; all have labels or none has.
std::vector<const Pair*> pairs_of(const fs::path& folder, const Parts& parts) {
  std::vector<const Pair*> pairs;
  bool labelled = false;
  for (const Pair& pair : parts) {
    if (pair.images.empty() && pair.labels.empty()) continue;
    if (pair.images.empty()) fail_lacks(folder, pair.stem + "images-idx3-ubyte");
    pairs.push_back(&pair);
    labelled = labelled || !pair.labels.empty();
  }
  for (const Pair* pair : pairs) {
    if (labelled && pair->labels.empty()) fail_lacks(folder, pair->stem + "labels-idx1-ubyte");
  }
  if (pairs.size() > 1 && !parts[kWhole].images.empty()) {
    fail_file("data", "{} has {} and {}, which says neither train nor test: remove one",
              folder.string(), pairs[0]->images.filename().string(),
              parts[kWhole].images.filename().string());
  }
  return pairs;
}

IdxSplit read_pair(const Pair& pair) {
  if (!pair.labels.empty()) return read_idx_split(pair.images, pair.labels);
  IdxImages images = read_idx_images(pair.images);
  return {images.shape, byte_rows(std::move(images.pixels), images.shape.pixels())};
}

/// "0", "1", ... up to the highest label; none without labels.
std::vector<std::string> numbered_classes(const Dataset& dataset) {
  std::vector<std::string> names;
  for (const RowSource* images : {&dataset.train, &dataset.test}) {
    for (const std::int64_t label : images->labels()) {
      while (std::ssize(names) <= label) names.push_back(std::to_string(names.size()));
    }
  }
  return names;
}

}  // namespace

bool holds_idx_files(const fs::path& folder) {
  return !idx_files_in(folder).empty();
}

Dataset read_idx_folder(const fs::path& folder, bool transposed) {
  const Parts parts = only_set(folder);
  const auto pairs = pairs_of(folder, parts);
  IdxSplit first = read_pair(*pairs[0]);
  Dataset dataset;
  dataset.name = folder_name(folder);
  dataset.source = folder.string();
  dataset.shape = first.shape;
  if (pairs.size() == 1) {
    divide_every_sixth(first.images, folder.string(), dataset);
    dataset.notes.push_back(
        fmt::format("{} has no test images of its own: every sixth image{} is used for testing",
                    folder.string(), first.images.labels().empty() ? "" : " of each class"));
  } else {
    IdxSplit second = read_pair(*pairs[1]);
    if (!(first.shape == second.shape)) {
      fail_file("data", "{} has images of {} but {} of {}: they do not belong together",
                pairs[0]->images.string(), first.shape.text(), pairs[1]->images.string(),
                second.shape.text());
    }
    dataset.train = std::move(first.images);
    dataset.test = std::move(second.images);
  }
  dataset.class_names = numbered_classes(dataset);
  if (!transposed && pairs[0]->stem.find("emnist") != std::string::npos) {
    dataset.notes.push_back(fmt::format(
        "{} has names of EMNIST, whose images are stored with rows and columns swapped: "
        "turn them upright with `transpose`",
        folder.string()));
  }
  return dataset;
}

}  // namespace hourglass
