// hourglass verify: compares a checkpoint with its run, trained again.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "hourglass/models/checkpoint_file.h"
#include "hourglass/train/kernels_text.h"
#include "samples.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

class CliVerify : public SmallMnist {
 protected:
  void train(const Words& more) {
    Words quiet = more;
    quiet.emplace_back("--quiet");
    const Outcome outcome = SmallMnist::train(quiet);
    ASSERT_EQ(outcome.status, 0) << outcome.err;
  }
  fs::path file(const std::string& ending) const { return folder / ("models/AE/mnist_4" + ending); }
  /// Saves the checkpoint again with something changed.
  template <typename Change>
  void change_checkpoint(const Change& change) {
    Checkpoint checkpoint = load_checkpoint(file(".safetensors"));
    change(checkpoint);
    save_checkpoint(file(".safetensors"), *checkpoint.model, checkpoint.facts);
  }
  template <typename Change>
  void change_facts(const Change& change) {
    change_checkpoint([&](Checkpoint& c) { change(c.facts); });
  }
  nlohmann::json verified(Words more = {}) {
    Words call{"verify", "mnist_4", "--json"};
    call.insert(call.end(), more.begin(), more.end());
    return nlohmann::json::parse(run(call).out);
  }
  void expect_not_comparable(const Words& call, const std::string& why) {
    const Outcome outcome = run(call);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err,
                AllOf(HasSubstr("[verify] mnist_4 is not comparable: "), HasSubstr(why)));
  }
};

TEST_F(CliVerify, AgreesWithARunOnAnyNumberOfThreadsAndWritesNothing) {
  train({"--epochs", "3", "--threads", "1"});
  const Words before = files_below(folder);
  const Outcome outcome = run({"verify", "mnist_4", "--threads", "3"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("epoch 2/3  weights "), HasSubstr("  as logged\n"),
                    HasSubstr("mnist_4 agrees: trained again, epochs 1 to 3 have the same weights "
                              "to the bit\n")));
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(files_below(folder), before);
  const auto json = verified();
  EXPECT_EQ(json.at("result"), "agrees");
  EXPECT_EQ(json.at("epochs"), 3);
  EXPECT_EQ(json.at("weights_sha256"), json.at("recorded_weights_sha256"));
}

TEST_F(CliVerify, KnowsWhatFlagsTheRunHadAlsoWhenItWasResumed) {
  train({"--epochs", "3", "--recipe", "fast", "--learning_rate", "0.004", "--seed", "9", "--lanes",
         "2", "--validation", "20", "--name", "a"});
  train({"--epochs", "1", "--validation", "20", "--name", "b"});
  train({"--epochs", "2", "--validation", "20", "--name", "b", "--resume"});
  for (const char* name : {"mnist_4_a", "mnist_4_a.best", "mnist_4_b"}) {
    const Outcome outcome = run({"verify", name});
    EXPECT_EQ(outcome.status, 0) << name << ": " << outcome.err;
  }
}

TEST_F(CliVerify, ComparesTheFirstEpochsOnly) {
  train({"--epochs", "3"});
  const Outcome outcome = run({"verify", "mnist_4", "--epochs", "1"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("epoch 1/1  "), HasSubstr("agrees: trained again, epoch 1 "),
                    Not(HasSubstr("epoch 2"))));
  EXPECT_EQ(run({"verify", "mnist_4", "--epochs", "4"}).status, 2);
  fs::remove(file(".metrics.jsonl"));
  EXPECT_THAT(run({"verify", "mnist_4", "--epochs", "1"}).err, HasSubstr("leave out --epochs"));
}

TEST_F(CliVerify, SaysFromWhichEpochOnARunDiffers) {
  train({"--epochs", "3"});
  std::string log = text_of(file(".metrics.jsonl"));
  const std::size_t hash = log.find("weights_sha256\":\"", log.find('\n')) + 17;
  log[hash] = log[hash] == 'a' ? 'b' : 'a';
  write_text(file(".metrics.jsonl"), log);
  const Outcome outcome = run({"verify", "mnist_4"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("NOT as logged"), Not(HasSubstr("epoch 3"))));
  EXPECT_THAT(outcome.err, MatchesRegex("hourglass: \\[verify\\] mnist_4 differs from epoch 2 on: "
                                        "the weights are [0-9a-f]+, on record [0-9a-f]+\n"));
  const auto json = verified();
  EXPECT_EQ(json.at("result"), "differs");
  EXPECT_EQ(json.at("differs_from_epoch"), 2);
}

TEST_F(CliVerify, FindsWeightsAndErrorsThatAreNotTheRuns) {
  train({"--epochs", "2"});
  change_facts([](CheckpointFacts& facts) { facts.test_mse *= 0.5; });
  EXPECT_THAT(run({"verify", "mnist_4"}).err,
              HasSubstr("differs from epoch 2 on: the weights are the same, the recorded"));
  change_checkpoint([](Checkpoint& c) { c.model->parameters()[0] += 1e-3F; });
  const Outcome outcome = run({"verify", "mnist_4"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("is not of these weights: only the last epoch"),
                                 HasSubstr("mnist_4 differs at epoch 2: the weights are ")));
}

TEST_F(CliVerify, SaysWhyARunIsNotComparable) {
  train({"--epochs", "1"});
  const std::string good = text_of(file(".safetensors"));
  const Words call{"verify", "mnist_4"};
  expect_not_comparable({"verify", "mnist_4", "--kernels", "portable"}, "these are portable, ");
  EXPECT_EQ(verified({"--kernels", "ref"}).at("result"), "not comparable");
  change_facts([](CheckpointFacts& facts) { facts.version = "9.1"; });
  expect_not_comparable(call, "hourglass 9.1 trained it, and this is ");
  change_facts([](CheckpointFacts& facts) { facts.run = ""; });
  change_facts([](CheckpointFacts& facts) { facts.imported = "theirs.pth"; });
  expect_not_comparable(call, "it was imported from theirs.pth");
  write_text(file(".safetensors"), good);
  change_facts([](CheckpointFacts& facts) { facts.run = ""; });
  expect_not_comparable(call, "it does not say how it was trained");
  change_facts([](CheckpointFacts& facts) { facts.run = "{\"batch_size\": -1}"; });
  EXPECT_THAT(run(call).err, HasSubstr("record of its run is damaged"));
  write_text(file(".safetensors"), good);
  write_small_idx(folder / "data/mnist", 80, 24);
  expect_not_comparable(call, "are not the mnist that it was trained on");
}

TEST_F(CliVerify, TakesTheKernelsThatARunHad) {
  train({"--epochs", "1", "--kernels", "portable"});
  const Outcome outcome = run({"verify", "mnist_4"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "hourglass: using --kernels portable, as in training\n");
}

TEST_F(CliVerify, ResumingWithOtherKernelsSaysThatTheBitsMayDiffer) {
  train({"--epochs", "1", "--kernels", "portable"});
  const Outcome outcome = run({"train", "--dataset", "mnist", "--latent_dim", "4", "--batch_size",
                               "16", "--epochs", "2", "--resume", "--kernels", "ref"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("kernels portable, chunk 8 and continues with ref"),
                                 HasSubstr("the bits may differ")));
  expect_not_comparable({"verify", "mnist_4"}, "portable, chunk 8; then ref, chunk 8");
}

TEST(Kernels, SetsThatFusePromiseTheSameBitsAndOthersDoNot) {
  EXPECT_TRUE(same_bits("avx2, lanes 8, chunk 8", "avx512, lanes 8, chunk 8"));
  EXPECT_TRUE(same_bits("ref, chunk 8", "ref, chunk 8"));
  EXPECT_TRUE(same_bits("avx2, chunk 8", "neon, chunk 8"));
  EXPECT_TRUE(same_bits("avx2, lanes 8, chunk 8", "avx512, chunk 8"));  // of version 0.1.0
  EXPECT_FALSE(same_bits("avx2, lanes 8, chunk 8", "avx2, lanes 4, chunk 8"));
  EXPECT_FALSE(same_bits("avx2, chunk 8", "portable, chunk 8"));
  EXPECT_FALSE(same_bits("ref, chunk 8", "portable, chunk 8"));
}

}  // namespace
}  // namespace hourglass
