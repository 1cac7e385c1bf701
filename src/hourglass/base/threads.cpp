#include "hourglass/base/threads.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <cassert>
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

/// How many fork()s lie between the first process and this one: threads stay behind in the parent.
std::atomic<int> forks{0};

int forks_so_far() {
  static const int registered =
      ::pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1, std::memory_order_relaxed); });
  assert(registered == 0);
  static_cast<void>(registered);
  return forks.load(std::memory_order_relaxed);
}

}  // namespace

struct ThreadPool::State {
  const int process = forks_so_far();  // where the workers are
  std::atomic<bool> taken{false};      // by a caller of run()
  std::mutex mutex;
  std::condition_variable wake;
  std::condition_variable finished;
  std::vector<std::thread> workers;

  std::optional<TaskRef> task;
  const std::stop_token* cancel = nullptr;  // of this run
  std::int64_t tasks = 0;
  std::atomic<std::int64_t> next{0};
  // Changed under the mutex; atomic, so that a spinning thread can read them without it.
  std::atomic<std::uint64_t> round{0};  // incremented for each run
  std::atomic<int> busy{0};             // workers that have not finished this round
  std::atomic<bool> stopping{false};
  std::atomic<bool> spins{false};  // whether every thread has a processor of its own

  std::exception_ptr failure;
  std::int64_t failed_task = 0;

  std::mutex token_mutex;
  std::stop_token token;

  std::stop_token cancel_token() {
    const std::lock_guard lock(token_mutex);
    return token;
  }

  /// Starts as many workers as the system allows, `wanted` at most.
  explicit State(int wanted) {
    workers.reserve(static_cast<std::size_t>(wanted));
    try {
      for (int i = 0; i < wanted; ++i) workers.emplace_back([this] { worker_loop(); });
    } catch (const std::system_error&) {  // no more threads
    } catch (const std::bad_alloc&) {     // or no memory to start one in
    }
    spins = static_cast<int>(workers.size()) < available_threads();
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
        if (cancel && cancel->stop_requested()) next.store(tasks, std::memory_order_relaxed);
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
  require(threads >= 1, "threads", "threads", threads, "must be at least 1");
  state_ = std::make_unique<State>(threads - 1);
  if (size() < threads && !has_room_for_a_stack()) {
    // The stacks have taken all of the address space: half of it is kept for the work.
    const int fewer = (size() - 1) / 2;
    state_.reset();
    state_ = std::make_unique<State>(fewer);
  }
}

ThreadPool::ThreadPool(ThreadPool&&) noexcept = default;

ThreadPool::~ThreadPool() {
  // Another process's threads can be neither woken nor joined: what they use is left to its end.
  if (state_ && state_->process != forks_so_far()) static_cast<void>(state_.release());
}

int ThreadPool::size() const {
  return static_cast<int>(state_->workers.size()) + 1;
}

void ThreadPool::cancel_by(std::stop_token token) {
  const std::lock_guard lock(state_->token_mutex);
  state_->token = std::move(token);
}

void ThreadPool::run(std::int64_t tasks, TaskRef f) {
  if (state_->process != forks_so_far()) {
    const State* const parents = state_.release();
    state_ = std::make_unique<State>(static_cast<int>(parents->workers.size()));
  }
  State& s = *state_;
  const std::stop_token token = s.cancel_token();
  const auto task = [&](std::int64_t i) {
    if (token.stop_requested()) throw Error::cancelled("threads");
    f(i);
  };
  // Nothing to share, or another caller has the threads: no worker is woken.
  if (s.workers.empty() || tasks <= 1 || s.taken.exchange(true, std::memory_order_acquire)) {
    for (std::int64_t i = 0; i < tasks; ++i) task(i);
    return;
  }
  {
    const std::lock_guard lock(s.mutex);
    s.task = task;
    s.cancel = &token;
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
  s.cancel = nullptr;
  const std::exception_ptr failure = std::exchange(s.failure, nullptr);
  lock.unlock();
  s.taken.store(false, std::memory_order_release);
  if (failure) std::rethrow_exception(failure);
}

}  // namespace hourglass
