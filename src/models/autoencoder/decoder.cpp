#include "models/autoencoder/decoder.h"

#include <algorithm>

#include "models/autoencoder/layers.h"

namespace hourglass {

using namespace autoencoder;

namespace {

/// What the linear layer makes of a code, for images of this extent.
Extent seed_of(Extent image) {
  return {image.height / kShrink, image.width / kShrink, kDeep};
}

}  // namespace

Decoder::Decoder(LayerPlan& plan, Extent image, std::int64_t latent_dim)
    : linear_(plan, "decoder.linear", {1, 1, latent_dim}, seed_of(image)),
      deconv1_(plan, "decoder.deconv1", seed_of(image), kWide, true),
      gn1_(plan, "decoder.gn1", deconv1_.out(), kSlope, false),
      deconv2_(plan, "decoder.deconv2", deconv1_.out(), image.channels),
      seed_gradient_(plan.kept.add(linear_.out_columns())) {}

Decoder::Buffers::Buffers(const Decoder& d, std::int64_t chunk)
    : linear({chunk, d.linear_.out_columns()}),
      small({kPart, d.deconv1_.in().bordered().count()}),
      deconv1({kPart, d.deconv1_.out().count()}),
      moments1({kPart, d.gn1_.moment_count()}),
      act1({kPart, d.deconv1_.out().count()}),
      shares({kPart, d.deconv2_.share_count()}),
      pixels({kPart, d.deconv2_.out().count()}),
      pixel_gradient({kPart, d.deconv2_.out().count()}),
      share_gradient({kPart, d.deconv2_.share_count()}),
      act_gradient({kPart, std::max(d.deconv1_.out().count(), d.linear_.out_columns())}),
      conv_gradient1({kPart, d.deconv1_.out().bordered().count()}) {}

void Decoder::prepare(float* derived, const float* parameters) const {
  linear_.prepare(derived, parameters);
  deconv1_.prepare(derived, parameters);
  deconv2_.prepare(derived, parameters);
}

void Decoder::forward(Buffers& b, ConstRows latents, const float* parameters,
                      std::int64_t n) const {
  linear_.forward({b.linear.data(), linear_.out_columns()}, latents, parameters, n);
}

void Decoder::forward_part(Buffers& b, const float* parameters, const float* derived,
                           std::int64_t first, std::int64_t n) const {
  const Extent in = deconv1_.in(), bordered = in.bordered();
  const std::int64_t row = in.width * in.channels;
  const float* from = b.linear.row(first).data();
  for (std::int64_t y = 0; y < n * in.height; ++y, from += row) {
    const std::int64_t to = y / in.height * bordered.count() +
                            ((y % in.height + 1) * bordered.width + 1) * bordered.channels;
    std::copy_n(from, row, b.small.data() + to);
  }
  deconv1_.forward(b.deconv1.data(), b.small.data(), parameters, derived, n);
  gn1_.forward(b.act1.data(), gn1_.out_stride(), b.moments1.data(), b.deconv1.data(), parameters,
               n);
  deconv2_.forward(b.pixels.data(), b.shares.data(), b.act1.data(), parameters, derived, n);
}

void Decoder::backward_part(Buffers& b, Rows kept, float* gradients, const float* parameters,
                            const float* derived, std::int64_t first, std::int64_t n) const {
  deconv2_.backward_weights(gradients, b.share_gradient.data(), b.pixel_gradient.data(),
                            b.act1.data(), n);
  deconv2_.backward_input(b.act_gradient.data(), b.share_gradient.data(), derived, n);
  gn1_.backward(b.conv_gradient1.data(), gradients, b.act_gradient.data(), b.deconv1.data(),
                b.moments1.data(), parameters, n);
  deconv1_.backward_weights(gradients, b.conv_gradient1.data(), b.small.data(), n);
  deconv1_.backward_input(b.act_gradient.data(), b.conv_gradient1.data(), derived, n);
  const std::int64_t count = linear_.out_columns();
  for (std::int64_t i = 0; i < n; ++i) {
    std::copy_n(b.act_gradient.data() + i * count, count,
                kept.data + (first + i) * kept.stride + seed_gradient_);
  }
}

void Decoder::backward(Rows latent_gradient, ConstRows kept, const float* derived,
                       std::int64_t n) const {
  linear_.backward_input(latent_gradient, seed_gradient(kept), derived, n);
}

void Decoder::fold(float* parameter_gradients, const float* gradients) const {
  deconv1_.fold(parameter_gradients, gradients);
  gn1_.fold(parameter_gradients, gradients);
  deconv2_.fold(parameter_gradients, gradients);
}

}  // namespace hourglass
