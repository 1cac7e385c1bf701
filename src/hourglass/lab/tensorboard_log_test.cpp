// The files' format: see interop/event_file_test.cpp.
#include "hourglass/lab/tensorboard_log.h"

#include <gmock/gmock.h>

#include <cstring>

#include "hourglass/base/file.h"
#include "hourglass/base/temporary_folder_test.h"

namespace hourglass {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

using Message = std::vector<std::uint8_t>;

/// An event without its time, which is the first field: a byte and a double.
Message without_time(const Message& event) {
  return {event.begin() + 9, event.end()};
}

Message scalar(std::int64_t step, std::string_view tag, double value) {
  return without_time(scalar_event(0.0, step, tag, static_cast<float>(value)));
}

/// The scalars in a file: all events but the first two, its version and where it starts.
std::vector<Message> scalars_in(const std::filesystem::path& path) {
  const Message bytes = read_file(path);
  std::vector<Message> events;
  for (std::size_t at = 0; at < bytes.size();) {
    std::uint64_t size = 0;
    std::memcpy(&size, bytes.data() + at, sizeof size);
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(at + 12);
    events.push_back(without_time({begin, begin + static_cast<std::ptrdiff_t>(size)}));
    at += 12 + size + 4;
  }
  events.erase(events.begin(), events.begin() + 2);
  return events;
}

EpochResult epoch_result(std::int64_t epoch) {
  EpochResult result;
  result.epoch = epoch;
  result.train_loss = 0.5;
  result.test_mse = 0.25;
  result.psnr = 6.0;
  result.images_per_second = 1000.0;
  return result;
}

std::vector<Message> scalars_of(std::int64_t epoch) {
  return {scalar(epoch, "train_loss", 0.5), scalar(epoch, "test_mse", 0.25),
          scalar(epoch, "psnr", 6.0), scalar(epoch, "images_per_second", 1000.0)};
}

class TensorBoardLogTest : public testing::Test {
 protected:
  /// Forty images in batches of ten: four steps an epoch.
  LoggedRun run(const std::string& identity) const {
    LoggedRun run;
    run.name = "mnist_3";
    run.identity = identity;
    run.images = 40;
    run.batch_size = 10;
    return run;
  }
  /// Logs one epoch and gives the folder that it took.
  std::string folder_taken(LoggedRun logged) {
    TensorBoardLog log(folder_.path(), std::move(logged));
    log.on_epoch(epoch_result(1));
    return log.written().at(0).parent_path().filename().string();
  }

  TemporaryFolder folder_;
};

TEST_F(TensorBoardLogTest, HasAPointOfEachMetricForEachEpochAndThoseBefore) {
  LoggedRun logged = run("a");
  logged.start.epochs_done = 1;
  logged.earlier = {epoch_result(1)};
  TensorBoardLog log(folder_.path(), std::move(logged));
  log.on_epoch(epoch_result(2));
  std::vector<Message> expected = scalars_of(1);
  for (Message& scalar : scalars_of(2)) expected.push_back(std::move(scalar));
  EXPECT_THAT(scalars_in(log.written().at(0)), ElementsAreArray(expected));
}

TEST_F(TensorBoardLogTest, AStepHasTheMeanLossSinceThePointBefore) {
  TensorBoardLog log(folder_.path(), run("a"));
  log.on_step(2, 10, 1.0);
  log.on_step(2, 20, 2.0);  // the mean over 20 images: the last ten had 3
  log.stop();
  EXPECT_THAT(scalars_in(log.written().at(1)),
              ElementsAre(scalar(5, "loss", 1.0), scalar(6, "loss", 3.0)));
}

TEST_F(TensorBoardLogTest, WritesNothingBeforeAnEpochEndsOrTheRunIsStopped) {
  TensorBoardLog log(folder_.path(), run("a"));
  log.on_step(1, 10, 1.0);
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
  EXPECT_THAT(log.written(), IsEmpty());
}

TEST_F(TensorBoardLogTest, ANewRunTakesANumberedFolderAndAResumedRunItsOwn) {
  EXPECT_EQ(folder_taken(run("a")), "mnist_3");
  EXPECT_EQ(folder_taken(run("b")), "mnist_3.2");
  EXPECT_EQ(folder_taken(run("a")), "mnist_3.3") << "the same run, started again";
  LoggedRun resumed = run("b");
  resumed.resumed = true;
  EXPECT_EQ(folder_taken(resumed), "mnist_3.2");
}

}  // namespace
}  // namespace hourglass
