#include "hourglass/serve/page_server.h"

namespace hourglass {

std::string content_policy_of(std::string_view page) {
  constexpr std::string_view kMeta = "http-equiv=\"Content-Security-Policy\"";
  constexpr std::string_view kContent = "content=\"";
  const std::size_t meta = page.find(kMeta);
  if (meta == std::string_view::npos) return "";
  const std::size_t content = page.find(kContent, meta);
  if (content == std::string_view::npos || page.find('>', meta) < content) return "";
  const std::size_t begin = content + kContent.size();
  const std::size_t end = page.find('"', begin);
  if (end == std::string_view::npos) return "";
  return std::string(page.substr(begin, end - begin));
}

Blob own(std::vector<std::uint8_t> bytes) {
  const auto owner = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
  return {*owner, owner};
}

}  // namespace hourglass
