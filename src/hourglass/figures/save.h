// Figures as files: PNG at 200 dots per inch, SVG, PDF. The same figure gives the same bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

#include "hourglass/figures/canvas.h"

namespace hourglass {

enum class FigureFormat { png, svg, pdf };

/// "png", "svg" or "pdf", in any case, a dot before it allowed. Throws Error naming the three.
FigureFormat parse_figure_format(std::string_view name);

/// "png", "svg" or "pdf".
std::string_view extension_of(FigureFormat format);

/// Draws a figure from the page's top and returns the height it took, in pixels. It is called
/// twice: first for the height, then on a page of that height.
using Drawing = std::function<double(Canvas&)>;

/// The bytes of the file. Throws Error if the page would be taller than Cairo can draw, or if the
/// system's fonts cannot be used.
std::vector<std::uint8_t> render_drawing(FigureFormat format, const Drawing& draw);

/// The page as pixels, for a film: 8 inches wide at so many dots an inch, at most 200.
Raster render_pixels(double dots_per_inch, const Drawing& draw);

/// Any figure of this module, in memory.
template <typename Figure>
std::vector<std::uint8_t> render_figure(FigureFormat format, const Figure& figure) {
  return render_drawing(format, [&](Canvas& canvas) { return draw(canvas, figure); });
}

/// Writes bytes rendered before; the folder is made where it is missing.
void save_rendered(const std::filesystem::path& place, const std::vector<std::uint8_t>& bytes);

/// Any figure of this module as a file in the format that the place's extension names, written
/// beside its place and renamed into it. Throws Error for another extension (before it draws) and
/// where the place cannot be written.
template <typename Figure>
void save_figure(const std::filesystem::path& place, const Figure& figure) {
  const FigureFormat format = parse_figure_format(place.extension().string());
  save_rendered(place, render_figure(format, figure));
}

}  // namespace hourglass
