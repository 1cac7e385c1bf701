#include "hourglass/interop/labels.h"

#include <gmock/gmock.h>

#include <limits>

#include "hourglass/base/message_test.h"
#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/interop/npy.h"
#include "hourglass/interop/npz.h"

namespace hourglass {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;

class LabelsTest : public testing::Test {
 protected:
  std::string saved(const ArrayView& array) {
    write_npy(folder.path() / "L.npy", array);
    return file;
  }
  std::string saved(const TextArray& array) {
    write_npy(folder.path() / "L.npy", array);
    return file;
  }
  Labels of(const std::vector<double>& values) {
    return read_labels(saved({std::span<const double>(values), Shape{std::ssize(values)}}),
                       std::ssize(values));
  }

  TemporaryFolder folder;
  std::string file = (folder.path() / "L.npy").string();
};

TEST_F(LabelsTest, WholeNumbersOfAnyValueAreClassesInAscendingOrder) {
  const std::vector<std::int64_t> values{7, -2, 7, 5000000000};
  for (const Shape& shape : {Shape{4}, Shape{4, 1}}) {
    const Labels labels = read_labels(saved({std::span<const std::int64_t>(values), shape}), 4);
    EXPECT_THAT(labels.classes, ElementsAre(1, 0, 1, 2));
    EXPECT_THAT(labels.names, ElementsAre("-2", "7", "5000000000"));
    EXPECT_THAT(labels.values, ElementsAre(7, -2, 7, 5e9));
    EXPECT_EQ(read_whole_labels(file, 4), values);
  }
}

TEST_F(LabelsTest, WholeRealsAreClassesAndOtherRealsAreValues) {
  const Labels whole = of({0.0, 2.0, 1.0, -0.0});
  EXPECT_THAT(whole.classes, ElementsAre(0, 2, 1, 0));
  EXPECT_THAT(whole.names, ElementsAre("0", "1", "2"));
  EXPECT_THAT(read_whole_labels(file, 4), ElementsAre(0, 2, 1, 0));
  const Labels measured = of({0.0, 2.5, 1.0});
  EXPECT_FALSE(measured.are_classes());
  EXPECT_THAT(measured.names, IsEmpty());
  EXPECT_THAT(measured.values, ElementsAre(0.0, 2.5, 1.0));
  EXPECT_FALSE(of({1e300, 0.0}).are_classes());
}

TEST_F(LabelsTest, TextGivesClassNamesSortedByTheirBytes) {
  const Labels labels =
      read_labels(saved(TextArray{Shape{4}, {"dog", "cat", "\xc3\xa9", "cat"}}), 4);
  EXPECT_THAT(labels.classes, ElementsAre(1, 0, 2, 0));
  EXPECT_THAT(labels.names, ElementsAre("cat", "dog", "\xc3\xa9"));
  EXPECT_THAT(labels.values, IsEmpty());
}

TEST_F(LabelsTest, TextOfWholeNumbersIsOrderedByValue) {
  const Labels labels = read_labels(saved(TextArray{Shape{3}, {"10", "9", "10"}}), 3);
  EXPECT_THAT(labels.names, ElementsAre("9", "10"));
  EXPECT_THAT(labels.classes, ElementsAre(1, 0, 1));
  // Another form of a number is a name of its own.
  EXPECT_THAT(read_labels(saved(TextArray{Shape{3}, {"10", "9", "09"}}), 3).names,
              ElementsAre("09", "10", "9"));
}

TEST_F(LabelsTest, WhatIsNoListOfLabelsIsRefusedInOneLine) {
  const auto refusal = [&](std::int64_t rows) {
    return message_of([&] { read_labels(file, rows); });
  };
  saved(Tensor(Shape{3, 1}));
  EXPECT_THAT(refusal(4), HasSubstr("has the shape 3 x 1: 4 labels are needed, one for each row"));
  saved(Tensor(Shape{3, 2}));
  EXPECT_THAT(refusal(3), HasSubstr("argmax(axis=1) makes them of one-hot rows"));
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> values{0, nan, 1};
  saved({std::span<const float>(values), Shape{3}});
  EXPECT_THAT(refusal(3),
              HasSubstr("L.npy: label 1 (from 0) is nan: give such rows a number of their own"));
  saved(TextArray{Shape{3}, {"a", "b", "c"}});
  EXPECT_THAT(message_of([&] { read_whole_labels(file, 3); }),
              HasSubstr("L.npy holds text: whole numbers are needed"));
  of({0.5, 1});
  EXPECT_THAT(message_of([&] { read_whole_labels(file, 2); }),
              HasSubstr("holds numbers that are not whole: whole numbers are needed"));
}

TEST_F(LabelsTest, AnArchiveHasOneListOrANamedOne) {
  const std::string name = (folder.path() / "a.npz").string();
  const std::vector<std::int64_t> ids{7, 8, 9};
  const auto write = [&](bool two) {
    NpzWriter npz(name);
    npz.add("codes", Tensor(Shape{3, 2}));
    npz.add("kinds", TextArray{Shape{3}, {"a", "b", "a"}});
    if (two) npz.add("ids", std::span<const std::int64_t>(ids), Shape{3});
    npz.commit();
  };
  write(false);
  EXPECT_THAT(read_labels(name, 3).names, ElementsAre("a", "b"));
  write(true);
  EXPECT_THAT(read_labels(name + ":ids", 3).names, ElementsAre("7", "8", "9"));
  EXPECT_THAT(message_of([&] { read_labels(name, 3); }),
              HasSubstr("holds more than one list of labels (kinds, ids): name one"));
}

}  // namespace
}  // namespace hourglass
