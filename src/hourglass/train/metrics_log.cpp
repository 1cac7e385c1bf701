#include "hourglass/train/metrics_log.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/base/impl/json.h"

namespace hourglass {
namespace {

std::vector<Score> named_numbers(const nlohmann::json& line, const char* key) {
  std::vector<Score> numbers;
  if (!line.contains(key)) return numbers;
  for (const auto& [name, value] : line.at(key).get_ref<const nlohmann::json::object_t&>()) {
    numbers.push_back({name, value.get<double>()});
  }
  return numbers;
}

nlohmann::json json_of(const std::vector<Score>& numbers) {
  nlohmann::json json;
  for (const Score& number : numbers) json[number.name] = number.value;
  return json;
}

/// Throws nlohmann's exceptions for a text that is not a line of metrics.
EpochResult parse(std::string_view text) {
  const nlohmann::json line = parse_json(text).value_or(nullptr);
  EpochResult r;
  r.epoch = whole_number(line, "epoch");
  r.train_loss = line.at("train_loss").get<double>();
  r.test_mse = line.at("test_mse").get<double>();
  r.psnr = line.at("psnr").get<double>();
  if (line.contains("validation_mse")) r.validation_mse = line["validation_mse"].get<double>();
  if (line.contains("learning_rate")) r.learning_rate = line["learning_rate"].get<double>();
  r.seconds = line.at("seconds").get<double>();
  r.images_per_second = line.at("images_per_second").get<double>();
  r.weights_sha256 = line.at("weights_sha256").get<std::string>();
  r.loss_parts = named_numbers(line, "loss_parts");
  r.metrics = named_numbers(line, "metrics");
  return r;
}

}  // namespace

std::string metrics_line(const EpochResult& r) {
  nlohmann::ordered_json line{
      {"epoch", r.epoch}, {"train_loss", r.train_loss}, {"test_mse", r.test_mse}, {"psnr", r.psnr}};
  if (r.validation_mse) line["validation_mse"] = *r.validation_mse;
  if (r.learning_rate) line["learning_rate"] = *r.learning_rate;
  line["seconds"] = r.seconds;
  line["images_per_second"] = r.images_per_second;
  line["weights_sha256"] = r.weights_sha256;
  if (!r.loss_parts.empty()) line["loss_parts"] = json_of(r.loss_parts);
  if (!r.metrics.empty()) line["metrics"] = json_of(r.metrics);
  return line.dump() + "\n";
}

void append_metrics(const std::filesystem::path& path, const EpochResult& result) {
  append_file(path, metrics_line(result));
}

std::vector<EpochResult> parse_metrics(std::string_view text, std::string_view source) {
  std::vector<EpochResult> results;
  std::size_t begin = 0;
  for (std::size_t end; (end = text.find('\n', begin)) != std::string_view::npos; begin = end + 1) {
    try {
      results.push_back(parse(text.substr(begin, end - begin)));
    } catch (const nlohmann::json::exception&) {
      fail_file("metrics", "{}: line {} is not a line of metrics: remove the file to do without it",
                source, results.size() + 1);
    }
  }
  return results;
}

std::vector<EpochResult> read_metrics(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return {};
  const auto bytes = read_file(path);
  return parse_metrics({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path.string());
}

void trim_metrics(const std::filesystem::path& path, std::int64_t epoch) {
  std::string text;
  for (const EpochResult& result : read_metrics(path)) {
    if (result.epoch <= epoch) text += metrics_line(result);
  }
  write_file(path, text);
}

}  // namespace hourglass
