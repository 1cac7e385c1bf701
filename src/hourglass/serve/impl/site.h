// What a request's answer depends on: the routes, and the part of the path that only the owner of
// the page knows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hourglass/serve/page_server.h"

namespace hourglass {

struct Site {
  std::vector<Route> routes;
  std::string token;
};

/// The route at exactly /TOKEN/NAME, or nullptr. The time that it takes does not depend on how much
/// of a wrong token is right.
const Route* find_route(const Site& site, std::string_view target);

/// Throws Error for a name, type, encoding, policy or token that would not be safe in a path or
/// header, and for a name that is there twice.
void check(const Site& site);

/// 32 hexadecimal digits: 128 bits of the system's random source.
std::string random_token();

}  // namespace hourglass
