#include "hourglass/base/impl/printable.h"

#include <gtest/gtest.h>

namespace hourglass {
namespace {

TEST(Printable, TextIsOneLineWithoutControlCharacters) {
  EXPECT_EQ(printable("a\nb\x1b[2J\x7f"), "a?b?[2J?");
  EXPECT_EQ(printable("caf\xc3\xa9"), "caf\xc3\xa9");
}

TEST(Printable, LongTextIsCutBetweenCharacters) {
  EXPECT_EQ(printable(std::string(81, 'x')), std::string(80, 'x') + "...");
  EXPECT_EQ(printable(std::string(80, 'x')), std::string(80, 'x'));
  EXPECT_EQ(printable("ab\xc3\xa9", 3), "ab...");
}

}  // namespace
}  // namespace hourglass
