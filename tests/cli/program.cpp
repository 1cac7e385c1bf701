#include "program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

/// Becomes the program. Uses only calls that are safe in a forked child of a process with threads.
[[noreturn]] void become(const char* folder, int in, int out, int err, char** words, char** set,
                         std::uint64_t address_space = 0) {
  const rlimit limit{address_space, address_space};
  if (address_space > 0 && ::setrlimit(RLIMIT_AS, &limit) != 0) ::_exit(126);
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  if (::chdir(folder) == 0) ::execve(words[0], words, set);
  ::_exit(127);
}

/// Calls `holds` every few milliseconds, for up to four minutes: sanitizers and busy machines are
/// slow.
template <typename F>
bool eventually(const F& holds) {
  const auto end = Clock::now() + std::chrono::seconds(240);
  while (Clock::now() < end) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return false;
}

/// Waits for the end of a process, without its outputs.
Outcome ended(pid_t pid) {
  Outcome outcome;
  int status = 0;
  rusage usage{};
  if (::wait4(pid, &status, 0, &usage) != pid) return outcome;
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  outcome.peak_bytes = std::int64_t{usage.ru_maxrss} * 1024;
  outcome.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  return outcome;
}

}  // namespace

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_text(const fs::path& path, const std::string& text) {
  if (path.has_parent_path()) fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

void CommandLine::SetUp() {
  const char* program = std::getenv("HOURGLASS_PROGRAM");
  if (program == nullptr || !fs::exists(program)) {
    GTEST_SKIP() << "the program: HOURGLASS_PROGRAM does not name it";
  }
  program_ = program;
  std::string name = (fs::temp_directory_path() / "hourglass_cli_XXXXXX").string();
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  folder = fs::canonical(name);
}

void CommandLine::TearDown() {
  std::error_code ignored;
  if (!folder.empty()) fs::remove_all(folder, ignored);
}

std::vector<std::string> CommandLine::environment() const {
  std::map<std::string, std::string> all{{"HOME", folder.string()}, {"TERM", "dumb"}};
  for (const char* kept : {"PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const char* value = std::getenv(kept)) all[kept] = value;
  }
  for (const auto& [name, value] : set) all[name] = value;
  std::vector<std::string> result;
  for (const auto& [name, value] : all) result.push_back(name + "=" + value);
  return result;
}

CommandLine::Running CommandLine::start(const Words& arguments) {
  // Beside the folder, so that a test can list the files of a run.
  const std::string stem = fmt::format("{}.{}", folder.string(), runs_++);
  Running running{-1, stem + ".out", stem + ".err"};
  std::vector<std::string> words{program_};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> set_words = environment();
  const auto argument_pointers = pointers(words);
  const auto set_pointers = pointers(set_words);
  const int in = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int out = ::open(running.out.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const int err = ::open(running.err.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  running.pid = ::fork();
  if (running.pid == 0) {
    become(folder.c_str(), in, out, err, const_cast<char**>(argument_pointers.data()),
           const_cast<char**>(set_pointers.data()), address_space);
  }
  for (const int descriptor : {in, out, err}) ::close(descriptor);
  return running;
}

Outcome CommandLine::finish(const Running& running) {
  Outcome outcome = ended(running.pid);
  outcome.out = text_of(running.out);
  outcome.err = text_of(running.err);
  fs::remove(running.out);
  fs::remove(running.err);
  return outcome;
}

Outcome CommandLine::run(const Words& arguments) {
  return finish(start(arguments));
}

Outcome CommandLine::run_on_terminal(const Words& arguments, const std::string& closed_at) {
  std::vector<std::string> words{program_};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> set_words = environment();
  const auto argument_pointers = pointers(words);
  const auto set_pointers = pointers(set_words);
  const int ours = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  EXPECT_GE(ours, 0);
  EXPECT_EQ(::grantpt(ours), 0);
  EXPECT_EQ(::unlockpt(ours), 0);
  const int theirs = ::open(::ptsname(ours), O_RDWR | O_NOCTTY | O_CLOEXEC);
  winsize size{24, 80, 0, 0};
  ::ioctl(theirs, TIOCSWINSZ, &size);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::setsid();
    ::ioctl(theirs, TIOCSCTTY, 0);  // so that the process is told of its end
    become(folder.c_str(), theirs, theirs, theirs, const_cast<char**>(argument_pointers.data()),
           const_cast<char**>(set_pointers.data()));
  }
  ::close(theirs);
  std::string out;
  char block[4096];
  for (ssize_t got = 0; (got = ::read(ours, block, sizeof block)) > 0;) {
    out.append(block, static_cast<std::size_t>(got));
    if (!closed_at.empty() && out.find(closed_at) != std::string::npos) break;
  }
  ::close(ours);
  Outcome outcome = ended(pid);
  outcome.out = out;
  return outcome;
}

bool CommandLine::wait_until_it_catches_interrupts(const Running& running) {
  const std::string path = fmt::format("/proc/{}/status", running.pid);
  return eventually([&] {
    std::istringstream lines(text_of(path));
    for (std::string line; std::getline(lines, line);) {
      if (line.compare(0, 7, "SigCgt:") != 0) continue;
      return ((std::stoull(line.substr(7), nullptr, 16) >> (SIGINT - 1)) & 1) != 0;
    }
    return false;
  });
}

bool CommandLine::wait_for_output(const Running& running, const std::string& text) {
  return eventually([&] { return text_of(running.out).find(text) != std::string::npos; });
}

}  // namespace hourglass
