#include "base/threads.h"

#include <gmock/gmock.h>

#include <vector>

#include "base/error.h"

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
    try {
      pool.run(100, [](std::int64_t i) {
        if (i >= 3) fail("test", "task {}", i);
      });
      FAIL() << "nothing was thrown";
    } catch (const Error& error) {
      EXPECT_STREQ(error.what(), "[test] task 3");
    }
  }
}

TEST(ThreadPool, RefusesFewerThanOneThread) {
  EXPECT_THROW(ThreadPool(0), Error);
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
