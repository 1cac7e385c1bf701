#include "hourglass/base/threads.h"

#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <new>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/base/machine.h"

namespace hourglass {

namespace {

/// Spins for a moment until `done()`: most runs follow each other within microseconds, and a sleep
/// and wake-up takes tens of them.
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

/// Whether the address space has room for the stack of one more thread.
bool has_room_for_a_stack() {
  pthread_attr_t attributes;
  std::size_t size = 0;
  if (::pthread_getattr_default_np(&attributes) != 0) return true;
  ::pthread_attr_getstacksize(&attributes, &size);
  ::pthread_attr_destroy(&attributes);
  void* stack = ::mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (stack == MAP_FAILED) return false;
  ::munmap(stack, size);
  return true;
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
  // Changed under the mutex; atomic, so that a spinning thread can read them without it.
  std::atomic<std::uint64_t> round{0};  // incremented for each run
  std::atomic<int> busy{0};             // workers that have not finished this round
  std::atomic<bool> stopping{false};
  std::atomic<bool> spins{false};  // whether every thread has a processor of its own

  std::exception_ptr failure;
  std::int64_t failed_task = 0;

  /// Starts as many workers as the system allows, `wanted` at most.
  explicit State(int wanted) {
    workers.reserve(static_cast<std::size_t>(wanted));
    try {
      for (int i = 0; i < wanted; ++i) workers.emplace_back([this] { worker_loop(); });
    } catch (const std::system_error&) {  // no more threads
    } catch (const std::bad_alloc&) {     // or no memory to start one in
    }
  }
  ~State() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    wake.notify_all();
    for (auto& worker : workers) worker.join();
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

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

ThreadPool::ThreadPool(int threads) {
  if (threads < 1) fail("threads", "{} threads asked for: must be at least 1", threads);
  state_ = std::make_unique<State>(threads - 1);
  if (size() < threads && !has_room_for_a_stack()) {
    // The stacks have taken all of the address space: half of it is kept for the work.
    const int fewer = (size() - 1) / 2;
    state_.reset();
    state_ = std::make_unique<State>(fewer);
  }
  state_->spins = size() <= available_threads();
}

ThreadPool::ThreadPool(ThreadPool&&) noexcept = default;
ThreadPool::~ThreadPool() = default;

int ThreadPool::size() const {
  return static_cast<int>(state_->workers.size()) + 1;
}

void ThreadPool::run(std::int64_t tasks, TaskRef f) {
  State& s = *state_;
  if (s.workers.empty() || tasks <= 1) {  // nothing to share: no worker is woken
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

int available_threads(const std::filesystem::path& root) {
  cpu_set_t set;
  CPU_ZERO(&set);
  int threads = ::sched_getaffinity(0, sizeof set, &set) == 0
                    ? CPU_COUNT(&set)
                    : static_cast<int>(std::thread::hardware_concurrency());
  const double quota = processor_quota(root).value_or(threads);
  if (quota < threads) threads = static_cast<int>(std::ceil(quota));
  return std::max(1, threads);
}

}  // namespace hourglass
