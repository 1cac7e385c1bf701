#include "hourglass/data/split_record.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "hourglass/base/error.h"
#include "hourglass/base/hash.h"
#include "hourglass/data/impl/joined_rows.h"
#include "hourglass/data/open.h"

namespace hourglass {
namespace {

/// Hashes images one after another. An image has the same hash if its file has become a coloured
/// one of grey pixels or a real-valued one of byte / 255: one other image in a folder does that to
/// all.
class ImageHasher {
 public:
  ImageHasher(const RowSource& images, const ImageShape& shape)
      : images_(images),
        shape_(shape),
        bytes_(static_cast<std::size_t>(shape.pixels())),
        floats_(bytes_.size()),
        again_(bytes_.size()) {}

  std::uint64_t operator()(std::int64_t row) {
    const bool as_bytes = images_.keeps_bytes() || is_of_bytes(row);
    if (images_.keeps_bytes()) images_.fill_bytes(row, bytes_);
    Sha256 hash;
    const std::int64_t sizes[] = {shape_.height, shape_.width};
    hash.update(bytes_of<std::int64_t>(sizes));
    if (as_bytes) {
      hash.update(bytes_of<std::uint8_t>(without_colour<std::uint8_t>(bytes_)));
    } else {
      hash.update(bytes_of<float>(without_colour<float>(floats_)));
    }
    std::uint64_t first = 0;
    const std::string digits = hash.hex();
    std::from_chars(digits.data(), digits.data() + 16, first, 16);
    return first;
  }

 private:
  /// Reads the row; whether its values are bytes divided by 255, which are then in bytes_.
  bool is_of_bytes(std::int64_t row) {
    images_.fill(row, floats_);
    images_.fill_bytes(row, bytes_);
    bytes_to_floats(again_, bytes_);
    return floats_ == again_;
  }

  /// One channel of a grey image, otherwise all.
  template <typename T>
  std::span<const T> without_colour(std::vector<T>& values) const {
    if (shape_.channels != 3) return values;
    for (std::size_t i = 0; i < values.size(); i += 3) {
      if (values[i] != values[i + 1] || values[i] != values[i + 2]) return values;
    }
    const std::size_t area = values.size() / 3;
    for (std::size_t i = 0; i < area; ++i) values[i] = values[3 * i];
    return std::span<const T>(values).first(area);
  }

  template <typename T>
  static std::span<const std::uint8_t> bytes_of(std::span<const T> values) {
    return {reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes()};
  }

  const RowSource& images_;
  ImageShape shape_;
  std::vector<std::uint8_t> bytes_;
  std::vector<float> floats_, again_;
};

std::string_view name_of(std::span<const std::string> names, std::int64_t row) {
  return names.empty() ? std::string_view() : names[static_cast<std::size_t>(row)];
}

/// The row of each recorded image.
struct Matches {
  std::vector<std::int64_t> rows;  // [record], -1: missing
  std::vector<bool> taken;         // [rows of the data set]
  std::int64_t renamed = 0, changed = 0;
};

/// Gives each image without a row one that has the same key and is not taken, of equal ones the
/// first to the first; how many.
template <typename RowKey, typename ImageKey>
std::int64_t match(const SplitRecord& record, Matches& matches, const RowKey& row_key,
                   const ImageKey& image_key) {
  using Key = typename decltype(row_key(0))::value_type;
  std::vector<std::pair<Key, std::size_t>> rows, images;
  for (std::size_t row = 0; row < matches.taken.size(); ++row) {
    if (matches.taken[row]) continue;
    if (const auto key = row_key(static_cast<std::int64_t>(row))) rows.emplace_back(*key, row);
  }
  for (std::size_t i = 0; i < record.images.size(); ++i) {
    if (matches.rows[i] >= 0) continue;
    if (const auto key = image_key(record.images[i])) images.emplace_back(*key, i);
  }
  std::ranges::sort(rows);
  std::ranges::sort(images);
  std::int64_t found = 0;
  for (auto row = rows.begin(), image = images.begin();
       row != rows.end() && image != images.end();) {
    if (row->first < image->first) {
      ++row;
    } else if (image->first < row->first) {
      ++image;
    } else {
      matches.rows[image->second] = static_cast<std::int64_t>(row->second);
      matches.taken[row->second] = true;
      ++row, ++image, ++found;
    }
  }
  return found;
}

Matches match_all(const SplitRecord& record, const RowSource& all, const ImageShape& shape) {
  Matches matches{std::vector<std::int64_t>(record.images.size(), -1),
                  std::vector<bool>(static_cast<std::size_t>(all.count()), false), 0, 0};
  std::vector<std::uint64_t> hashes;
  ImageHasher hash(all, shape);
  for (std::int64_t row = 0; row < all.count(); ++row) hashes.push_back(hash(row));
  const auto names = all.names();
  const auto hash_of = [&](std::int64_t row) { return hashes[static_cast<std::size_t>(row)]; };

  using Both = std::pair<std::uint64_t, std::string_view>;
  match(
      record, matches,
      [&](std::int64_t row) { return std::optional(Both(hash_of(row), name_of(names, row))); },
      [](const ImageRecord& image) { return std::optional(Both(image.hash, image.name)); });
  matches.renamed = match(
      record, matches, [&](std::int64_t row) { return std::optional(hash_of(row)); },
      [](const ImageRecord& image) { return std::optional(image.hash); });
  const auto unless_empty = [](std::string_view name) {
    return name.empty() ? std::nullopt : std::optional(name);
  };
  matches.changed = match(
      record, matches, [&](std::int64_t row) { return unless_empty(name_of(names, row)); },
      [&](const ImageRecord& image) { return unless_empty(image.name); });
  return matches;
}

/// The number of each class of the data set in `names`, to which new classes are appended.
std::vector<std::int64_t> numbers_of_classes(const std::vector<std::string>& classes,
                                             std::vector<std::string>& names) {
  std::vector<bool> taken(names.size(), false);
  std::vector<std::int64_t> numbers;
  for (const std::string& name : classes) {
    std::size_t place = 0;
    while (place < taken.size() && (taken[place] || names[place] != name)) ++place;
    numbers.push_back(place < taken.size() ? static_cast<std::int64_t>(place) : std::ssize(names));
    if (place < taken.size()) {
      taken[place] = true;
    } else {
      names.push_back(name);
    }
  }
  return numbers;
}

/// All images of a data set, labelled as recorded; sets its class names.
RowSource all_images(Dataset& dataset, const SplitRecord& record) {
  std::vector<std::string> names = record.class_names;
  const std::vector<std::int64_t> numbers = numbers_of_classes(dataset.class_names, names);
  std::vector<std::int64_t> labels;
  for (const RowSource* part : {&dataset.train, &dataset.test}) {
    for (const std::int64_t label : part->labels()) {
      require(label >= 0 && label < std::ssize(numbers), "split", "labels", label,
              "it is not the index of a class");
      labels.push_back(numbers[static_cast<std::size_t>(label)]);
    }
  }
  if (std::ssize(labels) != dataset.train.count() + dataset.test.count()) labels.clear();
  dataset.class_names = std::move(names);
  return joined_rows(dataset.train, dataset.test, std::move(labels));
}

}  // namespace

SplitRecord record_split(const Dataset& dataset, std::span<const std::int64_t> held_out) {
  SplitRecord record{dataset.class_names, {}};
  auto held = held_out.begin();
  for (const RowSource* part : {&dataset.train, &dataset.test}) {
    if (part->count() == 0) continue;
    ImageHasher hash(*part, dataset.shape);
    for (std::int64_t row = 0; row < part->count(); ++row) {
      SplitPart in = part == &dataset.train ? SplitPart::kTrain : SplitPart::kTest;
      if (in == SplitPart::kTrain && held != held_out.end() && *held == row) {
        in = SplitPart::kValidation;
        ++held;
      }
      record.images.push_back({in, hash(row), std::string(name_of(part->names(), row))});
    }
  }
  require(held == held_out.end(), "split", "held_out", held_out.size(),
          "ascending rows of the training images are needed");
  return record;
}

std::string SplitCounts::text() const {
  std::string text = fmt::format("{} known: {} train, ", known(), train);
  if (validation > 0) text += fmt::format("{} validation, ", validation);
  text += fmt::format("{} test", test);
  if (renamed > 0) text += fmt::format("; {} renamed", renamed);
  if (changed > 0) text += fmt::format("; {} edited", changed);
  if (fresh > 0) text += fmt::format("; {} new, measured apart", fresh);
  if (missing > 0) text += fmt::format("; {} missing", missing);
  return text;
}

RestoredSplit restore_split(const SplitRecord& record, Dataset& dataset) {
  const RowSource all = all_images(dataset, record);
  RestoredSplit restored;
  SplitCounts& counts = restored.counts;
  if (all.count() == 0) {
    counts.missing = std::ssize(record.images);
    return restored;
  }
  const Matches matches = match_all(record, all, dataset.shape);
  counts.renamed = matches.renamed;
  counts.changed = matches.changed;
  std::vector<std::int64_t> train, test, others;
  for (std::size_t i = 0; i < record.images.size(); ++i) {
    const std::int64_t row = matches.rows[i];
    const SplitPart part = record.images[i].part;
    if (row < 0) {
      ++counts.missing;
      continue;
    }
    if (part == SplitPart::kValidation) restored.held_out.push_back(std::ssize(train));
    (part == SplitPart::kTest ? test : train).push_back(row);
  }
  for (std::int64_t row = 0; row < all.count(); ++row) {
    if (!matches.taken[static_cast<std::size_t>(row)]) others.push_back(row);
  }
  counts.validation = std::ssize(restored.held_out);
  counts.train = std::ssize(train) - counts.validation;
  counts.test = std::ssize(test);
  counts.fresh = std::ssize(others);
  dataset.train = all.selected(std::move(train));
  dataset.test = all.selected(std::move(test));
  restored.fresh = all.selected(std::move(others));
  dataset.sha256 = dataset_sha256(dataset);
  return restored;
}

}  // namespace hourglass
