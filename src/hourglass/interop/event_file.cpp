#include "hourglass/interop/event_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/interop/impl/bytes.h"
#include "hourglass/interop/impl/crc32c.h"
#include "hourglass/interop/impl/message.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "events.out.tfevents.";

Message event(double wall_time, std::int64_t step) {
  Message message;
  message.real(1, wall_time);
  message.integer(2, step);
  return message;
}

std::string reason() {
  return std::strerror(errno);
}

/// A time after those in the names of the folder's files: TensorBoard reads the files of a folder
/// in the order of their names.
std::int64_t free_second(const fs::path& folder) {
  auto second = static_cast<std::int64_t>(wall_time_now());
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kPrefix)) continue;
    std::int64_t there = 0;
    const char* const digits = name.data() + kPrefix.size();
    const auto [end, error] = std::from_chars(digits, name.data() + name.size(), there);
    if (error == std::errc() && there < std::int64_t{9'999'999'999}) {
      second = std::max(second, there + 1);
    }
  }
  return second;
}

}  // namespace

std::vector<std::uint8_t> event_record(std::span<const std::uint8_t> message) {
  std::vector<std::uint8_t> record;
  append_little(record, std::uint64_t{message.size()});
  append_little(record, masked_crc32c(record));
  record.insert(record.end(), message.begin(), message.end());
  append_little(record, masked_crc32c(message));
  return record;
}

double wall_time_now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::vector<std::uint8_t> version_event(double wall_time) {
  Message message;
  message.real(1, wall_time);
  message.text(3, "brain.Event:2");
  return message.bytes();
}

std::vector<std::uint8_t> start_event(double wall_time, std::int64_t step) {
  Message session;
  session.integer(1, 1);  // START
  Message message = event(wall_time, step);
  message.message(7, session);
  return message.bytes();
}

std::vector<std::uint8_t> scalar_event(double wall_time, std::int64_t step, std::string_view tag,
                                       float value) {
  Message entry, summary;
  entry.text(1, tag);
  entry.real(2, value);
  summary.message(1, entry);
  Message message = event(wall_time, step);
  message.message(5, summary);
  return message.bytes();
}

EventFile::EventFile(const fs::path& folder, std::string_view ending, std::int64_t first_step) {
  make_folder(folder);
  for (std::int64_t second = free_second(folder); descriptor_ < 0; ++second) {
    path_ = folder / fmt::format("{}{:010}.{}", kPrefix, second, ending);
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
    if (descriptor_ < 0 && errno != EEXIST) {
      fail_file("tensorboard", "cannot write {}: {}", path_.string(), reason());
    }
  }
  const double time = wall_time_now();
  for (const auto& message : {version_event(time), start_event(time, first_step)}) {
    const auto record = event_record(message);
    pending_.insert(pending_.end(), record.begin(), record.end());
  }
}

EventFile::~EventFile() {
  ::close(descriptor_);
}

void EventFile::add(double wall_time, std::int64_t step, std::string_view tag, double value) {
  const auto record = event_record(scalar_event(wall_time, step, tag, static_cast<float>(value)));
  pending_.insert(pending_.end(), record.begin(), record.end());
}

void EventFile::flush() {
  std::span<const std::uint8_t> rest(pending_);
  while (!rest.empty()) {
    const ssize_t put = ::write(descriptor_, rest.data(), rest.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail_file("tensorboard", "{}: {}", path_.string(), reason());
    rest = rest.subspan(static_cast<std::size_t>(put));
  }
  if (::fsync(descriptor_) != 0) fail_file("tensorboard", "{}: {}", path_.string(), reason());
  pending_.clear();
}

}  // namespace hourglass
