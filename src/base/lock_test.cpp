#include "base/lock.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "base/error.h"

namespace hourglass {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

class Lock : public testing::Test {
 protected:
  std::filesystem::path path =
      std::filesystem::path(testing::TempDir()) / ("hourglass_lock_" + std::to_string(::getpid()));
  void TearDown() override { std::filesystem::remove(path); }
};

TEST_F(Lock, ASecondHolderIsRefusedByTheNumberOfTheFirst) {
  const FileLock first(path, "training here");
  ASSERT_TRUE(first.held());
  EXPECT_THAT([&] { FileLock(path, "training here"); },
              ThrowsMessage<Error>(AllOf(HasSubstr("process " + std::to_string(::getpid())),
                                         HasSubstr("is training here already"))));
}

TEST_F(Lock, IsFreeAfterItsHolderAndLeavesNoFile) {
  { const FileLock first(path, "here"); }
  EXPECT_FALSE(std::filesystem::exists(path));
  const FileLock second(path, "here");
  EXPECT_TRUE(second.held());
}

TEST_F(Lock, AKilledHoldersFileHoldsNothing) {
  const pid_t child = ::fork();
  if (child == 0) {
    const FileLock lock(path, "here");
    ::_exit(lock.held() ? 0 : 1);  // without the destructor
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  ASSERT_TRUE(std::filesystem::exists(path));
  const FileLock second(path, "here");
  EXPECT_TRUE(second.held());
}

TEST_F(Lock, APlaceThatCannotBeWrittenIsNamed) {
  EXPECT_THAT([&] { FileLock("/no/such/folder/x.lock", "here"); },
              ThrowsMessage<Error>(HasSubstr("/no/such/folder/x.lock: No such file")));
}

}  // namespace
}  // namespace hourglass
