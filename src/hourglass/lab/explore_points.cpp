#include "hourglass/lab/explore_points.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "hourglass/base/error.h"
#include "hourglass/base/random.h"
#include "hourglass/lab/joined_rows.h"
#include "hourglass/lab/latents.h"
#include "hourglass/measure/reconstruction.h"
#include "hourglass/models/apply.h"

namespace hourglass {
namespace {

constexpr std::uint64_t kChoiceStream = 0x6578706c6f7265u;

std::string megabytes(std::uint64_t bytes) {
  return fmt::format("{:.0f} MB", 1e-6 * static_cast<double>(bytes));
}

/// Throws Error for more latent vectors than a page opens.
void check_latents(std::int64_t rows, std::int64_t columns, const ExploreExtent& extent) {
  const auto each = static_cast<std::uint64_t>(columns) * sizeof(float);
  const auto most = static_cast<std::int64_t>(extent.most_latent_bytes / each);
  if (rows <= most) return;
  fail("explore",
       "{} rows of {} numbers take {}, more than the {} that a page opens: `limit` {} takes fewer "
       "rows",
       rows, columns, megabytes(static_cast<std::uint64_t>(rows) * each),
       megabytes(extent.most_latent_bytes), most);
}

/// The images, or none with the reason in `missing`.
void take_images(ExplorePoints& points, const RowSource& images, const ExploreExtent& extent) {
  if (!extent.images) {
    points.missing.push_back("The images are left out, as `no_images` asks.");
    return;
  }
  const auto each = static_cast<std::uint64_t>(images.columns());
  const std::uint64_t bytes = static_cast<std::uint64_t>(images.count()) * each;
  if (bytes > extent.most_image_bytes) {
    points.missing.push_back(
        fmt::format("The images are left out: {} of them take {}, more than the {} that a page "
                    "opens; `limit` {} shows that many with their images.",
                    images.count(), megabytes(bytes), megabytes(extent.most_image_bytes),
                    extent.most_image_bytes / each));
    return;
  }
  points.images = images;
}

void say_without_labels(ExplorePoints& points, std::string_view what) {
  if (points.labels.empty()) {
    points.missing.push_back(fmt::format("The {} have no labels, so there are no classes.", what));
  }
}

template <typename T>
std::vector<T> of_rows(const std::vector<T>& all, const std::vector<std::int64_t>& rows) {
  std::vector<T> some;
  if (all.empty()) return some;
  some.reserve(rows.size());
  for (const std::int64_t row : rows) some.push_back(all[static_cast<std::size_t>(row)]);
  return some;
}

/// Latent vectors and errors, a block of images at a time: no more of the floats are in memory.
void encode_and_compare(ExplorePoints& points, const Model& model, const RowSource& images,
                        ThreadPool& pool, Progress& progress) {
  const std::int64_t count = images.count();
  points.latents = Tensor({count, model.latent_dim()});
  points.error.resize(static_cast<std::size_t>(count));
  Coder coder(model, pool, kReconstructBlock);
  Tensor originals({std::min(count, kReconstructBlock), images.columns()});
  Tensor decoded(originals.shape());
  for (std::int64_t begin = 0; begin < count; begin += kReconstructBlock) {
    progress.update(static_cast<double>(begin) / static_cast<double>(count), "encode");
    const std::int64_t size = std::min(kReconstructBlock, count - begin);
    std::vector<std::int64_t> rows(static_cast<std::size_t>(size));
    std::iota(rows.begin(), rows.end(), begin);
    const RowSource block = images.selected(std::move(rows));
    const Tensor latents = coder.encode(block);
    std::ranges::copy(latents.span(), points.latents.data() + begin * latents.size(1));
    const View out(decoded.data(), Shape{size, images.columns()});
    coder.decode_into(out, latents, block.labels());
    block.fill_rows(0, size, View(originals.data(), Shape{size, images.columns()}));
    parallel_for(pool, size, 64, [&](std::int64_t from, std::int64_t to) {
      for (std::int64_t i = from; i < to; ++i) {
        points.error[static_cast<std::size_t>(begin + i)] = static_cast<float>(
            image_mse(originals.row(i).data(), decoded.row(i).data(), images.columns()));
      }
    });
  }
}

}  // namespace

std::vector<std::int64_t> chosen_rows(std::int64_t count, std::span<const std::int64_t> labels,
                                      std::int64_t limit, std::uint64_t seed) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(count));
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  if (limit == 0 || limit >= count) return rows;
  Rng rng(seed, kChoiceStream);
  random_permutation(rows, rng);
  if (!labels.empty()) {
    // How many of its class come before a row: the first of every class, then the second ones, ...
    std::map<std::int64_t, std::int64_t> seen;
    std::vector<std::int64_t> turn(static_cast<std::size_t>(count));
    for (const std::int64_t row : rows) {
      turn[static_cast<std::size_t>(row)] = seen[labels[static_cast<std::size_t>(row)]]++;
    }
    std::ranges::stable_sort(rows, {},
                             [&](std::int64_t row) { return turn[static_cast<std::size_t>(row)]; });
  }
  rows.resize(static_cast<std::size_t>(limit));
  std::ranges::sort(rows);
  return rows;
}

ExplorePoints explore_model(const Model& model, const Dataset& data,
                            const std::vector<std::string>& splits, const ExploreExtent& extent,
                            ThreadPool& pool, Progress& progress) {
  check_splits("explore", splits);
  ExplorePoints points;
  points.dataset = data.name;
  points.splits = splits;
  points.shape = data.shape;
  points.fit = data.fit;
  points.background = data.background;
  points.class_names = data.class_names;
  RowSource all = split_of(data, splits.front());
  const std::int64_t first = all.count();
  if (splits.size() > 1) all = joined_rows(all, split_of(data, splits.back()));
  points.total = all.count();
  points.chosen = chosen_rows(points.total, all.labels(), extent.limit, extent.seed);
  check_latents(std::ssize(points.chosen), model.latent_dim(), extent);
  for (const std::int64_t row : points.chosen) {
    points.split.push_back(row < first ? 0 : 1);
    points.rows.push_back(row < first ? row : row - first);
  }
  const RowSource images = all.selected(points.chosen);
  points.labels.assign(images.labels().begin(), images.labels().end());
  if (points.labels.empty()) points.class_names.clear();
  points.names.assign(images.names().begin(), images.names().end());
  encode_and_compare(points, model, images, pool, progress);
  take_images(points, images, extent);
  say_without_labels(points, "images");
  return points;
}

ExplorePoints explore_rows(ExploreRows rows, const ExploreExtent& extent) {
  ExplorePoints points;
  points.title = points.dataset = rows.title;
  points.total = rows.rows.size(0);
  const auto fits = [&](std::size_t size) {
    return size == 0 || size == static_cast<std::size_t>(points.total);
  };
  require(fits(rows.labels.size()), "explore", "labels", rows.labels.size(), "one for each row");
  require(fits(rows.names.size()), "explore", "names", rows.names.size(), "one for each row");
  require(fits(static_cast<std::size_t>(rows.images.count())), "explore", "images",
          rows.images.count(), "one for each row");
  points.chosen = chosen_rows(points.total, rows.labels, extent.limit, extent.seed);
  check_latents(std::ssize(points.chosen), rows.rows.size(1), extent);
  points.rows = points.chosen;
  points.class_names = std::move(rows.class_names);
  points.labels = of_rows(rows.labels, points.chosen);
  points.names = of_rows(rows.names, points.chosen);
  for (auto& [name, values] : rows.columns) {
    points.columns.emplace_back(std::move(name), of_rows(values, points.chosen));
  }
  if (points.count() == points.total) {
    points.latents = std::move(rows.rows);
  } else {
    points.latents = Tensor({points.count(), rows.rows.size(1)});
    for (std::int64_t i = 0; i < points.count(); ++i) {
      std::ranges::copy(rows.rows.row(points.rows[static_cast<std::size_t>(i)]),
                        points.latents.row(i).begin());
    }
  }
  points.missing.push_back(
      "There is no model, so nothing is decoded, reconstructed or encoded: the rows are the latent "
      "vectors.");
  if (rows.images.count() > 0) {
    points.shape = rows.shape;
    take_images(points, rows.images.selected(points.chosen), extent);
  } else {
    points.missing.push_back("The rows have no images.");
  }
  say_without_labels(points, "rows");
  return points;
}

RowSource images_of_rows(const Dataset& images, const std::vector<std::string>& names,
                         std::int64_t rows) {
  const RowSource all = joined_rows(images.train, images.test);
  const std::span<const std::string> files = all.names();
  std::vector<std::int64_t> order(static_cast<std::size_t>(all.count()));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  const auto name_of = [&](std::int64_t i) -> const std::string& {
    return files[static_cast<std::size_t>(i)];
  };
  if (files.empty()) {
    fail("explore", "the images of {} have no names, which say their order: name a folder",
         images.name);
  }
  std::ranges::stable_sort(order, {}, name_of);
  if (!names.empty()) {
    std::vector<std::int64_t> found;
    for (const std::string& name : names) {
      const auto at = std::ranges::lower_bound(order, name, {}, name_of);
      if (at == order.end() || name_of(*at) != name) {
        fail("explore", "there is no image {} in {}: every row needs the image of its name", name,
             images.name);
      }
      found.push_back(*at);
    }
    return all.selected(std::move(found));
  }
  if (all.count() != rows) {
    fail("explore", "{} has {} images for {} rows: it needs one for each", images.name, all.count(),
         rows);
  }
  return all.selected(std::move(order));
}

}  // namespace hourglass
