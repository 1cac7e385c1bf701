// Texts for users say "latent", never "code": that is left for an index of a codebook.

#include <gmock/gmock.h>

#include <cstdlib>
#include <iterator>
#include <regex>
#include <sstream>

#include "program.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

/// Whether the text has the word "code" or "codes", other than in "exit code".
bool speaks_of_codes(const std::string& text) {
  static const std::regex exit("exit\\s+codes?", std::regex::icase);
  static const std::regex codes("\\bcodes?\\b", std::regex::icase);
  return std::regex_search(std::regex_replace(text, exit, ""), codes);
}

class CliWords : public CommandLine {};

TEST_F(CliWords, NoHelpSpeaksOfCodes) {
  const std::string all = run({"--help"}).out;
  EXPECT_FALSE(speaks_of_codes(all)) << all;
  std::istringstream lines(all.substr(all.find("\nVerbs\n") + 7));
  int verbs = 0;
  for (std::string line; std::getline(lines, line) && !line.empty(); ++verbs) {
    std::istringstream name(line.substr(2, line.find("  ", 2) - 2));  // "  data list  lists ..."
    Words call{std::istream_iterator<std::string>(name), {}};
    call.emplace_back("--help");
    const std::string help = run(call).out;
    EXPECT_FALSE(speaks_of_codes(help)) << help;
  }
  EXPECT_GT(verbs, 12);
}

TEST(Words, NoStringOfFiguresSpeaksOfCodes) {
  const char* source = std::getenv("HOURGLASS_SOURCE_DIR");
  if (source == nullptr) GTEST_SKIP() << "strings: HOURGLASS_SOURCE_DIR names no checkout";
  const std::string allowed = "\"codes\"";  // an array's name in a figure's data
  const std::regex literal("\"(?:[^\"\\\\]|\\\\.)*\"");
  for (const std::string folder : {"figures", "lab"}) {
    for (const auto& file :
         fs::recursive_directory_iterator(fs::path(source) / "src/hourglass" / folder)) {
      std::istringstream lines(file.is_regular_file() ? text_of(file.path()) : "");
      for (std::string line; std::getline(lines, line);) {
        for (std::sregex_iterator text(line.begin(), line.end(), literal), end; text != end; ++text)
          EXPECT_FALSE(text->str() != allowed && speaks_of_codes(text->str())) << line;
      }
    }
  }
}

}  // namespace
}  // namespace hourglass
