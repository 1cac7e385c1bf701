#include <gtest/gtest.h>

#include "hourglass/serve/page_server.h"

namespace hourglass {
namespace {

TEST(Route, ThePolicyOfAPageIsThatOfItsMetaElement) {
  EXPECT_EQ(content_policy_of("<head><meta charset=\"utf-8\"><meta "
                              "http-equiv=\"Content-Security-Policy\" content=\"default-src "
                              "'none'; img-src data:\"><title>x</title>"),
            "default-src 'none'; img-src data:");
  EXPECT_EQ(content_policy_of("<head><title>x</title>"), "");
  EXPECT_EQ(content_policy_of("<meta http-equiv=\"Content-Security-Policy\"><a content=\"x\">"),
            "");
  EXPECT_EQ(content_policy_of("<meta http-equiv=\"Content-Security-Policy\" content=\"cut"), "");
}

TEST(Route, OwnedBytesLiveAsLongAsABlobHoldsThem) {
  Blob copy;
  {
    const Blob blob = own({1, 2, 3});
    copy = blob;
    EXPECT_EQ(copy.bytes.data(), blob.bytes.data());
  }
  EXPECT_EQ(copy.bytes[2], 3);
}

}  // namespace
}  // namespace hourglass
