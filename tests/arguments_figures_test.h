// Calls of what draws, with right and wrong arguments, for arguments_test.cpp.
#pragma once

#include <string>
#include <vector>

#include "arguments_test.h"
#include "hourglass/figures/apng.h"
#include "hourglass/figures/axis.h"
#include "hourglass/figures/interp.h"
#include "hourglass/figures/loss.h"
#include "hourglass/figures/map.h"
#include "hourglass/figures/noise.h"
#include "hourglass/figures/png.h"
#include "hourglass/figures/recon.h"
#include "hourglass/figures/save.h"
#include "hourglass/figures/sheet.h"
#include "hourglass/figures/sprite.h"

namespace hourglass {

/// A page of few pixels.
template <typename Figure>
void expect_page(Draw& d, const Figure& figure) {
  const Raster page = render_pixels(d.mostly(2.0), [&](Canvas& c) { return draw(c, figure); });
  EXPECT_EQ(std::ssize(page.rgb), 3 * page.width * page.height);
}

inline std::vector<double> numbers(Draw& d, std::int64_t n) {
  std::vector<double> values(static_cast<std::size_t>(d.mostly(n) & 15));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = d.mostly(static_cast<double>(i));
  return values;
}

inline void draw_map(Draw& d) {
  const std::int64_t n = d.below(6);
  const Tensor points = d.matrix(n, d.mostly(std::int64_t{2}));
  const Tensor positions = d.matrix(3, d.mostly(std::int64_t{2}));
  MapFigure figure;
  figure.points = points;
  if (d.chance(0.5)) {
    figure.label_positions = positions;
    figure.class_names = {"a", "b", "c"};
    figure.counts = {1, d.size(), 2};
    for (std::int64_t i = d.mostly(n) & 15; i > 0; --i) figure.labels.push_back(d.below(3));
    if (d.chance(0.1)) figure.labels.push_back(d.size());
  }
  if (d.chance(0.2)) figure.shades.resize(static_cast<std::size_t>(n), float(d.number()));
  if (d.chance(0.2)) figure.extent = MapExtent{d.mostly(0.0), 0.0, d.mostly(1.0)};
  if (d.chance(0.5)) return expect_page(d, figure);
  expect_page(d, MapPanels{{}, {{"title", "note", figure}}, d.mostly(4)});
}

inline void draw_images(Draw& d) {
  const ImageShape shape = d.shape();
  const std::int64_t n = d.below(4);
  const Tensor a = d.matrix(n, d.mostly(pixels_of(shape))), b = d.matrix(n, pixels_of(shape));
  const Tensor ends = d.matrix(d.mostly(std::int64_t{2}), pixels_of(shape));
  switch (d.below(4)) {
    case 0:
      return expect_page(d, SheetFigure{{}, shape, a});
    case 1: {
      ReconFigure figure;
      figure.shape = shape;
      figure.originals = a;
      figure.reconstructions = b;
      if (d.chance(0.5)) figure.corrupted = b;
      figure.errors = numbers(d, n);
      figure.difference_scale = d.mostly(1.0);
      return expect_page(d, figure);
    }
    case 2: {
      NoiseFigure figure;
      figure.shape = shape;
      figure.rows = {{"a", a, numbers(d, 9)}, {"b", b, {}}};
      return expect_page(d, figure);
    }
    default:
      InterpFigure figure;
      figure.shape = shape;
      figure.paths = {{"p", ends, a, b, numbers(d, n), numbers(d, 3), {}}};
      figure.paths[0].distances.resize(figure.paths[0].curve_alphas.size(), d.mostly(1.0));
      figure.usual_distance = d.mostly(1.0);
      return expect_page(d, figure);
  }
}

inline void draw_loss(Draw& d) {
  const std::int64_t n = d.below(5);
  LossFigure figure;
  for (auto* values : {&figure.epochs, &figure.train, &figure.test}) *values = numbers(d, n);
  if (d.chance(0.3)) figure.validation = numbers(d, n);
  if (d.chance(0.5)) figure.pca = d.number();
  if (d.chance(0.5)) figure.best = static_cast<std::size_t>(d.below(4));
  expect_page(d, figure);
}

inline void make_picture(Draw& d) {
  const ImageShape shape = d.shape();
  const Tensor image = d.matrix(1, d.mostly(pixels_of(shape)));
  const Raster raster = d.chance(0.5)
                            ? raster_of(image.span(), shape)
                            : difference_of(image.span(), image.span(), shape, d.mostly(1.0));
  const Fit fit = fit_image(shape, d.mostly(30.0), d.mostly(30.0));
  EXPECT_EQ(std::ssize(resized(raster, fit).rgb), 3 * fit.width * fit.height);
  EXPECT_FALSE(png_bytes(raster, d.mostly(100.0)).empty());
  const FilmPalette palette(static_cast<std::size_t>(d.mostly(std::int64_t{4}) & 511), 0xffffffu);
  Apng film(d.mostly(raster.width), raster.height, palette);
  film.add(indexed(raster, palette), d.mostly(40));
  EXPECT_FALSE(film.finish(d.mostly(100.0)).empty());
}

inline void make_sprite(Draw& d) {
  const ImageShape shape = d.shape();
  const SpriteGrid grid = sprite_grid(d.size(), shape, d.mostly(std::int64_t{100}));
  EXPECT_LE(grid.side * grid.image_width, 100 * 100);
  const std::vector<std::uint8_t> pixels(
      static_cast<std::size_t>(d.mostly(2 * pixels_of(shape)) & 4095));
  const auto sprite = sprite_pixels(pixels, shape, d.mostly(std::int64_t{2}));
  image_png(sprite, {shape.channels, 2 * shape.height, 2 * shape.width});
}

inline void make_ticks(Draw& d) {
  for (const double tick : linear_ticks(d.number(), d.number(), d.mostly(6))) tick_text(tick);
  EXPECT_FALSE(log_ticks(d.mostly(0.5), d.mostly(2.0)).empty());
  class_color(d.mostly(std::int64_t{3}));
  line_color(d.mostly(1));
}

}  // namespace hourglass
