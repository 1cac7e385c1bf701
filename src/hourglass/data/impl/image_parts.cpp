#include "hourglass/data/impl/image_parts.h"

#include <algorithm>

#include "hourglass/base/error.h"
#include "hourglass/data/impl/sixth.h"
#include "hourglass/interop/impl/utf8.h"
#include "hourglass/interop/labels.h"

namespace hourglass {
namespace {

constexpr std::int64_t kMostClasses = 1000;

/// Labels of all parts, one part after another, and the names of the classes.
struct Classes {
  std::vector<std::int64_t> labels;
  std::vector<std::string> names;
};

void check_class_count(std::size_t classes, const std::string& source) {
  if (static_cast<std::int64_t>(classes) <= kMostClasses) return;
  fail_file("data", "{} have {} different labels: at most {} classes are possible", source, classes,
            kMostClasses);
}

Classes from_text(const std::vector<ImagePart>& parts) {
  std::vector<std::string> all;
  for (const ImagePart& part : parts) {
    if (part.text.empty()) {
      fail_file("data", "{} has no labels of text, as the other images have: give them to both",
                part.source);
    }
    all.insert(all.end(), part.text.begin(), part.text.end());
  }
  Labels labels = labels_from(std::span<const std::string>(all));
  check_class_count(labels.names.size(), parts[0].source);
  Classes out{std::move(labels.classes), {}};
  // They are written to files that must be UTF-8.
  for (const std::string& name : labels.names) out.names.push_back(valid_utf8(name));
  return out;
}

Classes from_numbers(const std::vector<ImagePart>& parts, std::vector<std::string> class_names) {
  std::vector<std::int64_t> all;
  for (const ImagePart& part : parts) {
    all.insert(all.end(), part.numbers.begin(), part.numbers.end());
    if (part.numbers.empty()) all.resize(all.size() + static_cast<std::size_t>(part.count()), 0);
  }
  for (std::string& name : class_names) name = valid_utf8(name);
  const auto [low, high] = std::ranges::minmax(all);
  if (low < 0 || high >= kMostClasses) {
    Labels labels = labels_from(std::span<const std::int64_t>(all));
    check_class_count(labels.names.size(), parts[0].source);
    if (class_names.size() == labels.names.size()) labels.names = std::move(class_names);
    return {std::move(labels.classes), std::move(labels.names)};
  }
  if (!class_names.empty() && std::ssize(class_names) <= high) {
    fail_file("data",
              "{} have the label {}, but there are {} names of classes: label 0 is the first",
              parts[0].source, high, class_names.size());
  }
  if (class_names.empty()) {
    for (std::int64_t i = 0; i <= high; ++i) class_names.push_back(std::to_string(i));
  }
  return {std::move(all), std::move(class_names)};
}

}  // namespace

void set_images(std::vector<ImagePart> parts, std::vector<std::string> class_names,
                Dataset& dataset) {
  for (const ImagePart& part : parts) {
    if (part.shape == parts[0].shape) continue;
    fail_file("data", "{} has images of {}, but {} of {}: they do not belong together",
              parts[0].source, parts[0].shape.text(), part.source, part.shape.text());
  }
  const auto has_text = [](const ImagePart& part) { return !part.text.empty(); };
  Classes classes = std::ranges::any_of(parts, has_text)
                        ? from_text(parts)
                        : from_numbers(parts, std::move(class_names));
  dataset.shape = parts[0].shape;
  dataset.class_names = std::move(classes.names);
  const bool reals =
      std::ranges::any_of(parts, [](const ImagePart& part) { return part.pixels.are_reals(); });
  std::vector<RowSource> rows;
  auto next = classes.labels.begin();
  for (ImagePart& part : parts) {
    if (reals) make_reals(part.pixels);
    auto& notes = part.pixels.notes;
    dataset.notes.insert(dataset.notes.end(), notes.begin(), notes.end());
    const auto end = next + part.count();
    rows.push_back(rows_of(std::move(part.pixels), part.shape, {next, end}, std::move(part.names)));
    next = end;
  }
  if (rows.size() == 1) return divide_every_sixth(rows[0], dataset.source, dataset);
  dataset.train = std::move(rows[0]);
  dataset.test = std::move(rows[1]);
}

}  // namespace hourglass
