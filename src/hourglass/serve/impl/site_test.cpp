#include "hourglass/serve/impl/site.h"

#include <gtest/gtest.h>

#include "hourglass/base/message_test.h"

namespace hourglass {
namespace {

const std::string kToken = "0123456789abcdef0123456789abcdef";

TEST(SiteTest, EachTokenIsOneOf2ToThe128) {
  const std::string token = random_token();
  EXPECT_EQ(token.size(), 32U);
  EXPECT_EQ(token.find_first_not_of("0123456789abcdef"), std::string::npos) << token;
  EXPECT_NE(token, random_token());
}

TEST(SiteTest, ARouteOrTokenThatIsUnsafeInAPathOrHeaderIsRefused) {
  const auto why = [](const Route& route, const std::string& token = kToken) {
    return message_of([&] { check({{route}, token}); });
  };
  EXPECT_EQ(why({"a.b-c_9", "text/html", {}, "", ""}), "no error");
  EXPECT_EQ(why({"../x", "text/html", {}, "", ""}),
            "[serve] `name` of a route must be letters, digits, . _ -");
  EXPECT_EQ(why({"x", "text/html\r\nSet-Cookie: a", {}, "", ""}),
            "[serve] the type, encoding and policy of the route 'x' must be printable ASCII");
  EXPECT_NE(why({"x", "a", {}, "gzip\n", ""}), "no error");
  EXPECT_NE(why({"x", "a", {}, "", "default-src \n"}), "no error");
  EXPECT_EQ(why({"x", "a", {}, "", ""}, "short"),
            "[serve] `token` must be at least 32 letters and digits");
  EXPECT_NE(why({"x", "a", {}, "", ""}, std::string(40, '/')), "no error");
  EXPECT_EQ(message_of([] {
              check({{{"x", "a", {}, "", ""}, {"x", "a", {}, "", ""}}, kToken});
            }),
            "[serve] `name` is x: it is there twice");
}

}  // namespace
}  // namespace hourglass
