#include "hourglass/figures/canvas.h"

#include <cairo.h>

#include <cassert>
#include <cmath>
#include <memory>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

constexpr double kPi = 3.14159265358979323846;

/// Restores a context to its state at construction.
class Saved {
 public:
  explicit Saved(cairo_t* context) : context_(context) { cairo_save(context_); }
  ~Saved() { cairo_restore(context_); }
  Saved(const Saved&) = delete;
  Saved& operator=(const Saved&) = delete;

 private:
  cairo_t* context_;
};

}  // namespace

Canvas::Canvas(_cairo* context) : context_(context) {
  // Without hinting text has the same widths in every format.
  const std::unique_ptr<cairo_font_options_t, decltype(&cairo_font_options_destroy)> options(
      cairo_font_options_create(), cairo_font_options_destroy);
  cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
  cairo_set_font_options(context_, options.get());
}

void Canvas::use(const Color& color) {
  cairo_set_source_rgba(context_, color.red, color.green, color.blue, color.alpha);
}

void Canvas::use(const TextStyle& style) {
  cairo_select_font_face(context_, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                         style.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(context_, points(style.size));
}

void Canvas::use(const LineStyle& style) {
  use(style.color);
  cairo_set_line_width(context_, style.width);
  cairo_set_line_join(context_, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap(context_, CAIRO_LINE_CAP_BUTT);
  cairo_set_dash(context_, style.dash.data(), static_cast<int>(style.dash.size()), 0.0);
}

double Canvas::text_width(std::string_view text, const TextStyle& style) {
  use(style);
  cairo_text_extents_t extents{};
  cairo_text_extents(context_, drawable(text).c_str(), &extents);
  return extents.x_advance;
}

std::string Canvas::elided(std::string_view text, double width, const TextStyle& style) {
  return hourglass::elided(drawable(text), width,
                           [&](std::string_view part) { return text_width(part, style); });
}

std::string Canvas::elided_middle(std::string_view text, double width, const TextStyle& style) {
  return hourglass::elided_middle(drawable(text), width,
                                  [&](std::string_view part) { return text_width(part, style); });
}

std::vector<std::string> Canvas::wrapped(std::string_view text, double width,
                                         const TextStyle& style, std::string_view break_after,
                                         std::size_t max_lines) {
  return hourglass::wrapped(
      drawable(text), width, [&](std::string_view part) { return text_width(part, style); },
      break_after, max_lines);
}

void Canvas::text(Point at, std::string_view text, const TextStyle& style) {
  const std::string clean = drawable(text);
  if (clean.empty()) return;
  const Saved saved(context_);
  const double width = style.align == Align::left ? 0.0 : text_width(clean, style);
  use(style);
  cairo_translate(context_, at.x, at.y);
  if (style.upward) cairo_rotate(context_, -kPi / 2.0);
  const double start = style.align == Align::left     ? 0.0
                       : style.align == Align::center ? -width / 2.0
                                                      : -width;
  if (style.halo > 0.0) {
    cairo_move_to(context_, start, 0.0);
    cairo_text_path(context_, clean.c_str());
    use(LineStyle{color_of(0xFFFFFF, 0.9), 2.0 * style.halo, {}});
    cairo_stroke(context_);
  }
  use(style.color);
  cairo_move_to(context_, start, 0.0);
  cairo_show_text(context_, clean.c_str());
}

void Canvas::line(Point from, Point to, const LineStyle& style) {
  use(style);
  cairo_move_to(context_, from.x, from.y);
  cairo_line_to(context_, to.x, to.y);
  cairo_stroke(context_);
}

void Canvas::polyline(std::span<const Point> points, const LineStyle& style) {
  if (points.empty()) return;
  use(style);
  cairo_new_path(context_);
  for (const Point& point : points) cairo_line_to(context_, point.x, point.y);
  cairo_stroke(context_);
}

void Canvas::fill(const Box& box, const Color& color) {
  use(color);
  cairo_new_path(context_);
  cairo_rectangle(context_, box.x, box.y, box.width, box.height);
  cairo_fill(context_);
}

void Canvas::fill_under(std::span<const Point> points, double base, const Color& color) {
  if (points.empty()) return;
  use(color);
  cairo_new_path(context_);
  cairo_move_to(context_, points.front().x, base);
  for (const Point& point : points) cairo_line_to(context_, point.x, point.y);
  cairo_line_to(context_, points.back().x, base);
  cairo_fill(context_);
}

void Canvas::frame(const Box& box, const Color& color, double width) {
  use(LineStyle{color, width, {}});
  cairo_set_line_join(context_, CAIRO_LINE_JOIN_MITER);
  cairo_new_path(context_);
  cairo_rectangle(context_, box.x - width / 2, box.y - width / 2, box.width + width,
                  box.height + width);
  cairo_stroke(context_);
}

void Canvas::mark(Mark mark, Point at, double radius, const Color& color) {
  use(color);
  cairo_new_path(context_);  // text leaves a current point behind
  const auto to = [&](double x, double y) {
    cairo_line_to(context_, at.x + x * radius, at.y + y * radius);
  };
  // The factors give all marks about the same weight as the disc.
  switch (mark) {
    case Mark::disc:
      cairo_arc(context_, at.x, at.y, radius, 0.0, 2.0 * kPi);
      cairo_fill(context_);
      return;
    case Mark::triangle:
      to(0.0, -1.3), to(1.2, 0.85), to(-1.2, 0.85);
      cairo_fill(context_);
      return;
    case Mark::square:
      to(-0.9, -0.9), to(0.9, -0.9), to(0.9, 0.9), to(-0.9, 0.9);
      cairo_fill(context_);
      return;
    case Mark::diamond:
      to(0.0, -1.35), to(1.05, 0.0), to(0.0, 1.35), to(-1.05, 0.0);
      cairo_fill(context_);
      return;
    case Mark::cross:
    case Mark::plus: {
      use(LineStyle{color, 0.75 * radius, {}});
      const double x = mark == Mark::cross ? 1.0 : 1.35;
      const double y = mark == Mark::cross ? 1.0 : 0.0;
      to(-x, -y), to(x, y);
      cairo_new_sub_path(context_);
      to(-y, x), to(y, -x);
      cairo_stroke(context_);
      return;
    }
  }
}

void Canvas::ring(Point at, double radius, const LineStyle& style) {
  use(style);
  cairo_new_path(context_);
  cairo_arc(context_, at.x, at.y, radius, 0.0, 2.0 * kPi);
  cairo_stroke(context_);
}

void Canvas::image(Point at, const Raster& picture) {
  assert(picture.width > 0 && picture.height > 0);
  const std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> surface(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, picture.width, picture.height),
      cairo_surface_destroy);
  unsigned char* const bytes = cairo_image_surface_get_data(surface.get());
  if (bytes == nullptr) {
    fail("figure", "an image of {} x {} pixels is too large to draw", picture.width,
         picture.height);
  }
  const std::int64_t stride = cairo_image_surface_get_stride(surface.get());
  for (std::int64_t y = 0; y < picture.height; ++y) {
    auto* const row = reinterpret_cast<std::uint32_t*>(bytes + y * stride);
    const std::uint8_t* const rgb = picture.rgb.data() + y * picture.width * 3;
    for (std::int64_t x = 0; x < picture.width; ++x) {
      row[x] =
          (std::uint32_t{rgb[3 * x]} << 16) | (std::uint32_t{rgb[3 * x + 1]} << 8) | rgb[3 * x + 2];
    }
  }
  cairo_surface_mark_dirty(surface.get());
  const Saved saved(context_);
  cairo_set_source_surface(context_, surface.get(), std::round(at.x), std::round(at.y));
  cairo_pattern_set_filter(cairo_get_source(context_), CAIRO_FILTER_NEAREST);
  cairo_paint(context_);
}

void Canvas::clipped(const Box& box, const std::function<void()>& draw) {
  const Saved saved(context_);
  cairo_new_path(context_);
  cairo_rectangle(context_, box.x, box.y, box.width, box.height);
  cairo_clip(context_);
  draw();
}

void Canvas::no_smooth_edges() {
  cairo_set_antialias(context_, CAIRO_ANTIALIAS_NONE);
}

double draw_header(Canvas& canvas, const FigureText& text) {
  const TextStyle title{.size = 10.0, .bold = true};
  const TextStyle caption{.color = kGrey};
  double y = kMargin - 8.0;
  if (text.title.empty() && text.caption.empty()) return y;
  for (const auto& [words, style] :
       {std::pair(&text.title, title), std::pair(&text.caption, caption)}) {
    if (words->empty()) continue;
    for (const std::string& line : canvas.wrapped(*words, kContentWidth, style)) {
      y += style.line_height();
      canvas.text({kMargin, y}, line, style);
    }
    y += 4.0;
  }
  return std::ceil(y) + 30.0;
}

double draw_footer(Canvas& canvas, const FigureText& text, double bottom) {
  if (text.stamp.empty()) return std::ceil(bottom + kMargin - 8.0);
  const TextStyle style{.size = 7.0, .color = color_of(0x808080)};
  double y = bottom + 18.0;
  for (const std::string& line : canvas.wrapped(text.stamp, kContentWidth, style)) {
    y += style.line_height();
    canvas.text({kMargin, y}, line, style);
  }
  return std::ceil(y + 26.0);
}

}  // namespace hourglass
