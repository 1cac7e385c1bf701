// Attacks over sockets: what needs time, many connections or much memory. Those by the words of a
// request are in impl/session_test.cpp; some are repeated here against the running server.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>

#include "hourglass/base/sanitized_test.h"
#include "hourglass/serve/socket_test.h"

namespace hourglass {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

constexpr Milliseconds kTimeout{300};
constexpr std::size_t kMegabyte = 1U << 20;
constexpr std::size_t kLarge = 64 * kMegabyte;

std::vector<std::uint8_t> large_bytes() {
  std::vector<std::uint8_t> bytes(kLarge);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 >> 8);
  return bytes;
}

/// With a short timeout, and a blob that no socket buffer holds.
class Attack : public testing::Test {
 protected:
  void expect_an_answer() {
    Client client(server_.port());
    client.send(server_.get(""));
    EXPECT_EQ(client.status(), 200);
    EXPECT_EQ(client.receive(4), "page");
  }
  /// Waits until the server has room for connections, which are closed a moment after their client.
  void expect_an_answer_soon() {
    for (int i = 0; i < 100; ++i) {
      Client client(server_.port());
      client.send(server_.get(""));
      if (client.status() == 200) return;
      std::this_thread::sleep_for(Milliseconds(20));
    }
    ADD_FAILURE() << "no answer after 2 s";
  }
  int status(const std::string& bytes) {
    Client client(server_.port());
    client.send(bytes);
    return client.status();
  }

  static ServerOptions options() {
    ServerOptions options;
    options.port = 0;
    options.timeout = kTimeout;
    return options;
  }

  const Blob large_ = own(large_bytes());
  RunningServer server_{{{"", "text/html", own({'p', 'a', 'g', 'e'}), "", ""},
                         {"large", "application/octet-stream", large_, "", ""}},
                        options()};
};

std::size_t open_files() {
  const fs::directory_iterator begin("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin, fs::directory_iterator())) - 1;
}

/// VmRSS in bytes.
std::size_t resident() {
  std::ifstream file("/proc/self/statm");
  std::size_t all = 0, pages = 0;
  file >> all >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST_F(Attack, ANameThatMeansThisMachineGetsNothing) {
  EXPECT_EQ(status("GET " + server_.path() + " HTTP/1.1\r\nHost: evil.example\r\n\r\n"), 421);
  EXPECT_EQ(status("GET " + server_.path() + " HTTP/1.1\r\nHost: localhost:9999\r\n\r\n"), 200)
      << "a forwarded port";
  EXPECT_EQ(status(server_.get("", "Origin: http://evil.example\r\n")), 403);
  EXPECT_EQ(status(server_.get("", "Sec-Fetch-Site: cross-site\r\n")), 403);
  EXPECT_EQ(status("GET /favicon.ico HTTP/1.1\r\nHost: localhost\r\n\r\n"), 404);
}

TEST_F(Attack, ARefusalIsReadAlsoByAClientThatGoesOnSending) {
  Client body(server_.port());
  body.send(server_.get("", "Content-Length: 50000\r\n") + std::string(50000, 'x'));
  EXPECT_THAT(body.receive_all(), HasSubstr("413 Content Too Large"));
  EXPECT_TRUE(body.ended());
  EXPECT_FALSE(body.reset());
  Client headers(server_.port());
  headers.send("GET / HTTP/1.1\r\nA: " + std::string(50000, 'x'));
  EXPECT_THAT(headers.receive_all(), HasSubstr("431 Request Header Fields Too Large"));
  EXPECT_FALSE(headers.reset());
  expect_an_answer();
}

TEST_F(Attack, AClientThatSendsAByteNowAndThenIsLeftAfterTheTimeout) {
  Client slow(server_.port());
  const auto begin = std::chrono::steady_clock::now();
  const std::string request = server_.get("");
  std::string got;
  for (const char c : request) {
    slow.send({&c, 1});
    got += slow.receive(1, Milliseconds(40));
    if (slow.ended()) break;
  }
  const auto took = std::chrono::steady_clock::now() - begin;
  EXPECT_TRUE(slow.ended());
  EXPECT_EQ(got, "");
  EXPECT_GE(took, kTimeout - Milliseconds(50));
  EXPECT_LT(took, kTimeout + Milliseconds(1500)) << "every byte may not give new time";
  expect_an_answer();
}

TEST_F(Attack, AConnectionThatSaysNothingIsLeftAfterTheTimeout) {
  Client silent(server_.port());
  Client kept(server_.port());
  kept.send(server_.get(""));
  EXPECT_EQ(kept.status(), 200);
  EXPECT_EQ(kept.receive(4), "page");
  EXPECT_EQ(silent.receive_all(kTimeout + Milliseconds(1500)), "");
  EXPECT_TRUE(silent.ended());
  EXPECT_EQ(kept.receive_all(kTimeout + Milliseconds(1500)), "");
  EXPECT_TRUE(kept.ended()) << "between two requests, too";
}

TEST_F(Attack, AClientThatNeverReadsIsLeftAfterTheTimeout) {
  std::vector<Client> deaf;
  for (int i = 0; i < 16; ++i) {
    deaf.emplace_back(server_.port());
    deaf.back().send(server_.get("large"));
  }
  std::this_thread::sleep_for(kTimeout + Milliseconds(200));
  expect_an_answer_soon();
  for (Client& client : deaf) {
    const std::string got = client.receive_all(Milliseconds(500));
    EXPECT_LT(got.size(), kLarge) << "was not left";
    EXPECT_TRUE(client.ended());
  }
}

TEST_F(Attack, AClientThatReadsSlowlyGetsEverythingWhileItGoesOn) {
  ServerOptions patient = options();
  patient.timeout = Milliseconds(1500);
  const RunningServer server({{"large", "application/octet-stream", large_, "", ""}}, patient);
  Client slow(server.port());
  slow.send(server.get("large", "Connection: close\r\n"));
  EXPECT_EQ(slow.status(), 200);
  const auto begin = std::chrono::steady_clock::now();
  std::string all;
  while (!slow.ended()) {
    all += slow.receive(4 * kMegabyte);
    std::this_thread::sleep_for(patient.timeout / 12);
  }
  EXPECT_GT(std::chrono::steady_clock::now() - begin, patient.timeout);
  ASSERT_EQ(all.size(), kLarge);
  EXPECT_TRUE(std::equal(all.begin(), all.end(), large_.bytes.begin(),
                         [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; }));
}

TEST_F(Attack, ABlobIsNotCopiedForItsClients) {
  if (kSanitized) GTEST_SKIP() << "memory under a sanitizer is not the program's";
  const std::size_t before = resident();
  std::vector<Client> clients;
  for (int i = 0; i < 12; ++i) {
    clients.emplace_back(server_.port());
    clients.back().send(server_.get("large"));
    EXPECT_EQ(clients.back().status(), 200);
    EXPECT_EQ(clients.back().receive(kMegabyte).size(), kMegabyte);
  }
  EXPECT_LT(resident(), before + 8 * kMegabyte) << "12 clients of a blob of 64 MB";
}

TEST_F(Attack, MoreThanSixteenConnectionsAreToldSoAndOneThatEndsMakesRoom) {
  std::vector<Client> held;
  for (int i = 0; i < 16; ++i) {
    held.emplace_back(server_.port());
    held.back().send("GET /");
  }
  // The last of them is accepted before the next one, since a listener is a queue.
  Client further(server_.port());
  EXPECT_THAT(further.receive_all(), HasSubstr("503 Service Unavailable"));
  EXPECT_TRUE(further.ended());
  held.front().close();
  expect_an_answer_soon();
}

TEST_F(Attack, AThousandConnectionsAtOnceAreBoundedAndTheServerAnswersAfterwards) {
  constexpr std::size_t kClients = 1000;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const rlim_t before_limit = limit.rlim_cur;
  if (limit.rlim_max < kClients + 100) GTEST_SKIP() << "fewer than 1,100 open files are allowed";
  limit.rlim_cur = std::max<rlim_t>(limit.rlim_cur, kClients + 100);
  ::setrlimit(RLIMIT_NOFILE, &limit);
  const std::size_t files = open_files();
  const std::size_t memory = resident();
  {
    std::vector<Client> clients;
    clients.reserve(kClients);
    std::size_t most = 0;
    for (std::size_t i = 0; i < kClients; ++i) {
      clients.emplace_back(server_.port());
      EXPECT_TRUE(clients.back().connected()) << i;
      clients.back().send("GET / HTTP/1.1\r\n");
      if (i % 50 == 49) most = std::max(most, open_files() - clients.size());
    }
    std::this_thread::sleep_for(Milliseconds(100));
    most = std::max(most, open_files() - clients.size());
    EXPECT_LE(most, files + 17) << "16 connections and one that is being told so";
    if (!kSanitized) {
      EXPECT_LT(resident(), memory + 4 * kMegabyte);
    }
  }
  expect_an_answer_soon();
  limit.rlim_cur = before_limit;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

TEST_F(Attack, WithoutFreeDescriptorsTheServerWaitsAndGoesOn) {
  Client client;
  // Nothing of this fixture is asked while no descriptor is free: a sanitizer needs some to check
  // it.
  const int port = server_.port();
  const std::string request = server_.get("");
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const rlimit before = limit;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_cur, 256);
  ::setrlimit(RLIMIT_NOFILE, &limit);
  std::vector<int> taken;
  for (int copy = ::dup(0); copy >= 0; copy = ::dup(0)) taken.push_back(copy);
  client.connect(port);
  client.send(request);
  EXPECT_EQ(client.receive(1, Milliseconds(150)), "");
  for (const int descriptor : taken) ::close(descriptor);
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(client.status(), 200);
}

TEST_F(Attack, HalfRequestsThatEndLeaveNothing) {
  const std::size_t files = open_files();
  const std::string request = server_.get("");
  for (std::size_t size = 0; size < request.size(); size += 7) {
    Client client(server_.port());
    client.send(request.substr(0, size));
    client.send_end();
    EXPECT_EQ(client.receive_all(), "") << size;
    EXPECT_TRUE(client.ended()) << size;
  }
  expect_an_answer_soon();
  std::this_thread::sleep_for(Milliseconds(100));
  EXPECT_LE(open_files(), files + 1);
}

TEST_F(Attack, AClientThatLeavesWhileItIsAnsweredHurtsNobody) {
  for (int i = 0; i < 50; ++i) {
    Client client(server_.port());
    client.send(server_.get("large"));
    if (i % 2 == 0) client.receive(100);
  }
  expect_an_answer_soon();
}

TEST_F(Attack, AClientThatHasNothingMoreToSendStillGetsItsAnswer) {
  Client client(server_.port());
  client.send(server_.get(""));
  client.send_end();
  EXPECT_THAT(client.receive_all(), EndsWith("page"));
  EXPECT_TRUE(client.ended());
}

TEST_F(Attack, AThousandRequestsInOnePieceAreAnsweredInOrder) {
  Client client(server_.port());
  std::string bytes;
  for (int i = 0; i < 1000; ++i) bytes += server_.get("");
  std::thread sends([&] { client.send(bytes); });
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(client.status(), 200) << i;
    ASSERT_EQ(client.receive(4), "page") << i;
  }
  sends.join();
}

TEST_F(Attack, AHeadRequestForALargeBlobHasNoBody) {
  Client client(server_.port());
  client.send("HEAD " + server_.path() + "large HTTP/1.1\r\nHost: localhost\r\n\r\n" +
              server_.get("", "Connection: close\r\n"));
  const std::string all = client.receive_all();
  EXPECT_THAT(all, HasSubstr("Content-Length: 67108864\r\n"));
  EXPECT_THAT(all, HasSubstr("\r\n\r\nHTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(all, EndsWith("page"));
}

TEST_F(Attack, NoProgramThatIsStartedKeepsAConnection) {
  Client client(server_.port());
  client.send(server_.get(""));
  EXPECT_EQ(client.status(), 200);
  int sockets = 0;
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code ignored;
    const std::string what = fs::read_symlink(entry.path(), ignored).string();
    if (what.find("socket:") != 0) continue;
    ++sockets;
    EXPECT_TRUE(::fcntl(std::stoi(entry.path().filename()), F_GETFD) & FD_CLOEXEC) << what;
  }
  EXPECT_GE(sockets, 3) << "the listener, the connection and its client";
}

}  // namespace
}  // namespace hourglass
