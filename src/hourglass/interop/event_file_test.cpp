#include "hourglass/interop/event_file.h"

#include <gmock/gmock.h>
#include <google/protobuf/unknown_field_set.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <numeric>

#include "hourglass/base/file.h"
#include "hourglass/base/message_test.h"
#include "hourglass/interop/impl/bytes.h"
#include "hourglass/interop/impl/crc32c.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;
using testing::ElementsAre;

using Bytes = std::vector<std::uint8_t>;

Bytes bytes_of(std::string_view text) {
  return {text.begin(), text.end()};
}

TEST(Crc32c, KnownAnswers) {
  EXPECT_EQ(crc32c({}), 0U);
  EXPECT_EQ(crc32c(bytes_of("123456789")), 0xE3069283U);
  // RFC 3720, B.4.
  Bytes bytes(32, 0x00);
  EXPECT_EQ(crc32c(bytes), 0x8A9136AAU);
  bytes.assign(32, 0xFF);
  EXPECT_EQ(crc32c(bytes), 0x62A8AB43U);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  EXPECT_EQ(crc32c(bytes), 0x46DD794EU);
  std::reverse(bytes.begin(), bytes.end());
  EXPECT_EQ(crc32c(bytes), 0x113FDB5CU);
  EXPECT_EQ(masked_crc32c(bytes_of("123456789")), 0xC78AB0E5U);
}

TEST(EventFile, ARecordIsLengthAndMessageEachWithItsChecksum) {
  const Bytes message = bytes_of("123456789");
  const Bytes record = event_record(message);
  ASSERT_EQ(record.size(), 8U + 4 + 9 + 4);
  const std::span<const std::uint8_t> whole(record);
  EXPECT_EQ(load_little<std::uint64_t>(record, 0), 9U);
  EXPECT_EQ(load_little<std::uint32_t>(record, 8), masked_crc32c(whole.first(8)));
  EXPECT_TRUE(std::equal(message.begin(), message.end(), record.begin() + 12));
  EXPECT_EQ(load_little<std::uint32_t>(record, 21), 0xC78AB0E5U);
}

/// A field of a message, parsed by protobuf's own library.
struct Field {
  std::string outline;       // "2:varint": its number and type
  std::uint64_t number = 0;  // the value, or its bits
  std::string block;
};

std::vector<Field> parsed(std::string_view bytes) {
  UnknownFieldSet set;
  EXPECT_TRUE(set.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  std::vector<Field> fields;
  for (int i = 0; i < set.field_count(); ++i) {
    const UnknownField& field = set.field(i);
    switch (field.type()) {
      case UnknownField::TYPE_VARINT:
        fields.push_back({fmt::format("{}:varint", field.number()), field.varint(), ""});
        break;
      case UnknownField::TYPE_FIXED32:
        fields.push_back({fmt::format("{}:fixed32", field.number()), field.fixed32(), ""});
        break;
      case UnknownField::TYPE_FIXED64:
        fields.push_back({fmt::format("{}:fixed64", field.number()), field.fixed64(), ""});
        break;
      default:
        fields.push_back({fmt::format("{}:block", field.number()), 0, field.length_delimited()});
    }
  }
  return fields;
}

std::vector<Field> parsed(const Bytes& bytes) {
  return parsed(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

std::vector<std::string> outline(const std::vector<Field>& fields) {
  std::vector<std::string> outlines;
  for (const Field& field : fields) outlines.push_back(field.outline);
  return outlines;
}

TEST(EventFile, MessagesAreWhatProtobufReads) {
  const auto version = parsed(version_event(12.5));
  ASSERT_THAT(outline(version), ElementsAre("1:fixed64", "3:block"));
  EXPECT_EQ(std::bit_cast<double>(version[0].number), 12.5);
  EXPECT_EQ(version[1].block, "brain.Event:2");

  const auto start = parsed(start_event(13.5, 300));
  ASSERT_THAT(outline(start), ElementsAre("1:fixed64", "2:varint", "7:block"));
  EXPECT_EQ(start[1].number, 300U);
  const auto session = parsed(start[2].block);
  ASSERT_THAT(outline(session), ElementsAre("1:varint"));
  EXPECT_EQ(session[0].number, 1U);

  const std::string tag(200, 't');  // a length of two bytes
  const auto scalar = parsed(scalar_event(14.5, std::int64_t{1} << 40, tag, 0.25F));
  ASSERT_THAT(outline(scalar), ElementsAre("1:fixed64", "2:varint", "5:block"));
  EXPECT_EQ(std::bit_cast<double>(scalar[0].number), 14.5);
  EXPECT_EQ(scalar[1].number, std::uint64_t{1} << 40);
  const auto summary = parsed(scalar[2].block);
  ASSERT_THAT(outline(summary), ElementsAre("1:block"));
  const auto value = parsed(summary[0].block);
  ASSERT_THAT(outline(value), ElementsAre("1:block", "2:fixed32"));
  EXPECT_EQ(value[0].block, tag);
  EXPECT_EQ(std::bit_cast<float>(static_cast<std::uint32_t>(value[1].number)), 0.25F);
}

/// The messages of a file, their checksums compared.
std::vector<Bytes> messages_in(const Bytes& file) {
  std::vector<Bytes> messages;
  const std::span<const std::uint8_t> whole(file);
  for (std::size_t at = 0; at < file.size();) {
    const auto size = static_cast<std::size_t>(load_little<std::uint64_t>(whole, at));
    EXPECT_EQ(load_little<std::uint32_t>(whole, at + 8), masked_crc32c(whole.subspan(at, 8)));
    const auto message = whole.subspan(at + 12, size);
    EXPECT_EQ(load_little<std::uint32_t>(whole, at + 12 + size), masked_crc32c(message));
    messages.emplace_back(message.begin(), message.end());
    at += 12 + size + 4;
  }
  return messages;
}

class EventFiles : public testing::Test {
 protected:
  EventFiles()
      : folder(fs::path(testing::TempDir()) / fmt::format("hourglass_events_{}", getpid())) {}
  ~EventFiles() override { fs::remove_all(folder); }
  fs::path folder;
};

TEST_F(EventFiles, WhatWasAddedIsInTheFileAfterEachFlush) {
  EventFile file(folder / "run", "tests", 1);
  EXPECT_EQ(fs::file_size(file.path()), 0U);
  file.add(20.0, 1, "loss", 0.5);
  file.flush();
  auto messages = messages_in(read_file(file.path()));
  ASSERT_EQ(messages.size(), 3U);
  EXPECT_EQ(parsed(messages[0]).at(1).block, "brain.Event:2");
  EXPECT_THAT(outline(parsed(messages[1])), ElementsAre("1:fixed64", "2:varint", "7:block"));
  EXPECT_EQ(messages[2], scalar_event(20.0, 1, "loss", 0.5F));
  file.add(21.0, 2, "loss", 0.25);
  file.flush();
  messages = messages_in(read_file(file.path()));
  ASSERT_EQ(messages.size(), 4U);
  EXPECT_EQ(messages[3], scalar_event(21.0, 2, "loss", 0.25F));
}

TEST_F(EventFiles, AFileIsNamedBehindThoseThatAreThereWhateverTheClockSays) {
  make_folder(folder);
  write_file(folder / "events.out.tfevents.4000000000.somebody.1.2", "");
  write_file(folder / "events.out.tfevents.none", "");
  const EventFile first(folder, "tests", 1), second(folder, "tests", 1);
  EXPECT_EQ(first.path().filename(), "events.out.tfevents.4000000001.tests");
  EXPECT_EQ(second.path().filename(), "events.out.tfevents.4000000002.tests");
}

TEST_F(EventFiles, APathThatCannotBeWrittenIsNamed) {
  make_folder(folder);
  write_file(folder / "file", "kept");
  EXPECT_THAT(message_of([&] { EventFile(folder / "file", "tests", 1); }),
              testing::StartsWith("[write] cannot make the folder " + (folder / "file").string()));
}

}  // namespace
}  // namespace hourglass
