// Scalars as TensorBoard reads them: event files, which are TFRecords of `Event` messages. Not a
// reader, and no images, histograms or graphs.
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
/// Says that what earlier files hold from `step` on no longer counts.
std::vector<std::uint8_t> start_event(double wall_time, std::int64_t step);
std::vector<std::uint8_t> scalar_event(double wall_time, std::int64_t step, std::string_view tag,
                                       float value);

/// A file of its own, FOLDER/events.out.tfevents.SECONDS.ENDING, that grows: what was added is in
/// it, whole and synced to disk, after flush().
class EventFile {
 public:
  /// Makes the folder and, in it, a file that TensorBoard reads after those that are there; it
  /// begins by taking back what they say from `first_step` on. Throws Error naming the place and
  /// the reason.
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
