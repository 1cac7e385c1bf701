#include "hourglass/figures/text.h"

#include <gmock/gmock.h>

namespace hourglass {
namespace {

using testing::ElementsAre;

/// A font in which every character, also of several bytes, is one pixel wide.
double characters(std::string_view text) {
  double count = 0.0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0u) != 0x80u ? 1.0 : 0.0;
  return count;
}

TEST(Printable, KeepsUtf8AndReplacesWhatIsNone) {
  EXPECT_EQ(drawable("Stra\xC3\x9F"
                     "e"),
            "Stra\xC3\x9F"
            "e");
  EXPECT_EQ(drawable("a\xFF"
                     "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(drawable("\xC0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD");        // overlong
  EXPECT_EQ(drawable("\xED\xA0\x80").size(), 9u);                     // a surrogate
  EXPECT_EQ(drawable("cut\xE2\x80"), "cut\xEF\xBF\xBD\xEF\xBF\xBD");  // ends early
}

TEST(Printable, MakesSpacesOfControlCharacters) {
  EXPECT_EQ(drawable(std::string_view("a\nb\tc\0d", 7)), "a b c d");
}

TEST(Elided, KeepsWhatFitsAndNeverCutsACharacter) {
  EXPECT_EQ(elided("short", 5, characters), "short");
  EXPECT_EQ(elided("lengthy", 5, characters), "leng\xE2\x80\xA6");
  EXPECT_EQ(elided("\xC3\x9F\xC3\x9F\xC3\x9F\xC3\x9F", 3, characters),
            "\xC3\x9F\xC3\x9F\xE2\x80\xA6");
  EXPECT_EQ(elided("ab", 0, characters), "\xE2\x80\xA6");
}

TEST(ElidedMiddle, KeepsBothEndsAndNeverCutsACharacter) {
  EXPECT_EQ(elided_middle("short", 5, characters), "short");
  EXPECT_EQ(elided_middle("lengthy", 5, characters), "le\xE2\x80\xA6hy");
  EXPECT_EQ(elided_middle("lengthy", 4, characters), "le\xE2\x80\xA6y");
  EXPECT_EQ(elided_middle("\xC3\x9F\xC3\x9F\xC3\x9F\xC3\x9F", 3, characters),
            "\xC3\x9F\xE2\x80\xA6\xC3\x9F");
  EXPECT_EQ(elided_middle("ab", 2, characters), "ab");
  EXPECT_EQ(elided_middle("abc", 1, characters), "\xE2\x80\xA6");
}

TEST(WithoutCommonPrefix, CutsWholeWordsThatAllNamesBeginWith) {
  EXPECT_THAT(without_common_prefix({"class_cat", "class_cow"}), ElementsAre("cat", "cow"));
  EXPECT_THAT(without_common_prefix({"class1", "class12"}), ElementsAre("1", "12"));
  EXPECT_THAT(without_common_prefix({"cat", "cow"}), ElementsAre("cat", "cow"));
  EXPECT_THAT(without_common_prefix({"10", "11"}), ElementsAre("10", "11"));
  EXPECT_THAT(without_common_prefix({"a_", "a_b"}), ElementsAre("a_", "a_b"));
  EXPECT_THAT(without_common_prefix({"one"}), ElementsAre("one"));
  EXPECT_THAT(without_common_prefix({"", "a"}), ElementsAre("", "a"));
}

TEST(Wrapped, BreaksAtSpacesAndWhereAllowed) {
  EXPECT_THAT(wrapped("one two three", 7, characters), ElementsAre("one two", "three"));
  EXPECT_THAT(wrapped("T-shirt/top", 8, characters, "/"), ElementsAre("T-shirt/", "top"));
  EXPECT_THAT(wrapped("", 8, characters), ElementsAre(""));
}

TEST(Wrapped, ElidesWhatExceedsTheLines) {
  EXPECT_THAT(wrapped("a name of many words", 7, characters, "", 2),
              ElementsAre("a name", "of man\xE2\x80\xA6"));
  EXPECT_THAT(wrapped("indivisible", 5, characters), ElementsAre("indi\xE2\x80\xA6"));
}

}  // namespace
}  // namespace hourglass
