#include "hourglass/project/saved.h"

#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/base/mapped_file.h"
#include "hourglass/base/version.h"
#include "hourglass/interop/format_number.h"
#include "hourglass/interop/safetensors.h"

namespace hourglass {
namespace {

using Metadata = std::map<std::string, std::string>;

// Files have the oldest format whose programs would not misread them: one that does not know the
// origin puts every row far away, and one that does not know the rests loses digits.
constexpr int kFormat010 = 1, kFormatWithOrigin = 2, kFormatWithRests = 3;
static_assert(kFormatWithRests == kProjectionFormat);

// Metadata keys; the others depend on the kind.
constexpr const char* kKind = "hourglass.projection";
constexpr const char* kFormat = "hourglass.projection.format";
constexpr const char* kVersion = "version";

void write(const std::filesystem::path& path, std::span<const NamedArrayView> arrays,
           std::string_view kind, Metadata metadata, int format) {
  metadata[kKind] = kind;
  metadata[kFormat] = std::to_string(format);
  metadata[kVersion] = version();
  write_safetensors(path, arrays, metadata);
}

/// Adds the origin if there is one; returns the file's format.
int add_origin(std::vector<NamedArrayView>& arrays, const std::vector<double>& origin) {
  if (origin.empty()) return kFormat010;
  arrays.push_back({"origin", {std::span<const double>(origin), Shape{std::ssize(origin)}}});
  return kFormatWithOrigin;
}

/// The kind of the projection, from the metadata.
std::string checked_kind(const Metadata& metadata, const std::string& source) {
  const auto kind = metadata.find(kKind), format = metadata.find(kFormat);
  if (kind == metadata.end() || format == metadata.end()) {
    const bool checkpoint = metadata.count("hourglass.format") > 0;
    fail_file("projection", "{} is {}: name a file that `hourglass project` wrote with `save`",
              source, checkpoint ? "a checkpoint, not a projection" : "no projection of hourglass");
  }
  check_format_number("projection", source, metadata, kFormat, kProjectionFormat);
  return kind->second;
}

const Array& array_of(const NamedArrays& file, const char* name, int rank,
                      const std::string& source) {
  const Array* array = file.find(name);
  if (array == nullptr) fail_file("projection", "{} has no tensor {}", source, name);
  if (array->shape.rank() != rank) {
    fail_file("projection", "the {} of {} has the shape {}: the file is damaged", name, source,
              array->shape.text());
  }
  return *array;
}

/// What was subtracted from the rows; empty if nothing was.
std::vector<double> origin_in(const NamedArrays& file, const std::string& source) {
  if (file.find("origin") == nullptr) return {};
  return array_of(file, "origin", 1, source).doubles();
}

Pca read_pca(const NamedArrays& file, const std::string& source) {
  Pca pca;
  pca.components = array_of(file, "components", 2, source).floats();
  pca.mean = array_of(file, "mean", 1, source).floats();
  pca.explained_variance = array_of(file, "explained_variance", 1, source).doubles();
  pca.explained_variance_ratio = array_of(file, "explained_variance_ratio", 1, source).doubles();
  pca.origin = origin_in(file, source);
  if (file.find("components_rest") != nullptr) {
    pca.components_rest = array_of(file, "components_rest", 2, source).floats();
    pca.mean_rest = array_of(file, "mean_rest", 1, source).floats();
    if (!(pca.components_rest.shape() == pca.components.shape()) ||
        !(pca.mean_rest.shape() == pca.mean.shape())) {
      fail_file("projection",
                "{}: the rests of components and mean do not fit: the file is damaged", source);
    }
  }
  const std::int64_t k = pca.size(), d = pca.columns();
  if (k < 1 || d < k || pca.mean.size(0) != d ||
      (!pca.origin.empty() && std::ssize(pca.origin) != d) ||
      std::ssize(pca.explained_variance) != k || std::ssize(pca.explained_variance_ratio) != k) {
    fail_file(
        "projection",
        "{} has {} x {} components, a mean of {} and {} variances, which do not fit: the file is "
        "damaged",
        source, k, d, pca.mean.size(0), pca.explained_variance.size());
  }
  return pca;
}

UmapModel read_umap(NamedArrays file, const std::string& source) {
  std::map<std::string, Tensor> tensors;
  std::vector<double> origin = origin_in(file, source);
  for (NamedArray& named : file.arrays) {
    tensors[named.name] = named.array.floats();
    named.array = {};  // not in memory twice
  }
  try {
    UmapModel model = umap_from_parts(std::move(tensors), file.metadata);
    model.origin = std::move(origin);
    model.check();
    return model;
  } catch (const Error& error) {
    fail_file("projection", "{}: {}", source, error.reason());
  }
}

void check(const Projection& projection) {
  if (const auto* pca = std::get_if<Pca>(&projection)) return pca->check();
  std::get<UmapModel>(projection).check();
}

}  // namespace

std::string_view kind_of(const Projection& projection) {
  return std::holds_alternative<Pca>(projection) ? "PCA" : "UMAP";
}

std::int64_t columns_in(const Projection& projection) {
  check(projection);
  if (const auto* pca = std::get_if<Pca>(&projection)) return pca->columns();
  return std::get<UmapModel>(projection).data.size(1);
}

std::int64_t columns_out(const Projection& projection) {
  check(projection);
  if (const auto* pca = std::get_if<Pca>(&projection)) return pca->size();
  return std::get<UmapModel>(projection).fitted.map.size(1);
}

std::span<const double> origin_of(const Projection& projection) {
  return std::visit([](const auto& fitted) { return std::span<const double>(fitted.origin); },
                    projection);
}

void save_projection(const std::filesystem::path& path, const Pca& pca) {
  pca.check();
  const Shape k{pca.size()};
  std::vector<NamedArrayView> arrays = {
      {"components", pca.components},
      {"mean", pca.mean},
      {"explained_variance", {std::span<const double>(pca.explained_variance), k}},
      {"explained_variance_ratio", {std::span<const double>(pca.explained_variance_ratio), k}}};
  int format = add_origin(arrays, pca.origin);
  if (pca.in_double()) {
    arrays.push_back({"components_rest", pca.components_rest});
    arrays.push_back({"mean_rest", pca.mean_rest});
    format = kFormatWithRests;
  }
  write(path, arrays, "pca", {}, format);
}

void save_projection(const std::filesystem::path& path, const UmapModel& model) {
  model.check();
  UmapParts parts = parts_of(model);
  std::vector<NamedArrayView> arrays;
  for (const auto& [name, tensor] : parts.tensors) arrays.push_back({name, tensor});
  const int format = add_origin(arrays, model.origin);
  write(path, arrays, "umap", std::move(parts.metadata), format);
}

Projection load_projection(const std::filesystem::path& path) {
  return parse_projection(MappedFile(path).bytes(), path.string());
}

Projection parse_projection(std::span<const std::uint8_t> bytes, const std::string& source) {
  NamedArrays file = parse_safetensors(bytes, source, {.refuse_non_finite = true});
  const std::string kind = checked_kind(file.metadata, source);
  if (kind == "pca") return read_pca(file, source);
  if (kind == "umap") return read_umap(std::move(file), source);
  fail_file("projection", "{} is a projection of the unknown kind {}: pca and umap are read",
            source, quote_name(kind));
}

Tensor transform_rows(const Projection& projection, ConstView rows, ThreadPool& pool) {
  if (const auto* pca = std::get_if<Pca>(&projection)) return pca->transform(rows, pool);
  return transform(std::get<UmapModel>(projection), rows, pool);
}

}  // namespace hourglass
