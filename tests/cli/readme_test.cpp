// The commands of README.md are run in its order, each as it stands there. Only what would take
// hours or needs large data is smaller: the data and the number of epochs.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "hourglass/base/random.h"
#include "hourglass/interop/npy.h"
#include "program.h"
#include "samples.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

/// The words of a command as a shell splits it: double quotes, and a comment after " #".
Words shell_words(const std::string& line) {
  Words words;
  std::string word;
  bool quoted = false, begun = false;
  for (const char c : line + " ") {
    if (c == '"') {
      quoted = !quoted;
      begun = true;
    } else if (c == '#' && !begun) {
      break;
    } else if (c == ' ' && !quoted) {
      if (begun) words.push_back(word);
      word.clear();
      begun = false;
    } else {
      word += c;
      begun = true;
    }
  }
  return words;
}

/// The lines of README.md's blocks of commands that begin with `hourglass `, without that word.
std::vector<Words> commands_of(const std::string& readme) {
  std::vector<Words> commands;
  std::istringstream lines(readme);
  bool in_block = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("```")) in_block = !in_block;
    if (!in_block || !line.starts_with("hourglass ")) continue;
    Words words = shell_words(line);
    words.erase(words.begin());
    commands.push_back(words);
  }
  return commands;
}

/// The command with values that suit small data.
Words smaller(Words words) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i - 1] == "--epochs") words[i] = words[i] == "100" ? "6" : "5";  // figures at 1 and 5
    if (words[i - 1] == "--validation") words[i] = "40";
    if (words[i - 1] == "--interpolate") words[i] = "#17:#25";
  }
  // Without a file it would serve its page until it is stopped.
  const bool explores = !words.empty() && words[0] == "explore";
  if (explores && std::find(words.begin(), words.end(), "-o") == words.end()) {
    words.insert(words.end(), {"-o", "explore.html"});
  }
  const bool trains = !words.empty() && (words[0] == "train" || words[0] == "--model");
  const bool has_epochs = std::find(words.begin(), words.end(), "--epochs") != words.end();
  if (trains && !has_epochs) words.insert(words.end(), {"--epochs", "1"});
  return words;
}

/// X.npy and NEW.npy, 60 x 5, L.npy with three labels, and both in wine.csv.
void write_rows(const fs::path& folder) {
  Rng rng(1);
  Tensor x(Shape{60, 5});
  for (const char* file : {"X.npy", "NEW.npy"}) {
    for (float& value : x.span()) value = static_cast<float>(rng.normal());
    write_npy(folder / file, x);
  }
  std::vector<std::int64_t> labels(60);
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<std::int64_t>(i % 3);
  write_npy(folder / "L.npy", {std::span<const std::int64_t>(labels), Shape{60}});
  std::string table = "alcohol,malic_acid,ash,alcalinity,magnesium,cultivar\n";
  for (std::int64_t i = 0; i < 60; ++i) {
    for (const float value : x.row(i)) table += fmt::format("{},", value);
    table += fmt::format("{}\n", "abc"[i % 3]);
  }
  write_text(folder / "wine.csv", table);
}

class CliReadme : public CommandLine {};

TEST_F(CliReadme, EveryCommandOfItRunsInItsOrder) {
  const char* source = std::getenv("HOURGLASS_SOURCE_DIR");
  if (source == nullptr) GTEST_SKIP() << "README.md: HOURGLASS_SOURCE_DIR names no checkout";
  write_small_idx(folder / "data/mnist", 240, 60);
  write_small_idx(folder / "data/fashion_mnist", 240, 60);
  write_class_folders(folder / "photos", {"cat", "dog"}, 30);
  write_rows(folder);
  const auto commands = commands_of(text_of(fs::path(source) / "README.md"));
  EXPECT_GT(commands.size(), 15U);
  for (const Words& command : commands) {
    const Outcome outcome = run(smaller(command));
    if (outcome.err.find("was built without its page") != std::string::npos) continue;
    EXPECT_EQ(outcome.status, 0) << testing::PrintToString(command) << outcome.err;
  }
}

}  // namespace
}  // namespace hourglass
