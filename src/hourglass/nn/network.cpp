#include "hourglass/nn/network.h"

#include <cassert>

namespace hourglass {

void Network::prepare(float* derived, const float* parameters) const {
  for (const auto& layer : layers_) layer->prepare(derived, parameters);
}

void Network::fold(float* parameter_gradients, const float* gradients) const {
  for (const auto& layer : layers_) layer->fold(parameter_gradients, gradients);
}

std::int64_t Network::deferred_pieces() const {
  std::int64_t pieces = 0;
  for (const auto& layer : layers_) pieces += layer->deferred_pieces();
  return pieces;
}

void Network::add_deferred(std::int64_t piece, float* parameter_gradients, ConstRows kept,
                           std::int64_t images) const {
  for (const auto& layer : layers_) {
    const std::int64_t own = layer->deferred_pieces();
    if (piece < own) return layer->add_deferred(piece, parameter_gradients, kept, images);
    piece -= own;
  }
  assert(false && "no such piece");
}

}  // namespace hourglass
