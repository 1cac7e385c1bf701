#include "hourglass/models/linear/linear_autoencoder.h"

#include <algorithm>
#include <cmath>

#include "hourglass/base/error.h"
#include "hourglass/models/image_checks.h"

namespace hourglass {
namespace {

std::optional<ModelConfig> recognise(const StateShapes& shapes) {
  const Shape* encoder = shapes.find("encoder.linear.weight");
  const Shape* decoder = shapes.find("decoder.linear.weight");
  if (!encoder || !decoder || shapes.arrays.size() != 4) return {};
  if (encoder->rank() != 2 || decoder->rank() != 2 || (*encoder)[1] != (*decoder)[0]) return {};
  ModelConfig config;
  config.latent_dim = (*encoder)[0];
  const std::int64_t values = (*encoder)[1];
  // Grey if the number of values fits a grey image, otherwise colour.
  for (const std::int64_t channels : {1, 3}) {
    std::int64_t height = shapes.height, width = shapes.width;
    if (height == 0) {
      height = width = static_cast<std::int64_t>(
          std::lround(std::sqrt(static_cast<double>(values) / static_cast<double>(channels))));
    }
    if (channels * height * width == values) {
      config.shape = {channels, height, width};
      return config;
    }
  }
  fail_file("model",
            "{}: encoder.linear.weight has the shape {}, which is of no image of that size: "
            "give the right `image_size`",
            shapes.source, encoder->text());
}

/// Returns the sum of squared differences; gradient = scale * (y - target).
double squared_error(std::span<float> gradient, std::span<const float> y,
                     std::span<const float> target, float scale) {
  double sum = 0.0;
  for (std::size_t i = 0; i < target.size(); ++i) {
    const float difference = y[i] - target[i];
    sum += static_cast<double>(difference) * static_cast<double>(difference);
    gradient[i] = scale * difference;
  }
  return sum;
}

}  // namespace

ModelKind LinearAutoencoder::model_kind() {
  ModelKind kind;
  kind.name = "linear";
  kind.folder = "linear";
  kind.run_infix = "linear";
  kind.summary = "one linear map each way, as PCA but learned";
  kind.options = {corruption_option()};
  kind.build = build_model<LinearAutoencoder>;
  kind.recognise = recognise;
  return kind;
}

struct LinearAutoencoder::Buffers : Model::Workspace {
  explicit Buffers(const LinearAutoencoder& m)
      : image({kChunk, m.encoder_.in_columns()}),
        latents({kChunk, m.encoder_.out_columns()}),
        pixels({kChunk, m.decoder_.out_columns()}) {}
  Tensor image, latents, pixels;
};

LinearAutoencoder::LinearAutoencoder(const ModelConfig& config, ParameterList::Mode mode)
    : Model(config, mode),
      image_(image_extent(config)),
      encoder_(network().add<Linear>("encoder.linear", image_, Extent{1, 1, config.latent_dim})),
      decoder_(network().add<Linear>("decoder.linear", Extent{1, 1, config.latent_dim}, image_)) {}

std::unique_ptr<Model::Workspace> LinearAutoencoder::new_workspace() const {
  return std::make_unique<Buffers>(*this);
}

LossParts LinearAutoencoder::train_input(Workspace& workspace, Lane lane, const Chunk& chunk,
                                         ConstView input, const LossWeights& scale) const {
  auto& b = static_cast<Buffers&>(workspace);
  const std::int64_t n = input.size(0), values = image_.count();
  const Rows kept{lane.kept.data(), kept_count()};
  const Rows image = encoder_.input(kept), latents = decoder_.input(kept);
  for (std::int64_t i = 0; i < n; ++i) std::copy_n(input.row(i).data(), values, image.row(i));
  encoder_.forward(latents, image, parameter_data(), n);
  decoder_.forward({b.pixels.data(), b.pixels.size(1)}, latents, parameter_data(), n);

  const auto gradient_scale = static_cast<float>(2.0 * scale[0] / static_cast<double>(values));
  const Rows pixel_gradient = decoder_.out_gradient(kept);
  double sum = 0.0;
  for (std::int64_t i = 0; i < n; ++i) {
    sum += squared_error({pixel_gradient.row(i), static_cast<std::size_t>(values)}, b.pixels.row(i),
                         chunk.rows.row(i), gradient_scale);
  }
  decoder_.backward_input(encoder_.out_gradient(kept), pixel_gradient, derived_data(), n);
  return {{sum / static_cast<double>(values)}};
}

LossParts LinearAutoencoder::loss_of_input(Workspace& workspace, const Chunk& chunk,
                                           ConstView input) const {
  auto& b = static_cast<Buffers&>(workspace);
  const std::int64_t n = input.size(0), values = image_.count();
  const Rows latents{b.latents.data(), b.latents.size(1)};
  encode_input(workspace, b.latents.view().rows(0, n), chunk, input);
  decoder_.forward({b.pixels.data(), b.pixels.size(1)}, latents, parameter_data(), n);
  double sum = 0.0;
  for (std::int64_t i = 0; i < n; ++i) {
    sum += squared_error(b.pixels.row(i), b.pixels.row(i), chunk.rows.row(i), 0.0f);
  }
  return {{sum / static_cast<double>(values)}};
}

void LinearAutoencoder::encode_input(Workspace& workspace, View latents, const Chunk& /*chunk*/,
                                     ConstView input) const {
  auto& b = static_cast<Buffers&>(workspace);
  const std::int64_t n = input.size(0);
  for (std::int64_t i = 0; i < n; ++i) {
    std::copy_n(input.row(i).data(), image_.count(), b.image.row(i).data());
  }
  encoder_.forward({b.latents.data(), b.latents.size(1)}, {b.image.data(), b.image.size(1)},
                   parameter_data(), n);
  if (latents.data() == b.latents.data()) return;
  for (std::int64_t i = 0; i < n; ++i) {
    std::copy_n(b.latents.row(i).data(), latents.size(1), latents.row(i).data());
  }
}

void LinearAutoencoder::decode_latents(Workspace& workspace, View rows, ConstView latents,
                                       std::span<const std::int64_t> /*labels*/) const {
  auto& b = static_cast<Buffers&>(workspace);
  decoder_.forward({b.pixels.data(), b.pixels.size(1)}, {latents.data(), latents.size(1)},
                   parameter_data(), latents.size(0));
  for (std::int64_t i = 0; i < latents.size(0); ++i) {
    for (std::int64_t j = 0; j < image_.count(); ++j) {
      const float value = b.pixels.row(i)[static_cast<std::size_t>(j)];
      rows.row(i)[static_cast<std::size_t>(j)] = std::clamp(value, 0.0f, 1.0f);
    }
  }
}

std::string LinearAutoencoder::emit_encoder(GraphBuilder& graph, const std::string& images,
                                            const std::string& /*labels*/) const {
  return encoder_.emit(graph, graph.flatten(images));
}

std::string LinearAutoencoder::emit_decoder(GraphBuilder& graph, const std::string& latents,
                                            const std::string& /*labels*/) const {
  return graph.clip(graph.to_images(decoder_.emit(graph, latents), image_), 0.0f, 1.0f);
}

}  // namespace hourglass
