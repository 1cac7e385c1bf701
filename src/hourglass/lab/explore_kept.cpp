#include "hourglass/lab/explore_kept.h"

#include <nlohmann/json.hpp>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/base/hash.h"
#include "hourglass/base/impl/json.h"
#include "hourglass/base/version.h"
#include "hourglass/interop/safetensors.h"

namespace hourglass {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 32;

std::optional<ExploreSource> source_of(const std::string& key) {
  const nlohmann::json json = parse_json(key).value_or(nullptr);
  try {
    if (json.at("version") != version()) return std::nullopt;
    ExploreSource source;
    source.checkpoint = json.at("checkpoint");
    source.data = json.at("data");
    json.at("splits").get_to(source.splits);
    source.limit = whole_number(json, "limit");
    source.images = json.at("images");
    source.maps = json.at("maps");
    json.at("commands").get_to(source.commands);
    return source;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

std::string ExploreSource::key() const {
  const nlohmann::ordered_json json{
      {"version", version()}, {"checkpoint", checkpoint}, {"data", data}, {"splits", splits},
      {"limit", limit},       {"images", images},         {"maps", maps}, {"commands", commands}};
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::optional<KeptPack> read_kept_pack(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return std::nullopt;
  try {
    KeptPack kept;
    kept.bytes = read_file(path, kMostBytes);
    const auto metadata = view_safetensors(kept.bytes, path.string()).metadata;
    const auto key = metadata.find("hourglass.explore_key");
    if (key == metadata.end()) return std::nullopt;
    const auto source = source_of(key->second);
    if (!source) return std::nullopt;
    kept.source = *source;
    outline_pack(kept.bytes);
    return kept;
  } catch (const Error&) {
    return std::nullopt;
  }
}

PackOutline outline_pack(std::span<const std::uint8_t> bytes) {
  const NamedArrayViews file = view_safetensors(bytes, "the pack");
  PackOutline out;
  try {
    const nlohmann::json facts =
        parse_json(file.metadata.at("facts")).value_or(nlohmann::json::object());
    out.total = whole_number(facts, "total");
    out.latent_dim = whole_number(facts, "latent_dim");
    facts.at("epochs").get_to(out.epochs);
    facts.at("missing").get_to(out.missing);
  } catch (const std::exception&) {
    fail_file("explore", "the pack has no facts: it is damaged");
  }
  const ArrayView* const rows = file.find("rows");
  out.points = rows == nullptr ? 0 : rows->shape.count();
  out.images = file.find("images") != nullptr;
  return out;
}

}  // namespace hourglass
