#include "exchange/onnx.h"

#include <string>

#include "base/file.h"
#include "base/version.h"
#include "exchange/onnx_graph.h"
#include "exchange/place.h"
#include "models/autoencoder/layers.h"
#include "nn/group_norm_leaky_relu.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

/// The layers of models/autoencoder, on images of this shape and codes of d numbers.
struct AutoencoderLayers {
  ImageShape image;
  std::int64_t d;

  Sizes image_sizes() const { return {image.channels, image.height, image.width}; }
  /// Of `channels` in an image so many times smaller.
  Sizes sizes(std::int64_t channels, std::int64_t smaller) const {
    return {channels, image.height / smaller, image.width / smaller};
  }

  std::string norm(OnnxGraph& g, const std::string& x, const std::string& layer,
                   const Sizes& sizes) const {
    return g.leaky_relu(g.group_norm(x, layer, group_count(sizes[0]), kNormEpsilon, sizes),
                        autoencoder::kSlope);
  }

  std::string encode(OnnxGraph& g, std::string x) const {
    x = g.conv2d(x, "encoder.conv1", 2);
    x = norm(g, x, "encoder.gn1", sizes(autoencoder::kWide, 2));
    x = g.conv2d(x, "encoder.conv2", 2);
    x = norm(g, x, "encoder.gn2", sizes(autoencoder::kDeep, autoencoder::kShrink));
    return g.linear(g.flatten(x), "encoder.linear");
  }

  std::string decode(OnnxGraph& g, std::string x) const {
    x = g.linear(x, "decoder.linear");
    x = g.reshape(x, sizes(autoencoder::kDeep, autoencoder::kShrink));
    x = g.conv2d(g.upsample_twice(x), "decoder.deconv1", 1);
    x = norm(g, x, "decoder.gn1", sizes(autoencoder::kWide, 2));
    return g.sigmoid(g.conv2d(g.upsample_twice(x), "decoder.deconv2", 1));
  }
};

}  // namespace

std::vector<fs::path> export_onnx(const Checkpoint& checkpoint, const fs::path& folder) {
  const Model& model = *checkpoint.model;
  const AutoencoderLayers layers{model.image_shape(), model.latent_dim()};
  std::vector<NamedArrayView> parameters;
  std::vector<float> storage;
  append_parameters(parameters, storage, model, model.parameters(), "");

  OnnxGraph encoder("encoder", parameters), decoder("decoder", parameters),
      whole("autoencoder", parameters);
  encoder.name(layers.encode(encoder, encoder.input("images", layers.image_sizes())), "latents");
  encoder.output("latents", {layers.d});
  decoder.name(layers.decode(decoder, decoder.input("latents", {layers.d})), "images");
  decoder.output("images", layers.image_sizes());
  // A graph's output may not have its input's name.
  whole.name(layers.encode(whole, whole.input("images", layers.image_sizes())), "latents");
  whole.name(layers.decode(whole, "latents"), "reconstructions");
  whole.output("latents", {layers.d});
  whole.output("reconstructions", layers.image_sizes());

  std::vector<fs::path> written;
  const auto write = [&](const char* part, OnnxGraph& graph) {
    written.push_back(exported_place(folder, part, checkpoint, "onnx"));
    write_file(written.back(), graph.finish(version()));
  };
  write("encoder", encoder);
  write("decoder", decoder);
  write("autoencoder", whole);
  return written;
}

}  // namespace hourglass
