#include "hourglass/lab/explore_file.h"

#include <fmt/format.h>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/lab/page_blob.h"

namespace hourglass {
namespace {

constexpr std::string_view kPlace = "<!-- blobs -->";
constexpr std::string_view kServed = "connect-src 'self'", kAlone = "connect-src 'none'";

}  // namespace

std::uint64_t write_explore_file(const std::filesystem::path& path, std::string_view page,
                                 std::span<const PageBlob> blobs) {
  // The script may name the comment; the place itself is near the end.
  const std::size_t place = page.rfind(kPlace), policy = page.find(kServed);
  if (place == page.npos || policy == page.npos || policy > place) {
    fail("explore", "the page lacks {}: it is not the explorer's",
         place == page.npos ? kPlace : kServed);
  }
  AtomicFile file(path);
  std::uint64_t written = 0;
  const auto write = [&](std::string_view text) {
    file.write(text);
    written += text.size();
  };
  write(page.substr(0, policy));
  write(kAlone);
  write(page.substr(policy + kServed.size(), place - policy - kServed.size()));
  for (const PageBlob& blob : blobs) {
    const BlobText text = blob_text(blob.bytes);
    write(fmt::format(R"(<script type="hourglass/blob" id="{}" data-bytes="{}" data-parts="{}">)",
                      blob.name, text.bytes, text.parts));
    write(text.text);
    write("</script>\n");
  }
  write(page.substr(place + kPlace.size()));
  file.commit();
  return written;
}

}  // namespace hourglass
