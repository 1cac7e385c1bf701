// Loaded before the C library (LD_PRELOAD): counts the calls that change files below a folder,
// and kills the process at one of them or lets it fail. Not a test: survival_test.cpp drives it by
// environment variables.
//
//   FAULT_UNDER   the folder: calls on paths with this prefix are counted, from 1
//   FAULT_LOG     a file that gets a line for each such call: its number, name and path
//   FAULT_AT      the number of the call to disturb
//   FAULT_HOW     kill (before the call), half (writes half, then kills), or the number of an
//                 error, with + for all calls from there on, as on a full disk

#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

// Nothing here has a destructor: calls come until the very end of the process.
struct Plan {
  std::string_view under;
  int log = -1;
  long at = 0;
  bool kills = false, half = false, from_there_on = false;
  int error = 0;
};

Plan read_plan() {
  const auto text = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string_view(value == nullptr ? "" : value);
  };
  Plan plan;
  plan.under = text("FAULT_UNDER");
  const std::string_view log = text("FAULT_LOG"), how = text("FAULT_HOW");
  if (!log.empty()) {
    plan.log = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, log.data(),
                                          O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  }
  plan.at = std::atol(text("FAULT_AT").data());
  plan.half = how == "half";
  plan.kills = how == "kill" || plan.half;
  plan.error = plan.kills ? 0 : std::atoi(how.data());
  plan.from_there_on = how.ends_with('+');
  return plan;
}

const Plan& plan() {
  static const Plan kPlan = read_plan();
  return kPlan;
}

/// The paths of open descriptors below the folder, "" for others. The program changes files on one
/// thread.
constinit std::array<std::array<char, 1024>, 1024> open_paths{};

std::string_view path_of(int descriptor) {
  const auto at = static_cast<std::size_t>(descriptor);
  return descriptor >= 0 && at < open_paths.size() ? open_paths[at].data() : "";
}

void keep_path(int descriptor, std::string_view path) {
  const auto at = static_cast<std::size_t>(descriptor);
  if (descriptor < 0 || at >= open_paths.size()) return;
  const std::size_t length = std::min(path.size(), open_paths[at].size() - 1);
  std::copy_n(path.begin(), length, open_paths[at].begin());
  open_paths[at][length] = '\0';
}

bool counted(std::string_view path) {
  return !plan().under.empty() && path.starts_with(plan().under);
}

void die() {
  ::syscall(SYS_kill, ::getpid(), SIGKILL);
}

enum class Fate { goes_on, fails, half };

/// Counts a call, and ends the process or returns what the call is to do.
Fate fate(std::string_view call, std::string_view path) {
  static long calls = 0;
  ++calls;
  const Plan& p = plan();
  if (p.log >= 0) {
    const std::string line = fmt::format("{} {} {}\n", calls, call, path);
    ::syscall(SYS_write, p.log, line.data(), line.size());
  }
  const bool now = p.at > 0 && (calls == p.at || (p.from_there_on && calls > p.at));
  if (!now) return Fate::goes_on;
  if (p.half) return Fate::half;
  if (p.kills) die();
  // Calls that free space succeed on a full disk.
  const bool frees = call == "unlink" || call == "remove" || call == "ftruncate" || call == "close";
  if (p.error == ENOSPC && frees) return Fate::goes_on;
  errno = p.error;
  return Fate::fails;
}

template <typename F>
F* real(const char* name) {
  return reinterpret_cast<F*>(::dlsym(RTLD_NEXT, name));
}

/// The path of a name in an open folder, as std::filesystem::remove_all uses them.
std::string path_in(int folder, const char* name) {
  return folder == AT_FDCWD ? name : fmt::format("{}/{}", path_of(folder), name);
}

/// An open call; next() makes it.
template <typename Next>
int opened(const std::string& path, int flags, const Next& next) {
  const bool ours = counted(path);
  const bool changes = (flags & (O_CREAT | O_WRONLY | O_RDWR | O_TRUNC)) != 0;
  if (ours && changes && fate("open", path) != Fate::goes_on) {
    if (plan().half) die();
    return -1;
  }
  const int descriptor = next();
  if (descriptor >= 0) keep_path(descriptor, ours ? path : "");
  return descriptor;
}

/// A call on one path or descriptor that either happens or does not.
template <typename Call>
int whole(std::string_view name, std::string_view path, const Call& call) {
  if (counted(path) && fate(name, path) != Fate::goes_on) {
    if (plan().half) die();
    return -1;
  }
  return call();
}

/// A write, of which only half may happen.
template <typename Call>
ssize_t written(std::string_view name, int descriptor, std::size_t size, const Call& call) {
  const std::string_view path = path_of(descriptor);
  if (!counted(path)) return call(size);
  const Fate it = fate(name, path);
  if (it == Fate::fails) return -1;
  if (it == Fate::half) {
    call(size / 2);
    die();
  }
  return call(size);
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  static auto* const next = real<int(const char*, int, ...)>("open");
  return opened(path, flags, [&] { return next(path, flags, mode); });
}

int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  static auto* const next = real<int(const char*, int, ...)>("open64");
  return opened(path, flags, [&] { return next(path, flags, mode); });
}

int openat(int folder, const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  static auto* const next = real<int(int, const char*, int, ...)>("openat");
  return opened(path_in(folder, path), flags, [&] { return next(folder, path, flags, mode); });
}

int close(int descriptor) {
  static auto* const next = real<int(int)>("close");
  keep_path(descriptor, "");
  return next(descriptor);
}

ssize_t write(int descriptor, const void* bytes, size_t size) {
  static auto* const next = real<ssize_t(int, const void*, size_t)>("write");
  return written("write", descriptor, size,
                 [&](std::size_t part) { return next(descriptor, bytes, part); });
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t at) {
  static auto* const next = real<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  return written("pwrite", descriptor, size,
                 [&](std::size_t part) { return next(descriptor, bytes, part, at); });
}

int fsync(int descriptor) {
  static auto* const next = real<int(int)>("fsync");
  return whole("fsync", path_of(descriptor), [&] { return next(descriptor); });
}

int ftruncate(int descriptor, off_t size) noexcept {
  static auto* const next = real<int(int, off_t)>("ftruncate");
  return whole("ftruncate", path_of(descriptor), [&] { return next(descriptor, size); });
}

int rename(const char* from, const char* to) noexcept {
  static auto* const next = real<int(const char*, const char*)>("rename");
  return whole("rename", to, [&] { return next(from, to); });
}

int link(const char* from, const char* to) noexcept {
  static auto* const next = real<int(const char*, const char*)>("link");
  return whole("link", to, [&] { return next(from, to); });
}

int unlink(const char* path) noexcept {
  static auto* const next = real<int(const char*)>("unlink");
  return whole("unlink", path, [&] { return next(path); });
}

int unlinkat(int folder, const char* path, int flags) noexcept {
  static auto* const next = real<int(int, const char*, int)>("unlinkat");
  return whole("unlink", path_in(folder, path), [&] { return next(folder, path, flags); });
}

int remove(const char* path) noexcept {
  static auto* const next = real<int(const char*)>("remove");
  return whole("remove", path, [&] { return next(path); });
}

int mkdir(const char* path, mode_t mode) noexcept {
  static auto* const next = real<int(const char*, mode_t)>("mkdir");
  return whole("mkdir", path, [&] { return next(path, mode); });
}
}
