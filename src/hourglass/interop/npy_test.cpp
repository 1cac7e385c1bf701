#include "hourglass/interop/npy.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <limits>
#include <numeric>

#include "hourglass/base/file.h"
#include "hourglass/base/message_test.h"
#include "hourglass/interop/impl/bytes.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

std::vector<std::uint8_t> file_of(std::string_view header, std::size_t data = 0) {
  const std::string_view magic("\x93NUMPY\x01\x00", 8);
  std::vector<std::uint8_t> bytes(magic.begin(), magic.end());
  append_little(bytes, static_cast<std::uint16_t>(header.size()));
  bytes.insert(bytes.end(), header.begin(), header.end());
  for (std::size_t i = 0; i < data; ++i) bytes.push_back(static_cast<std::uint8_t>(i));
  return bytes;
}

std::string complaint(const std::vector<std::uint8_t>& bytes) {
  return message_of([&] { parse_npy(bytes, "f"); });
}

std::string complaint(std::string_view header, std::size_t data = 0) {
  return complaint(file_of(header, data));
}

TEST(Npy, ReadsBackWhatWasWritten) {
  const fs::path path = fs::path(testing::TempDir()) / fmt::format("hourglass_{}.npy", getpid());
  for (const Shape& shape : {Shape{}, Shape{7}, Shape{0, 3}, Shape{2, 3}, Shape{2, 1, 3, 4}}) {
    const auto count = static_cast<std::size_t>(shape.count());
    std::vector<float> floats(count);
    std::vector<double> doubles(count);
    std::vector<std::int64_t> integers(count);
    std::vector<std::uint8_t> bytes(count);
    for (std::size_t i = 0; i < count; ++i) {
      floats[i] = 0.1f * static_cast<float>(i);
      doubles[i] = 0.1 * static_cast<double>(i);
      integers[i] = static_cast<std::int64_t>(i) - (std::int64_t{1} << 62);
      bytes[i] = static_cast<std::uint8_t>(250 + i);
    }
    for (const ArrayView& array : {ArrayView(std::span<const float>(floats), shape),
                                   ArrayView(std::span<const double>(doubles), shape),
                                   ArrayView(std::span<const std::int64_t>(integers), shape),
                                   ArrayView(std::span<const std::uint8_t>(bytes), shape)}) {
      write_npy(path, array);
      const Array back = read_npy(path);
      EXPECT_EQ(back.dtype, array.dtype);
      EXPECT_EQ(back.shape, shape) << back.shape.text();
      EXPECT_THAT(back.bytes, testing::ElementsAreArray(array.bytes));
    }
  }
  fs::remove(path);
}

TEST(Npy, TheHeaderIsAsNumPyDocumentsIt) {
  const std::vector<std::int64_t> labels(3);
  const auto bytes = npy_header(ArrayView(labels, Shape{3}));
  EXPECT_EQ(bytes.size() % 64, 0u);
  const std::string expected(
      "\x93NUMPY\x01\x00\x76\x00{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }", 67);
  EXPECT_EQ(std::string(bytes.begin(), bytes.begin() + 67), expected);
  EXPECT_EQ(bytes.back(), '\n');
}

TEST(Npy, FortranOrderIsTurnedToRowMajor) {
  const Array array =
      parse_npy(file_of("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3)}", 6), "f");
  EXPECT_EQ(array.shape, (Shape{2, 3}));
  EXPECT_THAT(array.bytes, testing::ElementsAre(0, 2, 4, 1, 3, 5));
}

TEST(Npy, TheOtherByteOrderIsTurned) {
  const Array array =
      parse_npy(file_of(R"({"shape": (2, 1), "descr": ">u2", "fortran_order": True, } )", 4), "f");
  EXPECT_THAT(array.integers("f"), testing::ElementsAre(0x0001, 0x0203));
}

TEST(Npy, FormatsTwoAndThreeAreRead) {
  for (const std::uint8_t version : {std::uint8_t{2}, std::uint8_t{3}}) {
    auto bytes = file_of("{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}", 1);
    bytes[6] = version;
    bytes.insert(bytes.begin() + 10, 2, 0);
    EXPECT_EQ(complaint(bytes), "no error");
  }
}

TEST(Npy, WhatIsNotAnArrayOfNumbersIsRefusedInOneLine) {
  EXPECT_EQ(complaint(std::vector<std::uint8_t>(9)),
            "[npy] f: it does not begin as an .npy file does");
  EXPECT_EQ(complaint(std::vector<std::uint8_t>(99)),
            "[npy] f: it does not begin as an .npy file does");
  auto bytes = file_of("");
  bytes[6] = 4;
  EXPECT_EQ(complaint(bytes), "[npy] f: its format is 4.0: 1.0 to 3.0 are read");
  bytes[6] = 2;
  EXPECT_EQ(complaint(bytes), "[npy] f: its header is cut short");
  bytes = file_of("{}");
  bytes[8] = 9;
  EXPECT_EQ(complaint(bytes),
            "[npy] f: its header claims 9 bytes, but 2 follow: the file is cut short or damaged");
  EXPECT_EQ(complaint("{'descr': '<U5', 'fortran_order': False, 'shape': (1,)}", 20),
            "[npy] f: it holds text (\"<U5\"): numbers are needed here");
  EXPECT_EQ(complaint("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}"),
            "[npy] f: it holds Python objects: save text by .astype(str), numbers by "
            ".astype(\"float32\")");
  EXPECT_EQ(
      complaint("{'descr': '|f4', 'fortran_order': False, 'shape': (1,)}"),
      "[npy] f: elements of type \"|f4\" are not read: save real or whole numbers, as float32 "
      "or int64");
  EXPECT_EQ(complaint("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}"),
            "[npy] f: it holds a structured array: only plain ones are read");
}

TextArray text_in(const std::vector<std::uint8_t>& bytes) {
  return std::get<TextArray>(parse_npy_content(bytes, "f"));
}

TEST(Npy, SizesThatPython2WroteAsLongIntegersAreRead) {
  const Array array =
      parse_npy(file_of("{'shape': (2L, 3L), 'fortran_order': False, 'descr': '|u1'}", 6), "f");
  EXPECT_EQ(array.shape, (Shape{2, 3}));
  EXPECT_EQ(
      parse_npy(file_of("{'shape': (6L,), 'fortran_order': False, 'descr': '|u1'}", 6), "f").shape,
      Shape{6});
  EXPECT_EQ(complaint("{'shape': (2LL, 3L)}"),
            "[npy] f: its header cannot be understood at its byte 13: the file is damaged");
}

TEST(Npy, TextOfAnyScriptIsReadBackAsWritten) {
  // Latin, Greek, a character of four bytes, none at all, and a byte that is not UTF-8.
  const TextArray text{Shape{2, 3},
                       {"cat", "\xce\xb1\xce\xb2", "\xf0\x9f\x90\x88", "", "a\xff", "b"}};
  const TextArray back = text_in(npy_bytes(text));
  EXPECT_EQ(back.shape, text.shape);
  EXPECT_EQ(back.values, text.values);
  EXPECT_THROW(npy_bytes({Shape{2}, {"one"}}), Error);
}

TEST(Npy, TextIsReadInEveryLayoutOfNumPy) {
  const auto with = [](std::string_view header, std::string_view data) {
    auto bytes = file_of(header);
    bytes.insert(bytes.end(), data.begin(), data.end());
    return text_in(bytes).values;
  };
  using testing::ElementsAre;
  const std::string rest = ", 'fortran_order': False, 'shape': (2,)}";
  EXPECT_THAT(with("{'descr': '|S3'" + rest, {"ab\0c\0\0", 6}), ElementsAre("ab", "c"));
  EXPECT_THAT(with("{'descr': '>U1'" + rest, {"\0\0\0a\0\0\x03\xb1", 8}),
              ElementsAre("a", "\xce\xb1"));
  EXPECT_THAT(with("{'descr': '|S1', 'fortran_order': True, 'shape': (2, 3)}", "abcdef"),
              ElementsAre("a", "c", "e", "b", "d", "f"));
}

TEST(Npy, TextThatIsDamagedIsRefused) {
  const auto refusal = [](std::string_view header, std::string_view data) {
    auto bytes = file_of(header);
    bytes.insert(bytes.end(), data.begin(), data.end());
    return message_of([&] { parse_npy_content(bytes, "f"); });
  };
  const std::string rest = ", 'fortran_order': False, 'shape': (1,)}";
  EXPECT_EQ(refusal("{'descr': '<U1'" + rest, {"\0\0\x11\0", 4}),
            "[npy] f: text 0 (from 0) holds 1114112, which is no character: the file is damaged");
  EXPECT_EQ(refusal("{'descr': '<U1'" + rest, {"\0\xd8\0\0", 4}),
            "[npy] f: text 0 (from 0) holds 55296, which is no character: the file is damaged");
  EXPECT_EQ(refusal("{'descr': '<U2'" + rest, "abc"),
            "[npy] f: 1 texts need 8 bytes, but 3 follow the header: the file is cut short");
  EXPECT_EQ(refusal("{'descr': '<U0'" + rest, ""),
            "[npy] f: its text has the type \"<U0\": a length from 1 to 1073741824 is read");
  EXPECT_EQ(
      refusal("{'descr': '<U1073741824', 'fortran_order': False, 'shape': (4294967296,)}", ""),
      "[npy] f: its shape is too large: the product of the sizes overflows");
}

TEST(Npy, AHeaderOfAnotherFormIsRefusedWithItsPosition) {
  EXPECT_EQ(complaint(""),
            "[npy] f: its header cannot be understood at its byte 0: the file is damaged");
  EXPECT_EQ(complaint("{'shape': (1,, 2)}"),
            "[npy] f: its header cannot be understood at its byte 13: the file is damaged");
  EXPECT_EQ(complaint("{'shape': (-1,)}"),
            "[npy] f: its header cannot be understood at its byte 11: the file is damaged");
  EXPECT_EQ(complaint("{} x"),
            "[npy] f: its header cannot be understood at its byte 3: the file is damaged");
  EXPECT_EQ(complaint("{}"), "[npy] f: its header has no descr");
  EXPECT_EQ(complaint("{'shape': (), 'shape': ()}"), "[npy] f: its header has two keys \"shape\"");
  EXPECT_EQ(complaint("{'x': ()}"), "[npy] f: its header has the unknown key \"x\"");
  EXPECT_EQ(complaint("{'shape': (1,1,1,1,1)}"),
            "[npy] f: it has more than 4 axes: hourglass reads up to 4");
  EXPECT_EQ(complaint("{'shape': (9223372036854775808,)}"),
            "[npy] f: its shape is too large: a size overflows");
}

TEST(Npy, TheDataMustBeAsLongAsTheShapeSays) {
  const std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}";
  EXPECT_EQ(complaint(header, 24), "no error");
  EXPECT_EQ(complaint(header, 23),
            "[npy] f: 2 x 3 F32 need 24 bytes, but 23 follow the header: the file is cut short");
  EXPECT_EQ(
      complaint(header, 25),
      "[npy] f: 2 x 3 F32 need 24 bytes, but 25 follow the header: the file is longer than it "
      "says");
  EXPECT_EQ(complaint("{'descr': '|u1', 'fortran_order': False, "
                      "'shape': (4194305, 4194305, 211106198978564)}",
                      4),
            "[npy] f: its shape is too large: the product of the sizes overflows");
}

TEST(Array, HalfAndBrainFloatsWidenExactly) {
  const auto bytes = [](std::initializer_list<std::uint16_t> words) {
    std::vector<std::uint8_t> out;
    for (const std::uint16_t word : words) append_little(out, word);
    return out;
  };
  const Array half{DType::kF16, Shape{6}, bytes({0x3c00, 0xc001, 0x0001, 0x7bff, 0xfc00, 0x8000})};
  EXPECT_THAT(half.floats().span(),
              testing::ElementsAre(1.0f, -2.001953125f, 0x1p-24f, 65504.0f,
                                   -std::numeric_limits<float>::infinity(), -0.0f));
  EXPECT_EQ(first_non_finite(half), 4);
  const Array brain{DType::kBF16, Shape{2}, bytes({0x3f80, 0xc049})};
  EXPECT_THAT(brain.floats().span(), testing::ElementsAre(1.0f, -3.140625f));
}

TEST(Npy, AnEmptyArrayIsReadAtOnceWhateverItsOtherSizes) {
  // A loop over its rows would take years.
  for (const char* order : {"True", "False"}) {
    std::string header = fmt::format(
        "{{'descr': '|u1', 'fortran_order': {}, 'shape': (4611686018427387904, 0), }}", order);
    std::string bytes = std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size()) +
                        std::string(1, '\0') + header;
    const Array array =
        parse_npy({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, "f");
    EXPECT_EQ(array.shape, (Shape{4611686018427387904, 0}));
    EXPECT_TRUE(array.bytes.empty());
  }
}

TEST(Array, IntegersAreNotTakenFromOtherNumbers) {
  const Array real{DType::kF32, Shape{1}, std::vector<std::uint8_t>(4)};
  const Array large{DType::kU64, Shape{1}, std::vector<std::uint8_t>(8, 0xff)};
  const auto complaint_of = [](const Array& array) {
    return message_of([&] { array.integers("labels.npy"); });
  };
  EXPECT_EQ(complaint_of(real),
            "[read] labels.npy has elements of type F32: whole numbers are needed");
  EXPECT_EQ(complaint_of(large),
            "[read] labels.npy holds 18446744073709551615: whole numbers below 2^63 are needed");
}

}  // namespace
}  // namespace hourglass
