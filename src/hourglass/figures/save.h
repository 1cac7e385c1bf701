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

/// "png", "svg" or "pdf", in any case, with or without a dot before it. Throws Error otherwise.
FigureFormat parse_figure_format(std::string_view name);

/// "png", "svg" or "pdf".
std::string_view extension_of(FigureFormat format);

/// Draws a figure from the top of the page and returns its height in pixels. It is called twice:
/// first for the height, then on a page of that height.
using Drawing = std::function<double(Canvas&)>;

/// The bytes of the file. Throws Error if the page is taller than Cairo can draw, or if the
/// system's fonts cannot be used.
std::vector<std::uint8_t> render_drawing(FigureFormat format, const Drawing& draw);

/// The page as pixels, for a film: 8 inches wide, at most 200 dots per inch.
Raster render_pixels(double dots_per_inch, const Drawing& draw);

/// Any figure of this module, in memory.
template <typename Figure>
std::vector<std::uint8_t> render_figure(FigureFormat format, const Figure& figure) {
  return render_drawing(format, [&](Canvas& canvas) { return draw(canvas, figure); });
}

/// Writes rendered bytes; makes the folder if it is missing.
void save_rendered(const std::filesystem::path& path, const std::vector<std::uint8_t>& bytes);

/// Saves any figure of this module in the format of the path's extension; the file is written under
/// another name first, then renamed. Throws Error for an unknown extension (before drawing) and if
/// the file cannot be written.
template <typename Figure>
void save_figure(const std::filesystem::path& path, const Figure& figure) {
  const FigureFormat format = parse_figure_format(path.extension().string());
  save_rendered(path, render_figure(format, figure));
}

}  // namespace hourglass
