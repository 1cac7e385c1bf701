#include "hourglass/train/run_names.h"

#include "hourglass/base/message_test.h"
#include "hourglass/train/small_run_test.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class RunNames : public testing::Test {
 protected:
  SmallRun run(std::uint64_t seed = 4) const {
    SmallRun run;
    run.kind = "linear";  // any: it is faster than AE
    run.out = folder_.path();
    run.options.epochs = 2;
    run.options.seed = seed;
    return run;
  }
  TemporaryFolder folder_;
};

TEST_F(RunNames, TheSameRunAgainIsThatOneWhereverItIsNumbered) {
  EXPECT_TRUE(run().go(StartMode::fresh));
  EXPECT_TRUE(run(5).go(StartMode::fresh));
  const ClaimedRun first = run().claim(StartMode::fresh), second = run(5).claim(StartMode::fresh);
  EXPECT_TRUE(first.already);
  EXPECT_EQ(first.paths.run, "strokes_linear_5");
  EXPECT_TRUE(second.already);
  EXPECT_EQ(second.paths.run, "strokes_linear_5-2");
}

TEST_F(RunNames, AnotherRunIsNumberedWithTheReason) {
  EXPECT_TRUE(run().go(StartMode::fresh));
  const auto note_of = [&](const auto& change) {
    SmallRun other = run();
    change(other);
    const ClaimedRun claim = other.claim(StartMode::fresh);
    EXPECT_FALSE(claim.already);
    EXPECT_EQ(claim.paths.run, "strokes_linear_5-2");
    return claim.note;
  };
  EXPECT_EQ(note_of([](SmallRun& r) { r.options.seed = 1; }),
            "strokes_linear_5 has seed 4, this run seed 1: it is called strokes_linear_5-2");
  EXPECT_EQ(note_of([](SmallRun& r) { r.options.epochs = 9; }),
            "strokes_linear_5 has epochs 2, this run epochs 9: it is called strokes_linear_5-2");
  EXPECT_EQ(note_of([](SmallRun& r) { r.data = small_data(7); }),
            "strokes_linear_5 was trained on other images: it is called strokes_linear_5-2");
  EXPECT_THAT(note_of([](SmallRun& r) { r.validation = make_strokes(3, 1); }),
              HasSubstr("has validation 0, this run validation 3"));
}

TEST_F(RunNames, ARunThatAnotherProcessTrainsLeavesItsNameToIt) {
  const ClaimedRun first = run().claim(StartMode::fresh);
  const ClaimedRun second = run().claim(StartMode::fresh), third = run(5).claim(StartMode::fresh);
  EXPECT_EQ(first.paths.run, "strokes_linear_5");
  EXPECT_EQ(second.paths.run, "strokes_linear_5-2");
  EXPECT_THAT(second.note, AllOf(HasSubstr("is training "), HasSubstr("it is called ")));
  EXPECT_EQ(third.paths.run, "strokes_linear_5-3");
  EXPECT_THAT(message_of([&] { run().claim(StartMode::overwrite); }), StartsWith("[lock] "));
}

TEST_F(RunNames, AChosenNameThatIsTakenIsRefused) {
  SmallRun named = run();
  named.name = "a";
  EXPECT_TRUE(named.go(StartMode::fresh));
  EXPECT_TRUE(named.claim(StartMode::fresh).already);
  named.options.seed = 1;
  EXPECT_THAT(message_of([&] { named.claim(StartMode::fresh); }),
              AllOf(StartsWith("[train] strokes_linear_5_a has seed 4, this run seed 1: "),
                    HasSubstr("`overwrite`"), HasSubstr("`resume`")));
}

TEST_F(RunNames, TheUnfinishedRunThatTheFlagsDescribeIsResumedAndTheOthersAreListed) {
  {
    const ClaimedRun held = run(4).claim(StartMode::fresh);  // as a second process would
    EXPECT_FALSE(run(5).go(StartMode::fresh, 2));
    EXPECT_FALSE(fs::exists(held.paths.state));
  }
  fs::copy(numbered(run().paths(), 2).state, run().paths().state);
  EXPECT_FALSE(run(5).go(StartMode::resume, 1));
  {
    const ClaimedRun claim = run(5).claim(StartMode::resume);
    EXPECT_EQ(claim.paths.run, "strokes_linear_5") << "the further one";
    EXPECT_THAT(claim.note, HasSubstr("unfinished too: strokes_linear_5-2"));
  }
  EXPECT_THAT(message_of([&] { run(6).claim(StartMode::resume); }),
              AllOf(StartsWith("[resume] 2 runs are unfinished: strokes_linear_5 (seed 5, not 6), "
                               "strokes_linear_5-2 (seed 5, not 6)"),
                    HasSubstr("give the flags of one")));
  EXPECT_THAT(message_of([&] { run(6).claim(StartMode::overwrite); }), HasSubstr("are unfinished"));
}

TEST_F(RunNames, TheUnfinishedRunIsReplacedRatherThanAFinishedOne) {
  EXPECT_TRUE(run().go(StartMode::fresh));
  EXPECT_FALSE(run(5).go(StartMode::fresh, 2));
  EXPECT_EQ(run(6).claim(StartMode::overwrite).paths.run, "strokes_linear_5-2");
  EXPECT_EQ(run(4).claim(StartMode::overwrite).paths.run, "strokes_linear_5");
}

TEST_F(RunNames, ARunThatWasKilledBeforeItsFirstStateStartsAgainUnderItsName) {
  SmallRun one = run();
  one.options.epochs = 1;
  EXPECT_TRUE(one.go(StartMode::fresh));
  fs::remove(one.paths().state);
  auto record = *read_record_file(one.paths().record);
  record.finished.clear();
  write_file(one.paths().record, record_text(record));
  const ClaimedRun claim = run(5).claim(StartMode::fresh);
  EXPECT_EQ(claim.paths.run, "strokes_linear_5");
  EXPECT_TRUE(claim.restarted);
}

TEST_F(RunNames, AModelThatStoppedLaterAndLostItsStateKeepsItsName) {
  EXPECT_TRUE(run().go(StartMode::fresh));
  fs::remove(run().paths().state);
  auto record = *read_record_file(run().paths().record);
  record.finished.clear();
  write_file(run().paths().record, record_text(record));
  EXPECT_EQ(run(5).claim(StartMode::fresh).paths.run, "strokes_linear_5-2");
}

TEST_F(RunNames, FilesOfVersion010WithoutARecordTakeTheirName) {
  EXPECT_TRUE(run().go(StartMode::fresh));
  fs::remove(run().paths().record);
  EXPECT_TRUE(run().claim(StartMode::fresh).already);
  fs::remove(run().paths().state);
  EXPECT_TRUE(run().claim(StartMode::fresh).already);
  EXPECT_EQ(run(5).claim(StartMode::fresh).paths.run, "strokes_linear_5-2");
}

TEST(RunNumbers, AreOfWholeNamesFromTwoOn) {
  EXPECT_EQ(number_of("mnist_32", "mnist_32"), 1);
  EXPECT_EQ(number_of("mnist_32-12", "mnist_32"), 12);
  for (const char* other : {"mnist_32-1", "mnist_32-02", "mnist_32-", "mnist_32-2x", "mnist_32_a-2",
                            "mnist_3", "mnist_32--2", "mnist_32-99999999999999999999"}) {
    EXPECT_FALSE(number_of(other, "mnist_32")) << other;
  }
}

}  // namespace
}  // namespace hourglass
