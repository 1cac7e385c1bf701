#include "models/autoencoder/encoder.h"

#include <algorithm>

namespace hourglass {
namespace {
constexpr float kSlope = 0.2f;
}

Encoder::Encoder(LayerPlan& plan, Extent image, std::int64_t latent_dim)
    : image_(image),
      conv1_(plan, "encoder.conv1", image, 32, true),
      gn1_(plan, "encoder.gn1", conv1_.out(), kSlope, true),
      conv2_(plan, "encoder.conv2", conv1_.out(), 64, false),
      gn2_(plan, "encoder.gn2", conv2_.out(), kSlope, false),
      linear_(plan, "encoder.linear", conv2_.out(), {1, 1, latent_dim}) {}

Encoder::Buffers::Buffers(const Encoder& e, std::int64_t chunk)
    : image({chunk, e.image_.bordered().count()}),
      patches1({chunk, e.conv1_.patch_count()}),
      conv1({chunk, e.conv1_.out().count()}),
      moments1({chunk, e.gn1_.moment_count()}),
      act1({chunk, e.conv1_.out().bordered().count()}),
      conv2({chunk, e.conv2_.out().count()}),
      moments2({chunk, e.gn2_.moment_count()}),
      act2({chunk, e.conv2_.out().count()}),
      latents({chunk, e.linear_.out_columns()}),
      act_gradient({chunk, std::max(e.conv1_.out().count(), e.conv2_.out().count())}),
      conv_gradient1({chunk, e.conv1_.out().bordered().count()}),
      conv_gradient2({chunk, e.conv2_.out().bordered().count()}) {}

void Encoder::prepare(float* derived, const float* parameters) const {
  conv2_.prepare(derived, parameters);
  linear_.prepare(derived, parameters);
}

void Encoder::forward(Buffers& b, const float* images, const float* parameters,
                      std::int64_t n) const {
  const Extent bordered = image_.bordered();
  const std::int64_t row = image_.width * image_.channels;
  for (std::int64_t y = 0; y < n * image_.height; ++y, images += row) {
    const std::int64_t to = y / image_.height * bordered.count() +
                            ((y % image_.height + 1) * bordered.width + 1) * bordered.channels;
    std::copy_n(images, row, b.image.data() + to);
  }
  conv1_.forward(b.conv1.data(), b.image.data(), b.patches1.data(), parameters, n);
  gn1_.forward(b.act1.data(), b.moments1.data(), b.conv1.data(), parameters, n);
  conv2_.forward(b.conv2.data(), b.act1.data(), nullptr, parameters, n);
  gn2_.forward(b.act2.data(), b.moments2.data(), b.conv2.data(), parameters, n);
  linear_.forward(b.latents.data(), b.act2.data(), parameters, n);
}

void Encoder::backward(Buffers& b, float* gradients, const float* latent_gradient,
                       const float* parameters, const float* derived, std::int64_t n) const {
  linear_.backward_weights(gradients, latent_gradient, b.act2.data(), n);
  linear_.backward_input(b.act_gradient.data(), latent_gradient, derived, n);
  gn2_.backward(b.conv_gradient2.data(), gradients, b.act_gradient.data(), b.conv2.data(),
                b.moments2.data(), parameters, n);
  conv2_.backward_weights(gradients, b.conv_gradient2.data(), b.act1.data(), nullptr, n);
  conv2_.backward_input(b.act_gradient.data(), b.conv_gradient2.data(), derived, n);
  gn1_.backward(b.conv_gradient1.data(), gradients, b.act_gradient.data(), b.conv1.data(),
                b.moments1.data(), parameters, n);
  conv1_.backward_weights(gradients, b.conv_gradient1.data(), b.image.data(), b.patches1.data(), n);
}

void Encoder::fold(float* parameter_gradients, const float* gradients) const {
  conv1_.fold(parameter_gradients, gradients);
  gn1_.fold(parameter_gradients, gradients);
  conv2_.fold(parameter_gradients, gradients);
  gn2_.fold(parameter_gradients, gradients);
  linear_.fold(parameter_gradients, gradients);
}

}  // namespace hourglass
