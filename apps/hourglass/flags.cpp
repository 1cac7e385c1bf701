#include "flags.h"

#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>

namespace hourglass::cli {
namespace {

/// Declares a flag. `set` gets its value as text and throws Error for a bad one.
CLI::Option* declare(CLI::App& app, const FlagText& text, const std::string& current,
                     const std::function<void(const std::string&)>& set) {
  const std::string flag = CLI::detail::split_names(text.names).back();
  const std::string verb = app.get_name();
  CLI::Option* option = app.add_option(
      text.names,
      [set, flag, verb](const CLI::results_t& results) {
        const std::string& value = results.back();
        if (value.empty() || (value.size() > 2 && value.compare(0, 2, "--") == 0)) {
          fail(verb, "{} needs a value: see hourglass {} --help", flag, verb);
        }
        set(value);
        return true;
      },
      text.help);
  option->type_name(text.value_name);
  option->default_str(text.default_text != nullptr ? text.default_text : current);
  option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  return option;
}

std::string flag_of(const FlagText& text) {
  return CLI::detail::split_names(text.names).back();
}

/// The whole of `text` as a number, or nothing.
template <typename T>
std::optional<T> parsed(std::string_view text) {
  if (text.size() > 1 && text.front() == '+') text.remove_prefix(1);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

CLI::Option* declare_argument(CLI::App& app, std::string& value, const char* name,
                              const char* help) {
  CLI::Option* option = app.add_option(
      name,
      [&value](const CLI::results_t& results) {
        value = results.back();
        return true;
      },
      help);
  option->type_name("");
  return option;
}

}  // namespace

void flag_group(CLI::App& app, const char* title) {
  app.option_defaults()->group(title);
}

void text_flag(CLI::App& app, std::string& value, const FlagText& text) {
  declare(app, text, value, [&value](const std::string& given) { value = given; });
}

void path_flag(CLI::App& app, std::filesystem::path& value, const FlagText& text) {
  declare(app, text, value.string(), [&value](const std::string& given) { value = given; });
}

void list_flag(CLI::App& app, std::vector<std::string>& values, const FlagText& text) {
  const auto set = [&values, flag = flag_of(text),
                    verb = app.get_name()](const std::string& given) {
    values.clear();
    for (std::size_t begin = 0; begin <= given.size();) {
      const std::size_t end = std::min(given.find(',', begin), given.size());
      if (end == begin) {
        fail(verb, "{} is '{}': give names separated by single commas", flag, given);
      }
      values.push_back(given.substr(begin, end - begin));
      begin = end + 1;
    }
  };
  declare(app, text, fmt::format("{}", fmt::join(values, ",")), set);
}

void count_flag(CLI::App& app, std::int64_t& value, const FlagText& text, std::int64_t least,
                std::int64_t most) {
  const auto set = [&value, least, most, flag = flag_of(text),
                    verb = app.get_name()](const std::string& given) {
    const auto number = parsed<std::int64_t>(given);
    if (!number) fail(verb, "{} is '{}': must be a whole number", flag, given);
    if (*number < least) fail(verb, "{} is {}: must be at least {}", flag, *number, least);
    if (*number > most) fail(verb, "{} is {}: must be at most {}", flag, *number, most);
    value = *number;
  };
  declare(app, text, std::to_string(value), set);
}

void seed_flag(CLI::App& app, std::uint64_t& value, const FlagText& text) {
  const auto set = [&value, flag = flag_of(text), verb = app.get_name()](const std::string& given) {
    const auto number = parsed<std::uint64_t>(given);
    if (!number) {
      fail(verb, "{} is '{}': must be a whole number from 0 to 2^64 - 1", flag, given);
    }
    value = *number;
  };
  declare(app, text, std::to_string(value), set);
}

void positive_flag(CLI::App& app, double& value, const FlagText& text) {
  const auto set = [&value, flag = flag_of(text), verb = app.get_name()](const std::string& given) {
    const auto number = parsed<double>(given);
    if (!number || !std::isfinite(*number) || *number <= 0.0) {
      fail(verb, "{} is '{}': must be a number above 0", flag, given);
    }
    value = *number;
  };
  declare(app, text, fmt::format("{}", value), set);
}

void nonnegative_flag(CLI::App& app, double& value, const FlagText& text) {
  const auto set = [&value, flag = flag_of(text), verb = app.get_name()](const std::string& given) {
    const auto number = parsed<double>(given);
    if (!number || !std::isfinite(*number) || *number < 0.0) {
      fail(verb, "{} is '{}': must be a number of at least 0", flag, given);
    }
    value = *number;
  };
  declare(app, text, fmt::format("{}", value), set);
}

void number_flag(CLI::App& app, double& value, const FlagText& text) {
  const auto set = [&value, flag = flag_of(text), verb = app.get_name()](const std::string& given) {
    const auto number = parsed<double>(given);
    if (!number || !std::isfinite(*number)) {
      fail(verb, "{} is '{}': must be a number", flag, given);
    }
    value = *number;
  };
  declare(app, text, fmt::format("{}", value), set);
}

void image_size_flag(CLI::App& app, std::optional<ImageSize>& value, const FlagText& text) {
  const auto set = [&value, flag = flag_of(text), verb = app.get_name()](const std::string& given) {
    const std::size_t times = given.find_first_of("xX");
    // 0 if it is no number.
    const std::int64_t height =
        parsed<std::int64_t>(std::string_view(given).substr(0, times)).value_or(0);
    const std::int64_t width =
        times == std::string::npos
            ? 0
            : parsed<std::int64_t>(std::string_view(given).substr(times + 1)).value_or(0);
    if (height < 1 || width < 1 || height > kMaxImageSide || width > kMaxImageSide) {
      fail(verb, "{} is '{}': must be HEIGHTxWIDTH in pixels, each from 1 to {}, as 28x28", flag,
           given, kMaxImageSide);
    }
    value = ImageSize{height, width};
  };
  declare(app, text, "", set);
}

void switch_flag(CLI::App& app, bool& value, const char* names, const char* help) {
  app.add_flag(names, value, help)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

void argument(CLI::App& app, std::string& value, const char* name, const char* help) {
  declare_argument(app, value, name, help)->required();
}

void optional_argument(CLI::App& app, std::string& value, const char* name, const char* help) {
  declare_argument(app, value, name, help);
}

void require(CLI::App& app, const char* name) {
  app.get_option(name)->required();
}

std::string verb_of(const CLI::App& app) {
  return app.get_name();
}

}  // namespace hourglass::cli
