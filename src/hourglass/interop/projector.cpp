#include "hourglass/interop/projector.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/tensor/impl/checks.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTensors = "tensors.tsv";
constexpr const char* kMetadata = "metadata.tsv";
constexpr const char* kSprite = "sprite.png";

/// A line for each row, with the shortest texts that give the same floats when read.
std::string tensors_text(ConstView rows) {
  fmt::memory_buffer out;
  for (std::int64_t i = 0; i < rows.size(0); ++i) {
    const auto row = rows.row(i);
    fmt::format_to(std::back_inserter(out), "{}\n", fmt::join(row.begin(), row.end(), "\t"));
  }
  return fmt::to_string(out);
}

std::string cell(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  return text;
}

/// The projector reads the first line as names if there is more than one column.
std::string metadata_text(const ProjectorData& data) {
  std::string out;
  const auto line = [&](const auto& text_of) {
    for (std::size_t i = 0; i < data.columns.size(); ++i) {
      if (i > 0) out += '\t';
      out += cell(text_of(data.columns[i]));
    }
    out += '\n';
  };
  if (data.columns.size() > 1) line([](const ProjectorColumn& column) { return column.name; });
  for (std::size_t row = 0; row < static_cast<std::size_t>(data.rows.size(0)); ++row) {
    line([&](const ProjectorColumn& column) { return column.values[row]; });
  }
  return out;
}

/// A string of protobuf's text format.
std::string text_format(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7F || c == '"' || c == '\\') {
      out += fmt::format("\\{:03o}", byte);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string plugin_config(const ProjectorData& data) {
  return fmt::format(
      "embeddings {{\n"
      "  tensor_name: {}\n"
      "  tensor_path: \"{}\"\n"
      "  tensor_shape: {}\n"
      "  tensor_shape: {}\n"
      "  metadata_path: \"{}\"\n"
      "  sprite {{\n"
      "    image_path: \"{}\"\n"
      "    single_image_dim: {}\n"
      "    single_image_dim: {}\n"
      "  }}\n"
      "}}\n",
      text_format(data.name), kTensors, data.rows.size(0), data.rows.size(1), kMetadata, kSprite,
      data.picture_width, data.picture_height);
}

std::string page_config(const ProjectorData& data) {
  const nlohmann::ordered_json embedding{
      {"tensorName", data.name},
      {"tensorShape", {data.rows.size(0), data.rows.size(1)}},
      {"tensorPath", kTensors},
      {"metadataPath", kMetadata},
      {"sprite",
       {{"imagePath", kSprite}, {"singleImageDim", {data.picture_width, data.picture_height}}}}};
  nlohmann::ordered_json config;
  config["embeddings"] = nlohmann::ordered_json::array({embedding});
  return config.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace

std::vector<fs::path> write_projector(const fs::path& folder, const ProjectorData& data) {
  require_matrix("projector", "rows", data.rows);
  require(data.rows.count() > 0, "projector", "rows", data.rows.shape().text(),
          "at least one row and one column are needed");
  require(!data.columns.empty(), "projector", "columns", 0, "at least one is needed");
  for (const ProjectorColumn& column : data.columns) {
    require(std::ssize(column.values) == data.rows.size(0), "projector", "values",
            column.values.size(), "one for each row is needed");
  }
  make_folder(folder);
  std::vector<fs::path> written;
  const auto put = [&](const char* name, const auto& content) {
    written.push_back(folder / name);
    write_file(written.back(), content);
  };
  put(kTensors, tensors_text(data.rows));
  put(kMetadata, metadata_text(data));
  put(kSprite, data.sprite);
  put("projector_config.pbtxt", plugin_config(data));
  put("projector_config.json", page_config(data));
  return written;
}

}  // namespace hourglass
