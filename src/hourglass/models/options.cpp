#include "hourglass/models/options.h"

#include <fmt/ranges.h>
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "hourglass/base/error.h"
#include "hourglass/base/impl/printable.h"

namespace hourglass {
namespace {

template <typename T>
T number_of(const OptionSpec& spec, std::string_view text, std::string_view what) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    fail("model", "{} is '{}': must be {}", spec.name, printable(text), what);
  }
  return value;
}

std::vector<std::int64_t> numbers_of(const OptionSpec& spec, std::string_view text) {
  std::vector<std::int64_t> values;
  while (true) {
    const std::size_t comma = text.find(',');
    values.push_back(
        number_of<std::int64_t>(spec, text.substr(0, comma), "whole numbers with commas"));
    if (comma == std::string_view::npos) return values;
    text.remove_prefix(comma + 1);
  }
}

void check_range(const OptionSpec& spec, double value) {
  if (!(value >= spec.least && value <= spec.most)) {
    fail("model", "{} is {}: must be from {} to {}", spec.name, value, spec.least, spec.most);
  }
}

/// Reads an option of the visited type from JSON.
struct ReadJson {
  const OptionSpec& spec;
  const nlohmann::json& json;
  OptionValue operator()(bool) const { return of<bool>(json.is_boolean()); }
  OptionValue operator()(std::int64_t) const { return whole(json); }
  OptionValue operator()(double) const { return of<double>(json.is_number()); }
  OptionValue operator()(const std::string&) const { return of<std::string>(json.is_string()); }
  OptionValue operator()(const std::vector<std::int64_t>&) const {
    expect(json.is_array());
    std::vector<std::int64_t> values;
    for (const nlohmann::json& value : json) values.push_back(whole(value));
    return values;
  }

  template <typename T>
  T of(bool is_type) const {
    expect(is_type);
    return json.get<T>();
  }
  std::int64_t whole(const nlohmann::json& value) const {
    const bool is_whole = value.is_number_integer() &&
                          (!value.is_number_unsigned() || value.get<std::uint64_t>() <= INT64_MAX);
    expect(is_whole);
    return value.get<std::int64_t>();
  }
  void expect(bool is_type) const {
    if (is_type) return;
    fail_file("model", "the description's {} is of the wrong type: the file is damaged", spec.name);
  }
};

}  // namespace

OptionValue parse_option(const OptionSpec& spec, std::string_view text) {
  struct Parse {
    const OptionSpec& spec;
    std::string_view text;
    OptionValue operator()(bool) const {
      if (text != "true" && text != "false") {
        fail("model", "{} is '{}': must be true or false", spec.name, printable(text));
      }
      return text == "true";
    }
    OptionValue operator()(std::int64_t) const {
      return number_of<std::int64_t>(spec, text, "a whole number");
    }
    OptionValue operator()(double) const { return number_of<double>(spec, text, "a number"); }
    OptionValue operator()(const std::string&) const { return std::string(text); }
    OptionValue operator()(const std::vector<std::int64_t>&) const {
      return numbers_of(spec, text);
    }
  };
  OptionValue value = std::visit(Parse{spec, text}, spec.unsaid);
  check_option(spec, value);
  return value;
}

std::string option_text(const OptionValue& value) {
  struct Text {
    std::string operator()(bool x) const { return x ? "true" : "false"; }
    std::string operator()(std::int64_t x) const { return fmt::format("{}", x); }
    std::string operator()(double x) const { return fmt::format("{}", x); }
    std::string operator()(const std::string& x) const { return x; }
    std::string operator()(const std::vector<std::int64_t>& x) const {
      return fmt::format("{}", fmt::join(x, ","));
    }
  };
  return std::visit(Text{}, value);
}

nlohmann::json option_json(const OptionValue& value) {
  return std::visit([](const auto& x) { return nlohmann::json(x); }, value);
}

OptionValue option_of_json(const OptionSpec& spec, const nlohmann::json& json) {
  OptionValue value = std::visit(ReadJson{spec, json}, spec.unsaid);
  check_option(spec, value);
  return value;
}

void check_option(const OptionSpec& spec, const OptionValue& value) {
  if (value.index() != spec.unsaid.index()) {
    fail("model", "{} is {}: it takes a value like {}", spec.name, printable(option_text(value)),
         option_text(spec.unsaid));
  }
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    check_range(spec, static_cast<double>(*whole));
  }
  if (const auto* real = std::get_if<double>(&value)) check_range(spec, *real);
  if (spec.check) spec.check(value);
}

const OptionSpec& find_option(std::span<const OptionSpec> table, std::string_view kind,
                              std::string_view name) {
  const auto found = std::ranges::find(table, name, &OptionSpec::name);
  if (found != table.end()) return *found;
  std::vector<std::string> names;
  for (const OptionSpec& spec : table) names.push_back(spec.name);
  fail("model", "{} has no option '{}': it has {}", kind, printable(name), fmt::join(names, ", "));
}

OptionSpec switch_option(std::string name, std::string help) {
  return {std::move(name), false, std::move(help)};
}

OptionSpec whole_option(std::string name, std::int64_t unsaid, std::int64_t least,
                        std::int64_t most, std::string help) {
  return {std::move(name), unsaid, std::move(help), static_cast<double>(least),
          static_cast<double>(most)};
}

OptionSpec real_option(std::string name, double unsaid, double least, double most,
                       std::string help) {
  return {std::move(name), unsaid, std::move(help), least, most};
}

OptionSpec text_option(std::string name, std::string unsaid, std::string help,
                       void (*check)(const OptionValue&)) {
  return {std::move(name), std::move(unsaid), std::move(help), 0, 0, check};
}

}  // namespace hourglass
