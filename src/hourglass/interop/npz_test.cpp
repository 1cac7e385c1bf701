#include "hourglass/interop/npz.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <array>

#include "hourglass/base/file.h"
#include "hourglass/base/message_test.h"
#include "hourglass/interop/impl/bytes.h"
#include "hourglass/interop/impl/zip_layout.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

class NpzTest : public testing::Test {
 protected:
  NpzTest()
      : folder(fs::path(testing::TempDir()) / fmt::format("hourglass_npz_{}", getpid())),
        latents(Shape{40, 3}),
        labels(40) {
    make_folder(folder);
    for (std::int64_t i = 0; i < latents.count(); ++i) latents[i] = static_cast<float>(i % 7);
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<std::int64_t>(i) - 20;
  }
  ~NpzTest() override { fs::remove_all(folder); }

  Bytes written(bool deflate) {
    NpzOptions options;
    options.deflate = deflate;
    NpzWriter npz(folder / "a.npz", options);
    npz.add("latents", latents);
    npz.add("labels", std::span<const std::int64_t>(labels), Shape{40});
    npz.add("none", Tensor(Shape{0}));
    npz.commit();
    return read_file(folder / "a.npz");
  }

  fs::path folder;
  Tensor latents;
  std::vector<std::int64_t> labels;
};

std::string complaint(const Bytes& bytes, std::uint64_t limit = 1 << 20) {
  return message_of([&] { parse_npz(bytes, "f", limit); });
}

/// The offset of the n-th directory entry.
std::size_t directory_entry(const Bytes& bytes, int n) {
  std::size_t at = load_little<std::uint32_t>(bytes, bytes.size() - 6);
  for (; n > 0; --n) at += zip::kCentralSize + load_little<std::uint16_t>(bytes, at + 28);
  return at;
}

template <typename T>
Bytes with(Bytes bytes, std::size_t at, T value) {
  std::memcpy(bytes.data() + at, &value, sizeof(T));
  return bytes;
}

TEST_F(NpzTest, ReadsBackWhatWasWritten) {
  for (const bool deflate : {false, true}) {
    const auto arrays = parse_npz(written(deflate), "f");
    ASSERT_EQ(arrays.size(), 3u);
    EXPECT_EQ(arrays.at("latents").shape, (Shape{40, 3}));
    EXPECT_THAT(arrays.at("latents").floats().span(), testing::ElementsAreArray(latents.span()));
    EXPECT_EQ(arrays.at("labels").integers("labels"), labels);
    EXPECT_EQ(arrays.at("none").shape, Shape{0});
  }
}

TEST_F(NpzTest, TheSameArraysGiveTheSameBytesAndDeflatingMakesThemFewer) {
  const Bytes stored = written(false);
  const Bytes deflated = written(true);
  EXPECT_EQ(written(false), stored);
  EXPECT_EQ(written(true), deflated);
  EXPECT_LT(deflated.size() * 2, stored.size());
}

TEST_F(NpzTest, WithoutCommitThereIsNoFile) {
  {
    NpzWriter npz(folder / "b.npz");
    npz.add("latents", latents);
  }
  EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(NpzTest, ARepeatedNameIsRefused) {
  NpzWriter npz(folder / "b.npz");
  npz.add("x", latents);
  EXPECT_EQ(message_of([&] { npz.add("x", latents); }),
            fmt::format("[zip] cannot write {}: the name \"x.npy\" is repeated",
                        (folder / "b.npz").string()));
}

TEST_F(NpzTest, CutShortAtAnyPositionItIsRefused) {
  const Bytes whole = written(true);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(complaint(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))),
              "[zip] f: it does not end as a zip archive does: the file is cut short or not an "
              "archive");
  }
}

TEST_F(NpzTest, AChangedByteOfDataIsFoundByItsChecksum) {
  Bytes bytes = written(false);
  bytes[300] ^= 1;  // in the latents, after 41 bytes of zip and 128 of npy header
  EXPECT_EQ(complaint(bytes),
            "[zip] f: entry \"latents.npy\" does not match its checksum: the file is damaged");
}

TEST_F(NpzTest, SizesThatCannotBeTrueAreRefusedBeforeMemoryIsTaken) {
  const Bytes stored = written(false);
  const Bytes deflated = written(true);
  const auto packed = load_little<std::uint32_t>(deflated, directory_entry(deflated, 0) + 20);
  EXPECT_EQ(complaint(with(stored, directory_entry(stored, 0) + 24, 4'000'000'000u)),
            "[zip] f: entry \"latents.npy\" claims 4000000000 bytes, but has 608 packed: the file "
            "is damaged");
  EXPECT_EQ(
      complaint(with(deflated, directory_entry(deflated, 0) + 24, 4'000'000'000u)),
      fmt::format("[zip] f: entry \"latents.npy\" claims 4000000000 bytes, but has {} packed: "
                  "the file is damaged",
                  packed));
  EXPECT_EQ(complaint(with(deflated, directory_entry(deflated, 0) + 24, packed * 1000)),
            "[zip] f: entry \"latents.npy\" cannot be unpacked: the file is damaged");
  EXPECT_EQ(complaint(with(deflated, directory_entry(deflated, 0) + 24, 607u)),
            "[zip] f: entry \"latents.npy\" cannot be unpacked: the file is damaged");
  EXPECT_EQ(complaint(stored, 1000),
            "[zip] f: it unpacks to more than the 1000 bytes allowed here");
}

TEST_F(NpzTest, EntriesUponEachOtherOrOutsideAreRefused) {
  const Bytes bytes = written(false);
  const std::size_t first = directory_entry(bytes, 0);
  const std::size_t second = directory_entry(bytes, 1);
  EXPECT_EQ(complaint(with(bytes, first + 42, 1u)),
            "[zip] f: entry \"latents.npy\" has no local header: the file is damaged");
  EXPECT_EQ(complaint(with(bytes, first + 42, 0xfffffff0u)),
            "[zip] f: entry \"latents.npy\" has no local header: the file is damaged");
  EXPECT_EQ(complaint(with(bytes, second + 42, 0u)),
            "[zip] f: entry \"labels.npy\" has another name in its local header");
  EXPECT_EQ(complaint(with(with(bytes, first + 20, 700u), first + 24, 700u)),
            "[zip] f: entries \"latents.npy\" and \"labels.npy\" overlap");
  EXPECT_EQ(complaint(with(with(bytes, first + 20, 70'000u), first + 24, 70'000u)),
            "[zip] f: entry \"latents.npy\" reaches into the directory: the file is damaged");
}

TEST_F(NpzTest, OtherKindsOfArchivesAreRefusedByName) {
  const Bytes bytes = written(false);
  const std::size_t first = directory_entry(bytes, 0);
  const std::size_t end = bytes.size() - zip::kEndSize;
  EXPECT_EQ(complaint(with(bytes, first + 8, std::uint16_t{1})),
            "[zip] f: entry \"latents.npy\" is encrypted");
  EXPECT_EQ(complaint(with(bytes, first + 10, std::uint16_t{12})),
            "[zip] f: entry \"latents.npy\" is packed by method 12: only stored and deflated ones "
            "are read");
  EXPECT_EQ(
      complaint(with(bytes, first + 24, 0xffffffffu)),
      "[zip] f: entry \"latents.npy\" is of the zip64 kind: archives of 4 GB and more are not "
      "read");
  EXPECT_EQ(complaint(with(bytes, end + 16, 0xffffffffu)),
            "[zip] f: it is of the zip64 kind: archives of 4 GB and more are not read");
  EXPECT_EQ(complaint(with(bytes, end + 4, std::uint16_t{1})),
            "[zip] f: it is one part of several: only whole archives are read");
  EXPECT_EQ(complaint(with(bytes, end + 16, 7u)),
            "[zip] f: its directory is not where the end record says");
  EXPECT_EQ(complaint(with(with(bytes, end + 8, std::uint16_t{2}), end + 10, std::uint16_t{2})),
            "[zip] f: its directory has more entries than its end record says");
  EXPECT_EQ(complaint(with(with(bytes, end + 8, std::uint16_t{4}), end + 10, std::uint16_t{4})),
            "[zip] f: its directory is damaged");
}

TEST_F(NpzTest, OnlyTheArraysAskedForAreReadWhateverElseIsThere) {
  const std::vector<std::uint8_t> objects = [] {
    const std::string header = "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }\n";
    const std::string text = std::string("\x93NUMPY\x01\x00", 8) +
                             static_cast<char>(header.size()) + std::string(1, '\0') + header;
    return Bytes(text.begin(), text.end());
  }();
  for (const bool deflate : {false, true}) {
    NpzOptions options;
    options.deflate = deflate;
    NpzWriter npz(folder / "a.npz", options);
    npz.add("latents", latents);
    npz.add("names", TextArray{Shape{2}, {"a", "b"}});
    npz.commit();
    const Bytes numbers = read_file(folder / "a.npz");
    ZipWriter zip(folder / "b.npz", deflate);
    for (const ZipEntry& entry : read_zip_directory(numbers, "f", 1 << 20)) {
      const Bytes content = unpack(entry, "f");
      zip.add(entry.name, std::array{std::span<const std::uint8_t>(content)});
    }
    zip.add("objects.npy", std::array{std::span<const std::uint8_t>(objects)});
    zip.add("damaged.npy", std::array{std::span<const std::uint8_t>(objects).first(20)});
    zip.add("notes.txt", std::array{std::span<const std::uint8_t>(objects)});
    zip.commit();

    const NpzReader reader(folder / "b.npz");
    ASSERT_EQ(reader.entries().size(), 4u);
    EXPECT_TRUE(reader.find("latents")->has_numbers());
    EXPECT_EQ(reader.find("latents")->kind->shape, (Shape{40, 3}));
    EXPECT_TRUE(reader.find("names")->has_text());
    EXPECT_FALSE(reader.find("objects")->kind.has_value());
    EXPECT_EQ(reader.find("notes.txt"), nullptr);
    EXPECT_THAT(reader.numbers("latents").floats().span(),
                testing::ElementsAreArray(latents.span()));
    EXPECT_THAT(std::get<TextArray>(reader.content("names")).values,
                testing::ElementsAre("a", "b"));
    const auto refusal = [&](const char* name) {
      return message_of([&] { reader.numbers(name); });
    };
    EXPECT_THAT(refusal("names"), testing::HasSubstr(":names: it holds text (\"<U1\")"));
    EXPECT_THAT(refusal("objects"), testing::HasSubstr(":objects: it holds Python objects"));
    EXPECT_THAT(refusal("damaged"), testing::HasSubstr("cut short"));
    EXPECT_THAT(refusal("latent"), testing::EndsWith("did you mean latents?"));
    EXPECT_THAT(refusal("elsewhere"),
                testing::EndsWith("there is latents, names, objects, damaged"));
  }
}

TEST_F(NpzTest, AnArrayIsReadOnlyWhereItsSizeIsAllowed) {
  const Bytes bytes = written(true);
  const NpzReader reader(bytes, "f", 500);
  EXPECT_EQ(reader.numbers("labels").shape, Shape{40});
  EXPECT_EQ(message_of([&] { reader.numbers("latents"); }),
            "[read] f:latents unpacks to 608 bytes: at most 500 are read here");
}

TEST_F(NpzTest, EntriesThatAreNoArraysAreRefusedByName) {
  const Bytes text{'h', 'i'};
  for (const char* name : {"notes.txt", "notes.npy"}) {
    ZipWriter zip(folder / "b.zip", false);
    const std::span<const std::uint8_t> piece(text);
    zip.add(name, {&piece, 1});
    zip.commit();
    EXPECT_EQ(complaint(read_file(folder / "b.zip")),
              std::string(name) == "notes.txt"
                  ? "[npz] f: entry \"notes.txt\" is not an .npy file"
                  : "[npy] f: entry \"notes.npy\": it does not begin as an .npy file does");
  }
}

}  // namespace
}  // namespace hourglass
