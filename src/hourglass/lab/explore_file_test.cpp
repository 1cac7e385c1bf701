#include "hourglass/lab/explore_file.h"

#include <gmock/gmock.h>

#include "hourglass/base/file.h"
#include "hourglass/base/message_test.h"
#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/lab/page_blob_test.h"

namespace hourglass {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kPage =
    "<meta content=\"default-src 'none'; connect-src 'self'\"><script>'<!-- blobs -->'</script>\n"
    "<!-- blobs -->\n<i id=\"end\"></i>\n";

class ExploreFile : public testing::Test {
 protected:
  std::string write(std::string_view page, std::span<const PageBlob> blobs) const {
    const std::uint64_t bytes = write_explore_file(folder_ / "x.html", page, blobs);
    const auto file = read_file(folder_ / "x.html");
    EXPECT_EQ(bytes, file.size());
    return {file.begin(), file.end()};
  }
  TemporaryFolder folder_;
};

TEST_F(ExploreFile, HoldsEveryBlobUnderItsName) {
  const std::vector<std::uint8_t> engine{0, 'a', 's', 'm'}, pack(1000, 60);
  const std::vector<PageBlob> blobs{{"engine.wasm", engine}, {"pack.safetensors", pack}};
  const auto found = blobs_of(write(kPage, blobs));
  EXPECT_EQ(found.size(), 2u);
  EXPECT_EQ(found.at("engine.wasm"), engine);
  EXPECT_EQ(found.at("pack.safetensors"), pack);
}

TEST_F(ExploreFile, ForbidsEveryRequestAndKeepsTheRestOfThePage) {
  const std::string html = write(kPage, {});
  EXPECT_THAT(html, HasSubstr("connect-src 'none'"));
  EXPECT_THAT(html, Not(HasSubstr("connect-src 'self'")));
  EXPECT_THAT(html, HasSubstr("<script>'<!-- blobs -->'</script>"))
      << "the script is not the place";
  EXPECT_THAT(html, testing::EndsWith("<i id=\"end\"></i>\n"));
}

TEST_F(ExploreFile, APageWithoutAPlaceForBlobsOrWithoutAPolicyIsRefused) {
  EXPECT_THAT(message_of([&] { write("connect-src 'self'", {}); }), HasSubstr("<!-- blobs -->"));
  EXPECT_THAT(message_of([&] { write("<!-- blobs -->", {}); }), HasSubstr("connect-src 'self'"));
}

}  // namespace
}  // namespace hourglass
