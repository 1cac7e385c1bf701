// A protobuf message under construction, field by field:
// https://protobuf.dev/programming-guides/encoding. Not a reader, and no schema: whoever writes a
// message knows its fields' numbers.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "hourglass/interop/impl/bytes.h"

namespace hourglass {

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
  void text(int field, std::string_view content) { block(field, content); }
  void bytes(int field, std::span<const std::uint8_t> content) { block(field, content); }
  void message(int field, const Message& content) { block(field, content.bytes_); }
  /// Repeated numbers in one block ("packed").
  void packed(int field, std::span<const float> values) {
    Message block;
    for (const float value : values) append_little(block.bytes_, value);
    message(field, block);
  }
  void packed(int field, std::span<const std::int64_t> values) {
    Message block;
    for (const std::int64_t value : values) block.varint(static_cast<std::uint64_t>(value));
    message(field, block);
  }
  /// The fields of another message after those of this one.
  void append(const Message& fields) {
    bytes_.insert(bytes_.end(), fields.bytes_.begin(), fields.bytes_.end());
  }

  const std::vector<std::uint8_t>& bytes() const { return bytes_; }

 private:
  template <typename Bytes>
  void block(int field, const Bytes& content) {
    tag(field, 2);
    varint(content.size());
    bytes_.insert(bytes_.end(), content.begin(), content.end());
  }
  void tag(int field, int wire_type) {
    varint(static_cast<std::uint64_t>(field) << 3 | static_cast<std::uint64_t>(wire_type));
  }
  void varint(std::uint64_t value) {
    for (; value >= 128; value >>= 7) bytes_.push_back(static_cast<std::uint8_t>(value | 128));
    bytes_.push_back(static_cast<std::uint8_t>(value));
  }

  std::vector<std::uint8_t> bytes_;
};

}  // namespace hourglass
