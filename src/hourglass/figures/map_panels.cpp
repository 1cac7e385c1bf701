#include <algorithm>
#include <cmath>

#include "hourglass/base/error.h"
#include "hourglass/figures/map.h"

namespace hourglass {

double draw(Canvas& canvas, const MapPanels& figure) {
  constexpr double kGap = 24.0;
  const TextStyle title{.bold = true};
  const TextStyle note{.size = 8.0, .color = kGrey};
  canvas.allow_few_colors();
  const int columns = figure.columns;
  require(columns >= 1 && columns <= 50, "figure", "columns", columns, "must be from 1 to 50");
  const double side = std::floor((kContentWidth + kGap) / columns - kGap);
  double top = draw_header(canvas, figure.text) - 10.0;
  double bottom = top;
  for (std::size_t i = 0; i < figure.panels.size(); ++i) {
    const MapPanels::Panel& panel = figure.panels[i];
    const auto column = static_cast<double>(i % static_cast<std::size_t>(columns));
    if (column == 0.0 && i > 0) top = std::ceil(bottom + kGap);
    const Box box{kMargin + column * (side + kGap), top, side, side};
    draw_square(canvas, panel.map, box);
    double y = box.bottom() + title.line_height();
    canvas.text({box.x, y}, canvas.elided(panel.title, side, title), title);
    for (const std::string& line : canvas.wrapped(panel.note, side, note, {}, 2)) {
      y += note.line_height();
      canvas.text({box.x, y}, line, note);
    }
    bottom = std::max(bottom, y);
  }
  return draw_footer(canvas, figure.text, bottom);
}

}  // namespace hourglass
