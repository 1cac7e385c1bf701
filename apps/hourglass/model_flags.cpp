#include "model_flags.h"

#include <CLI/CLI.hpp>
#include <set>
#include <variant>

#include "flags.h"
#include "hourglass/models/registry.h"

namespace hourglass::cli {
namespace {

/// "AE" or "AE, linear": the kinds that have an option of this name.
std::string kinds_with(const std::string& option) {
  std::string names;
  for (const ModelKind& kind : model_kinds()) {
    for (const OptionSpec& spec : kind.options) {
      if (spec.name == option) names += (names.empty() ? "" : ", ") + kind.name;
    }
  }
  return names;
}

}  // namespace

void model_option_flags(CLI::App& app, std::map<std::string, std::string>& given) {
  std::set<std::string> declared;
  for (const ModelKind& kind : model_kinds()) {
    for (const OptionSpec& spec : kind.options) {
      if (!declared.insert(spec.name).second) continue;
      const std::string help = fmt::format("{} ({})", spec.help, kinds_with(spec.name));
      const std::string flag = "--" + spec.name;
      if (std::holds_alternative<bool>(spec.unsaid)) {
        app.add_flag_callback(
            flag, [&given, name = spec.name] { given[name] = "true"; }, help);
        continue;
      }
      const bool numbers = std::holds_alternative<std::vector<std::int64_t>>(spec.unsaid);
      text_flag(app, given[spec.name],
                {flag.c_str(), numbers ? "N,N..." : "VALUE", help.c_str(), ""});
    }
  }
}

std::string options_of_named_kind(const std::vector<std::string>& arguments) {
  std::string named, options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--model" && i + 1 < arguments.size()) named = arguments[i + 1];
    if (arguments[i].starts_with("--model=")) named = arguments[i].substr(8);
  }
  for (const ModelKind& kind : model_kinds()) {
    if (kind.name != named) continue;
    for (const OptionSpec& spec : kind.options) options += " " + spec.name;
  }
  return options;
}

std::string kinds_help() {
  std::string names, text;
  for (const ModelKind& kind : model_kinds()) {
    names += fmt::format("{}{}", names.empty() ? "" : " or ", kind.name);
    text += fmt::format("; {}: {}", kind.name, kind.summary);
  }
  return names + text;
}

}  // namespace hourglass::cli
