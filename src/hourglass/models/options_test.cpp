#include "hourglass/models/options.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "hourglass/base/error.h"
#include "hourglass/base/message_test.h"

namespace hourglass {
namespace {

using Whole = std::int64_t;
using Row = std::vector<std::int64_t>;

void refuse_empty(const OptionValue& value) {
  if (std::get<std::string>(value).empty()) fail("model", "word is empty: give one");
}

const std::vector<OptionSpec> kTable{switch_option("switch", "on or off"),
                                     whole_option("whole", 3, -2, 50, "a whole number"),
                                     real_option("real", 0.5, 0, 10, "a number"),
                                     text_option("word", "none", "a word", refuse_empty),
                                     {"row", Row{1, 2}, "whole numbers"}};

OptionValue parse(const char* name, std::string_view text) {
  return parse_option(find_option(kTable, "AE", name), text);
}

std::string refusal(const char* name, std::string_view text) {
  return message_of([&] { parse(name, text); });
}

TEST(Options, AreParsedByTheTypeOfTheirTablesLine) {
  EXPECT_EQ(parse("switch", "true"), OptionValue(true));
  EXPECT_EQ(parse("switch", "false"), OptionValue(false));
  EXPECT_EQ(parse("whole", "-2"), OptionValue(Whole{-2}));
  EXPECT_EQ(parse("real", "2.5"), OptionValue(2.5));
  EXPECT_EQ(parse("word", "mask:0.5"), OptionValue(std::string("mask:0.5")));
  EXPECT_EQ(parse("row", "32,64,128"), OptionValue(Row{32, 64, 128}));
  EXPECT_EQ(parse("row", "7"), OptionValue(Row{7}));
}

TEST(Options, ThatAreNotOfTheirTypeAreRefusedByName) {
  EXPECT_EQ(refusal("switch", "yes"), "[model] switch is 'yes': must be true or false");
  for (const char* text : {"", "3.5", "3x", " 3", "99999999999999999999"}) {
    EXPECT_EQ(refusal("whole", text),
              fmt::format("[model] whole is '{}': must be a whole number", text));
  }
  EXPECT_EQ(refusal("real", "much"), "[model] real is 'much': must be a number");
  for (const char* text : {"", "32,", ",32", "32;64", "32,,64", "32, 64"}) {
    EXPECT_THAT(refusal("row", text), testing::HasSubstr("must be whole numbers with commas"))
        << text;
  }
}

TEST(Options, OutOfRangeOrRefusedByTheirCheckAreNamed) {
  EXPECT_EQ(refusal("whole", "51"), "[model] whole is 51: must be from -2 to 50");
  EXPECT_EQ(refusal("whole", "-3"), "[model] whole is -3: must be from -2 to 50");
  EXPECT_EQ(refusal("real", "10.5"), "[model] real is 10.5: must be from 0 to 10");
  EXPECT_EQ(refusal("real", "nan"), "[model] real is nan: must be from 0 to 10");
  EXPECT_EQ(refusal("word", ""), "[model] word is empty: give one");
}

TEST(Options, ThatATableDoesNotHaveAreRefusedWithThoseItHas) {
  EXPECT_EQ(message_of([] { find_option(kTable, "AE", "depth"); }),
            "[model] AE has no option 'depth': it has switch, whole, real, word, row");
}

TEST(Options, ComeBackFromTheirTextAndFromTheirJson) {
  const std::pair<const char*, OptionValue> values[] = {
      {"switch", true}, {"whole", Whole{7}},          {"real", 0.1},
      {"real", 10.0},   {"word", std::string("a b")}, {"row", Row{9, -1, 4}},
  };
  for (const auto& [name, value] : values) {
    const OptionSpec& spec = find_option(kTable, "AE", name);
    EXPECT_EQ(parse_option(spec, option_text(value)), value) << name;
    const auto json = nlohmann::json::parse(option_json(value).dump());
    EXPECT_EQ(option_of_json(spec, json), value) << name;
  }
}

TEST(Options, OfAnotherTypeInJsonAreRefusedByName) {
  const std::pair<const char*, const char*> wrong[] = {
      {"switch", "1"},   {"whole", "1.5"}, {"whole", "true"}, {"whole", "18446744073709551615"},
      {"real", "\"1\""}, {"word", "[]"},   {"row", "3"},      {"row", "[1,2.5]"}};
  for (const auto& pair : wrong) {
    const char *name = pair.first, *text = pair.second;
    EXPECT_EQ(
        message_of(
            [&] { option_of_json(find_option(kTable, "AE", name), nlohmann::json::parse(text)); }),
        fmt::format("[model] the description's {} is of the wrong type: the file is damaged", name))
        << text;
  }
  EXPECT_EQ(option_of_json(find_option(kTable, "AE", "real"), 3), OptionValue(3.0))
      << "a real number may be written without a point";
}

}  // namespace
}  // namespace hourglass
