// Texts for users say "latent", never "code": that is left for an index of a codebook.

#include <gmock/gmock.h>

#include <cstdlib>
#include <iterator>
#include <regex>
#include <sstream>

#include "program.h"
#include "samples.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

/// Whether the text has the word "code" or "codes", other than in "exit code".
bool speaks_of_codes(const std::string& text) {
  static const std::regex exit("exit\\s+codes?", std::regex::icase);
  static const std::regex codes("\\bcodes?\\b", std::regex::icase);
  return std::regex_search(std::regex_replace(text, exit, ""), codes);
}

/// The verbs in the text of `hourglass --help`, as words: "  data list  lists ...".
std::vector<Words> verbs_of(const std::string& help) {
  std::vector<Words> verbs;
  std::istringstream lines(help.substr(help.find("\nTrain\n")));
  for (std::string line; std::getline(lines, line) && line != "To begin";) {
    if (line.compare(0, 2, "  ") != 0 || line.find("hourglass ") == 2) continue;
    std::istringstream name(line.substr(2, line.find("  ", 2) - 2));
    verbs.push_back(Words{std::istream_iterator<std::string>(name), {}});
  }
  return verbs;
}

class CliWords : public CommandLine {};

TEST_F(CliWords, NoHelpSpeaksOfCodes) {
  const std::string all = run({"--help"}).out;
  EXPECT_FALSE(speaks_of_codes(all)) << all;
  const std::vector<Words> calls = verbs_of(all);
  EXPECT_GT(calls.size(), 12U);
  for (Words call : calls) {
    call.insert(call.end(), {"--help", "all"});
    const std::string help = run(call).out;
    EXPECT_FALSE(speaks_of_codes(help)) << help;
  }
}

TEST_F(CliWords, NamesFromFilesReachTheTerminalWithoutItsControls) {
  const std::string evil =
      "\x1b[31mred\xc2\x9b"
      "2J\xe2\x80\xae";  // CSI, C1 CSI, right to left
  const std::string nice = "caf\xc3\xa9";
  write_class_folders(folder / "own", {evil, nice}, 12);
  const Words train{"train", "--dataset", "own", "--epochs", "1", "--latent_dim", "2", "--quiet"};
  ASSERT_EQ(run(train).status, 0);
  for (const Words& call : std::vector<Words>{{"info", "own_2"},
                                              {"info", "own_2", "--json"},
                                              {"eval", "own_2", "--dataset", "own"},
                                              {"info", "models/" + evil},
                                              {evil},
                                              {"train", "--" + evil}}) {
    const Outcome outcome = run(call);
    for (const char* control : {"\x1b", "\xc2\x9b", "\xe2\x80\xae"}) {
      EXPECT_EQ((outcome.out + outcome.err).find(control), std::string::npos) << call[0];
    }
  }
  EXPECT_NE(run({"info", "own_2", "--json"}).out.find(nice), std::string::npos);
}

TEST_F(CliWords, TheNextCommandIsAnotherVerbThatIsThere) {
  write_small_idx(folder / "data/mnist", 60, 30);
  const std::string help = run({"--help"}).out;
  for (const Words& call :
       std::vector<Words>{{"train", "--dataset", "mnist", "--latent_dim", "2", "--epochs", "1",
                           "--data_dir", "data"},
                          {"eval", "mnist_2", "--data_dir", "data"},
                          {"visualize", "mnist_2", "--only", "recon", "--data_dir", "data"},
                          {"encode", "mnist_2", "-o", "Z.npy", "--data_dir", "data"},
                          {"decode", "mnist_2", "Z.npy", "-o", "X.npy"},
                          {"project", "pca", "Z.npy", "-o", "M.npy"},
                          {"project", "umap", "Z.npy", "-o", "U.npy"},
                          {"project", "quality", "Z.npy", "M.npy"},
                          {"export", "mnist_2"},
                          {"info", "mnist_2"},
                          {"verify", "mnist_2", "--data_dir", "data"},
                          {"data", "list"},
                          {"doctor"}}) {
    const Outcome outcome = run(call);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    const bool two = call[0] == "project" || call[0] == "data";
    const std::string verb = two ? call[0] + " " + call[1] : call[0];
    const std::size_t at = outcome.out.rfind("\nnext: hourglass ");  // the last one
    if (at == std::string::npos) continue;
    const std::string next = outcome.out.substr(at + 17);
    EXPECT_NE(next.compare(0, verb.size() + 1, verb + " "), 0) << next;
    const std::string first = next.substr(0, next.find_first_of(" \n"));
    EXPECT_NE(help.find("\n  " + first), std::string::npos) << next;
  }
}

TEST(Words, PeopleReadOnlyWhatSayPrints) {
  const char* source = std::getenv("HOURGLASS_SOURCE_DIR");
  if (source == nullptr) GTEST_SKIP() << "sources: HOURGLASS_SOURCE_DIR names no checkout";
  const std::regex other("fmt::print|std::cout|std::cerr|\\bf?printf\\(|\\bf?puts\\(");
  for (const auto& file : fs::directory_iterator(fs::path(source) / "apps/hourglass")) {
    if (file.path().filename() == "terminal.cpp") continue;
    EXPECT_FALSE(std::regex_search(text_of(file.path()), other)) << file.path();
  }
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
