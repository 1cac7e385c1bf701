#include "hourglass/interop/table.h"

#include <gmock/gmock.h>

#include <bit>
#include <cmath>
#include <limits>

#include "hourglass/base/error.h"
#include "hourglass/base/random.h"
#include "hourglass/base/temporary_folder_test.h"

namespace hourglass {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;
using Kind = TableColumn::Kind;

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Table parsed(std::string_view text, const TableOptions& options = {}) {
  return parse_table(bytes_of(text), "t.csv", options);
}

Table parsed_tsv(std::string_view text) {
  return parsed(text, {.format = TableFormat::kTsv});
}

void expect_counts(const Table& table) {
  EXPECT_EQ(table.rows, 2);
  EXPECT_EQ(table.number_columns, 3);
  EXPECT_THAT(table.numbers, ElementsAre(0, 1, 2, 3, 4, 5));
}

TEST(Table, HeadersSeparatorsLineEndsAndMarksAreOneTable) {
  expect_counts(parsed("0,1,2\n3,4,5\n"));
  expect_counts(parsed("0,1,2\n3,4,5"));
  expect_counts(parsed("a,b,c\n0,1,2\n3,4,5\n"));
  expect_counts(parsed("a,b,c\r\n0,1,2\r\n3,4,5\r\n"));
  expect_counts(parsed("a,b,c\r0,1,2\r3,4,5\r"));
  expect_counts(parsed("\xef\xbb\xbf\"a\",b,c\n\n0,1,2\n3,4,5\n\n\n"));
  expect_counts(parsed("a;b;c\n0;1;2\n3;4;5\n"));
  expect_counts(parsed("a\tb\tc\n0\t1\t2\n3\t4\t5\n"));
  expect_counts(parsed_tsv("a\tb,b\tc\n0\t1\t2\n3\t4\t5\n"));
  expect_counts(parsed("# a, b , c\n 0, 1, 2\n 3,\t+4, \"5\" \n"));
  expect_counts(parsed("a,b,c\n0.0,1e0,.2e1\n\"3\",4.,5E+0\n"));
}

TEST(Table, NamesComeFromTheHeaderOrCountFromOne) {
  EXPECT_THAT(parsed("a,\"b \"\"2\"\"\nc\",d\n0,1,2\n").number_names(),
              ElementsAre("a", "b \"2\"\nc", "d"));
  EXPECT_THAT(parsed("0,1\n2,3\n").number_names(), ElementsAre("column 1", "column 2"));
  EXPECT_FALSE(parsed("0,1\n2,3\n").has_header);
}

TEST(Table, TextAndNumbersAreApart) {
  const Table table = parsed("file,x,kind,y\na.png,1,cat,2\n\"b,\n.png\",3,dog,4\n7,5,cat,6\n");
  EXPECT_THAT(table.numbers, ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(table.number_names(), ElementsAre("x", "y"));
  ASSERT_EQ(table.columns.size(), 4u);
  EXPECT_THAT(table.find("file")->text, ElementsAre("a.png", "b,\n.png", "7"));
  EXPECT_THAT(table.find("kind")->text, ElementsAre("cat", "dog", "cat"));
  EXPECT_EQ(table.find("other"), nullptr);
  EXPECT_EQ(table.passed_over(), "columns passed over: 'file' (text), 'kind' (text)");
  const Table bare = parsed("cat,1\ndog,2\n");
  EXPECT_FALSE(bare.has_header);
  EXPECT_THAT(bare.columns[0].text, ElementsAre("cat", "dog"));
  EXPECT_THAT(bare.numbers, ElementsAre(1, 2));
}

TEST(Table, AColumnAskedForIsTextWhateverItHolds) {
  const Table table = parsed("y,x\n0,1\nA,2\n1.0,3\n", {.text_column = "y"});
  EXPECT_THAT(table.columns[0].text, ElementsAre("0", "A", "1.0"));
  EXPECT_THAT(table.numbers, ElementsAre(1, 2, 3));
  EXPECT_THAT(parsed("5,1\n7,2\n", {.text_column = "1"}).columns[0].text, ElementsAre("5", "7"));
  EXPECT_THAT([] { parsed("kind,x\ncat,1\n", {.text_column = "kinds"}); },
              ThrowsMessage<Error>(HasSubstr("t.csv has no column 'kinds': did you mean kind?")));
  EXPECT_THAT([] { parsed("kind,x\ncat,1\n", {.text_column = "label"}); },
              ThrowsMessage<Error>(HasSubstr("has no column 'label': there is kind, x")));
}

TEST(Table, TheIndexOfPandasAndItsCountedHeaderAreNoData) {
  const Table named = parsed(",x,y\n0,1,2\n1,3,4\n");
  EXPECT_EQ(named.columns[0].kind, Kind::kIndex);
  EXPECT_THAT(named.numbers, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(parsed("\"\",\"x\"\n\"1\",5\n\"2\",6\n").numbers, ElementsAre(5, 6));
  EXPECT_THAT(parsed(",0,1\n0,5,6\n1,7,8\n").numbers, ElementsAre(5, 6, 7, 8));
  EXPECT_THAT(parsed("0,1\n.5,6\n7,8\n").numbers, ElementsAre(.5, 6, 7, 8));
  EXPECT_THAT(parsed("0,1\n5,6\n7,8\n").numbers, ElementsAre(0, 1, 5, 6, 7, 8));
  std::string wide, row;
  for (int j = 0; j < 16; ++j) {
    wide += (j == 0 ? "" : ",") + std::to_string(j);
    row += (j == 0 ? "" : ",") + std::to_string(255 - j);
  }
  EXPECT_EQ(parsed(wide + "\n" + row + "\n").rows, 1);
  // A first column with a name is data, and one that does not count is too.
  EXPECT_EQ(parsed("n,x\n0,1\n1,3\n").number_columns, 2);
  EXPECT_EQ(parsed(",x\n0,1\n5,3\n").number_columns, 2);
}

TEST(Table, AColumnWithoutAnyCellIsPassedOver) {
  const Table table = parsed("x,y,\n1,2,\n3,4,\n");
  EXPECT_EQ(table.columns[2].kind, Kind::kEmpty);
  EXPECT_THAT(table.numbers, ElementsAre(1, 2, 3, 4));
}

TEST(Table, TextAloneHasAHeaderIfTheNumberOfRowsSaysSo) {
  const std::string text = "cat\ndog\ncow\n";
  EXPECT_THAT(parsed(text, {.rows = 3}).columns[0].text, ElementsAre("cat", "dog", "cow"));
  EXPECT_THAT(parsed(text, {.rows = 2}).columns[0].text, ElementsAre("dog", "cow"));
}

TEST(Table, MessagesNameTheLineTheColumnAndTheRemedy) {
  const auto expect = [](std::string_view text, const std::string& message) {
    EXPECT_THAT([&] { parsed(text); }, ThrowsMessage<Error>("[read] t.csv" + message));
  };
  const std::string remedy =
      ": give every row a finite number there, or remove the row or the column";
  expect("x,y\n1,2\n\n3,NA\n5,6\n",
         ": line 4, column 2 ('y') is 'NA', which is no number" + remedy);
  expect("x,y\n1,2\n3,\n", ": line 3, column 2 ('y') is empty" + remedy);
  expect("1,2\n3,nan\n", ": line 2, column 2 is 'nan', which is no number" + remedy);
  expect("1,2\n3,1e400\n", ": line 2, column 2 is '1e400', which is no number" + remedy);
  expect("1,2\n0x3,4\n5,6\n", ": line 2, column 1 is '0x3', which is no number" + remedy);
  expect("x;y\n1;2\n3;4,5\n5;6\n",
         ": line 3, column 2 ('y') is '4,5', which is no number: write decimal points, and no "
         "commas in numbers");
  expect("1,2\n3\n", ": line 2 has 1 cell, and line 1 has 2: every line needs as many");
  expect("x,y\n\"1\n\",2\n3,4,5\n", ": line 4 has more cells than the 2 of line 1");
  expect("x,y\n1,\"2\n3,4\n", ": line 2 has a double quote that is never closed");
  expect("x,y\n1,\"2\"3\n", ": line 2 has text after a closing double quote");
  expect("1\n\n3\n", ": line 2 is empty: put a value there, or remove the line");
  expect("", " has no rows: there is nothing to do");
  expect("\n\r\n", " has no rows: there is nothing to do");
  expect("x,y\n", " has no rows below its header");
  expect(std::string_view("\xff\xfe"
                          "1\0",
                          4),
         " is not UTF-8 text: save it as CSV in UTF-8");
  expect(std::string_view("1,\0", 3), " is not UTF-8 text: save it as CSV in UTF-8");
}

TEST(Table, TooSmallNumbersAreZeroAndTooLargeAreRefused) {
  EXPECT_THAT(parsed("1e-400,-1e-5000,0.5\n").numbers, ElementsAre(0, 0, .5));
  EXPECT_THROW(parsed("1e999,1\n"), Error);
}

TEST(Table, NumbersReadBackToTheSameBits) {
  Rng rng(3);
  std::vector<float> values{0.0f,
                            -0.0f,
                            0.1f,
                            16777216.0f,
                            1e-45f,
                            std::numeric_limits<float>::max(),
                            std::numeric_limits<float>::min()};
  while (values.size() < 200000) {
    const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(rng.below(1ull << 32)));
    if (std::isfinite(value)) values.push_back(value);
  }
  for (const float value : values) {
    const std::string text = number_text(value);
    const double read = parsed(text).numbers.at(0);
    ASSERT_EQ(std::bit_cast<std::uint32_t>(static_cast<float>(read)),
              std::bit_cast<std::uint32_t>(value))
        << text;
  }
  EXPECT_EQ(number_text(0.1f), "0.1");
  EXPECT_EQ(number_text(3.0f), "3");
}

TEST(Table, WhatIsWrittenIsReadBack) {
  const std::vector<std::string> cells{"a.png",      "",           " x ", "a,b", "a\tb",
                                       "say \"so\"", "two\nlines", "#",   "ä",   "cr\rcr"};
  const std::vector<TableColumn> text{{"name, of file", Kind::kText, cells}};
  const std::vector<std::string> names{"latent_0", "\"1\""};
  Tensor rows(Shape{std::ssize(cells), 2});
  for (std::int64_t i = 0; i < rows.count(); ++i) rows[i] = 0.1f * static_cast<float>(i) - 0.4f;
  const TemporaryFolder folder;
  for (const TableFormat format : {TableFormat::kCsv, TableFormat::kTsv}) {
    AtomicFile file(folder.path() / "t");
    write_table(file, format, {text, names, rows});
    file.commit();
    const Table table =
        parse_table(read_file(folder.path() / "t"), "t", {.format = format, .text_column = "1"});
    EXPECT_EQ(table.find("name, of file")->text, cells);
    EXPECT_EQ(table.number_names(), names);
    ASSERT_EQ(std::ssize(table.numbers), rows.count());
    for (std::int64_t i = 0; i < rows.count(); ++i) {
      EXPECT_EQ(static_cast<float>(table.numbers[static_cast<std::size_t>(i)]), rows[i]);
    }
  }
}

TEST(Table, EndingsAreKnownInCapitalsToo) {
  EXPECT_EQ(table_format("a/X.CSV"), TableFormat::kCsv);
  EXPECT_EQ(table_format("x.tsv"), TableFormat::kTsv);
  EXPECT_EQ(table_format("x.npy"), std::nullopt);
  EXPECT_EQ(table_format("csv"), std::nullopt);
}

}  // namespace
}  // namespace hourglass
