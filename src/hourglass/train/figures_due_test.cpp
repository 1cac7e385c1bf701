// Figures that a killed run did not finish.
#include "hourglass/train/run.h"

#include "hourglass/train/small_run_test.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

/// Ends the run as a kill does, while it draws the figures of an epoch.
struct Killed {};
struct Drawer : RunObserver {
  explicit Drawer(std::int64_t killed_at = 0) : killed_at_(killed_at) {}
  bool draw_figures(const Model& model, const EpochResult& result) override {
    if (result.epoch == killed_at_) throw Killed{};
    drawn.push_back(result.epoch);
    weights.push_back(weights_sha256(model));
    EXPECT_EQ(weights.back(), result.weights_sha256);
    return true;
  }
  std::vector<std::int64_t> drawn;
  std::vector<std::string> weights;

 private:
  std::int64_t killed_at_;
};

TEST(Run, KilledWhileFiguresAreDrawnDrawsThemFirstWhenItIsResumed) {
  const TemporaryFolder folder;
  SmallRun whole, broken;
  for (SmallRun* run : {&whole, &broken}) {
    run->options.epochs = 7;
    run->figures = true;
    run->out = folder / (run == &whole ? "whole" : "broken");
  }
  Drawer undisturbed;
  EXPECT_TRUE(whole.go(StartMode::fresh, undisturbed));
  EXPECT_THAT(undisturbed.drawn, testing::ElementsAre(1, 5, 7));
  for (const std::int64_t at : {1, 5, 7}) {
    fs::remove_all(broken.out);
    Drawer first(at), second;
    EXPECT_THROW(broken.go(StartMode::fresh, first), Killed);
    EXPECT_EQ(read_record_file(broken.paths().record)->figures_due, at);
    EXPECT_TRUE(broken.go(StartMode::resume, second));
    ASSERT_FALSE(second.drawn.empty());
    EXPECT_EQ(second.drawn.front(), at);
    first.weights.insert(first.weights.end(), second.weights.begin(), second.weights.end());
    EXPECT_EQ(first.weights, undisturbed.weights) << at;
    EXPECT_EQ(read_record_file(broken.paths().record)->figures_due, 0);
    expect_same_files(whole.paths(), broken.paths());
  }
}

}  // namespace
}  // namespace hourglass
