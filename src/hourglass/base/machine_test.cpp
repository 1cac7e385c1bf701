#include "hourglass/base/machine.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <fstream>

#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/base/threads.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::Optional;

/// A simulated machine: a folder with files of /proc and /sys.
class Machine : public testing::Test {
 protected:
  void write(const std::string& path, const std::string& text) {
    const fs::path file = root_ / path;
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text << '\n';
  }
  TemporaryFolder folder_;
  const fs::path root_ = folder_.path();
};

TEST_F(Machine, ReturnsNothingWithoutFiles) {
  EXPECT_EQ(free_memory(root_), std::nullopt);
  EXPECT_EQ(processor_quota(root_), std::nullopt);
  EXPECT_GE(available_threads(root_), 1);
}

TEST_F(Machine, FreeMemoryIsWhatTheSystemHasAvailable) {
  write("proc/meminfo", "MemTotal:  2000 kB\nMemFree:  10 kB\nMemAvailable:    1000 kB");
  EXPECT_THAT(free_memory(root_), Optional(1'024'000u));
  write("proc/self/cgroup", "0::/");
  write("sys/fs/cgroup/memory.max", "max");
  EXPECT_THAT(free_memory(root_), Optional(1'024'000u));
}

TEST_F(Machine, FreeMemoryIsTheLeastThatAGroupOfVersion2Leaves) {
  write("proc/meminfo", "MemAvailable: 1000000 kB");
  write("proc/self/cgroup", "0::/outer/inner");
  write("sys/fs/cgroup/outer/memory.max", "500000");
  write("sys/fs/cgroup/outer/memory.current", "300000");
  write("sys/fs/cgroup/outer/memory.stat", "anon 200000\ninactive_file 50000\nactive_file 7");
  EXPECT_THAT(free_memory(root_), Optional(250'000u));
  write("sys/fs/cgroup/outer/inner/memory.max", "100000");
  write("sys/fs/cgroup/outer/inner/memory.current", "10000");
  EXPECT_THAT(free_memory(root_), Optional(90'000u));
  write("sys/fs/cgroup/outer/inner/memory.current", "200000");  // over its limit
  EXPECT_THAT(free_memory(root_), Optional(0u));
}

TEST_F(Machine, FreeMemoryIsTheLeastThatAGroupOfVersion1Leaves) {
  write("proc/meminfo", "MemAvailable: 1000000 kB");
  write("proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/docker/abc\n1:name=systemd:/docker/abc");
  write("sys/fs/cgroup/memory/docker/memory.limit_in_bytes", "9223372036854771712");  // none
  write("sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes", "400000");
  write("sys/fs/cgroup/memory/docker/abc/memory.usage_in_bytes", "150000");
  write("sys/fs/cgroup/memory/docker/abc/memory.stat", "inactive_file 1\ntotal_inactive_file 5000");
  EXPECT_THAT(free_memory(root_), Optional(255'000u));
}

TEST_F(Machine, TheLimitsOfAContainerThatSeesOnlyItsOwnGroupCount) {
  write("proc/meminfo", "MemAvailable: 1000000 kB");
  write("proc/self/cgroup", "4:memory:/docker/abc\n3:cpu:/docker/abc");
  write("sys/fs/cgroup/memory/memory.limit_in_bytes", "400000");
  write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000");
  write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000");
  EXPECT_THAT(free_memory(root_), Optional(400'000u));
  EXPECT_THAT(processor_quota(root_), Optional(0.5));
  write("proc/self/cgroup", "0::/../../elsewhere");
  write("sys/fs/cgroup/memory.max", "300000");
  EXPECT_THAT(free_memory(root_), Optional(300'000u));
}

TEST_F(Machine, FreeMemoryIsNotMoreThanTheAddressSpaceLeft) {
  write("proc/meminfo", "MemAvailable: 1000000 kB");
  write("proc/self/limits",
        "Max open files  9  9  files\nMax address space   90000000 unlimited bytes");
  write("proc/self/statm", "0 0 0 0 0 0 0");
  EXPECT_THAT(free_memory(root_), Optional(90'000'000u));
  write("proc/self/limits", "Max address space         unlimited            unlimited     bytes");
  EXPECT_THAT(free_memory(root_), Optional(1'024'000'000u));
}

TEST_F(Machine, TheQuotaIsTheSmallestOfAllGroupsAbove) {
  write("proc/self/cgroup", "0::/outer/inner");
  write("sys/fs/cgroup/outer/inner/cpu.max", "max 100000");
  EXPECT_EQ(processor_quota(root_), std::nullopt);
  write("sys/fs/cgroup/outer/cpu.max", "150000 100000");
  EXPECT_THAT(processor_quota(root_), Optional(1.5));
  write("proc/self/cgroup", "3:cpu,cpuacct:/a\n0::/");
  write("sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "-1");
  write("sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us", "100000");
  EXPECT_EQ(processor_quota(root_), std::nullopt);
  write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "200000");
  write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000");
  EXPECT_THAT(processor_quota(root_), Optional(2.0));
}

TEST_F(Machine, ThreadsAreTheQuotaRoundedUpAndAtLeastOne) {
  const int all = available_threads(root_);  // without a quota, those of the processors
  write("proc/self/cgroup", "0::/");
  const auto with = [&](const std::string& quota) {
    write("sys/fs/cgroup/cpu.max", quota);
    return available_threads(root_);
  };
  EXPECT_EQ(with("1000 100000"), 1);
  EXPECT_EQ(with("100000 100000"), 1);
  EXPECT_EQ(with("110000 100000"), std::min(all, 2));
  EXPECT_EQ(with("100000000 1000"), all);
  EXPECT_EQ(with("max 100000"), all);
}

}  // namespace
}  // namespace hourglass
