#include "hourglass/interop/safetensors.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cmath>
#include <limits>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/base/message_test.h"
#include "hourglass/interop/impl/bytes.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

/// A file of this header and this number of bytes of data.
std::vector<std::uint8_t> file_of(std::string_view header, std::size_t data = 0) {
  std::vector<std::uint8_t> bytes;
  append_little(bytes, std::uint64_t{header.size()});
  bytes.insert(bytes.end(), header.begin(), header.end());
  bytes.resize(bytes.size() + data, 0);
  return bytes;
}

/// The error of the reader for these bytes.
std::string complaint(const std::vector<std::uint8_t>& bytes, SafetensorsReadOptions options = {}) {
  return message_of([&] { parse_safetensors(bytes, "f", options); });
}

std::string complaint(std::string_view header, std::size_t data = 0) {
  return complaint(file_of(header, data));
}

class SafetensorsFileTest : public testing::Test {
 protected:
  SafetensorsFileTest()
      : folder(fs::path(testing::TempDir()) / fmt::format("hourglass_safetensors_{}", getpid())) {
    make_folder(folder);
  }
  ~SafetensorsFileTest() override { fs::remove_all(folder); }
  fs::path folder;
};

TEST_F(SafetensorsFileTest, ReadsBackWhatWasWritten) {
  Tensor weight(Shape{2, 3});
  for (int i = 0; i < 6; ++i) weight[i] = 0.5f * static_cast<float>(i) - 1.0f;
  const std::vector<double> sums{1e300, -0.1};
  const std::vector<std::int64_t> step{-(std::int64_t{1} << 60)};
  const std::vector<std::uint8_t> pixels{0, 127, 255};
  const std::map<std::string, std::string> metadata{
      {"config", R"({"model":"AE","text":"\n\u0000"})"}, {"unknown", "\xc3\xbc\n\t\"\\"}};
  const std::vector<NamedArrayView> arrays{{"b", ArrayView(pixels, Shape{3})},
                                           {"encoder.weight", weight},
                                           {"sums", ArrayView(sums, Shape{2})},
                                           {"step", ArrayView(step, Shape{})},
                                           {"a \"quoted\" \xc3\xbc", Tensor(Shape{0, 4})}};
  write_safetensors(folder / "a.safetensors", arrays, metadata);

  const NamedArrays file = read_safetensors(folder / "a.safetensors");
  EXPECT_EQ(file.metadata, metadata);
  ASSERT_EQ(file.arrays.size(), arrays.size());
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    EXPECT_EQ(file.arrays[i].name, arrays[i].name);
    EXPECT_EQ(file.arrays[i].array.dtype, arrays[i].array.dtype);
    EXPECT_EQ(file.arrays[i].array.shape, arrays[i].array.shape);
    EXPECT_THAT(file.arrays[i].array.bytes, testing::ElementsAreArray(arrays[i].array.bytes));
  }
  EXPECT_THAT(file.find("encoder.weight")->floats().span(),
              testing::ElementsAreArray(weight.span()));
  EXPECT_EQ(file.find("sums")->doubles(), sums);
  EXPECT_EQ(file.find("step")->integers("step"), step);
  EXPECT_EQ(file.find("absent"), nullptr);
}

TEST_F(SafetensorsFileTest, EveryElementIsAlignedInTheFile) {
  const std::vector<std::uint8_t> odd{1, 2, 3};
  const std::vector<double> wide{1.0};
  const Tensor single(Shape{1});
  const std::vector<NamedArrayView> arrays{
      {"odd", ArrayView(odd, Shape{3})}, {"single", single}, {"wide", ArrayView(wide, Shape{1})}};
  write_safetensors(folder / "a", arrays);
  const auto bytes = read_file(folder / "a");
  const std::string expected = R"({"odd":{"dtype":"U8","shape":[3],"data_offsets":[12,15]},)"
                               R"("single":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},)"
                               R"("wide":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})";
  const auto length = load_little<std::uint64_t>(bytes, 0);
  EXPECT_EQ(length % 8, 0u);
  std::string header(bytes.begin() + 8, bytes.begin() + 8 + static_cast<std::ptrdiff_t>(length));
  EXPECT_EQ(header.substr(0, expected.size()), expected);
  EXPECT_EQ(header.find_first_not_of(' ', expected.size()), std::string::npos);
}

TEST_F(SafetensorsFileTest, TheSameContentGivesTheSameBytes) {
  const Tensor tensor(Shape{3});
  const std::vector<NamedArrayView> arrays{{"x", tensor}};
  write_safetensors(folder / "a", arrays, {{"k", "v"}, {"j", "w"}});
  write_safetensors(folder / "b", arrays, {{"j", "w"}, {"k", "v"}});
  EXPECT_EQ(read_file(folder / "a"), read_file(folder / "b"));
}

TEST_F(SafetensorsFileTest, RefusesToWriteWhatCouldNotBeReadAndLeavesTheOldFile) {
  write_file(folder / "a", "old");
  const Tensor tensor(Shape{1});
  const auto complaint_for = [&](const std::vector<NamedArrayView>& arrays,
                                 const std::map<std::string, std::string>& metadata) {
    return message_of([&] { write_safetensors(folder / "a", arrays, metadata); });
  };
  const std::string begin = "[safetensors] cannot write " + (folder / "a").string() + ": ";
  EXPECT_EQ(complaint_for({{"x", tensor}, {"x", tensor}}, {}),
            begin + "the name \"x\" is repeated");
  EXPECT_EQ(complaint_for({{"__metadata__", tensor}}, {}),
            begin + "the name \"__metadata__\" is reserved");
  EXPECT_EQ(complaint_for({{"x", tensor}}, {{"k", "\xff"}}),
            begin + "a name or a metadata text in it is not UTF-8");
  EXPECT_EQ(read_file(folder / "a").size(), 3u);
}

TEST_F(SafetensorsFileTest, AFileAboveTheLimitIsRefused) {
  write_file(folder / "a", file_of("{}", 0));
  SafetensorsReadOptions options;
  options.limit = 9;
  EXPECT_THROW(read_safetensors(folder / "a", options), Error);
}

TEST(Safetensors, AcceptsAnEmptyFileAndSpacesBehindTheHeader) {
  EXPECT_EQ(complaint("{}"), "no error");
  EXPECT_EQ(complaint("{}      "), "no error");
  EXPECT_EQ(complaint(R"({"__metadata__":{}})"), "no error");
}

TEST(Safetensors, AcceptsEmptyTensorsBetweenOthersAndAnyOrderInTheHeader) {
  EXPECT_EQ(complaint(R"({"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},)"
                      R"("e":{"dtype":"F32","shape":[3,0],"data_offsets":[4,4]},)"
                      R"("a":{"shape":[],"data_offsets":[0,4],"dtype":"F32"}})",
                      8),
            "no error");
}

TEST(Safetensors, ATruncatedOrForeignFileIsRefused) {
  EXPECT_EQ(complaint(std::vector<std::uint8_t>(7)),
            "[safetensors] f: 7 bytes are too few for a safetensors file");
  auto bytes = file_of("{}");
  bytes[0] = 3;
  EXPECT_EQ(complaint(bytes),
            "[safetensors] f: its header claims 3 bytes, but 2 follow: the file is cut short or "
            "damaged");
  EXPECT_EQ(complaint(file_of("")),
            "[safetensors] f: the header does not begin with an opening brace: not a safetensors "
            "file");
  EXPECT_EQ(complaint(" {}"),
            "[safetensors] f: the header does not begin with an opening brace: not a safetensors "
            "file");
}

TEST(Safetensors, AHeaderOver100MegabytesIsRefusedBeforeItsLengthIsCompared) {
  auto bytes = file_of("{}");
  for (int i = 0; i < 8; ++i) bytes[static_cast<std::size_t>(i)] = 0xff;
  EXPECT_EQ(complaint(bytes),
            "[safetensors] f: its header claims 18446744073709551615 bytes, more than 100000000: "
            "not a safetensors file");
  bytes.clear();
  append_little(bytes, std::uint64_t{100'000'001});
  EXPECT_EQ(complaint(bytes),
            "[safetensors] f: its header claims 100000001 bytes, more than 100000000: not a "
            "safetensors file");
}

TEST(Safetensors, AHeaderThatIsNotJsonIsRefusedWithItsPosition) {
  EXPECT_EQ(complaint("{"),
            "[safetensors] f: the header is not valid JSON at its byte 2: the file is damaged");
  EXPECT_EQ(complaint("{}x"),
            "[safetensors] f: the header is not valid JSON at its byte 3: the file is damaged");
  EXPECT_EQ(complaint("{\"\xff\":1}"),
            "[safetensors] f: the header is not valid JSON at its byte 3: the file is damaged");
}

TEST(Safetensors, NothingHidesBehindAZeroByteInTheHeader) {
  EXPECT_EQ(complaint(std::string_view("{}\0}", 4)),
            "[safetensors] f: the header is not valid JSON at its byte 3: the file is damaged");
}

TEST(Safetensors, AShapeWhoseProductWrapsIsRefused) {
  // Modulo 2^64 the product is 4.
  EXPECT_EQ(complaint(R"({"w":{"dtype":"U8","shape":[4194305,4194305,211106198978564],)"
                      R"("data_offsets":[0,4]}})",
                      4),
            "[safetensors] f: the shape of tensor \"w\" is too large: its product overflows");
  EXPECT_EQ(complaint(R"({"w":{"dtype":"F32","shape":[4611686018427387904,0],)"
                      R"("data_offsets":[0,0]}})"),
            "[safetensors] f: the shape of tensor \"w\" is too large: its product overflows");
}

TEST(Safetensors, OffsetsThatDoNotFitAreRefused) {
  EXPECT_EQ(complaint(R"({"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,20]}})", 20),
            "[safetensors] f: tensor \"w\" needs 24 bytes for F32 2 x 3, but its data_offsets hold "
            "20");
  EXPECT_EQ(complaint(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", 8),
            "[safetensors] f: the data_offsets [8, 0] of tensor \"w\" run back");
  EXPECT_EQ(complaint(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 7),
            "[safetensors] f: tensor \"w\" ends at byte 8 of 7: the file is cut short or damaged");
  EXPECT_EQ(complaint(R"({"w":{"dtype":"F32","shape":[2],)"
                      R"("data_offsets":[18446744073709551608,18446744073709551616]}})",
                      8),
            "[safetensors] f: the data_offsets of tensor \"w\" have 18446744073709551616: whole "
            "numbers from 0 are needed");
}

TEST(Safetensors, OverlapsAndGapsAreRefused) {
  EXPECT_EQ(complaint(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                      R"("b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
                      8),
            "[safetensors] f: tensors \"a\" and \"b\" overlap");
  EXPECT_EQ(complaint(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                      R"("e":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}})",
                      8),
            "[safetensors] f: tensors \"a\" and \"e\" overlap");
  EXPECT_EQ(complaint(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", 8),
            "[safetensors] f: bytes 0 to 4 of the data belong to no tensor");
  EXPECT_EQ(complaint(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 8),
            "[safetensors] f: bytes 4 to 8 of the data belong to no tensor");
  EXPECT_EQ(complaint("{}", 1), "[safetensors] f: bytes 0 to 1 of the data belong to no tensor");
}

TEST(Safetensors, AnEmptyTensorInsideAnotherIsRefused) {
  const auto with_empty_at = [](std::string_view offsets) {
    return complaint(fmt::format(R"({{"a":{{"dtype":"F32","shape":[2],"data_offsets":[0,8]}},)"
                                 R"("e":{{"dtype":"F32","shape":[0],"data_offsets":{}}}}})",
                                 offsets),
                     8);
  };
  EXPECT_EQ(with_empty_at("[1,1]"), "[safetensors] f: tensors \"a\" and \"e\" overlap");
  EXPECT_EQ(with_empty_at("[9,9]"),
            "[safetensors] f: tensor \"e\" ends at byte 9 of 8: the file is cut short or damaged");
  EXPECT_EQ(with_empty_at("[0,8]"),
            "[safetensors] f: tensor \"e\" needs 0 bytes for F32 0, but its data_offsets hold 8");
  EXPECT_EQ(with_empty_at("[0,0]"), "no error") << "where the Python package puts it";
  EXPECT_EQ(with_empty_at("[8,8]"), "no error") << "where the Python package puts it";
}

TEST(Safetensors, RepeatedNamesAndKeysAreRefused) {
  const std::string entry = R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]})";
  EXPECT_EQ(complaint(fmt::format(R"({{"a":{},"a":{}}})", entry, entry), 4),
            "[safetensors] f: the name \"a\" is repeated");
  EXPECT_EQ(complaint(R"({"__metadata__":{},"__metadata__":{}})"),
            "[safetensors] f: the name \"__metadata__\" is repeated");
  EXPECT_EQ(complaint(R"({"__metadata__":{"k":"1","k":"2"}})"),
            "[safetensors] f: the metadata key \"k\" is repeated");
  // The same key with another JSON escape.
  EXPECT_EQ(complaint(R"({"__metadata__":{"k":"1","\u006b":"2"}})"),
            "[safetensors] f: the metadata key \"k\" is repeated");
  EXPECT_EQ(complaint(R"({"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4),
            "[safetensors] f: tensor \"a\" has two keys \"dtype\"");
}

TEST(Safetensors, WhatIsOfTheWrongKindIsRefusedByName) {
  EXPECT_EQ(complaint(R"({"__metadata__":{"epochs":5}})"),
            "[safetensors] f: metadata \"epochs\" is 5, not a string");
  EXPECT_EQ(complaint(R"({"__metadata__":{"k":null}})"),
            "[safetensors] f: metadata \"k\" is null, not a string");
  EXPECT_EQ(complaint(R"({"__metadata__":[]})"),
            "[safetensors] f: __metadata__ is an array, not an object");
  EXPECT_EQ(complaint(R"({"a":true})"),
            "[safetensors] f: tensor \"a\" is a truth value, not an object");
  EXPECT_EQ(complaint(R"({"a":{"dtype":4}})"), "[safetensors] f: the dtype of tensor \"a\" is 4");
  EXPECT_EQ(complaint(R"({"a":{"dtype":"F31"}})"),
            "[safetensors] f: tensor \"a\" has the unknown dtype \"F31\"");
  EXPECT_EQ(
      complaint(R"({"a":{"shape":[-1]}})"),
      "[safetensors] f: the shape of tensor \"a\" has -1: whole numbers from 0 to 2^63 - 1 are "
      "needed");
  EXPECT_EQ(
      complaint(R"({"a":{"shape":[1.5]}})"),
      "[safetensors] f: the shape of tensor \"a\" has 1.5: whole numbers from 0 to 2^63 - 1 are "
      "needed");
  EXPECT_EQ(
      complaint(R"({"a":{"shape":[9223372036854775808]}})"),
      "[safetensors] f: the shape of tensor \"a\" has 9223372036854775808: whole numbers from "
      "0 to 2^63 - 1 are needed");
  EXPECT_EQ(complaint(R"({"a":{"shape":[1,1,1,1,1]}})"),
            "[safetensors] f: tensor \"a\" has more than 4 axes: hourglass reads up to 4");
  EXPECT_EQ(complaint(R"({"a":{"data_offsets":[0]}})"),
            "[safetensors] f: tensor \"a\" has fewer than two data_offsets");
  EXPECT_EQ(complaint(R"({"a":{"data_offsets":[0,1,2]}})"),
            "[safetensors] f: tensor \"a\" has more than two data_offsets");
  EXPECT_EQ(complaint(R"({"a":{"dtype":"F32","shape":[]}})"),
            "[safetensors] f: tensor \"a\" has no data_offsets");
  EXPECT_EQ(complaint(R"({"a":{"stride":1}})"),
            "[safetensors] f: tensor \"a\" has the unknown key \"stride\"");
}

TEST(Safetensors, ANestingBombEndsAtItsFirstBracketTooMany) {
  std::string bomb = R"({"a":{"shape":)" + std::string(5'000'000, '[');
  EXPECT_EQ(
      complaint(bomb),
      "[safetensors] f: the shape of tensor \"a\" has an array: whole numbers from 0 to 2^63 - "
      "1 are needed");
  bomb = "{";
  for (int i = 0; i < 1'000'000; ++i) bomb += R"("a":{)";
  EXPECT_EQ(complaint(bomb), "[safetensors] f: tensor \"a\" has the unknown key \"a\"");
}

TEST(Safetensors, AMessageStaysOneLineWhateverTheName) {
  const std::string text =
      complaint(fmt::format(R"({{"a\n\u001b[31m{}":1}})", std::string(1000, 'x')));
  EXPECT_THAT(text, testing::StartsWith("[safetensors] f: tensor \"a??[31mxxx"));
  EXPECT_THAT(text, testing::EndsWith("xxx...\" is 1, not an object"));
  EXPECT_LT(text.size(), 160u);
}

TEST(Safetensors, NotANumberIsRefusedByNameOnlyWhereAsked) {
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    auto bytes = file_of(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 8);
    std::memcpy(bytes.data() + bytes.size() - 4, &bad, 4);
    EXPECT_EQ(complaint(bytes), "no error");
    SafetensorsReadOptions options;
    options.refuse_non_finite = true;
    EXPECT_EQ(complaint(bytes, options),
              "[safetensors] f: tensor \"a\" holds a NaN or an infinity (element 1)");
  }
}

}  // namespace
}  // namespace hourglass
