// One figure of each kind from made-up data, for the tests of this module.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "hourglass/figures/interp.h"
#include "hourglass/figures/loss.h"
#include "hourglass/figures/map.h"
#include "hourglass/figures/noise.h"
#include "hourglass/figures/pages_test.h"
#include "hourglass/figures/recon.h"

namespace hourglass {

inline const FigureText kText{"A title", "A caption",
                              "AE, strokes, d = 8, epoch 1, seed 0, test MSE 0.01"};

/// A figure together with the tensors that it borrows.
template <typename Figure>
struct Made {
  std::vector<Tensor> tensors;
  Figure figure;
};

inline Made<ReconFigure> made_recon(std::int64_t n, const ImageShape& shape) {
  Made<ReconFigure> made;
  made.tensors.push_back(made_up_images(n, shape));
  made.tensors.push_back(made_up_images(n, shape, 11));
  made.figure.text = kText;
  made.figure.shape = shape;
  made.figure.originals = made.tensors[0];
  made.figure.reconstructions = made.tensors[1];
  for (std::int64_t i = 0; i < n; ++i) {
    made.figure.names.push_back(i % 2 == 0 ? "T-shirt/top" : "a class name of thirty letters");
    made.figure.errors.push_back(0.001 * static_cast<double>(i));
  }
  return made;
}

inline Made<ReconFigure> made_corrupted_recon(std::int64_t n, const ImageShape& shape) {
  Made<ReconFigure> made = made_recon(n, shape);
  made.tensors.push_back(made_up_images(n, shape, 23));
  made.figure.corrupted = made.tensors.back();
  return made;
}

inline Made<MapFigure> made_map(std::int64_t classes, std::int64_t n) {
  Made<MapFigure> made;
  Tensor points(Shape{n, 2});
  Tensor positions(Shape{classes, 2});
  MapFigure& figure = made.figure;
  figure.text = kText;
  figure.counts.resize(static_cast<std::size_t>(classes));
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t label = classes == 0 ? 0 : i % classes;
    points[2 * i] = static_cast<float>((i * 37) % 101 + 20 * label);
    points[2 * i + 1] = static_cast<float>((i * 53) % 97);
    if (classes == 0) continue;
    figure.labels.push_back(label);
    ++figure.counts[static_cast<std::size_t>(label)];
  }
  for (std::int64_t c = 0; c < classes; ++c) {
    figure.class_names.push_back(fmt::format("class {}", c));
    positions[2 * c] = static_cast<float>(50 + 20 * c);
    positions[2 * c + 1] = 50.0f;
  }
  made.tensors.push_back(std::move(points));
  made.tensors.push_back(std::move(positions));
  figure.points = made.tensors[0];
  figure.label_positions = made.tensors[1];
  figure.x_label = "PC 1 (23.1 % of variance)";
  return made;
}

inline Made<InterpFigure> made_interp(std::int64_t steps, const ImageShape& shape) {
  Made<InterpFigure> made;
  made.tensors.push_back(made_up_images(2, shape));
  made.tensors.push_back(made_up_images(steps, shape, 3));
  made.tensors.push_back(made_up_images(steps, shape, 5));
  InterpPath path{"from a to b", made.tensors[0], made.tensors[1], made.tensors[2], {}, {}, {}};
  for (std::int64_t i = 0; i < steps; ++i) {
    path.alphas.push_back(static_cast<double>(i) /
                          static_cast<double>(std::max<std::int64_t>(1, steps - 1)));
  }
  path.curve_alphas = {0.0, 0.5, 1.0};
  path.distances = {1.0, std::numeric_limits<double>::quiet_NaN(), 2.0};
  made.figure.text = kText;
  made.figure.shape = shape;
  made.figure.paths = {path, path};
  made.figure.usual_distance = 1.5;
  return made;
}

inline Made<NoiseFigure> made_noise(std::int64_t n, const ImageShape& shape) {
  Made<NoiseFigure> made;
  made.tensors.reserve(3);
  made.figure.text = kText;
  made.figure.shape = shape;
  for (int row = 0; row < 3; ++row) {
    made.tensors.push_back(made_up_images(n, shape, 3 + row));
    NoiseRow noise{"latents from somewhere", made.tensors.back(), {}};
    for (int i = 0; i < 20 * n; ++i) noise.norms.push_back(3.0 * row + 0.1 * (i % 13));
    made.figure.rows.push_back(std::move(noise));
  }
  made.figure.sentence = "A sentence made from numbers.";
  return made;
}

inline LossFigure made_loss(int epochs, bool validation) {
  LossFigure figure;
  figure.text = kText;
  for (int e = 1; e <= epochs; ++e) {
    figure.epochs.push_back(e);
    figure.train.push_back(0.01 / e + 0.004);
    figure.test.push_back(0.008 / e + 0.004);
    if (validation) figure.validation.push_back(0.009 / e + 0.004);
  }
  figure.pca = 0.009;
  if (epochs > 0) figure.best = static_cast<std::size_t>(epochs - 1);
  return figure;
}

}  // namespace hourglass
