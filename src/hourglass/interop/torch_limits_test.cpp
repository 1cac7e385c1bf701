// Small .pth files that claim much memory are refused before it is allocated. The fuzz targets
// measure memory on tests/fuzz/corpus.
#include <gmock/gmock.h>
#include <unistd.h>

#include <array>

#include "hourglass/base/file.h"
#include "hourglass/base/message_test.h"
#include "hourglass/interop/torch_file.h"
#include "hourglass/interop/zip.h"

namespace hourglass {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;

/// BINUNICODE.
std::string text(const std::string& word) {
  std::string out = "X";
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(word.size() >> shift & 0xff);
  return out + word;
}

/// A float32 array [1] in the storage `key` of 65,535.
std::string array_in(const std::string& key) {
  return "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") + "ctorch\nFloatStorage\n" +
         text(key) + text("cpu") + "M\xff\xfftQK\0(K\1t(K\1t\x89)tR"s;
}

class TorchLimits : public testing::Test {
 protected:
  ~TorchLimits() override { std::filesystem::remove(path); }

  /// The error for a deflated archive of this pickle and two storages.
  std::string refusal(const std::string& pickle) {
    const std::string bytes = "\x80\x02" + pickle;
    const std::vector<std::uint8_t> content(bytes.begin(), bytes.end()), storage(4 * 65535);
    ZipWriter zip(path, true);
    zip.add("f/data.pkl", std::array{std::span(content)});
    for (const char* name : {"f/data/0", "f/data/1"}) zip.add(name, std::array{std::span(storage)});
    zip.commit();
    EXPECT_LT(std::filesystem::file_size(path), 10000u);
    return message_of([&] { read_torch(path); });
  }

  std::filesystem::path path = std::filesystem::path(testing::TempDir()) /
                               fmt::format("hourglass_torch_limits_{}", getpid());
};

TEST_F(TorchLimits, AnArchiveWithinThemIsRead) {
  EXPECT_EQ(refusal("}(" + text("a") + array_in("0") + text("b") + array_in("1") + "u."),
            "no error");
}

TEST_F(TorchLimits, APickleOfMoreThanAMegabyteIsRefusedPacked) {
  EXPECT_THAT(refusal(std::string(1 << 20, 'N') + "."),
              HasSubstr("\"data.pkl\" has 1048579 bytes: at most 1048576 are read"));
}

TEST_F(TorchLimits, NamesThatGrowFromDictionaryToDictionaryAreRefused) {
  // A megabyte before each of many names would take many megabytes.
  const std::string pickle =
      "}(" + text(std::string(900000, 'x')) + "}(" + text("a") + array_in("0") + "uu.";
  EXPECT_THAT(refusal(pickle), HasSubstr("has more than 1000 bytes"));
}

TEST_F(TorchLimits, ADictionaryThatOccursManyTimesIsRefused) {
  // A dictionary of 100 arrays that occurs 30,000 times, two bytes each time.
  std::string pickle = "}(" + text("k") + "}q\0("s;
  for (int i = 0; i < 100; ++i) pickle += text("a") + array_in("0");
  pickle += "u";
  for (int i = 0; i < 30000; ++i) pickle += text("") + "h\0"s;
  EXPECT_THAT(refusal(pickle + "u."), HasSubstr("hold one another"));
}

TEST_F(TorchLimits, TwoStoragesInTurnAreNotUnpackedForEver) {
  std::string pickle =
      "}(" + text("a") + array_in("0") + "q\0"s + text("b") + array_in("1") + "q\1"s;
  for (int i = 0; i < 40000; ++i) pickle += text("") + "h\0"s + text("") + "h\1"s;
  EXPECT_THAT(refusal(pickle + "u."), HasSubstr("its arrays overlap"));
}

}  // namespace
}  // namespace hourglass
