// Calls of `hourglass explore`, for its tests. Skips them in a build without the page.
#pragma once

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "hourglass/interop/safetensors.h"
#include "hourglass/lab/page_blob_test.h"
#include "samples.h"

namespace hourglass {

class Explore : public SmallMnist {
 protected:
  void SetUp() override {
    SmallMnist::SetUp();
    if (IsSkipped()) return;
    model = folder / "models/AE/mnist_4.safetensors";
    kept = folder / "models/AE/mnist_4.explore.safetensors";
    const std::string why = run({"explore", "absent.npy"}).err;
    if (why.find("was built without its page") != why.npos) GTEST_SKIP() << why;
  }

  void trained() { ASSERT_EQ(train({"--epochs", "1"}).status, 0); }
  Outcome explored(Words call) {
    call.insert(call.begin(), "explore");
    Outcome outcome = run(call);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome;
  }
  /// What a call that writes x.html prints as JSON.
  nlohmann::json json(Words more) {
    more.insert(more.begin(), {"mnist_4", "-o", "x.html", "--json"});
    return nlohmann::json::parse(explored(more).out, nullptr, false);
  }
  /// Whether the call made the pack, rather than used the one that was kept.
  bool made(const Words& more) { return json(more).value("made", false); }
  /// A call that is wrong: one line, exit status 2.
  void refused(Words call, const std::string& why) {
    call.insert(call.begin(), "explore");
    const Outcome outcome = run(call);
    EXPECT_EQ(outcome.status, 2) << outcome.err;
    EXPECT_THAT(outcome.err, testing::HasSubstr(why));
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  }
  static std::string text(const std::vector<std::uint8_t>& bytes) {
    return {bytes.begin(), bytes.end()};
  }
  /// The pack in x.html.
  NamedArrays pack() {
    return parse_safetensors(blobs_of(text_of(folder / "x.html")).at("pack.safetensors"),
                             "the pack");
  }

  std::filesystem::path model, kept;
};

}  // namespace hourglass
