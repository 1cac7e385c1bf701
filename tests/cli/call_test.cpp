// The syntax of calls, and the errors for wrong ones.

#include <gmock/gmock.h>

#include <algorithm>
#include <sstream>

#include "program.h"

namespace hourglass {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const Words kVerbs{"train",     "eval",       "visualize",   "encode", "decode", "info",
                   "data list", "data fetch", "data verify", "doctor", "import", "export"};

Words words(const std::string& line) {
  Words result;
  std::istringstream stream(line);
  for (std::string word; stream >> word;) result.push_back(word);
  return result;
}

class CliCall : public CommandLine {
 protected:
  /// The call is refused with exactly this line, nothing on standard output, and status 2.
  void expect_refused(const std::string& call, const std::string& line) {
    const Outcome outcome = run(words(call));
    EXPECT_EQ(outcome.err, "hourglass: " + line + "\n") << call;
    EXPECT_EQ(outcome.out, "") << call;
    EXPECT_EQ(outcome.status, 2) << call;
  }
};

TEST_F(CliCall, NothingShowsTheVerbs) {
  const Outcome outcome = run({});
  EXPECT_EQ(outcome.status, 0);
  for (const std::string& verb : kVerbs) EXPECT_THAT(outcome.out, HasSubstr("\n  " + verb + " "));
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(outcome.out, run({"--help"}).out);
  EXPECT_EQ(outcome.out, run({"help"}).out);
}

TEST_F(CliCall, VersionAnswers) {
  const Outcome outcome = run({"--version"});
  EXPECT_EQ(outcome.out, "hourglass 0.1.0\n");
  EXPECT_EQ(run({"-V"}).out, outcome.out);
  EXPECT_EQ(outcome.status, 0);
}

TEST_F(CliCall, EveryHelpFitsEightyColumnsAndHasAnExample) {
  for (const std::string& verb : kVerbs) {
    const Outcome outcome = run(words(verb + " --help"));
    EXPECT_EQ(outcome.status, 0) << verb;
    EXPECT_THAT(outcome.out, StartsWith("hourglass " + verb + ": ")) << verb;
    EXPECT_THAT(outcome.out, HasSubstr("\nExample")) << verb;
    std::istringstream lines(outcome.out);
    for (std::string line; std::getline(lines, line);) EXPECT_LT(line.size(), 80U) << line;
    EXPECT_EQ(run(words("help " + verb)).out, outcome.out) << verb;
    std::istringstream all(run(words(verb + " --help all")).out);
    for (std::string line; std::getline(all, line);) EXPECT_LT(line.size(), 80U) << line;
  }
}

TEST_F(CliCall, HelpPrintsDefaults) {
  const std::string help = run({"train", "--help", "all"}).out;
  for (const char* text : {"--model KIND", "[AE]", "[mnist]", "[32]", "[50; fast: ", "[128; fast: ",
                           "[0.001; fast: ", "[0]", "[the fastest"}) {
    EXPECT_THAT(help, HasSubstr(text));
  }
}

TEST_F(CliCall, TheHelpOfTrainFitsATerminalAndHelpAllHasEveryFlag) {
  const std::string help = run({"train", "--help"}).out;
  EXPECT_LE(std::count(help.begin(), help.end(), '\n'), 24);
  EXPECT_THAT(help, HasSubstr("\n  hourglass train --help all\n"));
  EXPECT_THAT(help, Not(HasSubstr("--lanes")));
  EXPECT_THAT(run({"train", "--help", "all"}).out, HasSubstr("--lanes"));
  EXPECT_THAT(help, Not(HasSubstr("--corruption")));
  EXPECT_THAT(run({"--model", "linear", "--help"}).out, HasSubstr("--corruption"));
}

TEST_F(CliCall, HelpHasFourGroups) {
  const std::string help = run({"--help"}).out;
  std::size_t at = 0;
  for (const char* group : {"\nTrain\n", "\nLook\n", "\nUse\n", "\nFiles and machine\n"}) {
    at = help.find(group, at);
    ASSERT_NE(at, std::string::npos) << group;
  }
}

TEST_F(CliCall, WellKnownWordsAreUnderstoodAsHints) {
  expect_refused("train --lr 0.1", "[train] unknown flag --lr: write --learning_rate");
  expect_refused("project umap X.npy --random-state 1",
                 "[project umap] unknown flag --random_state: write --seed");
  expect_refused("umap X.npy",
                 "[call] there is no verb 'umap': write hourglass project umap X.npy");
  expect_refused("version", "[call] there is no verb 'version': write hourglass --version");
  for (const char* verb : {"tsne X.npy", "sample", "generate", "pca X.npy", "evaluate"}) {
    const Outcome outcome = run(words(verb));
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("hourglass ")) << verb;
  }
  // A hint never names a flag that the verb does not have.
  EXPECT_THAT(run({"info", "--lr", "1"}).err, Not(HasSubstr("learning_rate")));
}

TEST_F(CliCall, TheVerbsOfDataShowThemselves) {
  const Outcome outcome = run({"data"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, HasSubstr("\n  data fetch "));
  EXPECT_THAT(outcome.out, Not(HasSubstr("\n  train ")));
}

TEST_F(CliCall, UnknownVerbsAreRefusedWithTheNearest) {
  expect_refused("trian", "[call] unknown verb 'trian': did you mean train?");
  expect_refused("vizualize", "[call] unknown verb 'vizualize': did you mean visualize?");
  expect_refused("data fetsh mnist", "[call] unknown verb 'data fetsh': did you mean data fetch?");
  expect_refused("frobnicate", "[call] unknown verb 'frobnicate': see hourglass --help");
}

TEST_F(CliCall, UnknownFlagsAreRefusedWithTheNearest) {
  expect_refused("train --latnet_dim 32",
                 "[train] unknown flag --latnet_dim: did you mean --latent_dim?");
  expect_refused("--model AE --epoch 3", "[train] unknown flag --epoch: did you mean --epochs?");
  expect_refused("train -epochs 3", "[train] unknown flag -epochs: did you mean --epochs?");
  expect_refused("info --wheather", "[info] unknown flag --wheather: see hourglass info --help");
  expect_refused("data list --jsn", "[data list] unknown flag --jsn: did you mean --json?");
}

TEST_F(CliCall, ValuesOutOfRangeAreNamed) {
  expect_refused("train --latent_dim 0", "[train] --latent_dim is 0: must be at least 1");
  expect_refused("train --epochs -1", "[train] --epochs is -1: must be at least 1");
  expect_refused("train --epochs=-1", "[train] --epochs is -1: must be at least 1");
  expect_refused("train --batch_size 0", "[train] --batch_size is 0: must be at least 1");
  expect_refused("train --threads 0", "[train] --threads is 0: must be at least 1");
  expect_refused("train --validation -5", "[train] --validation is -5: must be at least 0");
  expect_refused("train --learning_rate 0",
                 "[train] --learning_rate is '0': must be a number above 0");
  expect_refused("train --learning_rate nan",
                 "[train] --learning_rate is 'nan': must be a number above 0");
}

TEST_F(CliCall, ValuesThatAreNoNumbersAreNamed) {
  expect_refused("train --epochs many", "[train] --epochs is 'many': must be a whole number");
  expect_refused("train --epochs 3.5", "[train] --epochs is '3.5': must be a whole number");
  expect_refused("train --epochs 99999999999999999999",
                 "[train] --epochs is '99999999999999999999': must be a whole number");
  expect_refused("train --seed -1",
                 "[train] --seed is '-1': must be a whole number from 0 to 2^64 - 1");
  expect_refused("train --image_size 28",
                 "[train] --image_size is '28': must be HEIGHTxWIDTH in pixels, each from 1 to "
                 "8192, as 28x28");
}

TEST_F(CliCall, WhatIsMissingIsNamed) {
  expect_refused("train --epochs", "[train] --epochs needs a value: see hourglass train --help");
  expect_refused("train --out --quiet", "[train] --out needs a value: see hourglass train --help");
  expect_refused("encode", "[encode] CHECKPOINT is missing: see hourglass encode --help");
  expect_refused("encode mnist_32", "[encode] --output is missing: see hourglass encode --help");
  expect_refused("decode mnist_32 -o X.npy",
                 "[decode] LATENTS is missing: see hourglass decode --help");
  expect_refused("data fetch", "[data fetch] NAME is missing: see hourglass data fetch --help");
}

TEST_F(CliCall, ArgumentsTooManyAreNamed) {
  expect_refused("train mnist", "[train] unexpected argument 'mnist': see hourglass train --help");
  expect_refused("info a b", "[info] unexpected argument 'b': see hourglass info --help");
}

TEST_F(CliCall, ADashStandsForAnUnderscoreInNamesOnly) {
  expect_refused("train --latent-dim 0", "[train] --latent_dim is 0: must be at least 1");
  expect_refused("train --latent-dim=a-b", "[train] --latent_dim is 'a-b': must be a whole number");
  expect_refused("--batch-size 0", "[train] --batch_size is 0: must be at least 1");
}

TEST_F(CliCall, TheLastOfRepeatedFlagsCounts) {
  expect_refused("train --epochs 3 --epochs 0", "[train] --epochs is 0: must be at least 1");
  expect_refused("train --epochs 0 --epochs x", "[train] --epochs is 'x': must be a whole number");
}

TEST_F(CliCall, UnknownDataSetsAreRefusedWithTheNearest) {
  const std::string all =
      "mnist, fashion_mnist, kmnist, qmnist, emnist_balanced, emnist_byclass, emnist_bymerge, "
      "emnist_digits, emnist_letters, emnist_mnist, cifar10, cifar100, strokes, and any folder of "
      "images by its path";
  expect_refused("train --dataset emnist",
                 "[data] unknown data set emnist: there are emnist_balanced, emnist_byclass, "
                 "emnist_bymerge, emnist_digits, emnist_letters, emnist_mnist");
  expect_refused("train --dataset mnits",
                 "[data] unknown data set mnits: did you mean mnist? Known are " + all);
  expect_refused(
      "data verify fashion-mnst",
      "[data] unknown data set fashion-mnst: did you mean fashion_mnist? Known are " + all);
}

TEST_F(CliCall, OnlyImagesOfOnesOwnAreTransposed) {
  for (const std::string name : {"strokes", "mnist", "emnist_letters"}) {
    expect_refused(
        "train --transpose --dataset " + name,
        "[data] --transpose is for images of your own: those of " + name + " are upright");
  }
}

TEST_F(CliCall, ModelsThatAreNotThereYetAreNamed) {
  for (const std::string model : {"VAE", "CVAE", "VQ-VAE"}) {
    expect_refused("--model " + model + " --dataset strokes",
                   "[model] " + model + " is not in this version yet: there are AE, linear");
  }
  expect_refused("train --model GAN", "[model] no model is called 'GAN': there are AE, linear");
}

TEST_F(CliCall, UnknownKernelSetsAreRefused) {
  expect_refused(
      "train --dataset strokes --kernels sse9",
      "[kernels] no kernel set is called 'sse9': choose ref, portable, avx2, avx512 or neon");
}

TEST_F(CliCall, NothingIsLeftBehindByCallsThatWereRefused) {
  run(words("train --latent_dim 0"));
  run(words("--model VAE"));
  run(words("train --dataset mnits"));
  EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST_F(CliCall, HeadingsAreBoldOnATerminalUnlessNoColorIsSet) {
  set["TERM"] = "xterm";
  EXPECT_THAT(run_on_terminal({"--help"}).out, HasSubstr("\x1b[1m"));
  EXPECT_THAT(run({"--help"}).out, Not(HasSubstr("\x1b")));
  set["NO_COLOR"] = "1";
  EXPECT_THAT(run_on_terminal({"--help"}).out, Not(HasSubstr("\x1b")));
  set["NO_COLOR"] = "";  // by no-color.org an empty value forbids nothing
  EXPECT_THAT(run_on_terminal({"--help"}).out, HasSubstr("\x1b[1m"));
}

TEST_F(CliCall, HelpTakesLessThanFifteenMilliseconds) {
  if (kSanitized) GTEST_SKIP() << "time: sanitizers have their own start";
  // Processor time: other work on the machine disturbs it less.
  std::vector<double> seconds;
  for (int i = 0; i < 20; ++i) seconds.push_back(run({"--help"}).cpu_seconds);
  std::sort(seconds.begin(), seconds.end());
  EXPECT_LT(0.5 * (seconds[9] + seconds[10]), 0.015);
}

TEST_F(CliCall, AnOutputThatIsFullIsAFailure) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "/dev/full is not on this system";
  std::filesystem::create_symlink("/dev/full", folder.string() + ".0.out");
  const Running running = start({"--help"});
  std::filesystem::remove(running.out);  // which holds no end of zeros
  const Outcome outcome = finish(running);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, StartsWith("hourglass: [output] cannot write to standard output"));
}

}  // namespace
}  // namespace hourglass
