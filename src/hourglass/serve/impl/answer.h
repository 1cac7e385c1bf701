// The answer to a request, from its head alone. Every rule of the server about what it answers is
// here; reading bytes is session.h's part, time and connections are connection.h's.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/serve/impl/site.h"

namespace hourglass {

/// A head as a parser read it.
struct Request {
  std::string method, target;
  bool keep_alive = false;
  bool has_body = false;  // says that a body follows
  // All values of these headers, in order.
  std::vector<std::string> hosts, origins, fetch_sites;
  std::string fetch_mode, fetch_destination;  // "" if there is none
};

struct Reply {
  int status = 200;
  std::string head;                    // the status line and all headers, and the text of a refusal
  std::span<const std::uint8_t> body;  // of a route; belongs to the site
  bool closes = false;                 // the connection ends with this
};

Reply answer(const Site& site, const Request& request);

/// The answer to what is no request: 400, 408, 413, 431, 503. It closes.
Reply refusal(int status);

}  // namespace hourglass
