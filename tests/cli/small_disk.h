// A file system that can be full, for tests. Only root may make one.
#pragma once

#include <sys/mount.h>

#include <filesystem>
#include <string>

namespace hourglass {

/// A small file system in memory, for as long as it lives.
class SmallDisk {
 public:
  SmallDisk(std::filesystem::path place, const std::string& size, bool read_only = false)
      : place_(std::move(place)) {
    std::filesystem::create_directories(place_);
    mounted_ = ::mount("tmpfs", place_.c_str(), "tmpfs", read_only ? MS_RDONLY : 0,
                       ("size=" + size).c_str()) == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(place_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }

 private:
  std::filesystem::path place_;
  bool mounted_ = false;
};

}  // namespace hourglass
