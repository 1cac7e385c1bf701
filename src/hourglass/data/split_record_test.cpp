#include "hourglass/data/split_record.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "hourglass/base/file.h"
#include "hourglass/base/message_test.h"
#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/data/open.h"
#include "hourglass/data/samples_test.h"
#include "hourglass/data/split.h"
#include "hourglass/tensor/rows_test.h"

namespace hourglass {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Images of one byte, with names. Image i has the pixel i and the label i % 2, unless changed.
struct Made {
  std::vector<std::uint8_t> pixels;
  std::vector<std::int64_t> labels;
  std::vector<std::string> names;

  void add(std::uint8_t pixel, std::int64_t label, const std::string& name) {
    pixels.push_back(pixel);
    labels.push_back(label);
    names.push_back(name);
  }
  RowSource rows() const { return byte_rows(pixels, 1, labels, names); }
};

Dataset dataset_of(const Made& train, const Made& test,
                   std::vector<std::string> class_names = {"cat", "dog"}) {
  Dataset data;
  data.shape = {1, 1, 1};
  data.class_names = std::move(class_names);
  data.train = train.rows();
  data.test = test.rows();
  data.sha256 = dataset_sha256(data);
  return data;
}

/// Training images 0 .. 5, of which 1 and 4 are held out, and test images 6, 7.
class SplitRecordTest : public testing::Test {
 protected:
  SplitRecordTest() {
    for (int i = 0; i < 8; ++i) {
      (i < 6 ? train : test)
          .add(static_cast<std::uint8_t>(i), i % 2, std::string(1, static_cast<char>('a' + i)));
    }
    const Dataset data = original();
    recorded_sha256 = data.sha256;
    record = record_split(data, held_out);
  }
  Dataset original() const { return dataset_of(train, test); }
  SplitCounts apply(Dataset& data) {
    RestoredSplit restored = restore_split(record, data);
    validation = hold_out(data.train, restored.held_out);
    fresh = restored.fresh;
    return restored.counts;
  }
  void expect_recorded(const Dataset& data) {
    EXPECT_THAT(bytes_of(data.train), ElementsAre(0, 2, 3, 5));
    EXPECT_THAT(bytes_of(validation), ElementsAre(1, 4));
    EXPECT_THAT(bytes_of(data.test), ElementsAre(6, 7));
    EXPECT_EQ(data.sha256, recorded_sha256);
  }

  Made train, test;
  const std::vector<std::int64_t> held_out{1, 4};
  std::string recorded_sha256;
  SplitRecord record;
  RowSource validation, fresh;
};

TEST_F(SplitRecordTest, TheSameImagesAreDividedAsRecorded) {
  Dataset data = original();
  EXPECT_EQ(apply(data).text(), "8 known: 4 train, 2 validation, 2 test");
  expect_recorded(data);
  EXPECT_EQ(fresh.count(), 0);
}

TEST_F(SplitRecordTest, ImagesFindTheirPartsInAnyOrderAndUnderAnyName) {
  Made all;
  for (int i = 7; i >= 0; --i) {
    all.add(static_cast<std::uint8_t>(i), i % 2,
            i == 3 ? "another name" : std::string(1, static_cast<char>('a' + i)));
  }
  Made none_but_new;
  none_but_new.add(200, 0, "new");
  Dataset data = dataset_of(none_but_new, all);
  EXPECT_EQ(apply(data).text(),
            "8 known: 4 train, 2 validation, 2 test; 1 renamed; 1 new, measured apart");
  expect_recorded(data);
  EXPECT_THAT(bytes_of(fresh), ElementsAre(200));
  EXPECT_THAT(std::vector<std::string>(fresh.names().begin(), fresh.names().end()),
              ElementsAre("new"));
}

TEST_F(SplitRecordTest, RemovedImagesAreMissingAndEditedOnesKeepTheirPart) {
  train.pixels[0] = 100;  // an edited training image
  test.pixels.pop_back();
  test.labels.pop_back();
  test.names.pop_back();
  Dataset data = original();
  const SplitCounts counts = apply(data);
  EXPECT_EQ(counts.text(), "7 known: 4 train, 2 validation, 1 test; 1 edited; 1 missing");
  EXPECT_THAT(bytes_of(data.train), ElementsAre(100, 2, 3, 5));
  EXPECT_NE(data.sha256, recorded_sha256);
}

TEST_F(SplitRecordTest, AFileThatTookAnothersNameIsNew) {
  // b is renamed to z, and another image is now called b.
  train.names[1] = "z";
  train.add(50, 0, "b");
  Dataset data = original();
  EXPECT_EQ(apply(data).text(),
            "8 known: 4 train, 2 validation, 2 test; 1 renamed; 1 new, measured apart");
  expect_recorded(data);
  EXPECT_THAT(bytes_of(fresh), ElementsAre(50));
}

TEST_F(SplitRecordTest, OfEqualImagesAsManyAreKnownAsWereRecorded) {
  train.pixels = {9, 9, 9, 3, 4, 5};
  test.pixels = {9, 7};
  record = record_split(original(), held_out);
  recorded_sha256 = original().sha256;
  train.add(9, 0, "i");
  train.add(9, 0, "j");
  Dataset data = original();
  EXPECT_EQ(apply(data).text(), "8 known: 4 train, 2 validation, 2 test; 2 new, measured apart");
  EXPECT_EQ(data.sha256, recorded_sha256);
  EXPECT_THAT(std::vector<std::string>(fresh.names().begin(), fresh.names().end()),
              ElementsAre("i", "j"));
}

TEST_F(SplitRecordTest, NewClassesComeAfterTheRecordedOnes) {
  // "bird" is sorted between "cat" and nothing: cats become class 1, dogs 2.
  for (Made* part : {&train, &test}) {
    for (std::int64_t& label : part->labels) ++label;
  }
  train.add(80, 0, "bird.png");
  Dataset data = dataset_of(train, test, {"bird", "cat", "dog"});
  apply(data);
  expect_recorded(data);
  EXPECT_THAT(data.class_names, ElementsAre("cat", "dog", "bird"));
  EXPECT_THAT(labels_of(data.train), ElementsAre(0, 0, 1, 1));
  EXPECT_THAT(labels_of(fresh), ElementsAre(2));
}

TEST_F(SplitRecordTest, AnotherStorageOfTheSameImagesIsTheSame) {
  // A coloured real-valued image makes all of them so.
  const auto coloured = [](const Made& made, float other) {
    Tensor values({std::ssize(made.pixels) + (other > 0.0F ? 1 : 0), 3});
    for (std::int64_t i = 0; i < values.size(0); ++i) {
      for (float& value : values.row(i)) {
        value = i < std::ssize(made.pixels)
                    ? static_cast<float>(made.pixels[static_cast<std::size_t>(i)]) / 255.0F
                    : other;
      }
    }
    auto labels = made.labels;
    if (other > 0.0F) labels.push_back(0);
    return float_rows(std::move(values), labels);
  };
  Dataset data = original();
  data.shape = {3, 1, 1};
  data.train = coloured(train, 0.3001F);
  data.test = coloured(test, 0.0F);
  EXPECT_EQ(apply(data).text(),
            "8 known: 4 train, 2 validation, 2 test; 8 renamed; 1 new, measured apart");
}

TEST_F(SplitRecordTest, OtherDataHaveNothingKnown) {
  Made other;
  other.add(90, 0, "x");
  Dataset data = dataset_of(other, {});
  EXPECT_EQ(apply(data).text(), "0 known: 0 train, 0 test; 1 new, measured apart; 8 missing");
  EXPECT_EQ(data.train.count(), 0);
  EXPECT_EQ(fresh.count(), 1);
}

TEST_F(SplitRecordTest, HeldOutImagesAreThoseOfHoldOut) {
  Dataset data = original();
  record = record_split(data, held_out_rows(6, 2, 7));
  Dataset again = original();
  apply(again);
  const RowSource held = hold_out(data.train, 2, 7);
  EXPECT_EQ(bytes_of(validation), bytes_of(held));
  EXPECT_EQ(bytes_of(again.train), bytes_of(data.train));
}

TEST(SplitRecordOfAFolder, AFileAddedToEachClassLeavesTheSplitAsItWas) {
  const TemporaryFolder folder;
  Rng rng(1);
  const auto put = [&](int label, const std::string& name) {
    const auto path = folder / fmt::format("{}/{}.png", label, name);
    make_folder(path.parent_path());
    write_quickly(path, png_bytes(ByteImage{{1, 4, 4}, random_bytes(16, rng)}));
  };
  for (int label = 0; label < 4; ++label) {
    for (int i = 0; i < 120; ++i) put(label, fmt::format("img{:03}", i));
  }
  const std::string path = folder.path().string();
  const Dataset before = open_dataset(path);
  const SplitRecord record = record_split(before, held_out_rows(before.train.count(), 40, 3));
  for (int label = 0; label < 4; ++label) put(label, "added");  // sorted before all others
  Dataset data = open_dataset(path);
  EXPECT_NE(bytes_of(data.test), bytes_of(before.test));  // what the record is for
  const SplitCounts counts = restore_split(record, data).counts;
  EXPECT_EQ(counts.text(), "480 known: 360 train, 40 validation, 80 test; 4 new, measured apart");
  EXPECT_EQ(bytes_of(data.test), bytes_of(before.test));
  EXPECT_EQ(data.sha256, before.sha256);
}

TEST(SplitRecordOfManyEqualImages, IsAppliedInNoTimeWorthNaming) {
  // Quadratic work on 50,000 equal images would take a minute.
  Made train, test;
  for (int i = 0; i < 50000; ++i) train.add(0, 0, std::to_string(i));
  test.add(0, 0, "test");
  const SplitRecord record = record_split(dataset_of(train, test), {});
  std::ranges::reverse(train.names);
  Dataset data = dataset_of(train, test);
  const SplitCounts counts = restore_split(record, data).counts;
  EXPECT_EQ(counts.text(), "50001 known: 50000 train, 1 test");
}

TEST_F(SplitRecordTest, IsReadBackAsWritten) {
  const TemporaryFolder folder;
  record.class_names[1] = "tab\tand\\line\n";
  record.images[0].name = "\xc3\xa9t\xc3\xa9/\x1b[31m\xff.png";
  record.images[1].name = "";
  write_split_record(folder / "a.tsv", record);
  const SplitRecord back = read_split_record(folder / "a.tsv");
  EXPECT_EQ(back.class_names, record.class_names);
  ASSERT_EQ(back.images.size(), record.images.size());
  for (std::size_t i = 0; i < record.images.size(); ++i) {
    EXPECT_EQ(back.images[i].part, record.images[i].part);
    EXPECT_EQ(back.images[i].hash, record.images[i].hash);
    EXPECT_EQ(back.images[i].name, record.images[i].name);
  }
  const Bytes bytes = read_file(folder / "a.tsv");
  EXPECT_THAT(std::string(bytes.begin(), bytes.end()),
              HasSubstr("class\t1\ttab\\x09and\\x5cline\\x0a\ntrain\t"));
}

TEST(SplitRecordFile, WhatIsNoRecordIsRefusedByItsLine) {
  const auto refusal = [](const std::string& text) {
    return message_of([&] { parse_split_record(text, "f"); });
  };
  const std::string head = "part\thash\tname\n";
  EXPECT_EQ(refusal(head + "class\t0\tcat\ntrain\t0123456789abcdef\ta\n"), "no error");
  EXPECT_EQ(refusal(""), "[split] f: line 1: it is cut short");
  EXPECT_EQ(refusal("a\n"), "[split] f: line 1: it does not begin as a record of images does");
  EXPECT_EQ(refusal(head + "train\t0123456789abcdef\ta"), "[split] f: line 2: it is cut short");
  EXPECT_EQ(refusal(head + "train\t0123456789abcdef\n"),
            "[split] f: line 2: it has not three columns");
  EXPECT_EQ(refusal(head + "train\t0123456789abcdef\ta\tb\n"),
            "[split] f: line 2: it has not three columns");
  EXPECT_EQ(refusal(head + "trial\t0123456789abcdef\ta\n"),
            "[split] f: line 2: its part is none of class, train, validation and test");
  for (const char* hash :
       {"123", "0123456789abcdeg", "0123456789abcdef0", "-123456789abcdef", ""}) {
    EXPECT_EQ(refusal(head + "test\t" + hash + "\ta\n"),
              "[split] f: line 2: its hash has not 16 hexadecimal digits");
  }
  for (const char* name : {"\\", "a\\n", "\\x", "\\x4", "\\xg0", "\\x-1"}) {
    EXPECT_EQ(refusal(head + "test\t0123456789abcdef\t" + name + "\n"),
              "[split] f: line 2: its name has a backslash that is not \\xHH");
  }
  EXPECT_EQ(refusal(head + "class\t1\tcat\n"),
            "[split] f: line 2: classes are numbered from 0 and stand before the images");
}

TEST_F(SplitRecordTest, DamagedRecordsAreAppliedOrRefused) {
  const TemporaryFolder folder;
  write_split_record(folder / "a.tsv", record);
  const Bytes whole = read_file(folder / "a.tsv");
  int refused = 0;
  for (int round = 0; round < 5000; ++round) {
    Rng rng(3, static_cast<std::uint64_t>(round));
    const Bytes bytes = mutated(whole, rng);
    try {
      record = parse_split_record({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, "f");
    } catch (const Error& error) {
      ++refused;
      EXPECT_THAT(error.what(), testing::Not(HasSubstr("\n")));
      continue;
    }
    Dataset data = original();
    const SplitCounts counts = apply(data);
    EXPECT_EQ(counts.known() + counts.fresh, 8);
    EXPECT_EQ(counts.known() + counts.missing, std::ssize(record.images));
  }
  EXPECT_GT(refused, 2000);
}

}  // namespace
}  // namespace hourglass
