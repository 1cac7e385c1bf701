// Writes scalars for TensorBoard: event files, which are TFRecords of `Event` messages. Not a
// reader; no images, histograms or graphs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace hourglass {

/// One record of an event file: length, checksum of the length, message, checksum of the message.
std::vector<std::uint8_t> event_record(std::span<const std::uint8_t> message);

/// The time of an event, in seconds since 1970.
double wall_time_now();

/// The `Event` messages that are written.
std::vector<std::uint8_t> version_event(double wall_time);
/// The message that cancels events of earlier files from `step` on.
std::vector<std::uint8_t> start_event(double wall_time, std::int64_t step);
std::vector<std::uint8_t> scalar_event(double wall_time, std::int64_t step, std::string_view tag,
                                       float value);

/// A new file FOLDER/events.out.tfevents.SECONDS.ENDING that grows: flush() writes all added events
/// and syncs them to disk.
class EventFile {
 public:
  /// Makes the folder and a file in it that TensorBoard reads after the existing ones. The file
  /// first cancels their events from `first_step` on. Throws Error with the path and the reason.
  EventFile(const std::filesystem::path& folder, std::string_view ending, std::int64_t first_step);
  ~EventFile();
  EventFile(const EventFile&) = delete;
  EventFile& operator=(const EventFile&) = delete;

  void add(double wall_time, std::int64_t step, std::string_view tag, double value);
  /// Throws Error if the file cannot be written: the disk may be full.
  void flush();

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::vector<std::uint8_t> pending_;
};

}  // namespace hourglass
