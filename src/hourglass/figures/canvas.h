// A white page in pixels of 1/200 inch, drawn on with lines, text, marks and images. Not a figure
// and not a file: see recon.h and its neighbours for the figures, save.h for the files.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/figures/palette.h"
#include "hourglass/figures/raster.h"
#include "hourglass/figures/text.h"

struct _cairo;  // Cairo's struct behind cairo_t

namespace hourglass {

struct Point {
  double x = 0.0;
  double y = 0.0;
};

struct Box {
  double x = 0.0;
  double y = 0.0;
  double width = 0.0;
  double height = 0.0;

  double right() const { return x + width; }
  double bottom() const { return y + height; }
};

constexpr double kDotsPerInch = 200.0;
constexpr double kPageWidth = 8.0 * kDotsPerInch;
constexpr double kTallestPage = 32000.0;  // Cairo's pictures end at 32767 pixels
constexpr double kMargin = 48.0;
constexpr double kContentWidth = kPageWidth - 2.0 * kMargin;

/// A length in points (1/72 inch) as pixels.
constexpr double points(double length) {
  return length * kDotsPerInch / 72.0;
}

enum class Align { left, center, right };

struct TextStyle {
  double size = 9.0;  // in points
  Color color = kInk;
  bool bold = false;
  Align align = Align::left;
  double halo = 0.0;    // pixels of white around the letters
  bool upward = false;  // turned a quarter to the left, for vertical axes

  double line_height() const { return points(size) * 1.3; }
};

struct LineStyle {
  Color color = kInk;
  double width = 2.0;          // pixels
  std::vector<double> dash{};  // pixels drawn, pixels left out, and so on; empty draws all
};

/// Borrows a Cairo context. Coordinates grow to the right and downwards from the page's top left
/// corner. All text goes through drawable() first.
class Canvas {
 public:
  explicit Canvas(_cairo* context);

  /// `at` is the left end, middle or right end of the text's base line, by the style's align.
  void text(Point at, std::string_view text, const TextStyle& style = {});
  double text_width(std::string_view text, const TextStyle& style = {});
  std::string elided(std::string_view text, double width, const TextStyle& style = {});
  std::string elided_middle(std::string_view text, double width, const TextStyle& style = {});
  std::vector<std::string> wrapped(std::string_view text, double width, const TextStyle& style = {},
                                   std::string_view break_after = {}, std::size_t max_lines = 100);

  void line(Point from, Point to, const LineStyle& style = {});
  void polyline(std::span<const Point> points, const LineStyle& style = {});
  void fill(const Box& box, const Color& color);
  /// The area between a line of points and the horizontal at `base`.
  void fill_under(std::span<const Point> points, double base, const Color& color);
  /// A frame of `width` pixels just outside the box.
  void frame(const Box& box, const Color& color = kPale, double width = 2.0);
  void mark(Mark mark, Point at, double radius, const Color& color);
  void ring(Point at, double radius, const LineStyle& style);
  /// One page pixel per pixel of the picture; `at` is its top left corner, rounded to whole pixels.
  void image(Point at, const Raster& picture);
  /// Runs `draw` with everything outside the box cut off.
  void clipped(const Box& box, const std::function<void()>& draw);
  /// Turns antialiasing off until the end of clipped().
  void no_smooth_edges();

  /// For figures without images: their PNG may be reduced to 256 colours.
  void allow_few_colors() { few_colors_ = true; }
  bool few_colors() const { return few_colors_; }

 private:
  void use(const Color& color);
  void use(const TextStyle& style);
  void use(const LineStyle& style);

  _cairo* context_;
  bool few_colors_ = false;
};

/// Draws title and caption; returns the y at which the figure's own content may start.
double draw_header(Canvas& canvas, const FigureText& text);

/// Draws the stamp below content that ends at `bottom`; returns the height of the page.
double draw_footer(Canvas& canvas, const FigureText& text, double bottom);

}  // namespace hourglass
