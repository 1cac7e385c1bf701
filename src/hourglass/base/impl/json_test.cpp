#include "hourglass/base/impl/json.h"

#include <gtest/gtest.h>

#include <string>

namespace hourglass {
namespace {

std::string nested(int depth) {
  const auto count = static_cast<std::size_t>(depth);
  return std::string(count, '[') + std::string(count, ']');
}

TEST(Json, IsReadToAFixedDepthAndNeverDeeper) {
  EXPECT_TRUE(parse_json(nested(kDeepestJson)));
  EXPECT_FALSE(parse_json(nested(kDeepestJson + 1)));
  EXPECT_FALSE(parse_json(nested(1000000)));
  EXPECT_FALSE(parse_json(std::string(1000000, '[')));
  std::string objects;
  for (int i = 0; i < 1000000; ++i) objects += "{\"a\":";
  EXPECT_FALSE(parse_json(objects));
}

TEST(Json, IsNothingIfTheTextIsNotOneJsonValue) {
  for (const char* text : {"", "{", "{}{}", "nan", "{\"a\":1}x", "\"\xff\"", "1e999"}) {
    EXPECT_FALSE(parse_json(text)) << text;
  }
  EXPECT_FALSE(parse_json(std::string_view("{}\0x", 4)));
  EXPECT_EQ(parse_json(" {\"a\": [1, 2]} ")->at("a").size(), 2u);
}

TEST(Json, WholeNumberRefusesOtherValues) {
  const auto json = *parse_json(R"({"a": -3, "b": 9223372036854775807, "c": 9223372036854775808, )"
                                R"("d": 1e300, "e": 1.0, "f": true})");
  EXPECT_EQ(whole_number(json, "a"), -3);
  EXPECT_EQ(whole_number(json, "b"), INT64_MAX);
  EXPECT_EQ(natural_number(json, "c"), std::uint64_t{1} << 63);
  for (const char* key : {"c", "d", "e", "f", "absent"}) {
    EXPECT_THROW(whole_number(json, key), nlohmann::json::exception) << key;
  }
  for (const char* key : {"a", "d", "e", "f", "absent"}) {
    EXPECT_THROW(natural_number(json, key), nlohmann::json::exception) << key;
  }
}

}  // namespace
}  // namespace hourglass
