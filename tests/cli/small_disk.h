// A file system that can become full, for tests. Only root can mount one.
#pragma once

#include <sys/mount.h>

#include <filesystem>
#include <string>

namespace hourglass {

/// A small file system in memory; unmounted by the destructor.
class SmallDisk {
 public:
  SmallDisk(std::filesystem::path path, const std::string& size, bool read_only = false)
      : path_(std::move(path)) {
    std::filesystem::create_directories(path_);
    mounted_ = ::mount("tmpfs", path_.c_str(), "tmpfs", read_only ? MS_RDONLY : 0,
                       ("size=" + size).c_str()) == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }

 private:
  std::filesystem::path path_;
  bool mounted_ = false;
};

}  // namespace hourglass
