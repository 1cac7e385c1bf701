#include "hourglass/lab/gallery.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "hourglass/base/error.h"
#include "hourglass/base/progress.h"
#include "hourglass/interop/npz.h"
#include "hourglass/lab/stamp.h"
#include "hourglass/models/apply.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

template <typename F>
void for_each_item(std::string_view list, const F& f) {
  while (true) {
    const std::size_t comma = list.find(',');
    f(list.substr(0, comma));
    if (comma == std::string_view::npos) return;
    list.remove_prefix(comma + 1);
  }
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// One end of a pair: a test row "#17", a class's name or a label.
std::optional<std::int64_t> parse_end(std::string_view text, const Dataset& data,
                                      const std::vector<std::int64_t>& first) {
  if (text.starts_with('#')) {
    const auto row = whole_number(text.substr(1));
    return row && *row >= 0 && *row < data.test.count() ? row : std::nullopt;
  }
  const auto named = std::ranges::find(data.class_names, text);
  std::int64_t label = named - data.class_names.begin();
  if (named == data.class_names.end()) label = whole_number(text).value_or(-1);
  if (label < 0 || label >= data.classes()) return std::nullopt;
  const std::int64_t row = first[static_cast<std::size_t>(label)];
  return row >= 0 ? std::optional(row) : std::nullopt;
}

std::vector<fs::path> draw_figure(FigureKind kind, Gallery& gallery, const ImagePair& pair) {
  switch (kind) {
    case FigureKind::recon:
      return draw_recon(gallery);
    case FigureKind::pca:
      return draw_pca(gallery);
    case FigureKind::umap:
      return draw_umap(gallery);
    case FigureKind::interp:
      return draw_interp(gallery, pair);
    case FigureKind::noise:
      return draw_noise(gallery);
  }
  return {};
}

}  // namespace

std::string_view name_of(FigureKind kind) {
  constexpr std::array<std::string_view, 5> names{"recon", "pca", "umap", "interp", "noise"};
  return names[static_cast<std::size_t>(kind)];
}

std::vector<FigureKind> parse_figure_kinds(std::string_view list) {
  std::vector<FigureKind> kinds;
  for_each_item(list, [&](std::string_view item) {
    const auto kind = std::ranges::find(kFigureKinds, item, name_of);
    if (kind == kFigureKinds.end()) {
      fail("figures", "no figure is called '{}': choose from recon,pca,umap,interp,noise", item);
    }
    kinds.push_back(*kind);
  });
  return kinds;
}

std::vector<FigureFormat> parse_figure_formats(std::string_view list) {
  std::vector<FigureFormat> formats;
  for_each_item(list, [&](std::string_view item) { formats.push_back(parse_figure_format(item)); });
  return formats;
}

const Tensor& Gallery::test_latents() {
  if (!encoded_test) encoded_test = encode(model, data.test, pool);
  return *encoded_test;
}

const Tensor& Gallery::train_latents() {
  if (!encoded_train) encoded_train = encode(model, data.train, pool);
  return *encoded_train;
}

std::string Gallery::stamp() const {
  return stamp_of(model, data.name, facts);
}

fs::path Gallery::path(FigureKind kind, std::string_view extension, std::string_view suffix) const {
  return folder.path(name_of(kind), std::max<std::int64_t>(0, facts.epochs), extension, suffix);
}

std::optional<fs::path> Gallery::earlier_data(FigureKind kind) const {
  const auto all = folder.data_by_epoch(name_of(kind));
  const auto here = all.lower_bound(facts.epochs);
  return here == all.begin() ? std::nullopt : std::optional(std::prev(here)->second);
}

void add_image_names(NpzWriter& npz, const Gallery& gallery, std::span<const std::int64_t> rows) {
  const std::span<const std::string> names = gallery.data.test.names();
  if (names.empty()) return;
  TextArray text;
  for (const std::int64_t row : rows) text.values.push_back(names[static_cast<std::size_t>(row)]);
  if (rows.empty()) text.values.assign(names.begin(), names.end());
  text.shape = Shape{std::ssize(text.values)};
  npz.add("names", text);
}

ImagePair parse_pair(const std::string& text, const Dataset& data) {
  const std::vector<std::int64_t> first = first_of_each_class(data);
  if (text.empty()) {
    const auto two = parse_end("2", data, first), five = parse_end("5", data, first);
    const bool digits = std::ranges::find(data.class_names, "2") != data.class_names.end() &&
                        std::ranges::find(data.class_names, "5") != data.class_names.end();
    if (digits && two && five) return {*two, *five};
    std::vector<std::int64_t> rows;
    std::ranges::copy_if(first, std::back_inserter(rows), [](auto row) { return row >= 0; });
    if (rows.size() >= 2) return {rows[0], rows[1]};
    return {0, std::min<std::int64_t>(1, data.test.count() - 1)};
  }
  // A class name may contain a colon: try each colon until both ends are known.
  for (std::size_t colon = text.find(':'); colon != std::string::npos;
       colon = text.find(':', colon + 1)) {
    const std::string_view all = text;
    const auto a = parse_end(all.substr(0, colon), data, first);
    const auto b = parse_end(all.substr(colon + 1), data, first);
    if (a && b) return {*a, *b};
  }
  if (data.test.labels().empty()) {
    fail("interpolate",
         "'{}' is not two test rows from #0 to #{}, as #0:#1; there are no classes to name, since "
         "the images have no labels",
         text, data.test.count() - 1);
  }
  fail(
      "interpolate",
      "'{}' is not two of the classes {} with a test image (as A:B, by name or label 0 to {}), nor "
      "two test rows from #0 to #{}",
      text,
      fmt::join(data.class_names.begin(),
                data.class_names.begin() + std::min<std::int64_t>(data.classes(), 12), ", "),
      data.classes() - 1, data.test.count() - 1);
}

std::vector<std::int64_t> first_of_each_class(const Dataset& data) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(data.classes()), -1);
  const std::span<const std::int64_t> labels = data.test.labels();
  for (std::int64_t i = std::ssize(labels) - 1; i >= 0; --i) {
    require(labels[static_cast<std::size_t>(i)] >= 0 &&
                labels[static_cast<std::size_t>(i)] < data.classes(),
            "figures", "labels", labels[static_cast<std::size_t>(i)],
            "it has no name in `class_names`");
    rows[static_cast<std::size_t>(labels[static_cast<std::size_t>(i)])] = i;
  }
  return rows;
}

std::vector<fs::path> draw_figures(Gallery& gallery, std::span<const FigureKind> kinds,
                                   const ImagePair& pair, bool quiet) {
  std::vector<fs::path> written;
  for (const FigureKind kind : kinds) {
    const double started = monotonic_seconds();
    const std::vector<fs::path> paths = draw_figure(kind, gallery, pair);
    written.insert(written.end(), paths.begin(), paths.end());
    if (quiet) continue;
    fmt::print("  {:<7} {:>6.1f} s  {}\n", name_of(kind), monotonic_seconds() - started,
               paths.front().lexically_normal().string());
    std::fflush(stdout);
  }
  return written;
}

Tensor test_images(const Dataset& data, std::span<const std::int64_t> rows) {
  for (const std::int64_t row : rows) {
    require(row >= 0 && row < data.test.count(), "figures", "rows", row,
            "there is no such test image");
  }
  Tensor images({std::ssize(rows), data.test.columns()});
  for (std::int64_t i = 0; i < images.size(0); ++i) {
    data.test.fill(rows[static_cast<std::size_t>(i)], images.row(i));
  }
  return images;
}

}  // namespace hourglass
