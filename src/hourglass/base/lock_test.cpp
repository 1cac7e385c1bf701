#include "hourglass/base/lock.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "hourglass/base/error.h"
#include "hourglass/base/message_test.h"

namespace hourglass {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

const FileLock::Words kWords{"training here", "wait for it"};

class Lock : public testing::Test {
 protected:
  std::filesystem::path path =
      std::filesystem::path(testing::TempDir()) / ("hourglass_lock_" + std::to_string(::getpid()));
  void TearDown() override { std::filesystem::remove(path); }
};

TEST_F(Lock, ASecondHolderIsToldTheProcessIdOfTheFirst) {
  const FileLock first(path, kWords);
  ASSERT_TRUE(first.held());
  EXPECT_THAT([&] { FileLock(path, kWords); },
              ThrowsMessage<Error>(AllOf(HasSubstr("process " + std::to_string(::getpid()) + " ("),
                                         HasSubstr(") is training here already: wait for it"))));
}

TEST_F(Lock, AHolderOnAnotherMachineIsNamedWithIt) {
  const FileLock first(path, kWords);
  const auto refusal_of = [&](const char* line) {
    std::ofstream(path) << line;
    return message_of([&] { FileLock(path, kWords); });
  };
  EXPECT_THAT(refusal_of("12 far.away\n"), HasSubstr("process 12 on far.away is training here"));
  EXPECT_THAT(refusal_of("12 \x1b[31m\n"), HasSubstr("process 12 on another machine is"));
  EXPECT_THAT(refusal_of(""), HasSubstr("[lock] another process is training here"));
}

TEST_F(Lock, IsTakenAgainAfterItsFileWasRemovedUnlessAnotherHasItNow) {
  FileLock first(path, kWords);
  std::filesystem::remove(path);
  first.keep();
  EXPECT_TRUE(std::filesystem::exists(path));
  std::filesystem::remove(path);
  const FileLock second(path, kWords);
  EXPECT_THAT([&] { first.keep(); }, ThrowsMessage<Error>(HasSubstr("already")));
}

TEST_F(Lock, ALinkAHardLinkAndAPipeUnderItsNameAreLeftAlone) {
  const std::filesystem::path other = path.string() + "_other";
  std::ofstream(other) << "precious";
  std::filesystem::create_symlink(other, path);
  EXPECT_THAT([&] { FileLock(path, kWords); },
              ThrowsMessage<Error>(HasSubstr("is a symbolic link, not a lock of hourglass")));
  std::filesystem::remove(path);
  std::filesystem::create_hard_link(other, path);
  EXPECT_THAT([&] { FileLock(path, kWords); },
              ThrowsMessage<Error>(HasSubstr("is also another file's name, not a lock")));
  std::filesystem::remove(path);
  EXPECT_EQ(std::filesystem::file_size(other), 8u);
  std::filesystem::remove(other);
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_THAT([&] { FileLock(path, kWords); },
              ThrowsMessage<Error>(HasSubstr("is no regular file, not a lock")));
}

TEST_F(Lock, LeavesTheFileOfAnotherHolderAlone) {
  {
    const FileLock first(path, kWords);
    std::filesystem::remove(path);
    std::ofstream(path) << "another's";
  }
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(Lock, IsFreeAfterItsHolderAndLeavesNoFile) {
  { const FileLock first(path, kWords); }
  EXPECT_FALSE(std::filesystem::exists(path));
  const FileLock second(path, kWords);
  EXPECT_TRUE(second.held());
}

TEST_F(Lock, AKilledHoldersFileHoldsNothing) {
  const pid_t child = ::fork();
  if (child == 0) {
    const FileLock lock(path, kWords);
    ::_exit(lock.held() ? 0 : 1);  // without the destructor
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  ASSERT_TRUE(std::filesystem::exists(path));
  const FileLock second(path, kWords);
  EXPECT_TRUE(second.held());
}

TEST_F(Lock, APathThatCannotBeWrittenIsNamed) {
  EXPECT_THAT([&] { FileLock("/no/such/folder/x.lock", kWords); },
              ThrowsMessage<Error>(HasSubstr("/no/such/folder/x.lock: No such file")));
}

}  // namespace
}  // namespace hourglass
