#include "hourglass/serve/impl/answer.h"

#include <fmt/format.h>

#include <algorithm>

namespace hourglass {
namespace {

struct Refusal {
  int status;
  std::string_view reason, text;
};

// 421 is the answer to a name that a foreign site made to mean 127.0.0.1 (DNS rebinding).
constexpr Refusal kRefusals[] = {
    {400, "Bad Request", "this is no request that hourglass can read"},
    {403, "Forbidden", "another site asked for this; paste the address into the address bar"},
    {404, "Not Found", "nothing is here; open the whole address that hourglass explore printed"},
    {405, "Method Not Allowed", "only GET and HEAD are answered"},
    {408, "Request Timeout", "the request took too long"},
    {413, "Content Too Large", "requests with a body are not answered"},
    {421, "Misdirected Request", "only 127.0.0.1 and localhost are answered"},
    {431, "Request Header Fields Too Large", "the headers are longer than 8 KB"},
    {503, "Service Unavailable", "too many connections at once; try again"},
};

constexpr std::string_view kAlways =
    "Cache-Control: no-store\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n";

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

/// 127.0.0.1 or localhost, with any port or none: a forwarded port has another number.
bool is_own_host(std::string_view host) {
  const std::string text = lower(host);
  const std::string name = text.substr(0, text.find(':'));
  if (name != "127.0.0.1" && name != "localhost") return false;
  if (name.size() == text.size()) return true;
  const std::string_view port = std::string_view(text).substr(name.size() + 1);
  return !port.empty() && port.size() <= 5 &&
         std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Whether a page of this server, or a person, asks. Browsers say so; other programs say nothing. A
/// page of another port of this machine ("same-site") may link here, but not load anything.
bool is_own_request(const Request& request) {
  const std::string own = "http://" + lower(request.hosts.front());
  for (const std::string& origin : request.origins) {
    if (lower(origin) != own) return false;
  }
  const bool opens = request.fetch_mode == "navigate" && request.fetch_destination == "document";
  return std::all_of(
      request.fetch_sites.begin(), request.fetch_sites.end(), [&](const std::string& site) {
        return site == "same-origin" || site == "none" || (site == "same-site" && opens);
      });
}

Reply refuse(int status, bool with_text) {
  const auto* refusal =
      std::find_if(std::begin(kRefusals), std::end(kRefusals) - 1,
                   [&](const Refusal& candidate) { return candidate.status == status; });
  Reply reply{status, {}, {}, true};
  reply.head = fmt::format(
      "HTTP/1.1 {} {}\r\n{}"
      "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
      "Content-Type: text/plain; charset=utf-8\r\n"
      "Content-Length: {}\r\n{}"
      "Connection: close\r\n\r\n",
      status, refusal->reason, kAlways, refusal->text.size() + 1,
      status == 405 ? "Allow: GET, HEAD\r\n" : "");
  if (with_text) reply.head += fmt::format("{}\n", refusal->text);
  return reply;
}

Reply serve(const Route& route, const Request& request) {
  Reply reply{200, {}, {}, !request.keep_alive};
  const std::string encoding =
      route.content_encoding.empty() ? "" : "Content-Encoding: " + route.content_encoding + "\r\n";
  reply.head = fmt::format(
      "HTTP/1.1 200 OK\r\n{}"
      "Content-Security-Policy: {}{}frame-ancestors 'none'\r\n"
      "Content-Type: {}\r\n{}"
      "Content-Length: {}\r\n"
      "Connection: {}\r\n\r\n",
      kAlways, route.content_policy, route.content_policy.empty() ? "" : "; ", route.content_type,
      encoding, route.blob.bytes.size(), reply.closes ? "close" : "keep-alive");
  if (request.method == "GET") reply.body = route.blob.bytes;
  return reply;
}

}  // namespace

Reply answer(const Site& site, const Request& request) {
  const bool with_text = request.method != "HEAD";
  if (request.has_body) return refuse(413, with_text);
  if (request.hosts.size() != 1) return refuse(400, with_text);
  if (!is_own_host(request.hosts.front())) return refuse(421, with_text);
  if (!is_own_request(request)) return refuse(403, with_text);
  if (request.method != "GET" && request.method != "HEAD") return refuse(405, with_text);
  const Route* route = find_route(site, request.target);
  return route == nullptr ? refuse(404, with_text) : serve(*route, request);
}

Reply refusal(int status) {
  return refuse(status, true);
}

}  // namespace hourglass
