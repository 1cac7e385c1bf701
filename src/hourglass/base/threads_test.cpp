#include "hourglass/base/threads.h"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <stop_token>
#include <thread>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/base/message_test.h"
#include "hourglass/base/sanitized_test.h"

namespace hourglass {
namespace {

TEST(ThreadPool, RunsEachTaskOnceForAnyNumberOfThreads) {
  for (const int threads : {1, 2, 3, 8}) {
    ThreadPool pool(threads);
    for (const int tasks : {0, 1, 2, 100}) {
      std::vector<int> calls(100);
      pool.run(tasks, [&](std::int64_t i) { ++calls[static_cast<std::size_t>(i)]; });
      for (int i = 0; i < 100; ++i) EXPECT_EQ(calls[static_cast<std::size_t>(i)], i < tasks);
    }
  }
}

TEST(ThreadPool, ThrowsWhatTheLowestFailingTaskThrew) {
  ThreadPool pool(4);
  for (int round = 0; round < 50; ++round) {
    const auto fail_from_three = [](std::int64_t i) {
      if (i >= 3) fail("test", "task {}", i);
    };
    EXPECT_EQ(message_of([&] { pool.run(100, fail_from_three); }), "[test] task 3");
  }
}

TEST(ThreadPool, SeveralCallersAndTasksThatCallItAgainGetTheirOwnAnswers) {
  ThreadPool pool(3);
  const auto sum_to = [&pool](std::int64_t n) {
    std::atomic<std::int64_t> sum{0};
    pool.run(n, [&](std::int64_t i) { sum += i; });
    return sum.load();
  };
  std::vector<std::thread> callers;
  for (int c = 0; c < 4; ++c) {
    callers.emplace_back([&] {
      for (std::int64_t round = 2; round < 300; ++round) {
        EXPECT_EQ(sum_to(round), round * (round - 1) / 2);
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  pool.run(20, [&](std::int64_t) { EXPECT_EQ(sum_to(10), 45); });
}

/// What a fork() leaves in the child: no threads but the one that called it.
TEST(ThreadPool, AForkedChildStartsThreadsOfItsOwn) {
  ThreadPool pool(3);
  std::atomic<int> calls{0};
  pool.run(100, [&](std::int64_t) { ++calls; });
  const pid_t child = ::fork();
  if (child == 0) {
    {
      ThreadPool& inherited = pool;
      inherited.run(100, [&](std::int64_t) { ++calls; });
    }
    ::_exit(calls == 200 && pool.size() == 3 ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  pool.run(100, [&](std::int64_t) { ++calls; });
  EXPECT_EQ(calls, 200);
}

TEST(ThreadPool, AStopEndsWhatIsBeingComputed) {
  ThreadPool pool(2);
  std::stop_source stop;
  pool.cancel_by(stop.get_token());
  std::atomic<int> calls{0};
  pool.run(10, [&](std::int64_t) { ++calls; });
  EXPECT_EQ(calls, 10);
  try {
    pool.run(1'000'000, [&](std::int64_t i) {
      ++calls;
      if (i == 100) stop.request_stop();
    });
    FAIL() << "it went on to the end";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::cancelled);
  }
  EXPECT_LT(calls, 1000);
  EXPECT_THROW(pool.run(1, [](std::int64_t) {}), Error);
  pool.cancel_by();
  pool.run(1, [&](std::int64_t) { calls = 0; });
  EXPECT_EQ(calls, 0);
}

TEST(ThreadPool, RefusesFewerThanOneThread) {
  EXPECT_THROW(ThreadPool(0), Error);
}

TEST(ThreadPool, UsesTheThreadsThatFitIntoTheAddressSpace) {
#ifdef HOURGLASS_SANITIZED
  GTEST_SKIP() << "address space: a sanitizer takes more than there may be";
#else
  const pid_t child = ::fork();
  if (child == 0) {
    rlim_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    const rlim_t most = pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + 200'000'000;
    const rlimit limit{most, most};
    if (::setrlimit(RLIMIT_AS, &limit) != 0) ::_exit(2);
    ThreadPool pool(300);
    if (pool.size() < 1 || pool.size() >= 300) ::_exit(3);
    std::atomic<int> calls{0};
    pool.run(1000, [&](std::int64_t) { ++calls; });
    if (calls != 1000) ::_exit(4);
    // There is still memory for the work.
    const std::vector<char> work(50'000'000, 1);
    ::_exit(work.back() == 1 ? 0 : 5);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
#endif
}

TEST(ParallelFor, CoversTheRangeInPieces) {
  ThreadPool pool(2);
  std::vector<int> covered(103);
  parallel_for(pool, 103, 10, [&](std::int64_t begin, std::int64_t end) {
    EXPECT_LE(end - begin, 10);
    for (auto i = begin; i < end; ++i) ++covered[static_cast<std::size_t>(i)];
  });
  EXPECT_THAT(covered, testing::Each(1));
}

}  // namespace
}  // namespace hourglass
