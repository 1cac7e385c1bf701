#include "hourglass/data/download.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "hourglass/base/message_test.h"
#include "hourglass/data/download_test.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

TEST_F(DownloadTest, BringsAWholeFile) {
  const auto tls = server([&](const TlsRequest&) { return whole(); });
  run({tls.url("/file.gz")});
  expect_arrived();
  EXPECT_EQ(tls.requests().size(), 1u);
}

TEST_F(DownloadTest, ProgressEndsAtOneAndNeverFalls) {
  struct Recorder : Progress {
    void update(double share, std::string_view) override { shares.push_back(share); }
    std::vector<double> shares;
  } progress;
  const auto tls = server([&](const TlsRequest& r) { return r.number == 0 ? half() : whole(); });
  download_file(job({tls.url("/")}), options, progress);
  ASSERT_FALSE(progress.shares.empty());
  EXPECT_TRUE(std::is_sorted(progress.shares.begin(), progress.shares.end()));
  EXPECT_EQ(progress.shares.back(), 1.0);
}

TEST_F(DownloadTest, TakesUpAtOnceWhatStoppedHalfWay) {
  const auto tls = server([&](const TlsRequest& r) { return r.number == 0 ? half() : whole(); });
  run({tls.url("/")});
  expect_arrived();
  ASSERT_EQ(tls.requests().size(), 2u);
  EXPECT_EQ(tls.requests()[1].range_begin, file.size() / 2);
}

TEST_F(DownloadTest, KeepsWhatStoppedHalfWayForTheNextRun) {
  {
    const auto tls =
        server([&](const TlsRequest& r) { return r.number == 0 ? half() : status(503); });
    const std::string error = message_of([&] { run({tls.url("/")}); });
    EXPECT_THAT(error, HasSubstr("the server answered 503"));
    EXPECT_THAT(error, HasSubstr(fmt::format("{} bytes are kept, run again to continue from there",
                                             file.size() / 2)));
    EXPECT_FALSE(fs::exists(path));
    EXPECT_EQ(fs::file_size(part), file.size() / 2);
  }
  const auto tls = server([&](const TlsRequest&) { return whole(); });
  run({tls.url("/")});
  expect_arrived();
  EXPECT_EQ(tls.requests()[0].range_begin, file.size() / 2);
}

TEST_F(DownloadTest, TakesUpAtTheNextMirror) {
  const auto tls = server([&](const TlsRequest& r) {
    if (r.path == "/good") return whole();
    return r.number == 0 ? half() : status(503);
  });
  run({tls.url("/bad"), tls.url("/good")});
  expect_arrived();
  EXPECT_EQ(tls.requests().back().range_begin, file.size() / 2);
}

TEST_F(DownloadTest, BeginsAnewWhereTheServerKnowsNoRanges) {
  write_quickly(part, {file.begin(), file.begin() + 1000});
  const auto tls = server([&](const TlsRequest&) {
    TlsReply reply = whole();
    reply.honours_range = false;
    return reply;
  });
  run({tls.url("/")});
  expect_arrived();
  EXPECT_EQ(tls.requests()[0].range_begin, 1000u);
}

TEST_F(DownloadTest, BeginsAnewWhenWhatLayThereWasWrong) {
  write_quickly(part, Bytes(1000, 7));
  const auto tls = server([&](const TlsRequest&) { return whole(); });
  run({tls.url("/")});
  expect_arrived();
  ASSERT_EQ(tls.requests().size(), 2u);
  EXPECT_EQ(tls.requests()[1].range_begin, 0u);
}

TEST_F(DownloadTest, AcceptsAPartThatIsAlreadyWhole) {
  write_quickly(part, file);
  const auto tls = server([&](const TlsRequest&) { return whole(); });
  run({tls.url("/")});
  expect_arrived();
}

TEST_F(DownloadTest, DeletesWhatHasAnotherChecksumAndNamesTheMirror) {
  const auto tls = server([&](const TlsRequest& r) {
    TlsReply reply;
    reply.body = r.path == "/other" ? gzip_bytes(Bytes(5000, 1)) : Bytes{0x1f, 0x8b, 1, 2, 3};
    return reply;
  });
  const std::string error = message_of([&] { run({tls.url("/other"), tls.url("/damaged")}); });
  EXPECT_THAT(error, HasSubstr(tls.url("/other") + ": its checksum differs (sha256 "));
  EXPECT_THAT(error,
              HasSubstr(fmt::format("instead of {}) and it was deleted", sha256_hex(content))));
  EXPECT_THAT(error, HasSubstr(tls.url("/damaged") + ": its gzip data is damaged"));
  EXPECT_THAT(error, HasSubstr("try again later; or put the file into " + folder.path().string()));
  EXPECT_THAT(error, Not(HasSubstr("\n")));
  EXPECT_FALSE(fs::exists(path));
  EXPECT_FALSE(fs::exists(part));
}

TEST_F(DownloadTest, LeavesTheFileThatLiesThereWhenItFails) {
  write_quickly(path, {1, 2, 3});
  const auto tls = server([&](const TlsRequest&) { return status(404); });
  EXPECT_THROW(run({tls.url("/")}), Error);
  EXPECT_EQ(read_file(path), (Bytes{1, 2, 3}));
}

TEST_F(DownloadTest, FallsOverToTheSecondMirror) {
  const auto tls =
      server([&](const TlsRequest& r) { return r.path == "/a" ? status(404) : whole(); });
  run({"https://127.0.0.1:1/", tls.url("/a"), tls.url("/b")});
  expect_arrived();
}

TEST_F(DownloadTest, FollowsHttpsButNeverHttp) {
  const auto tls = server([&](const TlsRequest& r) {
    if (r.path == "/to_http") return status(302, "http://127.0.0.1:1/file");
    return r.path == "/to_https" ? status(302, "/file") : whole();
  });
  EXPECT_THAT(message_of([&] { run({tls.url("/to_http")}); }), HasSubstr("leads away from https"));
  EXPECT_THAT(message_of([&] { run({"http://127.0.0.1:1/"}); }),
              HasSubstr("leads away from https"));
  run({tls.url("/to_https")});
  expect_arrived();
}

TEST_F(DownloadTest, NeverFollowsToAnotherHostOrPort) {
  const auto other = server([&](const TlsRequest&) { return whole(); });
  std::string where;
  const auto tls = server([&](const TlsRequest&) { return status(302, where); });
  const std::string port = other.url("/").substr(other.url("/").rfind(':'));
  for (const std::string& leads :
       {other.url("/file"), "https://localhost" + port,
        std::string("https://elsewhere.invalid/file"), std::string("//elsewhere.invalid/file")}) {
    where = leads;
    EXPECT_THAT(message_of([&] { run({tls.url("/")}); }), HasSubstr("leads to another host"))
        << leads;
  }
  for (const char* leads : {"file:///etc/passwd", "ftp://127.0.0.1/file"}) {
    where = leads;
    EXPECT_THAT(message_of([&] { run({tls.url("/")}); }), HasSubstr("leads away from https"));
  }
  EXPECT_TRUE(other.requests().empty());
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(DownloadTest, TakesNothingOfAPageThatOnlyLeadsOn) {
  const auto tls = server([&](const TlsRequest& r) {
    if (r.path == "/file") return whole();
    TlsReply reply = status(302, r.path == "/short" ? "/file" : "/endless");
    reply.body = Bytes(r.path == "/short" ? 1000 : 3 << 20, 7);
    return reply;
  });
  run({tls.url("/short")});
  expect_arrived();
  fs::remove(path);
  EXPECT_THAT(message_of([&] { run({tls.url("/endless")}); }), HasSubstr("larger than"));
}

TEST_F(DownloadTest, GivesUpOnCircularRedirects) {
  const auto tls = server([&](const TlsRequest&) { return status(302, "/again"); });
  EXPECT_THROW(run({tls.url("/")}), Error);
  EXPECT_EQ(tls.requests().size(), 6u);
}

TEST_F(DownloadTest, RefusesACertificateThatNobodyTrusts) {
  const auto tls = server([&](const TlsRequest&) { return whole(); });
  options.ca_file.clear();
  EXPECT_THAT(message_of([&] { run({tls.url("/")}); }), HasSubstr("certificate"));
  EXPECT_TRUE(tls.requests().empty());
}

TEST_F(DownloadTest, RefusesMoreBytesThanExpected) {
  const auto tls = server([&](const TlsRequest&) {
    TlsReply reply;
    reply.body = Bytes(content.size() + 5000, 1);
    return reply;
  });
  EXPECT_THAT(message_of([&] { run({tls.url("/")}); }), HasSubstr("larger than the 201024 bytes"));
  EXPECT_FALSE(fs::exists(part));
}

TEST_F(DownloadTest, UnpacksNoMoreThanExpected) {
  // A gigabyte of zeros in a megabyte would be hashed for seconds; here, five megabytes.
  const auto tls = server([&](const TlsRequest&) {
    TlsReply reply;
    reply.body = gzip_bytes(Bytes(5 << 20, 0));
    return reply;
  });
  EXPECT_THAT(message_of([&] { run({tls.url("/")}); }), HasSubstr("far more than expected"));
}

TEST_F(DownloadTest, EndsWithAServerThatStopsAgainAndAgain) {
  const auto tls = server([&](const TlsRequest&) {
    TlsReply reply = whole();
    reply.closes_after = 10;
    return reply;
  });
  EXPECT_THAT(message_of([&] { run({tls.url("/")}); }), HasSubstr("50 bytes are kept"));
  EXPECT_EQ(tls.requests().size(), 5u);
}

TEST_F(DownloadTest, WithoutAServerSaysSoSoon) {
  const double start = monotonic_seconds();
  const std::string error = message_of([&] {
    run({"https://127.0.0.1:1/a", "https://127.0.0.1:1/b"});
  });
  EXPECT_THAT(error, HasSubstr("https://127.0.0.1:1/a: Failed to connect"));
  EXPECT_THAT(error, HasSubstr("https://127.0.0.1:1/b: Failed to connect"));
  EXPECT_LT(monotonic_seconds() - start, 5.0);
  EXPECT_FALSE(fs::exists(part));
}

TEST_F(DownloadTest, GivesUpOnMirrorsThatNeverShakeHands) {
  const auto tls = server([&](const TlsRequest&) { return whole(); });  // writes ca.pem
  // Connected by the system, but never accepted by us.
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(::bind(listener, generic, size), 0);
  ASSERT_EQ(::listen(listener, 16), 0);
  ASSERT_EQ(::getsockname(listener, generic, &size), 0);
  const std::string url = fmt::format("https://127.0.0.1:{}/", ntohs(address.sin_port));
  options.connect_timeout_seconds = 1;
  const double start = monotonic_seconds();
  // Older and newer versions of curl have other words for it.
  EXPECT_THAT(message_of([&] {
                run({url, url, url});
              }),
              testing::AnyOf(HasSubstr("timeout"), HasSubstr("timed out")));
  EXPECT_LT(monotonic_seconds() - start, 6.0);
  ::close(listener);
}

TEST_F(DownloadTest, GivesUpOnServersThatSayNothing) {
  const auto tls = server([&](const TlsRequest&) {
    TlsReply reply = whole();
    reply.closes_after = 0;
    reply.hangs = true;
    return reply;
  });
  options.stall_seconds = 1;
  options.patience_seconds = 1;
  const double start = monotonic_seconds();
  EXPECT_THROW(run(std::vector<std::string>(20, tls.url("/"))), Error);
  EXPECT_LT(monotonic_seconds() - start, 10.0);
}

TEST_F(DownloadTest, IsDoneByOneProcessAtATime) {
  const PartFile held(part);
  EXPECT_THAT(message_of([&] { PartFile second(part); }),
              HasSubstr("written by another hourglass"));
}

TEST_F(DownloadTest, AFileThatWasCompletedMeanwhileIsNotWritten) {
  // What the first process renames must not be what the second one appends to.
  {
    PartFile first(part);
    first.append(file);
    first.move_to(path);
    PartFile second(part);
    EXPECT_EQ(second.size(), 0u);
    second.append(Bytes{1, 2, 3});
  }
  EXPECT_EQ(read_file(path), file);
}

}  // namespace
}  // namespace hourglass
