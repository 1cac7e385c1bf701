#include "export_projector.h"

#include "codes.h"
#include "data/resize.h"
#include "figures/png.h"
#include "figures/sprite.h"
#include "interop/projector.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

/// The images of the splits, one behind the other.
std::vector<std::uint8_t> pixels_of(const Dataset& data, const std::vector<std::string>& splits) {
  std::vector<std::uint8_t> pixels;
  for (const std::string& name : splits) {
    const RowSource& part = split_of(data, name);
    const auto size = static_cast<std::size_t>(data.shape.pixels());
    for (std::int64_t i = 0; i < part.count(); ++i) {
      pixels.resize(pixels.size() + size);
      part.fill_bytes(i, std::span(pixels).last(size));
    }
  }
  return pixels;
}

/// The split only where there are two: the projector shows the first column that is not of numbers,
/// and the label is what people want to see.
std::vector<ProjectorColumn> columns_of(const Dataset& data,
                                        const std::vector<std::string>& splits) {
  ProjectorColumn label{"label", {}}, index{"index", {}}, split{"split", {}};
  for (const std::string& name : splits) {
    const RowSource& part = split_of(data, name);
    for (std::int64_t i = 0; i < part.count(); ++i) {
      const std::int64_t of = part.labels()[static_cast<std::size_t>(i)];
      label.values.push_back(data.class_names[static_cast<std::size_t>(of)]);
      index.values.push_back(std::to_string(i));
      split.values.push_back(name);
    }
  }
  std::vector<ProjectorColumn> columns{std::move(label), std::move(index)};
  if (splits.size() > 1) columns.push_back(std::move(split));
  return columns;
}

/// The sprite's pixels and what is said of it.
struct Sprite {
  std::vector<std::uint8_t> png;
  ImageSize picture;
};

Sprite draw_sprite(const Dataset& data, const std::vector<std::string>& splits, std::int64_t count,
                   const Common& common) {
  std::vector<std::uint8_t> pixels = pixels_of(data, splits);
  const SpriteGrid grid = sprite_grid(count, data.shape, kMaxSpriteSide);
  const ImageShape small{data.shape.channels, grid.image_height, grid.image_width};
  if (!(small == data.shape)) {
    const ImageSize size{small.height, small.width};
    pixels = resize_all(pixels, data.shape, size);
    note(common, fmt::format("the projector takes pictures of {} x {} pixels in all: the {} images "
                             "are shown at {}",
                             kMaxSpriteSide, kMaxSpriteSide, count, size.text()));
  }
  const std::vector<std::uint8_t> sprite = sprite_pixels(pixels, small, grid.side);
  return {image_png(sprite, {small.channels, grid.side * small.height, grid.side * small.width}),
          {small.height, small.width}};
}

}  // namespace

std::vector<fs::path> export_projector(const Checkpoint& checkpoint, const ProjectorCall& call,
                                       const fs::path& folder, const Common& common) {
  ThreadPool pool = make_pool(common);
  const Dataset data = open_data_for(checkpoint, call.dataset, common);
  const Codes codes = encode_splits(*checkpoint.model, data, call.splits, pool);
  const Sprite sprite = draw_sprite(data, call.splits, codes.latents.size(0), common);
  return write_projector(folder, {fmt::format("{} of {}", call.name, data.name), codes.latents,
                                  columns_of(data, call.splits), sprite.png, sprite.picture.width,
                                  sprite.picture.height});
}

}  // namespace hourglass::cli
