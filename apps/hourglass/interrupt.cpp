#include "interrupt.h"

#include <unistd.h>

#include <atomic>
#include <csignal>

namespace hourglass::cli {
namespace {

// A signal handler can reach nothing but globals.
std::atomic<int> first_signal{0};
static_assert(std::atomic<int>::is_always_lock_free, "a handler may not wait for a lock");

extern "C" void hourglass_on_interrupt(int signal) {
  int none = 0;
  if (!first_signal.compare_exchange_strong(none, signal)) ::_exit(128 + signal);
}

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = hourglass_on_interrupt;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  struct sigaction before {};
  ::sigaction(SIGHUP, nullptr, &before);
  if (before.sa_handler != SIG_IGN) ::sigaction(SIGHUP, &action, nullptr);
}

bool interrupted() {
  return first_signal.load(std::memory_order_relaxed) != 0;
}

int interrupt_status() {
  const int signal = first_signal.load(std::memory_order_relaxed);
  return signal == 0 ? 0 : 128 + signal;
}

}  // namespace hourglass::cli
