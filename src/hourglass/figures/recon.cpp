#include "hourglass/figures/recon.h"

#include <algorithm>
#include <cmath>

#include "hourglass/base/error.h"
#include "hourglass/figures/axis.h"
#include "hourglass/figures/impl/checks.h"

namespace hourglass {
namespace {

constexpr double kGap = 8.0;
constexpr double kScaleSpace = 92.0;  // right of the columns, for the scale of differences
constexpr double kLargest = 224.0;    // largest side of an image, in pixels

/// A row of pictures: images, or their difference from the originals.
struct PictureRow {
  std::string_view label;
  ConstView images;
  bool difference = false;
};

std::vector<PictureRow> rows_of(const ReconFigure& figure) {
  const PictureRow original{"original", figure.originals},
      reconstruction{"reconstruction", figure.reconstructions},
      difference{"difference", figure.reconstructions, true};
  if (figure.corrupted.count() == 0) return {original, reconstruction, difference};
  return {{"corrupted", figure.corrupted}, reconstruction, original, difference};
}

struct Layout {
  std::int64_t columns = 0;  // in a band
  double label_space = 0.0;
  double pitch = 0.0;
  Fit fit;
};

Layout lay_out(const ReconFigure& figure, std::int64_t n, double label_space, std::int64_t bands) {
  Layout out;
  out.columns = (n + bands - 1) / bands;
  out.label_space = label_space;
  const double room = kContentWidth - label_space - kScaleSpace;
  out.pitch = std::floor(room / static_cast<double>(out.columns));
  const double cell = std::min(out.pitch - kGap, kLargest);
  out.fit = fit_image(figure.shape, cell, kLargest);
  out.pitch = std::min(out.pitch, std::max(out.fit.width + kGap, 160.0));
  return out;
}

/// The colours from 0 at the bottom to the full scale at the top, with three numbers.
void draw_scale(Canvas& canvas, const Box& box, double full_scale) {
  const int steps = static_cast<int>(box.height);
  for (int i = 0; i < steps; ++i) {
    const double t = 1.0 - (i + 0.5) / steps;
    canvas.fill({box.x, box.y + i, box.width, 1.0}, magnitude_color(t));
  }
  canvas.frame(box);
  const TextStyle style{.size = 8.0, .color = kGrey};
  for (const double t : {0.0, 0.5, 1.0}) {
    const double y = box.bottom() - t * box.height;
    canvas.line({box.right(), y}, {box.right() + 6.0, y}, {kPale, 2.0, {}});
    canvas.text({box.right() + 10.0, y + 8.0}, tick_text(t * full_scale), style);
  }
}

double draw_names(Canvas& canvas, const ReconFigure& figure, const Layout& layout,
                  std::int64_t begin, std::int64_t end, double y) {
  if (figure.names.empty()) return y;
  const TextStyle style{.align = Align::center};
  std::vector<std::vector<std::string>> names;
  std::size_t most = 1;
  for (std::int64_t i = begin; i < end; ++i) {
    names.push_back(canvas.wrapped(figure.names[static_cast<std::size_t>(i)], layout.pitch - 6.0,
                                   style, "/-_", 2));
    most = std::max(most, names.back().size());
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    const double x = kMargin + layout.label_space + layout.pitch * static_cast<double>(i) +
                     layout.fit.width / 2.0;
    for (std::size_t line = 0; line < names[i].size(); ++line) {
      const auto from_below = static_cast<double>(names[i].size() - 1 - line);
      const double base = y + style.line_height() * (static_cast<double>(most) - from_below);
      canvas.text({x, base - 8.0}, names[i][line], style);
    }
  }
  return std::ceil(y + style.line_height() * static_cast<double>(most)) + 4.0;
}

/// The columns [begin, end) as one band; returns where it ends.
double draw_band(Canvas& canvas, const ReconFigure& figure, const Layout& layout,
                 std::int64_t begin, std::int64_t end, double y) {
  y = draw_names(canvas, figure, layout, begin, end, y);
  const double start = kMargin + layout.label_space;
  const TextStyle label{.color = kGrey};
  double right = start;
  for (const PictureRow& row : rows_of(figure)) {
    canvas.text({kMargin, std::round(y + layout.fit.height / 2.0 + 9.0)}, row.label, label);
    for (std::int64_t i = begin; i < end; ++i) {
      const Raster picture = row.difference
                                 ? difference_of(figure.originals.row(i), row.images.row(i),
                                                 figure.shape, figure.difference_scale)
                                 : raster_of(row.images.row(i), figure.shape);
      const double x = start + layout.pitch * static_cast<double>(i - begin);
      const Box box{x, y, static_cast<double>(layout.fit.width),
                    static_cast<double>(layout.fit.height)};
      canvas.image({x, y}, resized(picture, layout.fit));
      canvas.frame(box);
      right = box.right();
    }
    if (row.difference) {
      draw_scale(canvas, {right + 18.0, y, 16.0, static_cast<double>(layout.fit.height)},
                 figure.difference_scale);
    }
    y += layout.fit.height + kGap;
  }
  if (figure.errors.empty()) return y;
  const TextStyle number{.color = kGrey, .align = Align::center};
  y += number.line_height() - 8.0;
  canvas.text({kMargin, y}, figure.error_name, label);
  for (std::int64_t i = begin; i < end; ++i) {
    const double x = start + layout.pitch * static_cast<double>(i - begin) + layout.fit.width / 2.0;
    const double error = figure.errors[static_cast<std::size_t>(i)];
    canvas.text({x, y}, error_text(error), number);
  }
  return y + 8.0;
}

}  // namespace

double draw(Canvas& canvas, const ReconFigure& figure) {
  const std::int64_t n = figure.originals.shape().rank() == 0 ? 0 : figure.originals.size(0);
  if (n > 0) {
    check_images("originals", figure.originals, n, figure.shape);
    check_images("reconstructions", figure.reconstructions, n, figure.shape);
  }
  if (figure.corrupted.count() > 0) check_images("corrupted", figure.corrupted, n, figure.shape);
  check_size("names", figure.names.size(), n, Optional::yes);
  check_size("errors", figure.errors.size(), n, Optional::yes);
  require(figure.difference_scale > 0 && figure.difference_scale <= 1e15, "figure",
          "difference_scale", figure.difference_scale, "must be a number above 0");
  double y = draw_header(canvas, figure.text);
  if (n == 0) return draw_footer(canvas, figure.text, y);

  double label_space = canvas.text_width(figure.error_name);
  for (const PictureRow& row : rows_of(figure)) {
    label_space = std::max(label_space, canvas.text_width(row.label));
  }
  label_space = std::ceil(label_space) + 20.0;

  Layout layout = lay_out(figure, n, label_space, 1);
  if (n > 5 && layout.fit.factor < 2) layout = lay_out(figure, n, label_space, 2);
  for (std::int64_t begin = 0; begin < n; begin += layout.columns) {
    if (begin > 0) y += 28.0;
    y = draw_band(canvas, figure, layout, begin, std::min(n, begin + layout.columns), y);
  }
  return draw_footer(canvas, figure.text, y);
}

}  // namespace hourglass
