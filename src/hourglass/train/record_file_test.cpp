#include "hourglass/train/record_file.h"

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "hourglass/base/file.h"
#include "hourglass/base/temporary_folder_test.h"

namespace hourglass {
namespace {

RecordFile full_record() {
  RecordFile r;
  r.version = "0.2.0";
  r.run = "photos_8-2";
  r.kind = "AE";
  r.data = {"photos", "/home/a/my photos", "/data", ImageSize{16, 24}};
  r.dataset_sha256 = "abc";
  r.settings.options.epochs = 7;
  r.settings.options.seed = 18446744073709551615u;
  r.settings.options.augmentation = {.flip = true, .shift = 2};
  r.settings.options.patience = 3;
  r.settings.validation = 12;
  r.started = "2026-11-27T12:31:05.123Z";
  r.epochs = 5;
  r.test_mse = 1.0 / 3.0;
  r.figures = true;
  r.figures_due = 5;
  return r;
}

TEST(RecordFile, GivesBackWhatItSays) {
  const auto r = parse_record_file(record_text(full_record()));
  ASSERT_TRUE(r);
  EXPECT_EQ(record_text(*r), record_text(full_record()));
  EXPECT_EQ(r->data.path, "/home/a/my photos");
  EXPECT_EQ(r->data.image_size, (ImageSize{16, 24}));
  EXPECT_EQ(r->settings.options.seed, 18446744073709551615u);
  EXPECT_EQ(r->settings.options.epochs, 7);
  EXPECT_EQ(r->settings.options.patience, 3);
  EXPECT_EQ(r->finished, "");
  EXPECT_EQ(r->test_mse, 1.0 / 3.0);
  EXPECT_EQ(r->figures_due, 5);
}

TEST(RecordFile, HoldsAPathThatIsNotUtf8) {
  RecordFile record = full_record();
  record.data.path = "/home/\xff\xfe/\"x\"";
  record.data.dataset = "\xff";
  const auto r = parse_record_file(record_text(record));
  ASSERT_TRUE(r);
  EXPECT_EQ(r->data.path, record.data.path);
}

TEST(RecordFile, AnErrorThatIsNoNumberIsNull) {
  RecordFile record = full_record();
  record.test_mse = std::nan("");
  EXPECT_TRUE(std::isnan(parse_record_file(record_text(record))->test_mse));
}

TEST(RecordFile, ThatIsNoneOrNewerIsNothing) {
  const std::string good = record_text(full_record());
  for (const std::string& text :
       {std::string(), std::string("{}"), std::string("[1]"), good.substr(0, good.size() / 2),
        std::string(R"({"format": 1, "version": 2})")}) {
    EXPECT_FALSE(parse_record_file(text)) << text;
  }
  std::string newer = good;
  newer.replace(newer.find("\"format\": 1"), 11, "\"format\": 2");
  EXPECT_FALSE(parse_record_file(newer));
  std::string lie = good;
  lie.replace(lie.find("flip,shift:2"), 12, "flip,shift:x");
  EXPECT_FALSE(parse_record_file(lie));
  const TemporaryFolder folder;
  EXPECT_FALSE(read_record_file(folder / "none"));
  EXPECT_FALSE(read_record_file(folder.path()));
}

TEST(RecordFile, TimesSortAsText) {
  const TemporaryFolder folder;
  const std::string before = utc_now();
  write_file(folder / "a", std::string_view("x"));
  EXPECT_THAT(before, testing::MatchesRegex("20..-..-..T..:..:..\\....Z"));
  EXPECT_LE(before.substr(0, 19), utc_of(folder / "a").substr(0, 19));
  EXPECT_EQ(utc_of(folder / "none"), "");
}

}  // namespace
}  // namespace hourglass
