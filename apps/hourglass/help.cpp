#include "help.h"

#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "hourglass/base/version.h"
#include "terminal.h"

namespace hourglass::cli {
namespace {

constexpr std::size_t kColumns = 79;    // one less than the terminal's, so that it never wraps
constexpr std::size_t kMostNames = 24;  // wider names get a line of their own

std::string heading(std::string_view text, bool in_bold) {
  return bold(text, in_bold) + "\n";
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

/// The rows of one heading.
struct Section {
  std::string title;
  std::vector<Row> rows;
};

/// The arguments, and all flags by group.
std::vector<Section> all_sections(const CLI::App& app) {
  std::vector<Section> sections{{"Arguments", {}}};
  for (const std::string& group : app.get_groups()) sections.push_back({group, {}});
  for (const CLI::Option* option : app.get_options()) {
    const bool argument = option->get_positional();
    const std::string title = argument ? "Arguments" : option->get_group();
    if (title.empty()) continue;  // no kind of model that is here needs it
    const Row row{argument ? option->get_name(true) : flag_names(*option), flag_text(*option)};
    for (Section& section : sections) {
      if (section.title == title) section.rows.push_back(row);
    }
  }
  return sections;
}

/// The arguments, and the flags named in `shown`, each with the first clause of its text.
std::vector<Section> usual_sections(const CLI::App& app, std::string_view shown) {
  Section arguments{"Arguments", {}}, flags{"Flags", {}};
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) {
      arguments.rows.push_back({option->get_name(true), flag_text(*option)});
    }
  }
  for (const std::string& name : CLI::detail::split(std::string(shown), ' ')) {
    const CLI::Option* option = app.get_option("--" + name);
    const std::string text = option->get_description();
    const std::string default_text = option->get_default_str();
    std::string clause = text.substr(0, text.find_first_of(";:"));
    if (!default_text.empty()) {
      clause += fmt::format(" [{}]", default_text.substr(0, default_text.find(';')));
    }
    flags.rows.push_back({flag_names(*option), clause});
  }
  return {arguments, flags};
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

std::string program_help(std::span<const Verb> verbs, bool in_bold) {
  std::string out = fmt::format(
      "hourglass {}: trains autoencoders, measures and draws what they learned\n\n", version());
  out += heading("Usage", in_bold);
  out += indented(
      "hourglass VERB [flags]\n"
      "hourglass --model AE --dataset mnist --latent_dim 32  trains, as `train` does");
  std::vector<Row> all;
  for (const Verb& verb : verbs) all.push_back({std::string(verb.name), std::string(verb.summary)});
  for (std::size_t i = 0; i < verbs.size(); ++i) {
    if (i == 0 || verbs[i].group != verbs[i - 1].group) {
      out += "\n" + heading(verbs[i].group, in_bold);
    }
    append_rows(out, {all[i]}, name_width(all));
  }
  out += "\n" + heading("To begin", in_bold);
  out += indented(
      "hourglass train --dataset strokes --epochs 5 --visualize\n"
      "hourglass VERB --help\n"
      "hourglass --version");
  return out;
}

std::string verb_help(const Verb& verb, const CLI::App& app, std::string_view shown, bool in_bold) {
  std::string out;
  append_wrapped(out, fmt::format("hourglass {}: {}", verb.name, verb.summary), 0);
  out += "\n" + heading("Usage", in_bold) + indented(usage(verb, app));
  const std::vector<Section> sections =
      shown.empty() ? all_sections(app) : usual_sections(app, shown);
  std::vector<Row> all;
  for (const Section& section : sections) {
    all.insert(all.end(), section.rows.begin(), section.rows.end());
  }
  for (const auto& [title, rows] : sections) {
    if (rows.empty()) continue;
    out += "\n" + heading(title, in_bold);
    append_rows(out, rows, name_width(all));
  }
  if (!verb.example.empty()) {
    const bool several = verb.example.find('\n') != std::string_view::npos;
    out += "\n" + heading(several ? "Examples" : "Example", in_bold) + indented(verb.example);
  }
  if (!shown.empty()) out += indented(fmt::format("hourglass {} --help all", verb.name));
  return out;
}

}  // namespace hourglass::cli
