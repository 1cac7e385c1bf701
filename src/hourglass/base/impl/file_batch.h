// Many small files in one folder, with one sync for all of them: a sync each would take most of the
// time. Not for a single file: see file.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace hourglass {

/// Files that are written beside their places (NAME.tmp.PID), then synced together and renamed into
/// them: each is whole or as it was before, at every moment. The folder has to be there.
class FileBatch {
 public:
  explicit FileBatch(std::filesystem::path folder) : folder_(std::move(folder)) {}
  /// Removes what was not committed.
  ~FileBatch();
  FileBatch(const FileBatch&) = delete;
  FileBatch& operator=(const FileBatch&) = delete;

  /// Throws Error naming the place and the reason (read-only, disk full).
  void add(const std::string& name, const std::vector<std::uint8_t>& bytes);
  /// Puts all in their places; more may be added afterwards. Throws Error likewise.
  void commit();

 private:
  std::filesystem::path temporary(const std::string& name) const;

  std::filesystem::path folder_;
  std::vector<std::string> names_;  // added and not yet in their places
};

}  // namespace hourglass
