#include "models/autoencoder/encoder.h"

#include <algorithm>

#include "models/autoencoder/layers.h"

namespace hourglass {

using namespace autoencoder;

Encoder::Encoder(LayerPlan& plan, Extent image, std::int64_t latent_dim)
    : image_(image),
      conv1_(plan, "encoder.conv1", image, kWide, true),
      gn1_(plan, "encoder.gn1", conv1_.out(), kSlope, true),
      conv2_(plan, "encoder.conv2", conv1_.out(), kDeep, false),
      gn2_(plan, "encoder.gn2", conv2_.out(), kSlope, false),
      linear_(plan, "encoder.linear", conv2_.out(), {1, 1, latent_dim}),
      features_(plan.kept.add(linear_.in_columns())) {}

Encoder::Buffers::Buffers(const Encoder& e, std::int64_t chunk)
    : image({chunk, e.image_.bordered().count()}),
      patches1({chunk, e.conv1_.patch_count()}),
      conv1({chunk, e.conv1_.out().count()}),
      moments1({chunk, e.gn1_.moment_count()}),
      act1({chunk, e.conv1_.out().bordered().count()}),
      conv2({chunk, e.conv2_.out().count()}),
      moments2({chunk, e.gn2_.moment_count()}),
      feature_gradient({chunk, e.linear_.in_columns()}),
      act_gradient({kPart, e.conv1_.out().count()}),
      conv_gradient1({kPart, e.conv1_.out().bordered().count()}),
      conv_gradient2({kPart, e.conv2_.out().bordered().count()}) {}

void Encoder::prepare(float* derived, const float* parameters) const {
  conv2_.prepare(derived, parameters);
  linear_.prepare(derived, parameters);
}

void Encoder::forward(Buffers& b, Rows latents, Rows kept, const float* images,
                      const float* parameters, std::int64_t n) const {
  for (std::int64_t first = 0; first < n; first += kPart) {
    forward_part(b, kept.data + first * kept.stride + features_, kept.stride,
                 images + first * image_.count(), parameters, first, std::min(kPart, n - first));
  }
  linear_.forward(latents, features(kept), parameters, n);
}

void Encoder::forward_part(Buffers& b, float* features, std::int64_t stride, const float* images,
                           const float* parameters, std::int64_t first, std::int64_t n) const {
  const Extent bordered = image_.bordered();
  float* image = b.image.row(first).data();
  const std::int64_t row = image_.width * image_.channels;
  for (std::int64_t y = 0; y < n * image_.height; ++y, images += row) {
    const std::int64_t to = y / image_.height * bordered.count() +
                            ((y % image_.height + 1) * bordered.width + 1) * bordered.channels;
    std::copy_n(images, row, image + to);
  }
  float* conv1 = b.conv1.row(first).data();
  float* act1 = b.act1.row(first).data();
  float* conv2 = b.conv2.row(first).data();
  conv1_.forward(conv1, image, b.patches1.row(first).data(), parameters, n);
  gn1_.forward(act1, gn1_.out_stride(), b.moments1.row(first).data(), conv1, parameters, n);
  conv2_.forward(conv2, act1, nullptr, parameters, n);
  gn2_.forward(features, stride, b.moments2.row(first).data(), conv2, parameters, n);
}

void Encoder::backward(Buffers& b, float* gradients, ConstRows latent_gradient,
                       const float* parameters, const float* derived, std::int64_t n) const {
  linear_.backward_input({b.feature_gradient.data(), linear_.in_columns()}, latent_gradient,
                         derived, n);
  for (std::int64_t first = 0; first < n; first += kPart) {
    backward_part(b, gradients, parameters, derived, first, std::min(kPart, n - first));
  }
}

void Encoder::backward_part(Buffers& b, float* gradients, const float* parameters,
                            const float* derived, std::int64_t first, std::int64_t n) const {
  gn2_.backward(b.conv_gradient2.data(), gradients, b.feature_gradient.row(first).data(),
                b.conv2.row(first).data(), b.moments2.row(first).data(), parameters, n);
  conv2_.backward_weights(gradients, b.conv_gradient2.data(), b.act1.row(first).data(), nullptr, n);
  conv2_.backward_input(b.act_gradient.data(), b.conv_gradient2.data(), derived, n);
  gn1_.backward(b.conv_gradient1.data(), gradients, b.act_gradient.data(),
                b.conv1.row(first).data(), b.moments1.row(first).data(), parameters, n);
  conv1_.backward_weights(gradients, b.conv_gradient1.data(), b.image.row(first).data(),
                          b.patches1.row(first).data(), n);
}

void Encoder::fold(float* parameter_gradients, const float* gradients) const {
  conv1_.fold(parameter_gradients, gradients);
  gn1_.fold(parameter_gradients, gradients);
  conv2_.fold(parameter_gradients, gradients);
  gn2_.fold(parameter_gradients, gradients);
}

}  // namespace hourglass
