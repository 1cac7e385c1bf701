// The one owner of threads. Not a scheduler of dependent work: tasks of one run are independent.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <type_traits>

namespace hourglass {

/// A borrowed callable `void(std::int64_t task)`; the callable must outlive the call it is passed
/// to.
class TaskRef {
 public:
  template <typename F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, TaskRef>)
      TaskRef(const F& f)  // NOLINT(google-explicit-constructor): made to be passed a lambda
      : object_(&f), call_([](const void* object, std::int64_t task) {
          (*static_cast<const F*>(object))(task);
        }) {}
  void operator()(std::int64_t task) const { call_(object_, task); }

 private:
  const void* object_;
  void (*call_)(const void*, std::int64_t);
};

/// The processors that this process may run on, or as many as its control groups' quota allows of
/// their time, rounded up: at least 1. See machine.h for `root`.
int available_threads(const std::filesystem::path& root = "/");

/// A fixed set of threads that share out the tasks of one run at a time. The number of threads
/// changes speed only: callers cut work into tasks by size, never by thread count, and reduce in
/// task order. Several threads may call run() at once: one has the pool's threads, the others do
/// their tasks alone. In a process that fork() made, the
/// first run() starts threads of its own.
class ThreadPool {
 public:
  /// `threads` >= 1, counting the caller's own; throws Error otherwise. Where the system gives
  /// fewer, as under a limit of memory or of threads, the pool is of those: size() tells.
  explicit ThreadPool(int threads = available_threads());
  ~ThreadPool();
  ThreadPool(ThreadPool&&) noexcept;
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int size() const;

  /// Calls f(0) .. f(tasks - 1), each once, in any order and on any thread, and waits for all of
  /// them. If some throw, the exception of the lowest such task is thrown here. Allocates nothing.
  /// May be called from inside a task, which then does these tasks alone.
  void run(std::int64_t tasks, TaskRef f);

  /// From now on run() leaves out the tasks not begun once a stop is requested, and throws an Error
  /// of the kind cancelled: what was being computed by this pool ends there. A token without a
  /// state, the default, ends that.
  void cancel_by(std::stop_token token = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Calls f(begin, end) for consecutive pieces of [0, n) of `grain` items (the last may be shorter).
template <typename F>
void parallel_for(ThreadPool& pool, std::int64_t n, std::int64_t grain, const F& f) {
  pool.run((n + grain - 1) / grain, [&](std::int64_t task) {
    const std::int64_t begin = task * grain;
    f(begin, begin + grain < n ? begin + grain : n);
  });
}

}  // namespace hourglass
