#include "hourglass/train/record_file.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <charconv>
#include <cmath>
#include <ctime>
#include <nlohmann/json.hpp>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/base/impl/json.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::int64_t kFormat = 1;
constexpr std::uint64_t kMostBytes = 1 << 20;

std::string utc(const std::timespec& time) {
  std::tm parts{};
  ::gmtime_r(&time.tv_sec, &parts);
  char text[64];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  return fmt::format("{}.{:03}Z", std::string_view(text, size), time.tv_nsec / 1'000'000);
}

/// A path as a string; as {"bytes": HEX} if it is not UTF-8, which JSON cannot hold.
Json path_json(const fs::path& path) {
  try {
    Json text(path.string());
    [[maybe_unused]] const std::string checked = text.dump();
    return text;
  } catch (const Json::exception&) {
    std::string hex;
    for (const char c : path.string()) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return {{"bytes", hex}};
  }
}

fs::path path_of(const Json& json) {
  if (json.is_string()) return json.get<std::string>();
  const std::string hex = json.at("bytes").get<std::string>();
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    unsigned value = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
    bytes += static_cast<char>(value);
  }
  return bytes;
}

RecordFile record_of(const Json& json) {
  RecordFile r;
  if (whole_number(json, "format") > kFormat) throw Json::other_error::create(0, "newer", nullptr);
  r.version = json.at("version").get<std::string>();
  r.run = json.at("run").get<std::string>();
  r.kind = json.at("kind").get<std::string>();
  r.data = data_origin(json.at("data"));
  r.dataset_sha256 = json.at("dataset_sha256").get<std::string>();
  const Json& settings = json.at("settings");
  r.settings = run_record(settings);
  r.settings.options.epochs = whole_number(settings, "epochs");
  r.settings.options.seed = natural_number(json, "seed");
  r.started = json.at("started").get<std::string>();
  if (!json.at("finished").is_null()) r.finished = json.at("finished").get<std::string>();
  r.epochs = whole_number(json, "epochs");
  if (!json.at("test_mse").is_null()) r.test_mse = json.at("test_mse").get<double>();
  r.figures = json.at("figures").get<bool>();
  r.figures_due = whole_number(json, "figures_due");
  return r;
}

}  // namespace

nlohmann::ordered_json to_json(const DataOrigin& origin) {
  nlohmann::ordered_json json{{"dataset", origin.dataset}};
  if (!origin.path.empty()) json["path"] = path_json(origin.path);
  if (!origin.data_dir.empty()) json["data_dir"] = path_json(origin.data_dir);
  if (origin.image_size) {
    json["image_size"] = {origin.image_size->height, origin.image_size->width};
  }
  const DataOrigin usual;
  if (origin.fit != usual.fit) json["fit"] = origin.fit;
  if (origin.background != usual.background) json["background"] = origin.background;
  if (origin.transpose) json["transpose"] = true;
  return json;
}

DataOrigin data_origin(const Json& json) {
  DataOrigin origin;
  origin.dataset = json.at("dataset").get<std::string>();
  if (json.contains("path")) origin.path = path_of(json["path"]);
  if (json.contains("data_dir")) origin.data_dir = path_of(json["data_dir"]);
  if (json.contains("image_size")) {
    const auto size = json["image_size"].get<std::vector<std::int64_t>>();
    if (size.size() != 2) throw Json::other_error::create(0, "image_size", nullptr);
    origin.image_size = ImageSize{size[0], size[1]};
  }
  origin.fit = json.value("fit", origin.fit);
  origin.background = json.value("background", origin.background);
  origin.transpose = json.value("transpose", false);
  return origin;
}

std::string utc_now() {
  std::timespec now{};
  std::timespec_get(&now, TIME_UTC);
  return utc(now);
}

std::string utc_of(const fs::path& file) {
  struct stat status {};
  return ::stat(file.c_str(), &status) == 0 ? utc(status.st_mtim) : "";
}

std::string record_text(const RecordFile& r) {
  Json settings = to_json(r.settings);
  settings["epochs"] = r.settings.options.epochs;
  using Ordered = nlohmann::ordered_json;
  const Ordered json{{"format", kFormat},
                     {"version", r.version},
                     {"run", r.run},
                     {"kind", r.kind},
                     {"data", to_json(r.data)},
                     {"dataset_sha256", r.dataset_sha256},
                     {"settings", settings},
                     {"seed", r.settings.options.seed},
                     {"started", r.started},
                     {"finished", r.finished.empty() ? Ordered() : Ordered(r.finished)},
                     {"epochs", r.epochs},
                     {"test_mse", std::isfinite(r.test_mse) ? Ordered(r.test_mse) : Ordered()},
                     {"figures", r.figures},
                     {"figures_due", r.figures_due}};
  return json.dump(2, ' ', false, Ordered::error_handler_t::replace) + "\n";
}

std::optional<RecordFile> parse_record_file(std::string_view text) {
  const Json json = parse_json(text).value_or(nullptr);
  try {
    return record_of(json);
  } catch (const Json::exception&) {
    return std::nullopt;
  } catch (const Error&) {  // of an augmentation
    return std::nullopt;
  }
}

std::optional<RecordFile> read_record_file(const fs::path& path) {
  try {
    const auto bytes = read_file(path, kMostBytes);
    return parse_record_file({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace hourglass
