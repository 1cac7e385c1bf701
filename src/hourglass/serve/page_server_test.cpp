// The server on its port: which, for whom, and how it ends. Attacks are in attack_test.cpp.
#include "hourglass/serve/page_server.h"

#include <gmock/gmock.h>

#include <atomic>

#include "hourglass/base/message_test.h"
#include "hourglass/serve/socket_test.h"

namespace hourglass {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

std::vector<Route> routes() {
  return {{"", "text/html; charset=utf-8", own({'p', 'a', 'g', 'e'}), "", ""},
          {"pack.safetensors", "application/octet-stream", own({'p', 'a', 'c', 'k'}), "", ""}};
}

ServerOptions any_port() {
  ServerOptions options;
  options.port = 0;
  return options;
}

TEST(PageServer, AnswersThePageAndItsBlobsOverOneConnection) {
  const RunningServer server(routes(), any_port());
  Client client(server.port());
  client.send(server.get(""));
  EXPECT_EQ(client.status(), 200);
  EXPECT_EQ(client.receive(4), "page");
  client.send(server.get("pack.safetensors", "Connection: close\r\n"));
  EXPECT_THAT(client.receive_all(), EndsWith("\r\n\r\npack"));
  EXPECT_TRUE(client.ended());
}

TEST(PageServer, ItsAddressHasThePortAndANewTokenEachTime) {
  const PageServer one(routes(), any_port());
  const PageServer two(routes(), any_port());
  EXPECT_THAT(one.url(), MatchesRegex("http://127\\.0\\.0\\.1:[0-9]+/[0-9a-f]{32}/"));
  EXPECT_THAT(one.url(), HasSubstr(fmt::format(":{}/", one.port())));
  EXPECT_NE(one.url().substr(one.url().size() - 33), two.url().substr(two.url().size() - 33));
}

TEST(PageServer, TakesPort7830OrTheNextFreeOne) {
  const PageServer one(routes());
  const PageServer two(routes());
  EXPECT_GE(one.port(), 7830);
  EXPECT_LT(one.port(), 7930);
  EXPECT_GT(two.port(), one.port());
  EXPECT_LT(two.port(), 7930);
}

TEST(PageServer, APortThatIsTakenIsOneSentence) {
  const PageServer one(routes(), any_port());
  ServerOptions same;
  same.port = one.port();
  EXPECT_EQ(message_of([&] { PageServer(routes(), same); }),
            fmt::format("[serve] `port` is {}: another program uses it; choose another one, or "
                        "leave it out for the next free one",
                        one.port()));
  EXPECT_EQ(message_of([&] { check_port(one.port()); }),
            message_of([&] { PageServer(routes(), same); }));
  EXPECT_EQ(message_of([] { check_port(0); }), "no error");
}

TEST(PageServer, APortThatIsNoneIsRefused) {
  for (const int port : {-1, 65536, 1 << 20}) {
    ServerOptions options;
    options.port = port;
    EXPECT_EQ(message_of([&] { PageServer(routes(), options); }),
              fmt::format("[serve] `port` is {}: must be 1 to 65535, or 0 for one that the system "
                          "chooses",
                          port));
  }
}

TEST(PageServer, ItsPortIsFreeAgainAtOnce) {
  ServerOptions options = any_port();
  {
    const RunningServer server(routes(), options);
    options.port = server.port();
    Client client(server.port());
    client.send(server.get("", "Connection: close\r\n"));
    EXPECT_THAT(client.receive_all(), EndsWith("page"));
  }
  const RunningServer again(routes(), options);
  Client client(*options.port);
  client.send(again.get(""));
  EXPECT_EQ(client.status(), 200);
}

TEST(PageServer, OnlyTheAddress127001IsListenedOn) {
  const RunningServer server(routes(), any_port());
  EXPECT_TRUE(Client(server.port()).connected());
  EXPECT_FALSE(Client(server.port(), "127.0.0.2").connected())
      << "every address of this machine is listened on";
}

TEST(PageServer, EndsSoonAfterItIsAskedToAndClosesItsConnections) {
  PageServer server(routes(), any_port());
  std::atomic<bool> asked = false;
  std::chrono::steady_clock::time_point ended;
  std::thread thread([&] {
    server.run([&] { return asked.load(); });
    ended = std::chrono::steady_clock::now();
  });
  Client idle(server.port());
  Client half(server.port());
  half.send("GET / HT");
  std::this_thread::sleep_for(Milliseconds(100));
  const auto begin = std::chrono::steady_clock::now();
  asked = true;
  thread.join();
  EXPECT_LT(ended - begin, Milliseconds(1000)) << "100 ms, and a busy machine";
  EXPECT_EQ(idle.receive_all(Milliseconds(1000)), "");
  EXPECT_TRUE(idle.ended());
  EXPECT_EQ(half.receive_all(Milliseconds(1000)), "");
  EXPECT_TRUE(half.ended());
  EXPECT_FALSE(Client(server.port()).connected());
}

TEST(PageServer, StoppedBeforeItRunsItEndsAtOnce) {
  PageServer server(routes(), any_port());
  server.stop();
  server.run();
}

TEST(PageServer, AServerThatNeverRanLeavesNothing) {
  const PageServer server(routes(), any_port());
  Client client(server.port());
  EXPECT_TRUE(client.connected()) << "the system accepts for it";
}

TEST(PageServer, AnEmptyBlobHasLengthZero) {
  const RunningServer server({{"", "text/html", {}, "", ""}}, any_port());
  Client client(server.port());
  client.send(server.get("") + server.get("", "Connection: close\r\n"));
  const std::string all = client.receive_all();
  EXPECT_THAT(all, HasSubstr("Content-Length: 0\r\n"));
  EXPECT_THAT(all, StartsWith("HTTP/1.1 200"));
}

}  // namespace
}  // namespace hourglass
