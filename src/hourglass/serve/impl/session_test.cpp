// What is answered to which bytes: every rule of the server that needs no socket.
#include "hourglass/serve/impl/session.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

namespace hourglass {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

const std::string kToken = "0123456789abcdef0123456789abcdef";
const std::string kPolicy = "default-src 'none'; script-src 'sha256-AAAA'";

Blob text_blob(std::string_view text) {
  return own({text.begin(), text.end()});
}

Site make_site() {
  return {{{"", "text/html; charset=utf-8", text_blob("<!doctype html>"), "", kPolicy},
           {"engine.wasm", "application/wasm", text_blob("wasm"), "gzip", ""}},
          kToken};
}

/// A request as a browser sends it; `lines` are further headers, each with its line end.
std::string get(const std::string& target, const std::string& host = "127.0.0.1:7830",
                const std::string& lines = "", const std::string& method = "GET") {
  return fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n{}\r\n", method, target, host, lines);
}
std::string page(const std::string& lines) {
  return get("/" + kToken + "/", "127.0.0.1:7830", lines);
}

class SessionTest : public testing::Test {
 protected:
  /// All replies to these bytes, which arrive `piece` at a time.
  std::vector<Reply> replies(std::string_view bytes, std::size_t piece = 1 << 20) {
    Session session(site_);
    std::vector<Reply> result;
    bool open = true;
    while (open && !bytes.empty()) {
      const auto space = session.space();
      const std::size_t count = std::min({piece, bytes.size(), space.size()});
      std::copy_n(bytes.begin(), count, space.begin());
      session.took(count);
      bytes.remove_prefix(count);
      while (auto reply = session.next()) {
        open = !reply->closes;
        result.push_back(std::move(*reply));
      }
    }
    return result;
  }
  std::vector<int> statuses(std::string_view bytes, std::size_t piece = 1 << 20) {
    std::vector<int> result;
    for (const Reply& reply : replies(bytes, piece)) result.push_back(reply.status);
    return result;
  }
  /// Of a single request; 0 if there is no reply.
  int status(std::string_view bytes) {
    const auto all = replies(bytes);
    EXPECT_LE(all.size(), 1U);
    return all.empty() ? 0 : all.front().status;
  }

  const Site site_ = make_site();
};

TEST_F(SessionTest, ThePageIsAnsweredWithEveryHeaderThatProtectsIt) {
  const auto all = replies(page(""));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].head,
            "HTTP/1.1 200 OK\r\n"
            "Cache-Control: no-store\r\n"
            "X-Content-Type-Options: nosniff\r\n"
            "Referrer-Policy: no-referrer\r\n"
            "Cross-Origin-Resource-Policy: same-origin\r\n"
            "Cross-Origin-Opener-Policy: same-origin\r\n"
            "Content-Security-Policy: " +
                kPolicy +
                "; frame-ancestors 'none'\r\n"
                "Content-Type: text/html; charset=utf-8\r\n"
                "Content-Length: 15\r\n"
                "Connection: keep-alive\r\n\r\n");
  EXPECT_EQ(all[0].body.data(), site_.routes[0].blob.bytes.data()) << "a blob is not copied";
  EXPECT_EQ(all[0].body.size(), 15U);
  EXPECT_FALSE(all[0].closes);
}

TEST_F(SessionTest, ABlobHasItsTypeAndEncoding) {
  const auto all = replies(get("/" + kToken + "/engine.wasm"));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_THAT(all[0].head, HasSubstr("Content-Type: application/wasm\r\n"
                                     "Content-Encoding: gzip\r\nContent-Length: 4\r\n"));
  EXPECT_THAT(all[0].head, HasSubstr("Content-Security-Policy: frame-ancestors 'none'\r\n"));
}

TEST_F(SessionTest, EveryAnswerHasTheProtectingHeadersAndNoneAllowsAnotherOrigin) {
  const std::string tall = "X: " + std::string(9000, 'x') + "\r\n";
  for (const std::string& bytes :
       {page(""), get("/"), get("/", "evil.example"), page("Origin: http://evil.example\r\n"),
        get("/", "localhost", "", "OPTIONS"), page(tall), page("Content-Length: 5\r\n"),
        std::string("GET garbage\r\n\r\n"), std::string("\x16\x03\x01")}) {
    const auto all = replies(bytes);
    ASSERT_EQ(all.size(), 1U) << bytes;
    const std::string& head = all[0].head;
    for (const char* line :
         {"\r\nCache-Control: no-store\r\n", "\r\nX-Content-Type-Options: nosniff\r\n",
          "\r\nReferrer-Policy: no-referrer\r\n",
          "\r\nCross-Origin-Resource-Policy: same-origin\r\n", "frame-ancestors 'none'\r\n"}) {
      EXPECT_THAT(head, HasSubstr(line)) << bytes;
    }
    EXPECT_THAT(head, Not(HasSubstr("Access-Control"))) << bytes;
    EXPECT_THAT(head, Not(HasSubstr(kToken))) << bytes;
    EXPECT_EQ(all[0].closes, all[0].status != 200) << bytes;
  }
}

TEST_F(SessionTest, ThisMachineIsAnsweredUnderAnyForwardedPort) {
  for (const char* host : {"127.0.0.1", "127.0.0.1:7830", "localhost", "localhost:9999",
                           "LocalHost:80", "127.0.0.1:65535"}) {
    EXPECT_EQ(status(get("/" + kToken + "/", host)), 200) << host;
  }
}

TEST_F(SessionTest, ANameThatWasReboundToThisMachineIsMisdirected) {
  for (const char* host :
       {"evil.example", "evil.example:7830", "127.0.0.1.evil.example", "localhost.evil.example",
        "localhost.", "127.0.0.1@evil.example", "127.0.0.1:7830@evil.example", "[::1]:7830", "::1",
        "0.0.0.0:7830", "127.1", "2130706433", "localhost:", "localhost:x", "localhost:78 30",
        "localhost:123456", "localhost, evil.example", "127.0.0.1:7830, evil.example", ""}) {
    EXPECT_EQ(status(get("/" + kToken + "/", host)), 421) << host;
  }
}

TEST_F(SessionTest, ARequestNamesExactlyOneHost) {
  const std::string line = "GET /" + kToken + "/ HTTP/1.1\r\n";
  EXPECT_EQ(status(line + "\r\n"), 400);
  EXPECT_EQ(status("GET /" + kToken + "/ HTTP/1.0\r\n\r\n"), 400);
  EXPECT_EQ(status(line + "Host: localhost\r\nHost: localhost\r\n\r\n"), 400);
  EXPECT_EQ(status(line + "Host: localhost\r\nHost: evil.example\r\n\r\n"), 400);
}

TEST_F(SessionTest, AnotherOriginIsForbidden) {
  for (const char* origin :
       {"http://evil.example", "null", "https://127.0.0.1:7830", "http://localhost:7830",
        "http://127.0.0.1:7831", "http://127.0.0.1", "http://127.0.0.1:7830.evil.example", "",
        "http://127.0.0.1:7830/", "file://"}) {
    EXPECT_EQ(status(page(fmt::format("Origin: {}\r\n", origin))), 403) << origin;
  }
  EXPECT_EQ(status(page("Origin: http://127.0.0.1:7830\r\n")), 200);
  EXPECT_EQ(status(page("Origin: http://127.0.0.1:7830\r\nOrigin: http://evil.example\r\n")), 403);
  EXPECT_EQ(status(get("/" + kToken + "/", "localhost:9999", "Origin: http://localhost:9999\r\n")),
            200)
      << "a forwarded port";
}

TEST_F(SessionTest, AnotherSitesRequestIsForbidden) {
  for (const char* site :
       {"cross-site", "same-site", "", "Cross-Site", "same-origin, cross-site"}) {
    EXPECT_EQ(status(page(fmt::format("Sec-Fetch-Site: {}\r\n", site))), 403) << site;
    EXPECT_EQ(status(page(fmt::format("sec-fetch-site: {}\r\n", site))), 403) << site;
  }
  EXPECT_EQ(status(page("Sec-Fetch-Site: same-origin\r\n")), 200);
  EXPECT_EQ(status(page("Sec-Fetch-Site: none\r\n")), 200) << "typed into the address bar";
  EXPECT_EQ(status(page("Sec-Fetch-Site: none\r\nSec-Fetch-Site: cross-site\r\n")), 403);
}

TEST_F(SessionTest, APageOfAnotherPortMayLinkHereButLoadNothing) {
  const auto from = [&](const char* site, const char* mode, const char* destination) {
    return status(
        page(fmt::format("Sec-Fetch-Site: {}\r\nSec-Fetch-Mode: {}\r\nSec-Fetch-Dest: {}\r\n", site,
                         mode, destination)));
  };
  EXPECT_EQ(from("same-site", "navigate", "document"), 200);
  EXPECT_EQ(from("same-site", "navigate", "iframe"), 403);
  EXPECT_EQ(from("same-site", "no-cors", "script"), 403);
  EXPECT_EQ(from("same-site", "cors", "empty"), 403);
  EXPECT_EQ(from("cross-site", "navigate", "document"), 403);
}

TEST_F(SessionTest, MethodsOtherThanGetAndHeadAreToldWhichAreAllowed) {
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT",
                             "PROPFIND", "GETT", "BREW", "M-SEARCH"}) {
    const auto all = replies(get("/" + kToken + "/", "localhost", "", method));
    ASSERT_EQ(all.size(), 1U) << method;
    EXPECT_EQ(all[0].status, 405) << method;
    EXPECT_THAT(all[0].head, HasSubstr("\r\nAllow: GET, HEAD\r\n")) << method;
  }
  EXPECT_EQ(status(get("/", "localhost", "", "get")), 400) << "methods have capital letters";
}

TEST_F(SessionTest, HeadGetsTheHeadersOfGetAndNoBody) {
  const auto got = replies(get("/" + kToken + "/"));
  const auto head = replies(get("/" + kToken + "/", "127.0.0.1:7830", "", "HEAD"));
  ASSERT_EQ(head.size(), 1U);
  EXPECT_EQ(head[0].head, got.at(0).head);
  EXPECT_TRUE(head[0].body.empty());
  const auto missing = replies(get("/nothing", "127.0.0.1:7830", "", "HEAD"));
  ASSERT_EQ(missing.size(), 1U);
  EXPECT_EQ(missing[0].status, 404);
  EXPECT_THAT(missing[0].head, EndsWith("\r\n\r\n"));
}

TEST_F(SessionTest, OnlyTheExactPathOfARouteIsThere) {
  const std::string base = "/" + kToken + "/";
  EXPECT_EQ(status(get(base)), 200);
  EXPECT_EQ(status(get(base + "engine.wasm")), 200);
  for (const std::string& target : std::vector<std::string>{"/",
                                                            "//",
                                                            "*",
                                                            "/" + kToken,
                                                            kToken + "/",
                                                            "/" + kToken.substr(0, 31) + "/",
                                                            "/" + kToken + "0/",
                                                            "/" + kToken.substr(0, 31) + "e/",
                                                            "/0123456789ABCDEF0123456789ABCDEF/",
                                                            "/" + std::string(32, '0') + "/",
                                                            "/favicon.ico",
                                                            "/engine.wasm",
                                                            base + "/",
                                                            "/" + base,
                                                            base + ".",
                                                            base + "..",
                                                            base + "../",
                                                            base + "./",
                                                            base + "../etc/passwd",
                                                            base + "../../../../etc/passwd",
                                                            "/../" + kToken + "/",
                                                            base + "%2e%2e/",
                                                            base + "%2e%2e%2fetc%2fpasswd",
                                                            base + "engine%2ewasm",
                                                            base + "engine.wasm/",
                                                            base + "Engine.wasm",
                                                            base + "engine.wasm%00",
                                                            base + "engine.wasm.map",
                                                            base + "?",
                                                            base + "?x=1",
                                                            base + "engine.wasm?x",
                                                            base + "#x",
                                                            base + "engine",
                                                            base + "..%5c",
                                                            base + "\\..\\",
                                                            "http://127.0.0.1:7830" + base,
                                                            "http://evil.example" + base,
                                                            "127.0.0.1:7830",
                                                            "/%30" + kToken.substr(1) + "/"}) {
    EXPECT_EQ(status(get(target)), 404) << target;
  }
}

TEST_F(SessionTest, BytesThatNoPathHasAreNoRequest) {
  using namespace std::string_literals;
  const std::string base = "/" + kToken + "/";
  for (const std::string& target :
       {base + "engine.wasm\0"s, base + "\0"s, base + "\x01"s, base + "\x7f"s, base + "\r"s,
        base + "\n"s, base + " x"s, ""s}) {
    EXPECT_EQ(status(get(target)), 400) << testing::PrintToString(target);
  }
  EXPECT_EQ(status(get(base + "\xc3\xa9")), 404);
}

TEST_F(SessionTest, ABodyIsNotReceived) {
  for (const char* lines :
       {"Content-Length: 5\r\n", "Content-Length: 99999999\r\n",
        "Content-Length: 18446744073709551615\r\n", "Transfer-Encoding: chunked\r\n",
        "Expect: 100-continue\r\nContent-Length: 5\r\n"}) {
    EXPECT_EQ(status(page(lines) + "hello"), 413) << lines;
  }
  EXPECT_EQ(status(page("Content-Length: 0\r\n")), 200) << "no body";
}

TEST_F(SessionTest, LengthsThatSomeProgramsReadInTwoWaysAreRefused) {
  for (const char* lines :
       {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 0\r\nContent-Length: 5\r\n", "Content-Length: 0, 5\r\n",
        "Content-Length: +5\r\n", "Content-Length: -1\r\n", "Content-Length: 0x5\r\n",
        "Content-Length: 99999999999999999999\r\n", "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: chunked, gzip\r\n", "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding:\x0b chunked\r\n", "Content-Length : 5\r\n"}) {
    // After any of them the connection ends, so that no byte is taken for a further request.
    const auto all = replies(page(lines) + page(""));
    ASSERT_EQ(all.size(), 1U) << lines;
    EXPECT_TRUE(all[0].status == 400 || all[0].status == 413) << lines << all[0].status;
    EXPECT_TRUE(all[0].closes) << lines;
  }
}

TEST_F(SessionTest, AHeadOfEightKilobytesIsReadAndALongerOneRefused) {
  const std::size_t rest = kLargestHead - page("X: \r\n").size();
  EXPECT_EQ(status(page("X: " + std::string(rest, 'x') + "\r\n")), 200);
  EXPECT_EQ(status(page("X: " + std::string(rest + 1, 'x') + "\r\n")), 431);
  EXPECT_EQ(status("GET /" + std::string(20000, 'x')), 431);
  std::string many;
  for (int i = 0; i < 3000; ++i) many += "a:\r\n";
  EXPECT_EQ(status(page(many)), 431);
}

TEST_F(SessionTest, GarbageIsRefusedAtOnceWhereNoMethodBeginsLikeIt) {
  using namespace std::string_literals;
  for (const std::string& bytes : {"\x16\x03\x01\x02"s, "\0"s, "\r\n\r\n"s, "\n"s,
                                   " GET / HTTP/1.1\r\n"s, "\xff\xff"s, "{\"a\":1}"s}) {
    EXPECT_EQ(status(bytes), 400) << testing::PrintToString(bytes);
  }
}

TEST_F(SessionTest, MalformedHeadsAreNoRequests) {
  const std::string host = "Host: localhost\r\n\r\n";
  for (const std::string& bytes :
       {"GET\r\n\r\n" + host, "GET /\r\n" + host, "GET / HTTP/1.2\r\n" + host,
        "GET / HTTP/2.0\r\n" + host, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + std::string(),
        "GET / HTTP/0.9\r\n" + host, "GET / http/1.1\r\n" + host, "GET  / HTTP/1.1\r\n" + host,
        "GET / HTTP/1.1 \r\n" + host, "GET\t/ HTTP/1.1\r\n" + host, "GET / HTTP/1.1\n" + host,
        "GET / HTTP/1.1\r\nno colon\r\n" + host, "GET / HTTP/1.1\r\n: x\r\n" + host,
        "GET / HTTP/1.1\r\nA B: x\r\n" + host, "GET / HTTP/1.1\r\nA: x\x01y\r\n" + host}) {
    EXPECT_EQ(status(bytes), 400) << testing::PrintToString(bytes);
  }
}

TEST_F(SessionTest, AnOlderClientGetsItsAnswerAndTheEnd) {
  const auto all = replies("GET /" + kToken + "/ HTTP/1.0\r\nHost: localhost\r\n\r\n");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].status, 200);
  EXPECT_TRUE(all[0].closes);
  EXPECT_THAT(all[0].head, HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(replies(page("Connection: close\r\n")).at(0).closes);
}

TEST_F(SessionTest, RequestsInOnePieceAreAnsweredInOrderUntilOneIsRefused) {
  const std::string wasm = get("/" + kToken + "/engine.wasm");
  EXPECT_THAT(statuses(page("") + wasm + page("")), ElementsAre(200, 200, 200));
  EXPECT_THAT(statuses(page("") + get("/x") + page("")), ElementsAre(200, 404));
  EXPECT_EQ(replies(wasm + page("")).at(1).body.size(), 15U);
}

TEST_F(SessionTest, HowTheBytesAreCutChangesNothing) {
  const std::string bytes =
      page("") + get("/" + kToken + "/engine.wasm", "localhost:1") + page("A: b\r\n") + get("/");
  for (std::size_t piece = 1; piece < bytes.size(); piece += piece < 20 ? 1 : 37) {
    EXPECT_THAT(statuses(bytes, piece), ElementsAre(200, 200, 200, 404)) << piece;
  }
}

TEST_F(SessionTest, HalfARequestHasNoAnswerYet) {
  const std::string bytes = page("A: b\r\n");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(status(bytes.substr(0, size)), 0) << size;
  }
}

}  // namespace
}  // namespace hourglass
