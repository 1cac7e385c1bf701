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

std::string kinds_help() {
  std::string text;
  for (const ModelKind& kind : model_kinds()) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", kind.name, kind.summary);
  }
  return text;
}

}  // namespace hourglass::cli
