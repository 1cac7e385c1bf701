#include "hourglass/data/impl/names.h"

#include <gmock/gmock.h>

namespace hourglass {
namespace {

using testing::ElementsAre;

TEST(Names, OfAnyEncodingBecomeUtf8) {
  EXPECT_EQ(as_utf8("abc"), "abc");
  EXPECT_EQ(as_utf8("猫/кот/\xf0\x9f\x90\x88"), "猫/кот/\xf0\x9f\x90\x88");
  EXPECT_EQ(as_utf8("caf\xe9"), "caf\xc3\xa9");
  // Overlong, a surrogate, beyond Unicode, cut short: each is no UTF-8.
  for (const char* bad : {"\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe7\x8c", "\xff"}) {
    EXPECT_NE(as_utf8(bad), bad);
    EXPECT_EQ(as_utf8(as_utf8(bad)), as_utf8(bad));
  }
}

TEST(Names, StayDifferent) {
  EXPECT_THAT(as_utf8_names({"caf\xe9", "caf\xc3\xa9", "x"}),
              ElementsAre("caf\xc3\xa9", "caf\xc3\xa9 (2)", "x"));
}

TEST(Names, OfOtherProgramsFilesAreKnown) {
  for (const char* name : {".DS_Store", "._1.png", ".ipynb_checkpoints", "__MACOSX", "Thumbs.db",
                           "desktop.ini", "@eaDir"}) {
    EXPECT_TRUE(is_litter(name)) << name;
  }
  EXPECT_FALSE(is_litter("cat"));
}

}  // namespace
}  // namespace hourglass
