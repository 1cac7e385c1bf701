#include "models/autoencoder/autoencoder.h"

#include <algorithm>
#include <cassert>
#include <nlohmann/json.hpp>

#include "base/error.h"

namespace hourglass {
namespace {

Extent extent_of(const ImageShape& shape) {
  return {shape.height, shape.width, shape.channels};
}

/// The nearest size that fits the network.
std::int64_t fitting(std::int64_t size) {
  return std::max<std::int64_t>(8, (size + 2) / 4 * 4);
}

const ImageShape& checked(const ImageShape& s) {
  if (s.channels != 1 && s.channels != 3) {
    fail("model", "images have {} channels: AE takes 1 (grey) or 3 (colour)", s.channels);
  }
  const std::int64_t height = fitting(s.height), width = fitting(s.width);
  if (height != s.height || width != s.width) {
    fail("model",
         "images are {} x {}: AE needs height and width that are multiples of 4, at least 8; the "
         "nearest is --image_size {}x{}",
         s.height, s.width, height, width);
  }
  if (s.height > 512 || s.width > 512) {
    fail("model", "images are {} x {}: AE takes at most 512 x 512; try --image_size 64x64",
         s.height, s.width);
  }
  return s;
}

std::int64_t checked_latent(std::int64_t latent_dim) {
  if (latent_dim < 1 || latent_dim > 4096) {
    fail("model", "latent_dim is {}: must be from 1 to 4096", latent_dim);
  }
  return latent_dim;
}

}  // namespace

struct Autoencoder::Buffers : Model::Workspace {
  explicit Buffers(const Autoencoder& model)
      : encoder(model.encoder_, kChunk), decoder(model.decoder_, kChunk) {}
  Encoder::Buffers encoder;
  Decoder::Buffers decoder;
};

Autoencoder::Autoencoder(const ImageShape& shape, std::int64_t latent_dim)
    : shape_(checked(shape)),
      latent_dim_(checked_latent(latent_dim)),
      plan_{kChunk, {}, {}, {}},
      encoder_(plan_, extent_of(shape_), latent_dim_),
      decoder_(plan_, extent_of(shape_), latent_dim_),
      parameters_({plan_.parameters.engine_count()}),
      derived_({plan_.derived.size()}) {}

nlohmann::json Autoencoder::describe() const {
  return {{"model", kKind},
          {"latent_dim", latent_dim_},
          {"channels", shape_.channels},
          {"height", shape_.height},
          {"width", shape_.width}};
}

void Autoencoder::prepare() {
  encoder_.prepare(derived_.data(), parameters_.data());
  decoder_.prepare(derived_.data(), parameters_.data());
}

std::unique_ptr<Model::Workspace> Autoencoder::make_workspace() const {
  return std::make_unique<Buffers>(*this);
}

void Autoencoder::fold_gradients(std::span<float> parameter_gradients,
                                 std::span<const float> gradients) const {
  encoder_.fold(parameter_gradients.data(), gradients.data());
  decoder_.fold(parameter_gradients.data(), gradients.data());
}

LossParts Autoencoder::train_chunk(Workspace& workspace, std::span<float> gradients,
                                   ConstView images, float loss_scale) const {
  auto& b = static_cast<Buffers&>(workspace);
  const std::int64_t n = images.size(0);
  assert(n <= kChunk && images.size(1) == shape_.pixels());
  const float* parameters = parameters_.data();
  const float* derived = derived_.data();
  encoder_.forward(b.encoder, images.data(), parameters, n);
  decoder_.forward(b.decoder, b.encoder.latents.data(), parameters, derived, n);

  const auto pixels = static_cast<double>(shape_.pixels());
  const double sum = kernels().sigmoid_loss(
      {b.decoder.pixels.data(), b.decoder.pixel_gradient.data(), images.data(), images.count(),
       static_cast<float>(2.0 * static_cast<double>(loss_scale) / pixels)});

  decoder_.backward(b.decoder, gradients.data(), b.encoder.latents.data(), parameters, derived, n);
  encoder_.backward(b.encoder, gradients.data(), b.decoder.latent_gradient.data(), parameters,
                    derived, n);
  return {sum / pixels};
}

void Autoencoder::encode_chunk(Workspace& workspace, View latents, ConstView images) const {
  auto& b = static_cast<Buffers&>(workspace);
  const std::int64_t n = images.size(0);
  assert(n <= kChunk && latents.size(1) == latent_dim_ && images.size(1) == shape_.pixels());
  encoder_.forward(b.encoder, images.data(), parameters_.data(), n);
  for (std::int64_t i = 0; i < n; ++i) {
    std::copy_n(b.encoder.latents.data() + i * padded(latent_dim_), latent_dim_,
                latents.row(i).begin());
  }
}

void Autoencoder::decode_chunk(Workspace& workspace, View images, ConstView latents) const {
  auto& b = static_cast<Buffers&>(workspace);
  const std::int64_t n = latents.size(0);
  assert(n <= kChunk && latents.size(1) == latent_dim_ && images.size(1) == shape_.pixels());
  for (std::int64_t i = 0; i < n; ++i) {
    std::copy_n(latents.row(i).begin(), latent_dim_,
                b.encoder.latents.data() + i * padded(latent_dim_));
  }
  decoder_.forward(b.decoder, b.encoder.latents.data(), parameters_.data(), derived_.data(), n);
  kernels().sigmoid(b.decoder.pixels.data(), images.count());
  std::copy_n(b.decoder.pixels.data(), images.count(), images.data());
}

}  // namespace hourglass
