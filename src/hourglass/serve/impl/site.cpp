#include "hourglass/serve/impl/site.h"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <set>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

/// The time depends on the lengths alone.
bool is_same_secret(std::string_view given, std::string_view secret) {
  if (given.size() != secret.size()) return false;
  volatile unsigned different = 0;  // volatile: the loop may not end early
  for (std::size_t i = 0; i < secret.size(); ++i) {
    different = different | static_cast<unsigned>(given[i] ^ secret[i]);
  }
  return different == 0;
}

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_name(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
}

bool is_header_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

const Route* find_route(const Site& site, std::string_view target) {
  if (target.size() < site.token.size() + 2 || target.front() != '/') return nullptr;
  target.remove_prefix(1);
  const std::string_view token = target.substr(0, site.token.size());
  const std::string_view rest = target.substr(site.token.size());
  if (!is_same_secret(token, site.token) || rest.front() != '/') return nullptr;
  for (const Route& route : site.routes) {
    if (rest.substr(1) == route.name) return &route;
  }
  return nullptr;
}

void check(const Site& site) {
  constexpr std::size_t kShortest = 32;
  if (site.token.size() < kShortest ||
      !std::all_of(site.token.begin(), site.token.end(), is_alphanumeric)) {
    fail("serve", "`token` must be at least {} letters and digits", kShortest);
  }
  std::set<std::string_view> names;
  for (const Route& route : site.routes) {
    if (!is_name(route.name)) fail("serve", "`name` of a route must be letters, digits, . _ -");
    require(names.insert(route.name).second, "serve", "name", route.name, "it is there twice");
    for (const std::string& value :
         {route.content_type, route.content_encoding, route.content_policy}) {
      if (!is_header_value(value)) {
        fail("serve", "the type, encoding and policy of the route '{}' must be printable ASCII",
             route.name);
      }
    }
  }
}

std::string random_token() {
  std::array<std::uint8_t, 16> bytes{};
  if (::getentropy(bytes.data(), bytes.size()) != 0) {
    fail_file("serve", "the system gives no random bytes: {}", std::strerror(errno));
  }
  std::string token;
  for (const std::uint8_t byte : bytes) token += fmt::format("{:02x}", byte);
  return token;
}

}  // namespace hourglass
