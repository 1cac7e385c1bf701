#include "base/threads.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"

namespace hourglass {

namespace {

/// Waits a moment for `done()`, without the system's help: most runs follow each other within
/// microseconds, and to sleep and be woken takes tens of them.
template <typename Done>
bool spin_until(const Done& done) {
  constexpr int kPauses = 2000;  // some 30 microseconds
  for (int i = 0; i < kPauses; ++i) {
    if (done()) return true;
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }
  return done();
}

}  // namespace

struct ThreadPool::State {
  std::mutex mutex;
  std::condition_variable wake;
  std::condition_variable finished;
  std::vector<std::thread> workers;

  std::optional<TaskRef> task;
  std::int64_t tasks = 0;
  std::atomic<std::int64_t> next{0};
  // Changed under the mutex; atomic, so that who spins may look without it.
  std::atomic<std::uint64_t> round{0};  // one more for each run
  std::atomic<int> busy{0};             // workers that have not finished this round
  std::atomic<bool> stopping{false};
  bool spins = false;  // whether every thread has a processor of its own

  std::exception_ptr failure;
  std::int64_t failed_task = 0;

  void work() {
    for (std::int64_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < tasks;) {
      try {
        (*task)(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure || i < failed_task) {
          failure = std::current_exception();
          failed_task = i;
        }
      }
    }
  }

  void worker_loop() {
    std::uint64_t seen = 0;
    while (true) {
      if (spins) spin_until([&] { return stopping || round != seen; });
      std::unique_lock lock(mutex);
      wake.wait(lock, [&] { return stopping || round != seen; });
      if (stopping) return;
      seen = round;
      lock.unlock();
      work();
      lock.lock();
      if (--busy == 0) finished.notify_one();
    }
  }
};

ThreadPool::ThreadPool(int threads) : state_(std::make_unique<State>()) {
  if (threads < 1) fail("threads", "{} threads asked for: must be at least 1", threads);
  state_->spins = threads <= available_threads();
  for (int i = 1; i < threads; ++i) {
    state_->workers.emplace_back([state = state_.get()] { state->worker_loop(); });
  }
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->wake.notify_all();
  for (auto& worker : state_->workers) worker.join();
}

int ThreadPool::size() const {
  return static_cast<int>(state_->workers.size()) + 1;
}

void ThreadPool::run(std::int64_t tasks, TaskRef f) {
  State& s = *state_;
  if (s.workers.empty() || tasks <= 1) {  // nothing to share: wake nobody
    for (std::int64_t i = 0; i < tasks; ++i) f(i);
    return;
  }
  {
    const std::lock_guard lock(s.mutex);
    s.task = f;
    s.tasks = tasks;
    s.next.store(0, std::memory_order_relaxed);
    s.failure = nullptr;
    s.busy = static_cast<int>(s.workers.size());
    ++s.round;
  }
  s.wake.notify_all();
  s.work();
  if (s.spins) spin_until([&] { return s.busy == 0; });
  std::unique_lock lock(s.mutex);
  s.finished.wait(lock, [&] { return s.busy == 0; });
  s.task.reset();
  if (s.failure) std::rethrow_exception(std::exchange(s.failure, nullptr));
}

int available_threads() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace hourglass
