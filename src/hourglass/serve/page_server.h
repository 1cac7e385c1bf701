// Hands a page and its blobs to a browser on this machine: an HTTP server on 127.0.0.1 for a fixed
// table of routes in memory. Not a web server: no files, no other address, nothing is received.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass {

/// Bytes that are never copied: `owner` keeps them alive, and may be empty for bytes that live as
/// long as the program.
struct Blob {
  std::span<const std::uint8_t> bytes;
  std::shared_ptr<const void> owner;
};
Blob own(std::vector<std::uint8_t> bytes);

/// What the server has under http://127.0.0.1:PORT/TOKEN/NAME.
struct Route {
  std::string name;              // letters, digits, . _ -; empty: the page itself
  std::string content_type;      // "text/html; charset=utf-8", "application/wasm"
  Blob blob;                     // as it is sent: compressed if there is a content_encoding
  std::string content_encoding;  // "gzip", or empty
  std::string content_policy;    // a Content-Security-Policy for the header; empty: the page's own
};

struct ServerOptions {
  /// None: 7830, or the next free one. 0: one that the system chooses.
  std::optional<int> port;
  /// At least 32 letters and digits. Empty: 128 bits of the system's random source.
  std::string token;
  /// For a request's whole head, for each 64 KB of an answer, and between two requests of a
  /// connection. A client that takes longer is left.
  std::chrono::milliseconds timeout{10'000};
};

/// Listens from construction on; answers while run() runs. Refuses what a page of its own never
/// sends: another Host (421), another site's requests (403), a body (413), a head over 8 KB (431),
/// methods other than GET and HEAD (405), a path that is not exactly that of a route (404); more
/// than 16 connections at once are told 503.
class PageServer {
 public:
  /// Throws Error for a `port` that is taken, not allowed or out of range, if no port is free, for
  /// a name that is not allowed or there twice, and where hourglass was built without the server.
  explicit PageServer(std::vector<Route> routes, const ServerOptions& options = {});
  ~PageServer();
  PageServer(const PageServer&) = delete;
  PageServer& operator=(const PageServer&) = delete;

  /// "http://127.0.0.1:7830/TOKEN/": the page.
  const std::string& url() const;
  int port() const;

  /// Answers until `until` returns true, asked about twenty times a second, or stop() is called;
  /// then closes all connections and the port. Once only. Uses the calling thread alone.
  void run(const std::function<bool()>& until = [] { return false; });
  /// Ends run(), also from another thread, also before it begins.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Throws the Error of a PageServer for this port: before what it shall serve is made.
void check_port(int port);

/// The Content-Security-Policy in the <meta> of an HTML page, or "". For Route::content_policy.
std::string content_policy_of(std::string_view page);

}  // namespace hourglass
