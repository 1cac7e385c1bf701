// The models by name. A new model is a new folder and a line here.

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/printable.h"
#include "models/autoencoder/autoencoder.h"
#include "models/model.h"

namespace hourglass {
namespace {

using Build = std::unique_ptr<Model> (*)(const ImageShape&, std::int64_t latent_dim,
                                         std::int64_t most);

/// Counts first: planning a model takes memory for each parameter.
template <typename M>
std::unique_ptr<Model> build(const ImageShape& shape, std::int64_t latent_dim, std::int64_t most) {
  const std::int64_t count = M::parameter_count(shape, latent_dim);
  if (count > most) {
    fail("model",
         "{} for images of {} and latent_dim {} has {} parameters, and at most {} are possible "
         "here: "
         "use smaller images or a smaller latent_dim",
         M::kKind, shape.text(), latent_dim, count, most);
  }
  return std::make_unique<M>(shape, latent_dim);
}

struct Entry {
  std::string_view kind;
  Build build;  // nullptr: a name known, not in this version
};
constexpr std::array kModels{
    Entry{Autoencoder::kKind, build<Autoencoder>},
    Entry{"VAE", nullptr},
    Entry{"CVAE", nullptr},
    Entry{"VQ-VAE", nullptr},
};

const Entry& find_entry(std::string_view kind) {
  for (const Entry& entry : kModels) {
    if (entry.kind != kind) continue;
    if (!entry.build) fail("model", "{} is not in this version yet: use --model AE", kind);
    return entry;
  }
  fail("model", "no model is called '{}': use --model AE", printable(kind));
}

}  // namespace

void check_model_kind(std::string_view kind) {
  find_entry(kind);
}

std::string_view figure_suffix(std::string_view kind) {
  struct Suffix {
    std::string_view kind, suffix;
  };
  constexpr std::array kSuffixes{Suffix{"AE", "_autoencoder"}, Suffix{"linear", "_linear"},
                                 Suffix{"VAE", "_vae"}, Suffix{"CVAE", "_cvae"},
                                 Suffix{"VQ-VAE", "_vqvae"}};
  const auto found = std::ranges::find(kSuffixes, kind, &Suffix::kind);
  if (found == kSuffixes.end()) fail("model", "no model is called '{}'", printable(kind));
  return found->suffix;
}

std::unique_ptr<Model> make_model(std::string_view kind, const ImageShape& shape,
                                  const ModelOptions& options, std::uint64_t seed) {
  auto model = find_entry(kind).build(shape, options.latent_dim, kMostParameters);
  Rng rng(seed, 0);
  model->parameter_list().initialise(model->parameters(), rng);
  model->prepare();
  return model;
}

std::unique_ptr<Model> make_model(const nlohmann::json& description, std::int64_t most) {
  try {
    const ImageShape shape{whole_number(description, "channels"),
                           whole_number(description, "height"), whole_number(description, "width")};
    return find_entry(description.at("model").get<std::string>())
        .build(shape, whole_number(description, "latent_dim"), most);
  } catch (const nlohmann::json::exception&) {
    fail("model",
         "the model's description lacks one of model, latent_dim, channels, height, width");
  }
}

nlohmann::json recognise_model(const StateShapes& shapes, std::int64_t height, std::int64_t width,
                               std::string_view source) {
  return Autoencoder::recognise(shapes, height, width, source);  // the only kind so far
}

std::string weights_sha256(const Model& model) {
  static_assert(std::endian::native == std::endian::little && sizeof(float) == 4 &&
                std::numeric_limits<float>::is_iec559);
  std::vector<float> state(static_cast<std::size_t>(model.parameter_list().state_count()));
  model.parameter_list().to_state(state, model.parameters());
  return sha256_hex(
      {reinterpret_cast<const std::uint8_t*>(state.data()), state.size() * sizeof(float)});
}

}  // namespace hourglass
