// Runs the real program in an empty folder and records its output. Not the tests.
#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "hourglass/base/sanitized_test.h"

namespace hourglass {

using Words = std::vector<std::string>;

/// How a process ended and what it wrote.
struct Outcome {
  int status = -1;  // as in a shell: 128 + signal if a signal ended it
  std::string out;
  std::string err;
  double cpu_seconds = 0.0;
  std::int64_t peak_bytes = 0;  // largest resident size
};

/// The bytes of a file as text; "" if there is none.
std::string text_of(const std::filesystem::path& path);
void write_text(const std::filesystem::path& path, const std::string& text);

/// Each test has an empty folder. The program runs there, with HOME set to it and without the
/// variables of hourglass. Skips if HOURGLASS_PROGRAM does not name the program.
class CommandLine : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  /// Runs the program and waits for its end.
  Outcome run(const Words& arguments);
  /// The same on a terminal of 80 columns, with all output in `out`. Closes the terminal when it
  /// has shown `closed_at`, unless that is empty.
  Outcome run_on_terminal(const Words& arguments, const std::string& closed_at = "");

  /// A run in parallel with the test.
  struct Running {
    pid_t pid = -1;
    std::filesystem::path out;
    std::filesystem::path err;
  };
  Running start(const Words& arguments);
  /// Waits until the process catches Ctrl-C; false if it ended before or after 30 s.
  static bool wait_until_it_catches_interrupts(const Running& running);
  /// Waits until its standard output holds `text`.
  static bool wait_for_output(const Running& running, const std::string& text);
  static Outcome finish(const Running& running);

  std::filesystem::path folder;            // of this test; the program runs in it
  std::map<std::string, std::string> set;  // environment variables for the next runs
  std::uint64_t address_space = 0;         // limit of their memory in bytes; 0: none

 private:
  std::vector<std::string> environment() const;
  std::string program_;
  int runs_ = 0;
};

}  // namespace hourglass
