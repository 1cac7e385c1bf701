#include "hourglass/interop/event_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/interop/impl/bytes.h"
#include "hourglass/interop/impl/crc32c.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "events.out.tfevents.";

/// A protobuf message, field by field: https://protobuf.dev/programming-guides/encoding
class Message {
 public:
  void integer(int field, std::int64_t value) {
    tag(field, 0);
    varint(static_cast<std::uint64_t>(value));
  }
  void real(int field, double value) {
    tag(field, 1);
    append_little(bytes_, value);
  }
  void real(int field, float value) {
    tag(field, 5);
    append_little(bytes_, value);
  }
  /// A string, or a message within this one.
  template <typename Bytes>
  void block(int field, const Bytes& content) {
    tag(field, 2);
    varint(content.size());
    bytes_.insert(bytes_.end(), content.begin(), content.end());
  }
  const std::vector<std::uint8_t>& bytes() const { return bytes_; }

 private:
  void tag(int field, int wire_type) {
    varint(static_cast<std::uint64_t>(field) << 3 | static_cast<std::uint64_t>(wire_type));
  }
  void varint(std::uint64_t value) {
    for (; value >= 128; value >>= 7) bytes_.push_back(static_cast<std::uint8_t>(value | 128));
    bytes_.push_back(static_cast<std::uint8_t>(value));
  }

  std::vector<std::uint8_t> bytes_;
};

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
  message.block(3, std::string_view("brain.Event:2"));
  return message.bytes();
}

std::vector<std::uint8_t> start_event(double wall_time, std::int64_t step) {
  Message session;
  session.integer(1, 1);  // START
  Message message = event(wall_time, step);
  message.block(7, session.bytes());
  return message.bytes();
}

std::vector<std::uint8_t> scalar_event(double wall_time, std::int64_t step, std::string_view tag,
                                       float value) {
  Message entry, summary;
  entry.block(1, tag);
  entry.real(2, value);
  summary.block(1, entry.bytes());
  Message message = event(wall_time, step);
  message.block(5, summary.bytes());
  return message.bytes();
}

EventFile::EventFile(const fs::path& folder, std::string_view ending, std::int64_t first_step) {
  make_folder(folder);
  for (std::int64_t second = free_second(folder); descriptor_ < 0; ++second) {
    path_ = folder / fmt::format("{}{:010}.{}", kPrefix, second, ending);
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
    if (descriptor_ < 0 && errno != EEXIST) {
      fail("tensorboard", "cannot write {}: {}", path_.string(), reason());
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
    if (put < 0) fail("tensorboard", "{}: {}", path_.string(), reason());
    rest = rest.subspan(static_cast<std::size_t>(put));
  }
  if (::fsync(descriptor_) != 0) fail("tensorboard", "{}: {}", path_.string(), reason());
  pending_.clear();
}

}  // namespace hourglass
