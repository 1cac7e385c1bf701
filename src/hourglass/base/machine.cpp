#include "hourglass/base/machine.h"

#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "hourglass/base/threads.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

/// The number at the start of a file; nothing for "max" or without a file.
template <typename T>
std::optional<T> number_in(const fs::path& path) {
  std::ifstream file(path);
  T number{};
  if (file >> number) return number;
  return std::nullopt;
}

/// The number after `key` in a file of lines "KEY NUMBER ...".
std::optional<std::uint64_t> number_of(const fs::path& path, const std::string& key) {
  std::ifstream lines(path);
  for (std::string line; std::getline(lines, line);) {
    if (line.compare(0, key.size(), key) != 0) continue;
    std::istringstream rest(line.substr(key.size()));
    std::uint64_t number = 0;
    if (rest >> number) return number;
  }
  return std::nullopt;
}

bool names(const std::string& list, const std::string& controller) {
  std::istringstream words(list);
  for (std::string word; std::getline(words, word, ',');) {
    if (word == controller) return true;
  }
  return false;
}

/// Folders that may hold limits of a control group, from its own up to the root. In a container
/// some of them do not exist.
void add_groups(std::vector<fs::path>& groups, const fs::path& mount, const std::string& own) {
  fs::path group = fs::path(own).relative_path().lexically_normal();
  if (!group.empty() && *group.begin() == "..") group.clear();  // of another namespace
  for (; !group.empty() && group != "."; group = group.parent_path()) {
    groups.push_back(mount / group);
  }
  groups.push_back(mount);
}

/// This process's groups with the given controller; all groups in version 2, which has one tree.
std::vector<fs::path> groups_of(const fs::path& root, const std::string& controller) {
  const fs::path mount = root / "sys/fs/cgroup";
  std::vector<fs::path> groups;
  std::ifstream lines(root / "proc/self/cgroup");  // "0::/a/b", or "4:memory:/a/b" in version 1
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string list = line.substr(first + 1, second - first - 1);
    const std::string own = line.substr(second + 1);
    if (list.empty()) {
      add_groups(groups, mount, own);
      add_groups(groups, mount / "unified", own);
    } else if (names(list, controller)) {
      add_groups(groups, mount / controller, own);
      if (list != controller) add_groups(groups, mount / list, own);
    }
  }
  if (groups.empty()) groups = {mount, mount / controller};
  return groups;
}

/// The rest of a group's memory limit. Inactive file cache counts as free: the system drops it
/// first.
std::optional<std::uint64_t> left_in_group(const fs::path& group) {
  const auto left = [&](const char* limit, const char* usage, const char* droppable) {
    const auto most = number_in<std::uint64_t>(group / limit);
    if (!most) return std::optional<std::uint64_t>();
    std::uint64_t used = number_in<std::uint64_t>(group / usage).value_or(0);
    used -= std::min(used, number_of(group / "memory.stat", droppable).value_or(0));
    return std::optional(*most - std::min(*most, used));
  };
  if (const auto now = left("memory.max", "memory.current", "inactive_file ")) return now;
  return left("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file ");
}

std::optional<double> quota_of_group(const fs::path& group) {
  std::ifstream file(group / "cpu.max");  // "200000 100000", or "max 100000" for none
  double quota = 0, period = 0;
  if (!(file >> quota >> period)) {
    quota = number_in<double>(group / "cpu.cfs_quota_us").value_or(-1);  // -1 for none
    period = number_in<double>(group / "cpu.cfs_period_us").value_or(0);
  }
  if (quota <= 0 || period <= 0) return std::nullopt;
  return quota / period;
}

/// The rest of `ulimit -v`.
std::optional<std::uint64_t> left_of_address_space(const fs::path& root) {
  const auto limit = number_of(root / "proc/self/limits", "Max address space ");
  if (!limit) return std::nullopt;
  const auto pages = number_in<std::uint64_t>(root / "proc/self/statm").value_or(0);
  const std::uint64_t used = pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return *limit - std::min(*limit, used);
}

template <typename T>
void lower(std::optional<T>& least, const std::optional<T>& other) {
  if (other && (!least || *other < *least)) least = other;
}

}  // namespace

std::optional<std::uint64_t> free_memory(const fs::path& root) {
  std::optional<std::uint64_t> least = number_of(root / "proc/meminfo", "MemAvailable:");
  if (least) *least *= 1024;
  for (const fs::path& group : groups_of(root, "memory")) lower(least, left_in_group(group));
  lower(least, left_of_address_space(root));
  return least;
}

std::optional<double> processor_quota(const fs::path& root) {
  std::optional<double> least;
  for (const fs::path& group : groups_of(root, "cpu")) lower(least, quota_of_group(group));
  return least;
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

}  // namespace hourglass
