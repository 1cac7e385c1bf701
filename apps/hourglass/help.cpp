#include "help.h"

#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "hourglass/base/version.h"

namespace hourglass::cli {
namespace {

constexpr std::size_t kColumns = 79;    // one less than the terminal's, so that it never wraps
constexpr std::size_t kMostNames = 24;  // wider names get a line of their own

std::string heading(std::string_view text, bool bold) {
  return bold ? fmt::format("\x1b[1m{}\x1b[0m\n", text) : fmt::format("{}\n", text);
}

struct Row {
  std::string name;
  std::string text;
};

/// Appends the words of `text` from column `indent` on; the first line is already begun.
void append_wrapped(std::string& out, std::string_view text, std::size_t indent) {
  std::size_t column = indent;
  bool first = true;
  for (const std::string& word : CLI::detail::split(std::string(text), ' ')) {
    if (!first && column + 1 + word.size() > kColumns) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
      first = true;
    }
    if (!first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    first = false;
  }
  out += '\n';
}

/// The width of the column of names: the same for all groups of a page.
std::size_t name_width(const std::vector<Row>& rows) {
  std::size_t width = 0;
  for (const Row& row : rows) {
    if (row.name.size() <= kMostNames) width = std::max(width, row.name.size());
  }
  return width;
}

void append_rows(std::string& out, const std::vector<Row>& rows, std::size_t width) {
  const std::size_t indent = width + 4;
  for (const Row& row : rows) {
    out += "  " + row.name;
    if (row.name.size() > width) {
      out += "\n" + std::string(indent, ' ');
    } else {
      out += std::string(indent - 2 - row.name.size(), ' ');
    }
    append_wrapped(out, row.text, indent);
  }
}

std::string flag_names(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  std::string text = fmt::format("{}", fmt::join(names, ", "));
  if (!option.get_type_name().empty()) text += " " + option.get_type_name();
  return text;
}

std::string flag_text(const CLI::Option& option) {
  std::string text = option.get_description();
  if (!option.get_default_str().empty()) text += fmt::format(" [{}]", option.get_default_str());
  return text;
}

std::string usage(const Verb& verb, const CLI::App& app) {
  std::string text = fmt::format("hourglass {}", verb.name);
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) continue;
    const std::string name = option->get_name(true);
    text += option->get_required() ? " " + name : " [" + name + "]";
  }
  return text + " [flags]";
}

/// Commands as they are typed: never wrapped.
std::string indented(std::string_view lines) {
  std::string out;
  for (const std::string& line : CLI::detail::split(std::string(lines), '\n')) {
    out += "  " + line + "\n";
  }
  return out;
}

}  // namespace

std::string program_help(std::span<const Verb> verbs, bool bold) {
  std::string out = fmt::format(
      "hourglass {}: trains autoencoders, measures and draws what they learned\n\n", version());
  out += heading("Usage", bold);
  out += indented(
      "hourglass VERB [flags]\n"
      "hourglass --model AE --dataset mnist --latent_dim 32  trains, as `train` does");
  out += "\n" + heading("Verbs", bold);
  std::vector<Row> rows;
  for (const Verb& verb : verbs)
    rows.push_back({std::string(verb.name), std::string(verb.summary)});
  append_rows(out, rows, name_width(rows));
  out += "\n" + heading("To begin", bold);
  out += indented(
      "hourglass train --dataset strokes --epochs 5 --visualize\n"
      "hourglass VERB --help\n"
      "hourglass --version");
  return out;
}

std::string verb_help(const Verb& verb, const CLI::App& app, bool bold) {
  std::string out;
  append_wrapped(out, fmt::format("hourglass {}: {}", verb.name, verb.summary), 0);
  out += "\n" + heading("Usage", bold) + indented(usage(verb, app));
  std::vector<std::pair<std::string, std::vector<Row>>> sections{{"Arguments", {}}};
  std::vector<Row> all;
  for (const std::string& group : app.get_groups()) sections.push_back({group, {}});
  for (const CLI::Option* option : app.get_options()) {
    const bool argument = option->get_positional();
    const std::string title = argument ? "Arguments" : option->get_group();
    if (title.empty()) continue;  // no kind of model that is here needs it
    const Row row{argument ? option->get_name(true) : flag_names(*option), flag_text(*option)};
    all.push_back(row);
    for (auto& section : sections) {
      if (section.first == title) section.second.push_back(row);
    }
  }
  for (const auto& [title, rows] : sections) {
    if (rows.empty()) continue;
    out += "\n" + heading(title, bold);
    append_rows(out, rows, name_width(all));
  }
  if (!verb.example.empty()) {
    out +=
        "\n" +
        heading(verb.example.find('\n') == std::string_view::npos ? "Example" : "Examples", bold);
    out += indented(verb.example);
  }
  return out;
}

}  // namespace hourglass::cli
