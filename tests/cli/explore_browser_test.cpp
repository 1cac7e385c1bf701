// explore and the browser: when one is opened, and that the server goes on whatever becomes of it.
// The xdg-open is the test's own.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <signal.h>

#include "explore_fixture.h"
#include "hourglass/interop/npy.h"
#include "hourglass/serve/socket_test.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class CliExploreBrowser : public Explore {
 protected:
  void SetUp() override {
    Explore::SetUp();
    if (IsSkipped()) return;
    Tensor rows({30, 4});
    for (std::int64_t i = 0; i < rows.count(); ++i) rows[i] = static_cast<float>(i * 7919 % 101);
    write_npy(folder / "X.npy", rows);
    fs::create_directory(folder / "bin");
    set["PATH"] = (folder / "bin").string();
  }
  void TearDown() override {
    if (running_.pid > 0) ::kill(running_.pid, SIGKILL);
    Explore::TearDown();
  }

  void xdg_open(const std::string& script) const {
    write_text(folder / "bin/xdg-open", "#!/bin/sh\n" + script);
    fs::permissions(folder / "bin/xdg-open", fs::perms::owner_all);
  }
  /// Serves X.npy. Returns the page's address.
  std::string serve(const Words& more = {}) {
    Words call{"explore", "X.npy"};
    call.insert(call.end(), more.begin(), more.end());
    running_ = start(call);
    if (!wait_for_output(running_, "http://127.0.0.1:") ||
        !wait_until_it_catches_interrupts(running_)) {
      ADD_FAILURE() << text_of(running_.err);
      return "";
    }
    const std::string out = text_of(running_.out);
    const std::size_t at = out.find("http://127.0.0.1:");
    return out.substr(at, out.find_first_of(" \n", at) - at);
  }
  static int answer_of(const std::string& address) {
    const std::size_t port_at = std::string("http://127.0.0.1:").size();
    const std::size_t path_at = address.find('/', port_at);
    Client client(std::stoi(address.substr(port_at, path_at - port_at)));
    client.send(fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n", address.substr(path_at)));
    return client.status();
  }
  /// Ends the server as Ctrl-C does.
  Outcome end() {
    ::kill(running_.pid, SIGINT);
    Outcome outcome = finish(running_);
    running_.pid = -1;
    return outcome;
  }
  bool wait_for_error(const std::string& text) const {
    for (int i = 0; i < 1000; ++i) {
      if (text_of(running_.err).find(text) != std::string::npos) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  Running running_;
};

TEST_F(CliExploreBrowser, OpensThePageWhereThereIsADisplay) {
  set["DISPLAY"] = ":0";
  xdg_open("echo \"$*\" > '" + (folder / "opened").string() + "'\n");
  const std::string address = serve();
  for (int i = 0; i < 1000 && text_of(folder / "opened").empty(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(text_of(folder / "opened"), address + "\n");
  EXPECT_EQ(answer_of(address), 200);
  const Outcome outcome = end();
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, Not(HasSubstr("ssh -L")));
}

TEST_F(CliExploreBrowser, OverSshItSaysHowToForwardThePort) {
  set["DISPLAY"] = ":0";
  set["SSH_CONNECTION"] = "10.0.0.1 5000 10.0.0.2 22";
  xdg_open("touch '" + (folder / "opened").string() + "'\n");
  const std::string address = serve();
  EXPECT_EQ(answer_of(address), 200);
  const std::string port = address.substr(17, address.find('/', 17) - 17);
  const Outcome outcome = end();
  EXPECT_THAT(outcome.out, HasSubstr("open " + address + " ; from another machine first: ssh -L " +
                                     port + ":127.0.0.1:" + port + " HOST\n"));
  EXPECT_FALSE(fs::exists(folder / "opened"));
}

TEST_F(CliExploreBrowser, WithoutXdgOpenItSaysSoAndServes) {
  set["WAYLAND_DISPLAY"] = "wayland-0";
  const std::string address = serve();
  EXPECT_TRUE(wait_for_error("no browser was opened: xdg-open is not here"));
  EXPECT_EQ(answer_of(address), 200);
  const Outcome outcome = end();
  EXPECT_THAT(outcome.err, HasSubstr("; open " + address));
}

TEST_F(CliExploreBrowser, ABrowserThatFailsIsSaidOnceAndTheServerGoesOn) {
  set["DISPLAY"] = ":0";
  xdg_open("exit 3\n");
  const std::string address = serve();
  EXPECT_TRUE(wait_for_error("no browser was opened: xdg-open ended with status 3"));
  EXPECT_EQ(answer_of(address), 200);
  const Outcome outcome = end();
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err.find("no browser"), outcome.err.rfind("no browser")) << outcome.err;
}

TEST_F(CliExploreBrowser, ABrowserThatStaysDoesNotKeepTheServer) {
  set["DISPLAY"] = ":0";
  xdg_open("/bin/sleep 2\n");
  EXPECT_EQ(answer_of(serve()), 200);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(end().status, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(1900));
}

TEST_F(CliExploreBrowser, NoBrowserIsOpenedIfThatIsAsked) {
  set["DISPLAY"] = ":0";
  xdg_open("touch '" + (folder / "opened").string() + "'\n");
  EXPECT_EQ(answer_of(serve({"--no_browser"})), 200);
  end();
  EXPECT_FALSE(fs::exists(folder / "opened"));
}

TEST_F(CliExploreBrowser, APortThatIsTakenIsOneLineAndStatus2) {
  const std::string address = serve({"--no_browser"});
  const std::string port = address.substr(17, address.find('/', 17) - 17);
  refused({"X.npy", "--no_browser", "--port", port},
          "--port is " + port + ": another program uses it");
  EXPECT_EQ(answer_of(address), 200);
  end();
}

}  // namespace
}  // namespace hourglass
