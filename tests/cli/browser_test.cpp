// Opening the browser, with an xdg-open of the test's own on PATH. No browser is started.
#include "../../apps/hourglass/browser.h"

#include <gmock/gmock.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "hourglass/base/temporary_folder_test.h"
#include "program.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using cli::Browser;
using testing::HasSubstr;

constexpr auto kUrl = "http://127.0.0.1:7830/0123456789abcdef0123456789abcdef/";

class BrowserTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : kVariables) {
      const char* value = std::getenv(name);
      before_[name] = value == nullptr ? std::nullopt : std::optional<std::string>(value);
      ::unsetenv(name);
    }
    ::setenv("PATH", (folder_.path() / "bin").c_str(), 1);
    fs::create_directory(folder_.path() / "bin");
  }
  void TearDown() override {
    for (const auto& [name, value] : before_) {
      value ? ::setenv(name.c_str(), value->c_str(), 1) : ::unsetenv(name.c_str());
    }
  }

  /// Puts an xdg-open on PATH.
  void xdg_open(const std::string& script) {
    const fs::path path = folder_.path() / "bin" / "xdg-open";
    write_text(path, "#!/bin/sh\n" + script);
    fs::permissions(path, fs::perms::owner_all);
  }

  static std::string failure_of(Browser& browser) {
    for (int i = 0; i < 500; ++i) {
      if (const auto failure = browser.failure()) return *failure;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return "";
  }
  std::string wait_for(const fs::path& path) {
    for (int i = 0; i < 500 && text_of(path).empty(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return text_of(path);
  }

  TemporaryFolder folder_;

 private:
  static constexpr const char* kVariables[] = {"PATH", "DISPLAY", "WAYLAND_DISPLAY",
                                               "SSH_CONNECTION", "SSH_TTY"};
  std::map<std::string, std::optional<std::string>> before_;
};

TEST_F(BrowserTest, ADisplayIsThisMachinesOnlyWithoutSsh) {
  EXPECT_FALSE(cli::has_display());
  ::setenv("DISPLAY", "", 1);
  EXPECT_FALSE(cli::has_display());
  ::setenv("DISPLAY", ":0", 1);
  EXPECT_TRUE(cli::has_display());
  ::setenv("SSH_CONNECTION", "10.0.0.1 5000 10.0.0.2 22", 1);
  EXPECT_FALSE(cli::has_display());
  ::unsetenv("SSH_CONNECTION");
  ::setenv("SSH_TTY", "/dev/pts/1", 1);
  EXPECT_FALSE(cli::has_display());
  ::unsetenv("SSH_TTY");
  ::unsetenv("DISPLAY");
  ::setenv("WAYLAND_DISPLAY", "wayland-0", 1);
  EXPECT_TRUE(cli::has_display());
}

TEST_F(BrowserTest, WithoutADisplayTheSentenceForwardsThePortInUse) {
  EXPECT_EQ(cli::how_to_open("http://127.0.0.1:7831/abc/", 7831),
            "open http://127.0.0.1:7831/abc/ ; from another machine first: "
            "ssh -L 7831:127.0.0.1:7831 HOST");
}

TEST_F(BrowserTest, GetsTheAddressAsOneArgumentAndNoShellReadsIt) {
  const fs::path out = folder_.path() / "arguments";
  xdg_open("echo \"$#|$1\" > '" + out.string() + "'\n");
  const std::string address = std::string(kUrl) + "#$(touch hacked);`id` 'a b'";
  Browser browser(address);
  EXPECT_EQ(wait_for(out), "1|" + address + "\n");
  EXPECT_EQ(browser.failure(), std::nullopt);
}

TEST_F(BrowserTest, WritesNothingToTheTerminalAndReadsNothing) {
  const fs::path out = folder_.path() / "files";
  xdg_open(
      "files=$(/bin/readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2)\n"
      "echo \"$files\" > '" +
      out.string() + "'\n");
  Browser browser(kUrl);
  EXPECT_EQ(wait_for(out), "/dev/null\n/dev/null\n/dev/null\n");
}

TEST_F(BrowserTest, WithoutXdgOpenOneSentenceNamesThePackage) {
  Browser browser(kUrl);
  EXPECT_EQ(browser.failure(),
            "no browser was opened: xdg-open is not here (Debian's package xdg-utils)");
  EXPECT_EQ(browser.failure(), std::nullopt) << "said once";
}

TEST_F(BrowserTest, AnXdgOpenThatCannotBeExecutedIsOneSentence) {
  write_text(folder_.path() / "bin" / "xdg-open", "not executable");
  Browser browser(kUrl);
  EXPECT_EQ(browser.failure(), "no browser was opened: xdg-open: Permission denied");
}

TEST_F(BrowserTest, ABrowserThatFailsIsOneSentenceWithItsStatus) {
  xdg_open("exit 3\n");
  Browser browser(kUrl);
  EXPECT_EQ(failure_of(browser), "no browser was opened: xdg-open ended with status 3");
  EXPECT_EQ(browser.failure(), std::nullopt) << "said once";
}

TEST_F(BrowserTest, ABrowserThatStaysIsNeitherWaitedForNorEnded) {
  const fs::path out = folder_.path() / "after";
  xdg_open("/bin/sleep 0.5; echo there > '" + out.string() + "'\n");
  const auto begin = std::chrono::steady_clock::now();
  {
    Browser browser(kUrl);
    EXPECT_EQ(browser.failure(), std::nullopt);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(400));
  EXPECT_EQ(wait_for(out), "there\n");
}

TEST_F(BrowserTest, CtrlCOfTheTerminalDoesNotReachTheBrowser) {
  const fs::path out = folder_.path() / "session";
  xdg_open("read a b c d e session rest < /proc/self/stat; echo $session > '" + out.string() +
           "'\n");
  Browser browser(kUrl);
  const std::string session = wait_for(out);
  EXPECT_NE(session, std::to_string(::getsid(0)) + "\n");
  EXPECT_NE(session, "");
}

}  // namespace
}  // namespace hourglass
