// A kind of model for tests alone: it shows that one file and one line add a kind. It has two loss
// parts, takes labels and draws noise from keys.
#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>

#include "hourglass/base/random.h"
#include "hourglass/models/image_checks.h"
#include "hourglass/models/pixel_loss.h"
#include "hourglass/models/registry.h"
#include "hourglass/nn/graph.h"
#include "hourglass/nn/linear.h"

namespace hourglass {

/// One linear map each way. The decoder reads the latent vector and the label as a one-hot vector;
/// in training the latent vector has noise added. Loss: the squared error of the reconstruction,
/// and the mean square of the latent vector, whose weight grows during the run.
class ToyModel : public Model {
 public:
  ToyModel(const ModelConfig& config, ParameterList::Mode mode)
      : Model(config, mode),
        image_(image_extent(config)),
        encoder_(network().add<Linear>("encoder.mean", image_, Extent{1, 1, config.latent_dim})),
        decoder_(network().add<Linear>("decoder.mixed",
                                       Extent{1, 1, config.latent_dim + config.classes}, image_)) {}

  std::span<const std::string_view> loss_names() const override {
    static constexpr std::array<std::string_view, 2> kNames{"reconstruction", "spread"};
    return kNames;
  }
  LossWeights loss_weights(double progress) const override { return {1.0, 0.1 * progress}; }

  std::string emit_encoder(GraphBuilder& graph, const std::string& images,
                           const std::string& /*labels*/) const override {
    return encoder_.emit(graph, graph.flatten(images));
  }
  std::string emit_decoder(GraphBuilder& graph, const std::string& latents,
                           const std::string& labels) const override {
    const std::string mixed = graph.join(latents, graph.one_hot(labels, config().classes));
    return graph.sigmoid(graph.to_images(decoder_.emit(graph, mixed), image_));
  }

 protected:
  struct Buffers : Workspace {
    explicit Buffers(const ToyModel& m)
        : image({kChunk, m.encoder_.in_columns()}),
          latents({kChunk, m.encoder_.out_columns()}),
          mixed({kChunk, m.decoder_.in_columns()}),
          pixels({kChunk, m.decoder_.out_columns()}),
          pixel_gradient({kChunk, m.decoder_.out_columns()}) {}
    Rows image_rows() { return {image.data(), image.size(1)}; }
    Rows latent_rows() { return {latents.data(), latents.size(1)}; }
    Rows mixed_rows() { return {mixed.data(), mixed.size(1)}; }
    Rows pixel_rows() { return {pixels.data(), pixels.size(1)}; }
    Tensor image, latents, mixed, pixels, pixel_gradient;
  };

  std::unique_ptr<Workspace> new_workspace() const override {
    return std::make_unique<Buffers>(*this);
  }

  LossParts train_input(Workspace& workspace, Lane lane, const Chunk& chunk, ConstView input,
                        const LossWeights& scale) const override {
    auto& b = static_cast<Buffers&>(workspace);
    const std::int64_t n = input.size(0), d = config().latent_dim;
    const Rows kept{lane.kept.data(), kept_count()};
    const LossParts parts = forward(b, encoder_.input(kept), decoder_.input(kept),
                                    decoder_.out_gradient(kept), chunk, input, scale[0]);
    // Noise is added and the label is appended, so the gradient of the first d numbers is that of
    // the latent vector.
    decoder_.backward_input(b.mixed_rows(), decoder_.out_gradient(kept), derived_data(), n);
    const auto spread = static_cast<float>(2.0 * scale[1] / static_cast<double>(d));
    for (std::int64_t i = 0; i < n; ++i) {
      float* gradient = encoder_.out_gradient(kept).row(i);
      for (std::int64_t j = 0; j < d; ++j) {
        gradient[j] = b.mixed_rows().row(i)[j] + spread * b.latent_rows().row(i)[j];
      }
    }
    return parts;
  }

  LossParts loss_of_input(Workspace& workspace, const Chunk& chunk,
                          ConstView input) const override {
    auto& b = static_cast<Buffers&>(workspace);
    return forward(b, b.image_rows(), b.mixed_rows(),
                   {b.pixel_gradient.data(), b.pixel_gradient.size(1)}, chunk, input, 0.0);
  }

  void encode_input(Workspace& workspace, View latents, const Chunk& /*chunk*/,
                    ConstView input) const override {
    auto& b = static_cast<Buffers&>(workspace);
    run_encoder(b, b.image_rows(), input);
    for (std::int64_t i = 0; i < input.size(0); ++i) {
      std::copy_n(b.latents.row(i).data(), latents.size(1), latents.row(i).data());
    }
  }

  void decode_latents(Workspace& workspace, View rows, ConstView latents,
                      std::span<const std::int64_t> labels) const override {
    auto& b = static_cast<Buffers&>(workspace);
    const std::int64_t n = latents.size(0);
    const Rows mixed{b.mixed.data(), b.mixed.size(1)};
    mix(mixed, {latents.data(), latents.size(1)}, {{nullptr, Shape{n, 0}}, labels, {}});
    decoder_.forward(b.pixel_rows(), mixed, parameter_data(), n);
    for (std::int64_t i = 0; i < n; ++i) {
      sigmoid_values(b.pixels.row(i).data(), image_.count());
      std::copy_n(b.pixels.row(i).data(), image_.count(), rows.row(i).data());
    }
  }

 private:
  void run_encoder(Buffers& b, Rows image, ConstView input) const {
    for (std::int64_t i = 0; i < input.size(0); ++i) {
      std::copy_n(input.row(i).data(), image_.count(), image.row(i));
    }
    encoder_.forward(b.latent_rows(), image, parameter_data(), input.size(0));
  }

  /// The decoder's input: latent vectors, with noise if the chunk has keys, and labels.
  void mix(Rows mixed, ConstRows latents, const Chunk& chunk) const {
    const std::int64_t d = config().latent_dim;
    for (std::int64_t i = 0; i < chunk.rows.size(0); ++i) {
      const auto at = static_cast<std::size_t>(i);
      float* row = mixed.row(i);
      std::copy_n(latents.row(i), d, row);
      if (!chunk.keys.empty()) {
        constexpr std::uint64_t kToyStream = 0x746f79u;
        Rng rng(chunk.keys[at], kToyStream);
        const double noise = config().option<double>("noise");
        for (std::int64_t j = 0; j < d; ++j) row[j] += static_cast<float>(noise * rng.normal());
      }
      std::fill_n(row + d, config().classes, 0.0f);
      row[d + chunk.labels[at]] = 1.0f;
    }
  }

  LossParts forward(Buffers& b, Rows image, Rows mixed, Rows pixel_gradient, const Chunk& chunk,
                    ConstView input, double scale) const {
    const std::int64_t n = input.size(0), d = config().latent_dim, values = image_.count();
    run_encoder(b, image, input);
    mix(mixed, b.latent_rows(), chunk);
    decoder_.forward(b.pixel_rows(), mixed, parameter_data(), n);
    LossParts parts;
    for (std::int64_t i = 0; i < n; ++i) {
      parts.part[0] += sigmoid_squared_error(
                           b.pixels.row(i).data(), pixel_gradient.row(i), chunk.rows.row(i).data(),
                           values, static_cast<float>(2.0 * scale / static_cast<double>(values))) /
                       static_cast<double>(values);
      for (const float z : b.latents.row(i).first(static_cast<std::size_t>(d))) {
        parts.part[1] += static_cast<double>(z) * static_cast<double>(z) / static_cast<double>(d);
      }
    }
    return parts;
  }

  Extent image_;
  Linear& encoder_;
  Linear& decoder_;
};

inline std::optional<ModelConfig> recognise_toy(const StateShapes& shapes) {
  const Shape* encoder = shapes.find("encoder.mean.weight");
  const Shape* decoder = shapes.find("decoder.mixed.weight");
  if (!encoder || !decoder || shapes.height == 0) return {};
  ModelConfig config;
  config.latent_dim = (*encoder)[0];
  config.classes = (*decoder)[1] - config.latent_dim;
  config.shape = {(*encoder)[1] / (shapes.height * shapes.width), shapes.height, shapes.width};
  return config;
}

inline ModelKind toy_kind() {
  ModelKind kind;
  kind.name = "toy";
  kind.folder = "toy";
  kind.run_infix = "toy";
  kind.summary = "a kind that only tests know";
  kind.options = {real_option("noise", 0.1, 0.0, 10.0, "deviation of the noise on latent vectors"),
                  corruption_option()};
  kind.takes_labels = true;
  kind.build = build_model<ToyModel>;
  kind.recognise = recognise_toy;
  return kind;
}

/// The line.
inline const bool toy_is_added = (add_model_kind(toy_kind()), true);

}  // namespace hourglass
