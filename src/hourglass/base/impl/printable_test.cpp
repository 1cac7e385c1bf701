#include "hourglass/base/impl/printable.h"

#include <gtest/gtest.h>

namespace hourglass {
namespace {

TEST(Printable, TextIsOneLineWithoutControlCharacters) {
  EXPECT_EQ(printable("a\nb\x1b[2J\x7f"), "a?b?[2J?");
  EXPECT_EQ(printable("caf\xc3\xa9"), "caf\xc3\xa9");
}

TEST(Printable, NothingThatATerminalActsOnIsLeft) {
  EXPECT_EQ(printable("a\xc2\x9b"
                      "31mb"),
            "a?31mb");  // CSI as a C1 control
  EXPECT_EQ(printable("a\xe2\x80\xae"
                      "gnp.exe\xe2\x81\xa6"),
            "a?gnp.exe?");                                       // direction
  EXPECT_EQ(printable("a\xe2\x80\xa8z\xd8\x9c"), "a?z?");        // line separator, mark
  EXPECT_EQ(printable("\xff\xc0\x80x\xed\xa0\x80"), "???x???");  // no UTF-8
  EXPECT_EQ(printable("\xe2\x82"), "??");                        // cut short
  EXPECT_EQ(printable("\xe6\x97\xa5\xf0\x9f\x98\x80"), "\xe6\x97\xa5\xf0\x9f\x98\x80");
}

TEST(Printable, LinesKeepTheirBreaks) {
  EXPECT_EQ(printable_lines("a\tb\nc\r\x1b]0;x\x07"), "a\tb\nc??]0;x?");
  EXPECT_EQ(printable_lines(std::string(200, 'x')), std::string(200, 'x'));
}

TEST(Printable, LongTextIsCutBetweenCharacters) {
  EXPECT_EQ(printable(std::string(81, 'x')), std::string(80, 'x') + "...");
  EXPECT_EQ(printable(std::string(80, 'x')), std::string(80, 'x'));
  EXPECT_EQ(printable("ab\xc3\xa9", 3), "ab...");
}

}  // namespace
}  // namespace hourglass
