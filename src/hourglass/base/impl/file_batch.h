// Many small files in one folder, with one sync for all of them: one sync for each would take most
// of the time. Not for a single file: see file.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace hourglass {

/// Files that are written as NAME.tmp.PID, then synced together and renamed to NAME: at every
/// moment each is either new and whole, or old. The folder must exist.
class FileBatch {
 public:
  explicit FileBatch(std::filesystem::path folder) : folder_(std::move(folder)) {}
  /// Removes what was not committed.
  ~FileBatch();
  FileBatch(const FileBatch&) = delete;
  FileBatch& operator=(const FileBatch&) = delete;

  /// Throws Error naming the path and the reason (read-only, disk full).
  void add(const std::string& name, const std::vector<std::uint8_t>& bytes);
  /// Syncs and renames all files; more may be added afterwards. Throws Error likewise.
  void commit();

 private:
  std::filesystem::path temporary(const std::string& name) const;

  std::filesystem::path folder_;
  std::vector<std::string> names_;  // added and not yet renamed
};

}  // namespace hourglass
