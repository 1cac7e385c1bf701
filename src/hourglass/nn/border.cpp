#include "hourglass/nn/border.h"

#include <algorithm>
#include <cassert>

#include "hourglass/nn/graph.h"

namespace hourglass {

Border::Border(LayerPlan& /*plan*/, Extent from, Extent to)
    : ImageLayer({.in = {from}, .out = {to, true}, .out_gradient = {to}, .in_gradient = {from}}) {
  assert(to.height >= from.height && to.width >= from.width && to.channels == from.channels);
}

void Border::forward(const ForwardPass& pass) const {
  const Extent from = in().extent, to = out().extent, bordered = to.bordered();
  const std::int64_t row = from.width * from.channels;
  for (std::int64_t i = 0; i < pass.images; ++i) {
    const float* image = pass.in.row(i);
    float* inner = pass.out.row(i) + (bordered.width + 1) * bordered.channels;
    for (std::int64_t y = 0; y < to.height; ++y) {
      const float* line = image + std::min(y, from.height - 1) * row;
      float* out = std::copy_n(line, row, inner + y * bordered.width * bordered.channels);
      for (std::int64_t x = from.width; x < to.width; ++x) {
        out = std::copy_n(line + row - from.channels, from.channels, out);
      }
    }
  }
}

void Border::backward(const BackwardPass& pass) const {
  assert(in() == in_gradient() && in().count() == out_gradient().count());
  for (std::int64_t i = 0; i < pass.images; ++i) {
    std::copy_n(pass.out_gradient.row(i), in().count(), pass.in_gradient.row(i));
  }
}

std::string Border::emit(GraphBuilder& graph, const std::string& x) const {
  const Extent from = in().extent, to = out().extent;
  if (from == to) return x;
  return graph.pad_edge(x, to.height - from.height, to.width - from.width);
}

Crop::Crop(LayerPlan& /*plan*/, Extent from, Extent to)
    : ImageLayer({.in = {from}, .out = {to}, .out_gradient = {to}, .in_gradient = {from}}) {
  assert(to.height <= from.height && to.width <= from.width && to.channels == from.channels);
}

void Crop::forward(const ForwardPass& pass) const {
  const Extent from = in().extent, to = out().extent;
  const std::int64_t row = to.width * to.channels;
  for (std::int64_t i = 0; i < pass.images; ++i) {
    for (std::int64_t y = 0; y < to.height; ++y) {
      std::copy_n(pass.in.row(i) + y * from.width * from.channels, row, pass.out.row(i) + y * row);
    }
  }
}

void Crop::backward(const BackwardPass& pass) const {
  const Extent from = in().extent, to = out().extent;
  const std::int64_t row = to.width * to.channels;
  for (std::int64_t i = 0; i < pass.images; ++i) {
    float* gradient = pass.in_gradient.row(i);
    std::fill_n(gradient, from.count(), 0.0f);
    for (std::int64_t y = 0; y < to.height; ++y) {
      std::copy_n(pass.out_gradient.row(i) + y * row, row,
                  gradient + y * from.width * from.channels);
    }
  }
}

std::string Crop::emit(GraphBuilder& graph, const std::string& x) const {
  if (in() == out()) return x;
  return graph.crop(x, out().extent.height, out().extent.width);
}

}  // namespace hourglass
