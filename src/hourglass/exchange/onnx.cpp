#include "hourglass/exchange/onnx.h"

#include <string>

#include "hourglass/base/file.h"
#include "hourglass/base/version.h"
#include "hourglass/exchange/impl/exported_path.h"
#include "hourglass/exchange/impl/onnx_graph.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

/// A graph with its inputs, for the encoder, the decoder, or both.
struct Half {
  OnnxGraph graph;
  std::string input;   // images or latent vectors
  std::string labels;  // the second input's name, or empty

  Half(const char* name, std::span<const NamedArrayView> parameters, const Model& model,
       const char* input_name, const Sizes& sizes)
      : graph(name, parameters),
        input(graph.input(input_name, sizes)),
        labels(model.config().classes > 0 ? graph.label_input("labels") : "") {}
};

}  // namespace

std::vector<fs::path> export_onnx(const Checkpoint& checkpoint, const fs::path& folder) {
  const Model& model = *checkpoint.model;
  const ImageShape& image = model.image_shape();
  const Sizes image_sizes{image.channels, image.height, image.width},
      latent_sizes{model.latent_dim()};
  std::vector<NamedArrayView> parameters;
  std::vector<float> storage;
  append_parameters(parameters, storage, model, model.parameters(), "");

  Half encoder("encoder", parameters, model, "images", image_sizes),
      decoder("decoder", parameters, model, "latents", latent_sizes),
      whole("autoencoder", parameters, model, "images", image_sizes);
  encoder.graph.name(model.emit_encoder(encoder.graph, encoder.input, encoder.labels), "latents");
  encoder.graph.output("latents", latent_sizes);
  decoder.graph.name(model.emit_decoder(decoder.graph, decoder.input, decoder.labels), "images");
  decoder.graph.output("images", image_sizes);
  // The input and the output of a graph must have different names.
  whole.graph.name(model.emit_encoder(whole.graph, whole.input, whole.labels), "latents");
  whole.graph.name(model.emit_decoder(whole.graph, "latents", whole.labels), "reconstructions");
  whole.graph.output("latents", latent_sizes);
  whole.graph.output("reconstructions", image_sizes);

  std::vector<fs::path> written;
  const auto write = [&](const char* part, OnnxGraph& graph) {
    written.push_back(exported_path(folder, part, checkpoint, "onnx"));
    write_file(written.back(), graph.finish(version()));
  };
  write("encoder", encoder.graph);
  write("decoder", decoder.graph);
  write("autoencoder", whole.graph);
  return written;
}

}  // namespace hourglass
