#include "hourglass/lab/projector.h"

#include <fmt/format.h>

#include "hourglass/base/error.h"
#include "hourglass/figures/png.h"
#include "hourglass/figures/sprite.h"
#include "hourglass/interop/projector.h"
#include "hourglass/lab/latents.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

/// The images of the splits, one after another, each resized to `small`.
std::vector<std::uint8_t> pixels_of(const Dataset& data, const std::vector<std::string>& splits,
                                    const ImageShape& small) {
  std::vector<std::uint8_t> pixels, image(static_cast<std::size_t>(data.shape.pixels()));
  for (const std::string& name : splits) {
    const RowSource& part = split_of(data, name);
    for (std::int64_t i = 0; i < part.count(); ++i) {
      part.fill_bytes(i, image);
      if (small == data.shape) {
        pixels.insert(pixels.end(), image.begin(), image.end());
      } else {
        const auto resized = resize_all(image, data.shape, {small.height, small.width});
        pixels.insert(pixels.end(), resized.begin(), resized.end());
      }
    }
  }
  return pixels;
}

/// The column split only for two splits. The label is first because the projector shows the first
/// column that is not numeric.
std::vector<ProjectorColumn> columns_of(const Dataset& data,
                                        const std::vector<std::string>& splits) {
  const bool labelled = have_labels(data, splits);
  const bool named = have_names(data, splits);
  ProjectorColumn label{"label", {}}, file{"name", {}}, index{"index", {}}, split{"split", {}};
  for (const std::string& name : splits) {
    const RowSource& part = split_of(data, name);
    for (std::int64_t i = 0; i < part.count(); ++i) {
      if (labelled) {
        const std::int64_t of = part.labels()[static_cast<std::size_t>(i)];
        require(of >= 0 && of < data.classes(), "projector", "labels", of,
                "it has no name in `class_names`");
        label.values.push_back(data.class_names[static_cast<std::size_t>(of)]);
      }
      if (named) file.values.push_back(part.names()[static_cast<std::size_t>(i)]);
      index.values.push_back(std::to_string(i));
      split.values.push_back(name);
    }
  }
  std::vector<ProjectorColumn> columns;
  if (labelled) columns.push_back(std::move(label));
  if (named) columns.push_back(std::move(file));
  columns.push_back(std::move(index));
  if (splits.size() > 1) columns.push_back(std::move(split));
  return columns;
}

/// All images in one picture, for the projector.
struct Sprite {
  std::vector<std::uint8_t> png;
  ImageSize picture;
};

Sprite draw_sprite(const Dataset& data, const std::vector<std::string>& splits,
                   std::int64_t count) {
  const SpriteGrid grid = sprite_grid(count, data.shape, kMaxSpriteSide);
  const ImageShape small{data.shape.channels, grid.image_height, grid.image_width};
  const std::vector<std::uint8_t> sprite =
      sprite_pixels(pixels_of(data, splits, small), small, grid.side);
  return {image_png(sprite, {small.channels, grid.side * small.height, grid.side * small.width}),
          {small.height, small.width}};
}

}  // namespace

ProjectorFiles export_projector(const Model& model, const std::string& name, const Dataset& data,
                                const std::vector<std::string>& splits, const fs::path& folder,
                                ThreadPool& pool) {
  const EncodedSplits encoded = encode_splits(model, data, splits, pool);
  ProjectorFiles files;
  files.images = encoded.latents.size(0);
  const Sprite sprite = draw_sprite(data, splits, files.images);
  if (sprite.picture.height != data.shape.height || sprite.picture.width != data.shape.width) {
    files.shown_at = sprite.picture;
  }
  files.paths = write_projector(
      folder, {fmt::format("{} of {}", name, data.name), encoded.latents, columns_of(data, splits),
               sprite.png, sprite.picture.width, sprite.picture.height});
  return files;
}

}  // namespace hourglass
