#include "hourglass/models/autoencoder/autoencoder.h"

#include <algorithm>

#include "hourglass/models/pixel_loss.h"

namespace hourglass {
namespace {

constexpr std::int64_t kParts = kChunk / kPart;

/// Adds the layers to a stack when it is constructed, so that parameters are in state-dict order.
Stack& filled(Stack& stack, void (*add)(Stack&, const ConvolutionalShape&),
              const ConvolutionalShape& shape) {
  add(stack, shape);
  return stack;
}

/// Calls f(first, n) for the parts of n images.
template <typename F>
void for_each_part(std::int64_t n, const F& f) {
  for (std::int64_t first = 0; first < n; first += kPart) f(first, std::min(kPart, n - first));
}

std::optional<ModelConfig> recognise(const StateShapes& shapes) {
  auto config = recognise_halves(shapes, "encoder.linear.weight");
  if (config) config->latent_dim = (*shapes.find("encoder.linear.weight"))[0];
  return config;
}

}  // namespace

ModelKind Autoencoder::model_kind() {
  ModelKind kind;
  kind.name = "AE";
  kind.folder = "autoencoder";
  kind.summary = "convolutional autoencoder, squared error";
  kind.options = convolutional_options();
  kind.options.push_back(corruption_option());
  kind.build = build_model<Autoencoder>;
  kind.choose = choose_widths;
  kind.recognise = recognise;
  return kind;
}

struct Autoencoder::Buffers : Model::Workspace {
  explicit Buffers(const Autoencoder& m)
      : encoder(m.encoder_, kParts),
        decoder(m.decoder_, 1),
        features({kChunk, m.to_latents_.in_columns()}),
        feature_gradient({kChunk, m.to_latents_.in_columns()}),
        latents({kChunk, m.to_latents_.out_columns()}),
        decoder_input({kChunk, m.from_latents_.out_columns()}),
        pixels({kPart, m.image_shape().pixels()}),
        pixel_gradient({kPart, m.image_shape().pixels()}) {}
  StackBuffers encoder, decoder;
  Tensor features, feature_gradient, latents, decoder_input;
  Tensor pixels, pixel_gradient;  // of a part: logits, then reconstructions
};

Autoencoder::Autoencoder(const ModelConfig& config, ParameterList::Mode mode)
    : Model(config, mode),
      shape_(config),
      encoder_(filled(network().add<Stack>(), add_encoder_layers, shape_)),
      to_latents_(network().add<Linear>("encoder.linear", shape_.features(),
                                        Extent{1, 1, config.latent_dim})),
      from_latents_(network().add<Linear>("decoder.linear", Extent{1, 1, config.latent_dim},
                                          shape_.features())),
      decoder_(filled(network().add<Stack>(), add_decoder_layers, shape_)) {}

std::unique_ptr<Model::Workspace> Autoencoder::new_workspace() const {
  return std::make_unique<Buffers>(*this);
}

void Autoencoder::run_encoder(Buffers& b, Rows latents, Rows features, ConstView input) const {
  const std::int64_t pixels = image_shape().pixels();
  for_each_part(input.size(0), [&](std::int64_t first, std::int64_t n) {
    encoder_.forward(b.encoder.memory(first / kPart), {features.row(first), features.stride},
                     {input.row(first).data(), pixels}, parameter_data(), derived_data(), n);
  });
  to_latents_.forward(latents, features, parameter_data(), input.size(0));
}

void Autoencoder::run_decoder_part(Buffers& b, std::int64_t first, std::int64_t n) const {
  decoder_.forward(b.decoder.memory(0), {b.pixels.data(), b.pixels.size(1)},
                   {b.decoder_input.row(first).data(), b.decoder_input.size(1)}, parameter_data(),
                   derived_data(), n);
}

LossParts Autoencoder::train_input(Workspace& workspace, Lane lane, const Chunk& chunk,
                                   ConstView input, const LossWeights& scale) const {
  auto& b = static_cast<Buffers&>(workspace);
  const std::int64_t n = input.size(0), pixels = image_shape().pixels();
  const Rows kept{lane.kept.data(), kept_count()};
  const Rows latents = from_latents_.input(kept);
  run_encoder(b, latents, to_latents_.input(kept), input);
  const Rows decoder_input{b.decoder_input.data(), b.decoder_input.size(1)},
      decoder_input_gradient = from_latents_.out_gradient(kept);
  from_latents_.forward(decoder_input, latents, parameter_data(), n);

  // The loss of an image is the mean over its pixels.
  const auto gradient_scale = static_cast<float>(2.0 * scale[0] / static_cast<double>(pixels));
  double sum = 0.0;
  for_each_part(n, [&](std::int64_t first, std::int64_t count) {
    run_decoder_part(b, first, count);
    sum += sigmoid_squared_error(b.pixels.data(), b.pixel_gradient.data(),
                                 chunk.rows.row(first).data(), count * pixels, gradient_scale);
    decoder_.backward(
        b.decoder.memory(0), {decoder_input_gradient.row(first), decoder_input_gradient.stride},
        lane.gradients.data(), {b.pixel_gradient.data(), pixels},
        {decoder_input.row(first), decoder_input.stride}, parameter_data(), derived_data(), count);
  });

  const Rows latent_gradient = to_latents_.out_gradient(kept);
  from_latents_.backward_input(latent_gradient, decoder_input_gradient, derived_data(), n);
  const Rows feature_gradient{b.feature_gradient.data(), b.feature_gradient.size(1)};
  to_latents_.backward_input(feature_gradient, latent_gradient, derived_data(), n);
  for_each_part(n, [&](std::int64_t first, std::int64_t count) {
    encoder_.backward(b.encoder.memory(first / kPart), {nullptr, 0}, lane.gradients.data(),
                      {feature_gradient.row(first), feature_gradient.stride},
                      {input.row(first).data(), pixels}, parameter_data(), derived_data(), count);
  });
  return {{sum / static_cast<double>(pixels)}};
}

LossParts Autoencoder::loss_of_input(Workspace& workspace, const Chunk& chunk,
                                     ConstView input) const {
  auto& b = static_cast<Buffers&>(workspace);
  const std::int64_t n = input.size(0), pixels = image_shape().pixels();
  const Rows latents{b.latents.data(), b.latents.size(1)};
  run_encoder(b, latents, {b.features.data(), b.features.size(1)}, input);
  from_latents_.forward({b.decoder_input.data(), b.decoder_input.size(1)}, latents,
                        parameter_data(), n);
  double sum = 0.0;
  for_each_part(n, [&](std::int64_t first, std::int64_t count) {
    run_decoder_part(b, first, count);
    sum += sigmoid_squared_error(b.pixels.data(), b.pixel_gradient.data(),
                                 chunk.rows.row(first).data(), count * pixels, 0.0f);
  });
  return {{sum / static_cast<double>(pixels)}};
}

void Autoencoder::encode_input(Workspace& workspace, View latents, const Chunk& /*chunk*/,
                               ConstView input) const {
  auto& b = static_cast<Buffers&>(workspace);
  run_encoder(b, {b.latents.data(), b.latents.size(1)}, {b.features.data(), b.features.size(1)},
              input);
  for (std::int64_t i = 0; i < input.size(0); ++i) {
    std::copy_n(b.latents.row(i).begin(), latents.size(1), latents.row(i).begin());
  }
}

void Autoencoder::decode_latents(Workspace& workspace, View rows, ConstView latents,
                                 std::span<const std::int64_t> /*labels*/) const {
  auto& b = static_cast<Buffers&>(workspace);
  from_latents_.forward({b.decoder_input.data(), b.decoder_input.size(1)},
                        {latents.data(), latents.size(1)}, parameter_data(), latents.size(0));
  for_each_part(latents.size(0), [&](std::int64_t first, std::int64_t n) {
    run_decoder_part(b, first, n);
    const std::int64_t count = n * image_shape().pixels();
    sigmoid_values(b.pixels.data(), count);
    std::copy_n(b.pixels.data(), count, rows.row(first).data());
  });
}

std::string Autoencoder::emit_encoder(GraphBuilder& graph, const std::string& images,
                                      const std::string& /*labels*/) const {
  return to_latents_.emit(graph, graph.flatten(encoder_.emit(graph, images)));
}

std::string Autoencoder::emit_decoder(GraphBuilder& graph, const std::string& latents,
                                      const std::string& /*labels*/) const {
  const std::string decoder_input =
      graph.to_images(from_latents_.emit(graph, latents), shape_.features());
  return graph.sigmoid(decoder_.emit(graph, decoder_input));
}

}  // namespace hourglass
