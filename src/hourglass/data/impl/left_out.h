// Counts the files that reading a folder leaves out, for one sentence about them.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace hourglass {

class LeftOut {
 public:
  /// `kind` is said as it is: ".gif", "GIF", "in masks/". `convertible`: another program can make
  /// an image of it that is read.
  void add(const std::string& kind, const std::string& name, bool convertible = false);
  std::int64_t count() const { return count_; }
  /// "27 .gif, 2 .txt", the most first.
  std::string kinds() const;
  /// "left out: 29 of 100 files (27 .gif, 2 .txt), first a/b.gif"; empty if nothing was.
  std::string sentence(std::int64_t kept) const;
  /// ": convert them with ..." if another program can; otherwise empty.
  std::string remedy() const;

 private:
  std::map<std::string, std::int64_t> kinds_;
  std::int64_t count_ = 0;
  bool convertible_ = false;
  std::string first_;
};

}  // namespace hourglass
