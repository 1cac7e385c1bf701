#include "hourglass/train/metrics_log.h"

#include "hourglass/base/message_test.h"
#include "hourglass/train/small_run_test.h"

namespace hourglass {
namespace {

EpochResult line(std::int64_t epoch) {
  EpochResult r;
  r.epoch = epoch;
  r.train_loss = 0.1 + 0.2;
  r.test_mse = 1e-3 / 3.0;
  r.psnr = 20.5;
  r.learning_rate = 0.001;
  r.seconds = 1.5;
  r.images_per_second = 2500.25;
  r.weights_sha256 = "abc";
  if (epoch % 2 == 0) r.validation_mse = 0.25;
  return r;
}

std::string text_of(const std::filesystem::path& path) {
  const auto bytes = read_file(path);
  return {bytes.begin(), bytes.end()};
}

TEST(MetricsLog, GivesBackItsLines) {
  const TemporaryFolder folder;
  for (const int epoch : {1, 2}) append_metrics(folder / "m", line(epoch));
  const auto lines = read_metrics(folder / "m");
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].epoch, 1);
  EXPECT_EQ(lines[0].train_loss, 0.1 + 0.2);
  EXPECT_EQ(lines[0].test_mse, 1e-3 / 3.0);
  EXPECT_FALSE(lines[0].validation_mse.has_value());
  EXPECT_EQ(lines[1].validation_mse, 0.25);
  EXPECT_EQ(lines[1].weights_sha256, "abc");
}

TEST(MetricsLog, HasTheKeysInTheirOrder) {
  const TemporaryFolder folder;
  append_metrics(folder / "m", line(1));
  EXPECT_THAT(
      text_of(folder / "m"),
      testing::MatchesRegex("\\{\"epoch\":1,\"train_loss\":.*,\"test_mse\":.*,\"psnr\":20.5,"
                            "\"learning_rate\":0.001,\"seconds\":1.5,\"images_per_second\":2500.25,"
                            "\"weights_sha256\":\"abc\"\\}\n"));
}

TEST(MetricsLog, OfAnOldVersionLacksTheLearningRateAndIsRead) {
  const TemporaryFolder folder;
  EpochResult old = line(1);
  old.learning_rate.reset();
  append_metrics(folder / "m", old);
  append_metrics(folder / "m", line(2));
  EXPECT_EQ(text_of(folder / "m").find("learning_rate"),
            text_of(folder / "m").rfind("learning_rate"));
  const auto lines = read_metrics(folder / "m");
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_FALSE(lines[0].learning_rate.has_value());
  EXPECT_EQ(lines[1].learning_rate, 0.001);
}

TEST(MetricsLog, LeavesOutATornLastLine) {
  const TemporaryFolder folder;
  append_metrics(folder / "m", line(1));
  append_metrics(folder / "m", line(2));
  const std::string text = text_of(folder / "m");
  write_file(folder / "m", std::string_view(text).substr(0, text.size() - 5));
  EXPECT_EQ(read_metrics(folder / "m").size(), 1u);
  trim_metrics(folder / "m", 2);
  append_metrics(folder / "m", line(2));
  EXPECT_EQ(text_of(folder / "m"), text);
}

TEST(MetricsLog, IsTrimmedToTheEpochThatARunGoesOnFrom) {
  const TemporaryFolder folder;
  for (const int epoch : {1, 2, 3}) append_metrics(folder / "m", line(epoch));
  trim_metrics(folder / "m", 2);
  const auto lines = read_metrics(folder / "m");
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[1].epoch, 2);
}

TEST(MetricsLog, WithALineThatIsNoneNamesIt) {
  const TemporaryFolder folder;
  append_metrics(folder / "m", line(1));
  write_file(folder / "m", text_of(folder / "m") + "{\"epoch\": \"two\"}\n");
  EXPECT_EQ(message_of([&] { read_metrics(folder / "m"); }),
            "[metrics] " + (folder / "m").string() +
                ": line 2 is not a line of metrics: remove the file to do without it");
}

TEST(MetricsLog, ThatIsNotThereHasNoLines) {
  const TemporaryFolder folder;
  EXPECT_TRUE(read_metrics(folder / "m").empty());
}

}  // namespace
}  // namespace hourglass
