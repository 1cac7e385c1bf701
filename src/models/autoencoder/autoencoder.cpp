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
  if (s.height > 512 || s.width > 512) {
    fail("model", "images are {} x {}: AE takes at most 512 x 512; try --image_size 64x64",
         s.height, s.width);
  }
  const std::int64_t height = fitting(s.height), width = fitting(s.width);
  if (height != s.height || width != s.width) {
    fail("model",
         "images are {} x {}: AE needs height and width that are multiples of 4, at least 8; the "
         "nearest is --image_size {}x{}",
         s.height, s.width, height, width);
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
      : encoder(model.encoder_, kChunk),
        decoder(model.decoder_, kChunk),
        kept({kChunk, model.kept_count()}) {}
  Encoder::Buffers encoder;
  Decoder::Buffers decoder;
  Tensor kept;  // where nobody asks for it
};

Autoencoder::Autoencoder(const ImageShape& shape, std::int64_t latent_dim)
    : shape_(checked(shape)),
      latent_dim_(checked_latent(latent_dim)),
      plan_{kPart, {}, {}, {}, {}},
      encoder_(plan_, extent_of(shape_), latent_dim_),
      decoder_(plan_, extent_of(shape_), latent_dim_),
      latents_(plan_.kept.add(latent_dim_)),
      latent_gradient_(plan_.kept.add(latent_dim_)),
      parameters_({plan_.parameters.engine_count()}),
      derived_({plan_.derived.size()}) {}

std::int64_t Autoencoder::parameter_count(const ImageShape& shape, std::int64_t latent_dim) {
  const std::int64_t channels = checked(shape).channels, latents = checked_latent(latent_dim);
  constexpr std::int64_t kTaps = 9;
  const std::int64_t features = 64 * (shape.height / 4) * (shape.width / 4);
  const std::int64_t encoder = (channels * kTaps + 1) * 32 + 2 * 32 + (32 * kTaps + 1) * 64 +
                               2 * 64 + (features + 1) * latents;
  const std::int64_t decoder =
      (latents + 1) * features + (64 * kTaps + 1) * 32 + 2 * 32 + (32 * kTaps + 1) * channels;
  return encoder + decoder;
}

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

std::int64_t Autoencoder::kept_pieces() const {
  return encoder_.linear().weight_pieces() + decoder_.linear().weight_pieces();
}

void Autoencoder::add_kept_gradients(std::int64_t piece, std::span<float> parameter_gradients,
                                     ConstView kept) const {
  const std::int64_t n = kept.size(0), encoder_pieces = encoder_.linear().weight_pieces();
  const ConstRows rows{kept.data(), kept_count()};
  if (piece < encoder_pieces) {
    encoder_.linear().backward_weights(piece, parameter_gradients.data(),
                                       {rows.data + latent_gradient_, rows.stride},
                                       encoder_.features(rows), n);
  } else {
    decoder_.linear().backward_weights(piece - encoder_pieces, parameter_gradients.data(),
                                       decoder_.seed_gradient(rows),
                                       {rows.data + latents_, rows.stride}, n);
  }
}

LossParts Autoencoder::train_chunk(Workspace& workspace, std::span<float> gradients, View kept,
                                   ConstView images, float loss_scale) const {
  auto& b = static_cast<Buffers&>(workspace);
  const std::int64_t n = images.size(0);
  assert(n <= kChunk && images.size(1) == shape_.pixels());
  const float* parameters = parameters_.data();
  const float* derived = derived_.data();
  const Rows rows{kept.data(), kept_count()}, latents{kept.data() + latents_, kept_count()},
      latent_gradient{kept.data() + latent_gradient_, kept_count()};
  encoder_.forward(b.encoder, latents, rows, images.data(), parameters, n);
  decoder_.forward(b.decoder, latents, parameters, n);

  const std::int64_t pixels = shape_.pixels();
  const float gradient_scale =
      static_cast<float>(2.0 * static_cast<double>(loss_scale) / static_cast<double>(pixels));
  double sum = 0;
  for (std::int64_t first = 0; first < n; first += kPart) {
    const std::int64_t count = std::min(kPart, n - first);
    decoder_.forward_part(b.decoder, parameters, derived, first, count);
    sum += kernels().sigmoid_loss({b.decoder.pixels.data(), b.decoder.pixel_gradient.data(),
                                   images.data() + first * pixels, count * pixels, gradient_scale});
    decoder_.backward_part(b.decoder, rows, gradients.data(), parameters, derived, first, count);
  }

  decoder_.backward(latent_gradient, rows, derived, n);
  encoder_.backward(b.encoder, gradients.data(), latent_gradient, parameters, derived, n);
  return {sum / static_cast<double>(pixels)};
}

void Autoencoder::encode_chunk(Workspace& workspace, View latents, ConstView images) const {
  auto& b = static_cast<Buffers&>(workspace);
  const std::int64_t n = images.size(0);
  assert(n <= kChunk && latents.size(1) == latent_dim_ && images.size(1) == shape_.pixels());
  const Rows codes{b.kept.data() + latents_, kept_count()};
  encoder_.forward(b.encoder, codes, {b.kept.data(), kept_count()}, images.data(),
                   parameters_.data(), n);
  for (std::int64_t i = 0; i < n; ++i) {
    std::copy_n(codes.data + i * codes.stride, latent_dim_, latents.row(i).begin());
  }
}

void Autoencoder::decode_chunk(Workspace& workspace, View images, ConstView latents) const {
  auto& b = static_cast<Buffers&>(workspace);
  const std::int64_t n = latents.size(0);
  assert(n <= kChunk && latents.size(1) == latent_dim_ && images.size(1) == shape_.pixels());
  const ConstRows codes{latents.data(), latent_dim_};
  decoder_.forward(b.decoder, codes, parameters_.data(), n);
  for (std::int64_t first = 0; first < n; first += kPart) {
    const View part = images.rows(first, std::min(first + kPart, n));
    decoder_.forward_part(b.decoder, parameters_.data(), derived_.data(), first, part.size(0));
    kernels().sigmoid(b.decoder.pixels.data(), part.count());
    std::copy_n(b.decoder.pixels.data(), part.count(), part.data());
  }
}

}  // namespace hourglass
