// A fitted UMAP as named tensors and text, and back.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include "hourglass/base/error.h"
#include "hourglass/base/impl/printable.h"
#include "hourglass/project/umap/model.h"
#include "hourglass/project/umap/options.h"
#include "hourglass/tensor/impl/checks.h"

namespace hourglass {
namespace {

constexpr std::string_view kInitNames[] = {"spectral", "pca", "random"};
constexpr std::string_view kStartNames[] = {"spectral", "components", "pca", "random"};

/// Calls visit(key, field) for every field that is text in a file, options first.
template <typename Model, typename Visit>
void each_field(Model& m, const Visit& visit) {
  visit("n_neighbors", m.options.n_neighbors);
  visit("n_components", m.options.n_components);
  visit("metric", m.options.metric);
  visit("n_epochs", m.options.n_epochs);
  visit("learning_rate", m.options.learning_rate);
  visit("init", m.options.init);
  visit("min_dist", m.options.min_dist);
  visit("spread", m.options.spread);
  visit("local_connectivity", m.options.local_connectivity);
  visit("repulsion_strength", m.options.repulsion_strength);
  visit("negative_sample_rate", m.options.negative_sample_rate);
  visit("seed", m.options.seed);
  visit("fitted.n_neighbors", m.fitted.n_neighbors);
  visit("fitted.n_epochs", m.fitted.n_epochs);
  visit("fitted.a", m.fitted.curve.a);
  visit("fitted.b", m.fitted.curve.b);
  visit("fitted.start", m.fitted.start);
  visit("fitted.graph_components", m.fitted.graph_components);
  visit("fitted.search", m.fitted.search);
  visit("fitted.recall", m.fitted.recall);
}

std::string text_of(Metric metric) {
  return std::string(metric_name(metric));
}
std::string text_of(UmapInit init) {
  return std::string(kInitNames[static_cast<std::size_t>(init)]);
}
std::string text_of(UmapStart start) {
  return std::string(kStartNames[static_cast<std::size_t>(start)]);
}
std::string text_of(const std::string& text) {
  return text;
}
template <typename Number>
std::string text_of(Number number) {  // the shortest text that reads back as the same number
  return fmt::format("{}", number);
}

template <typename Enum, std::size_t count>
bool read_name(std::string_view text, const std::string_view (&names)[count], Enum& value) {
  const auto found = std::find(std::begin(names), std::end(names), text);
  if (found == std::end(names)) return false;
  value = static_cast<Enum>(found - std::begin(names));
  return true;
}

bool read(std::string_view text, Metric& metric) {
  metric = text == metric_name(Metric::cosine) ? Metric::cosine : Metric::euclidean;
  return text == metric_name(metric);
}
bool read(std::string_view text, UmapInit& init) {
  return read_name(text, kInitNames, init);
}
bool read(std::string_view text, UmapStart& start) {
  return read_name(text, kStartNames, start);
}
bool read(std::string_view text, std::string& copy) {
  copy = text;
  return true;
}
template <typename Number>
bool read(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return false;
  if constexpr (std::is_floating_point_v<Number>) return std::isfinite(number);
  return true;
}

Tensor taken(std::map<std::string, Tensor>& tensors, const std::string& name) {
  const auto found = tensors.find(name);
  if (found == tensors.end()) fail("umap", "the model has no tensor {}", name);
  if (found->second.shape().rank() != 2) fail("umap", "the model's {} is not a matrix", name);
  return std::move(found->second);
}

void check_tensor(const Tensor& tensor, std::string_view name) {
  for (const float v : tensor.span()) {
    if (!std::isfinite(v))
      fail("umap", "the model's {} holds {}: every value must be a finite number", name, v);
  }
}

}  // namespace

UmapParts parts_of(const UmapModel& model) {
  UmapParts parts;
  parts.tensors = {{"data", model.data}, {"map", model.fitted.map}};
  each_field(model,
             [&](const char* key, const auto& field) { parts.metadata[key] = text_of(field); });
  return parts;
}

UmapModel umap_from_parts(std::map<std::string, Tensor> tensors,
                          const std::map<std::string, std::string>& metadata) {
  UmapModel model;
  each_field(model, [&](const char* key, auto& field) {
    const auto found = metadata.find(key);
    if (found == metadata.end()) fail("umap", "the model has no value for {}", key);
    if (!read(found->second, field)) {
      fail("umap", "the model's {} is \"{}\", which is not valid", key, printable(found->second));
    }
  });
  model.data = taken(tensors, "data");
  model.fitted.map = taken(tensors, "map");
  model.check();
  check_tensor(model.data, "data");
  check_tensor(model.fitted.map, "map");
  return model;
}

void UmapModel::check() const {
  const Tensor& map = fitted.map;
  require_matrix("umap", "data", data);
  require_matrix("umap", "map", map);
  if (data.size(0) != map.size(0) || map.size(1) != options.n_components) {
    fail("umap", "the model's map is {} x {}: {} rows and {} columns are needed", map.size(0),
         map.size(1), data.size(0), options.n_components);
  }
  if (!origin.empty() && std::ssize(origin) != data.size(1)) {
    fail("umap", "the model's origin has {} values: {} are needed", origin.size(), data.size(1));
  }
  check_umap_options(options);
  if (data.size(0) < 2 || data.size(1) < 1 || fitted.n_neighbors < 2 ||
      fitted.n_neighbors > data.size(0) || fitted.n_epochs < 1 || fitted.n_epochs > kMostEpochs ||
      fitted.graph_components < 1 || !(fitted.curve.a > 0) || !(fitted.curve.b > 0) ||
      fitted.curve.b > 50) {
    fail("umap",
         "the model's facts do not fit together: {} rows, n_neighbors {}, n_epochs {}, a {}, b {}",
         data.size(0), fitted.n_neighbors, fitted.n_epochs, fitted.curve.a, fitted.curve.b);
  }
}

}  // namespace hourglass
