#include "hourglass/data/fit.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

constexpr std::array<std::string_view, 3> kFits{"stretch", "crop", "pad"};
constexpr std::array<std::uint8_t, 3> kWhite{255, 255, 255};

/// round(a * b / c) of positive numbers, and at least 1.
std::int64_t scaled(std::int64_t a, std::int64_t b, std::int64_t c) {
  return std::max((2 * a * b + c) / (2 * c), std::int64_t{1});
}

Window middle(ImageSize outer, ImageSize inner) {
  return {(outer.height - inner.height) / 2, (outer.width - inner.width) / 2, inner.height,
          inner.width};
}

/// The part of `image` in the window, [height, width, channels].
template <typename Sample>
void cut(std::span<const Sample> image, const ImageShape& shape, const Window& window,
         std::vector<Sample>& out) {
  out.clear();
  for (std::int64_t y = window.top; y < window.top + window.height; ++y) {
    const auto begin = static_cast<std::size_t>((y * shape.width + window.left) * shape.channels);
    const auto row = image.subspan(begin, static_cast<std::size_t>(window.width * shape.channels));
    out.insert(out.end(), row.begin(), row.end());
  }
}

void fill(const RowSource& rows, std::int64_t i, std::span<std::uint8_t> out) {
  rows.fill_bytes(i, out);
}
void fill(const RowSource& rows, std::int64_t i, std::span<float> out) {
  rows.fill(i, out);
}

/// Writes the resized window of each image into its place in `all`, which holds the background.
template <typename Sample>
void fit_all(const RowSource& rows, const ImageShape& shape, const Placement& placement,
             const ImageShape& target, std::span<Sample> all) {
  const Window &from = placement.from, &to = placement.to;
  const auto line = static_cast<std::size_t>(from.width * shape.channels);
  RowResizer<Sample> resizer({shape.channels, from.height, from.width}, {to.height, to.width});
  std::vector<Sample> image(static_cast<std::size_t>(shape.pixels())), part;
  std::vector<Sample> small(static_cast<std::size_t>(shape.channels * to.height * to.width));
  for (std::int64_t i = 0; i < rows.count(); ++i) {
    fill(rows, i, image);
    cut<Sample>(image, shape, from, part);
    resizer.begin(small);
    for (std::size_t at = 0; at < part.size(); at += line) {
      resizer.push(std::span<const Sample>(part).subspan(at, line));
    }
    const auto out = all.subspan(static_cast<std::size_t>(i * target.pixels()));
    const std::int64_t width = to.width * shape.channels;
    for (std::int64_t y = 0; y < to.height; ++y) {
      std::copy_n(small.begin() + y * width, width,
                  out.begin() + ((to.top + y) * target.width + to.left) * target.channels);
    }
  }
}

}  // namespace

ImageFit parse_fit(std::string_view text) {
  const auto found = std::find(kFits.begin(), kFits.end(), text);
  require(found != kFits.end(), "data", "fit", text, "must be stretch, crop or pad");
  return static_cast<ImageFit>(found - kFits.begin());
}

std::string fit_name(ImageFit fit) {
  return std::string(kFits[static_cast<std::size_t>(fit)]);
}

Background parse_background(std::string_view text) {
  if (text == "auto") return {true, {}};
  if (text == "black") return {};
  if (text == "white") return {false, kWhite};
  Background background;
  const bool marked = text.size() == 7 && text[0] == '#';
  bool good = marked;
  for (std::size_t c = 0; good && c < 3; ++c) {
    const char* const begin = text.data() + 1 + 2 * c;
    const auto [end, error] = std::from_chars(begin, begin + 2, background.rgb[c], 16);
    good = error == std::errc() && end == begin + 2;
  }
  require(good, "data", "background", text, "must be auto, white, black or a colour like #a0b0c0");
  return background;
}

std::string background_name(const Background& background) {
  if (background.automatic) return "auto";
  const auto& rgb = background.rgb;
  if (rgb == std::array<std::uint8_t, 3>{}) return "black";
  if (rgb == kWhite) return "white";
  return fmt::format("#{:02x}{:02x}{:02x}", rgb[0], rgb[1], rgb[2]);
}

Placement place(ImageSize from, ImageSize to, ImageFit fit) {
  Placement placement{{0, 0, from.height, from.width}, {0, 0, to.height, to.width}};
  const bool wider = from.width * to.height > to.width * from.height;
  if (fit == ImageFit::crop) {
    placement.from = middle(
        from, wider ? ImageSize{from.height,
                                std::min(from.width, scaled(from.height, to.width, to.height))}
                    : ImageSize{std::min(from.height, scaled(from.width, to.height, to.width)),
                                from.width});
  } else if (fit == ImageFit::pad) {
    placement.to = middle(
        to,
        wider
            ? ImageSize{std::min(to.height, scaled(from.height, to.width, from.width)), to.width}
            : ImageSize{to.height, std::min(to.width, scaled(from.width, to.height, from.height))});
  }
  return placement;
}

RowSource fit_rows(const RowSource& rows, const ImageShape& shape, ImageSize size, ImageFit fit,
                   const Background& background) {
  require(fit != ImageFit::pad || shape.channels == 3 || background.is_grey(), "data", "background",
          background_name(background), "the images are grey, so black, white or a grey is needed");
  const Placement placement = place({shape.height, shape.width}, size, fit);
  const ImageShape target{shape.channels, size.height, size.width};
  const std::vector<std::int64_t> labels(rows.labels().begin(), rows.labels().end());
  const std::vector<std::string> names(rows.names().begin(), rows.names().end());
  const auto colour = [&](std::int64_t i) {
    return background.rgb[static_cast<std::size_t>(i % target.channels)];
  };
  if (rows.keeps_bytes()) {
    std::vector<std::uint8_t> all(static_cast<std::size_t>(rows.count() * target.pixels()));
    if (fit == ImageFit::pad) {
      for (std::int64_t i = 0; i < std::ssize(all); ++i)
        all[static_cast<std::size_t>(i)] = colour(i);
    }
    fit_all<std::uint8_t>(rows, shape, placement, target, all);
    return byte_rows(std::move(all), target.pixels(), labels, names);
  }
  Tensor all(Shape{rows.count(), target.pixels()});
  if (fit == ImageFit::pad) {
    for (std::int64_t i = 0; i < all.count(); ++i) all[i] = static_cast<float>(colour(i)) / 255.0F;
  }
  fit_all<float>(rows, shape, placement, target, all.span());
  return float_rows(std::move(all), labels, names);
}

}  // namespace hourglass
