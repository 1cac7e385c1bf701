// Damaged files of every kind: a reader returns consistent sizes or throws Error. Under the address
// sanitizer this also shows that nothing is read or written out of bounds.
#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/base/random.h"
#include "hourglass/interop/impl/bytes.h"
#include "hourglass/interop/labels.h"
#include "hourglass/interop/npy.h"
#include "hourglass/interop/npz.h"
#include "hourglass/interop/safetensors.h"
#include "hourglass/interop/table.h"
#include "hourglass/interop/torch_file.h"
#include "hourglass/interop/zip.h"

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::size_t random_index(const Bytes& bytes, Rng& rng) {
  return static_cast<std::size_t>(rng.below(bytes.size()));
}

/// One to four small damages.
Bytes damaged(Bytes bytes, Rng& rng) {
  constexpr std::uint64_t kTelling[] = {0,
                                        1,
                                        4,
                                        0x7f,
                                        0xff,
                                        0xffff,
                                        0x7fffffff,
                                        0x80000000,
                                        0xffffffff,
                                        std::uint64_t{1} << 62,
                                        std::uint64_t{1} << 63,
                                        ~std::uint64_t{0}};
  for (std::uint64_t left = 1 + rng.below(4); left > 0 && !bytes.empty(); --left) {
    const std::size_t at = random_index(bytes, rng);
    const auto offset = static_cast<std::ptrdiff_t>(at);
    const std::size_t length = std::min(bytes.size() - at, static_cast<std::size_t>(rng.below(40)));
    switch (rng.below(6)) {
      case 0:
        bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ (1u << rng.below(8)));
        break;
      case 1:
        bytes[at] = static_cast<std::uint8_t>(rng.below(256));
        break;
      case 2:
        bytes.resize(at);
        break;
      case 3:
        bytes.erase(bytes.begin() + offset,
                    bytes.begin() + offset + static_cast<std::ptrdiff_t>(length));
        break;
      case 4: {
        const Bytes piece(bytes.begin() + offset,
                          bytes.begin() + offset + static_cast<std::ptrdiff_t>(length));
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(random_index(bytes, rng)),
                     piece.begin(), piece.end());
        break;
      }
      default: {
        const std::uint64_t value = kTelling[rng.below(std::size(kTelling))];
        const std::size_t size = std::min(bytes.size() - at, std::size_t{1} << rng.below(4));
        std::memcpy(bytes.data() + at, &value, size);
      }
    }
  }
  return bytes;
}

/// Replaces one number in a text, a run of digits.
std::string with_another_number(std::string text, Rng& rng) {
  constexpr const char* kTelling[] = {"0",
                                      "1",
                                      "2",
                                      "4",
                                      "8",
                                      "24",
                                      "4194305",
                                      "4294967296",
                                      "4611686018427387904",
                                      "9223372036854775807",
                                      "9223372036854775808",
                                      "18446744073709551608",
                                      "18446744073709551615",
                                      "18446744073709551616",
                                      "-1",
                                      "1.0",
                                      "1e9",
                                      "\"1\"",
                                      "[",
                                      "]",
                                      "null"};
  std::vector<std::size_t> starts;
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (digit(i) && (i == 0 || !digit(i - 1))) starts.push_back(i);
  }
  const std::size_t begin = starts[rng.below(starts.size())];
  std::size_t end = begin;
  while (end < text.size() && digit(end)) ++end;
  return text.replace(begin, end - begin, kTelling[rng.below(std::size(kTelling))]);
}

void expect_true_to_size(const Array& array) {
  EXPECT_EQ(array.bytes.size(),
            static_cast<std::uint64_t>(array.shape.count()) * facts(array.dtype).size);
  EXPECT_EQ(array.floats().count(), array.shape.count());
}

/// The number of damaged files that are refused. An exception other than Error fails the test.
template <typename Read, typename Damage>
int refused(int rounds, const Read& read, const Damage& damage) {
  int count = 0;
  for (int round = 0; round < rounds; ++round) {
    Rng rng(7, static_cast<std::uint64_t>(round));
    const Bytes bytes = damage(rng);
    try {
      read(bytes);
    } catch (const Error& error) {
      ++count;
      EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("\n"))) << "round " << round;
    } catch (const std::exception& error) {
      ADD_FAILURE() << "round " << round << ": " << error.what();
    }
  }
  return count;
}

class MutationTest : public testing::Test {
 protected:
  MutationTest()
      : path(std::filesystem::path(testing::TempDir()) /
             fmt::format("hourglass_mutation_{}", getpid())),
        tensor(Shape{2, 3}),
        labels{1, 2, 3} {}
  ~MutationTest() override { std::filesystem::remove(path); }

  Bytes safetensors() {
    const std::vector<NamedArrayView> arrays{
        {"weight", tensor}, {"labels", ArrayView(labels, Shape{3})}, {"empty", Tensor(Shape{0})}};
    write_safetensors(path, arrays, {{"config", "{\"latent_dim\":32}"}, {"seed", "0"}});
    return read_file(path);
  }

  std::filesystem::path path;
  Tensor tensor;
  std::vector<std::int64_t> labels;
};

void read_as_safetensors(const Bytes& bytes) {
  for (const NamedArray& named : parse_safetensors(bytes, "f").arrays)
    expect_true_to_size(named.array);
}

TEST_F(MutationTest, DamagedSafetensorsAreReadTrueToSizeOrRefused) {
  const Bytes whole = safetensors();
  const int count =
      refused(20000, read_as_safetensors, [&](Rng& rng) { return damaged(whole, rng); });
  EXPECT_GT(count, 10000);
  EXPECT_LT(count, 20000);  // damage to the data alone is not detected
}

TEST_F(MutationTest, SafetensorsHeadersWithOtherNumbersAreReadTrueToSizeOrRefused) {
  const Bytes whole = safetensors();
  const auto length = static_cast<std::ptrdiff_t>(load_little<std::uint64_t>(whole, 0));
  const auto damage = [&](Rng& rng) {
    std::string header(whole.begin() + 8, whole.begin() + 8 + length);
    for (std::uint64_t left = 1 + rng.below(3); left > 0; --left)
      header = with_another_number(header, rng);
    Bytes bytes;
    append_little(bytes, std::uint64_t{header.size()});
    bytes.insert(bytes.end(), header.begin(), header.end());
    bytes.insert(bytes.end(), whole.begin() + 8 + length, whole.end());
    return bytes;
  };
  EXPECT_GT(refused(20000, read_as_safetensors, damage), 10000);
}

TEST_F(MutationTest, DamagedNpyFilesAreReadTrueToSizeOrRefused) {
  const auto read = [](const Bytes& bytes) { expect_true_to_size(parse_npy(bytes, "f")); };
  write_npy(path, tensor);
  const Bytes whole = read_file(path);
  EXPECT_GT(refused(20000, read, [&](Rng& rng) { return damaged(whole, rng); }), 5000);

  const std::string magic("\x93NUMPY\x01\x00", 8);
  const auto damage = [&](Rng& rng) {
    std::string header = "{'descr': '<u2', 'fortran_order': True, 'shape': (2, 3, 1, 4), }";
    for (std::uint64_t left = 1 + rng.below(3); left > 0; --left)
      header = with_another_number(header, rng);
    Bytes bytes(magic.begin(), magic.end());
    append_little(bytes, static_cast<std::uint16_t>(header.size()));
    bytes.insert(bytes.end(), header.begin(), header.end());
    bytes.resize(bytes.size() + 48, 1);
    return bytes;
  };
  EXPECT_GT(refused(20000, read, damage), 5000);
}

TEST_F(MutationTest, DamagedTextArraysAreReadTrueToSizeOrRefused) {
  const auto read = [](const Bytes& bytes) {
    const auto content = parse_npy_content(bytes, "f");
    if (const auto* text = std::get_if<TextArray>(&content)) {
      EXPECT_EQ(std::ssize(text->values), text->shape.count());
    } else {
      expect_true_to_size(std::get<Array>(content));
    }
  };
  const Bytes whole = npy_bytes({Shape{2, 3}, {"cat", "d\xc3\xb6g", "", "a\xff", "horse", "x"}});
  EXPECT_GT(refused(20000, read, [&](Rng& rng) { return damaged(whole, rng); }), 5000);

  const std::string magic("\x93NUMPY\x01\x00", 8);
  for (const std::string type : {"|S4", ">U2"}) {
    const auto damage = [&](Rng& rng) {
      std::string header =
          fmt::format("{{'descr': '{}', 'fortran_order': True, 'shape': (2L, 3L), }}", type);
      for (std::uint64_t left = 1 + rng.below(3); left > 0; --left)
        header = with_another_number(header, rng);
      Bytes bytes(magic.begin(), magic.end());
      append_little(bytes, static_cast<std::uint16_t>(header.size()));
      bytes.insert(bytes.end(), header.begin(), header.end());
      bytes.resize(bytes.size() + (type == "|S4" ? 24 : 48), 0);
      return bytes;
    };
    EXPECT_GT(refused(20000, read, damage), 5000);
  }
}

TEST_F(MutationTest, DamagedLabelsAreOneForEachRowOrRefused) {
  const auto read = [&](const Bytes& bytes) {
    // Without the sync of write_file(), which takes most of the time.
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
    const Labels found = read_labels(path.string(), 3);
    EXPECT_EQ(found.classes.size(), found.are_classes() ? 3u : 0u);
    for (const std::int64_t label : found.classes) {
      EXPECT_GE(label, 0);
      EXPECT_LT(label, std::ssize(found.names));
    }
    EXPECT_TRUE(found.are_classes() || found.values.size() == 3);
  };
  const std::vector<double> reals{1.0, 0.0, 2.5};
  NpzWriter npz(path);
  npz.add("kinds", TextArray{Shape{3}, {"a", "bc", "a"}});
  npz.commit();
  const Bytes archive = read_file(path);
  write_npy(path, ArrayView(std::span<const double>(reals), Shape{3}));
  const Bytes numbers = read_file(path);
  for (const Bytes& whole : {npy_bytes({Shape{3}, {"a", "bc", "a"}}), archive, numbers}) {
    EXPECT_GT(refused(200, read, [&](Rng& rng) { return damaged(whole, rng); }), 40);
  }
}

TEST_F(MutationTest, DamagedNpzFilesAreReadTrueToSizeOrRefused) {
  const auto read = [](const Bytes& bytes) {
    for (const auto& [name, array] : parse_npz(bytes, "f", 1 << 20)) expect_true_to_size(array);
  };
  for (const bool deflate : {false, true}) {
    NpzOptions options;
    options.deflate = deflate;
    NpzWriter npz(path, options);
    npz.add("latents", tensor);
    npz.add("labels", std::span<const std::int64_t>(labels), Shape{3});
    npz.commit();
    const Bytes whole = read_file(path);
    EXPECT_GT(refused(
                  2000,
                  [](const Bytes& bytes) {
                    const NpzReader reader(bytes, "f", 1 << 20);
                    for (const NpzEntry& entry : reader.entries()) {
                      expect_true_to_size(reader.numbers(entry.name));
                    }
                  },
                  [&](Rng& rng) { return damaged(whole, rng); }),
              1000);
    EXPECT_GT(refused(20000, read, [&](Rng& rng) { return damaged(whole, rng); }), 10000);
    // The directory alone, which has no checksum.
    const std::size_t directory = load_little<std::uint32_t>(whole, whole.size() - 6);
    const auto offset = static_cast<std::ptrdiff_t>(directory);
    EXPECT_GT(refused(20000, read,
                      [&](Rng& rng) {
                        const Bytes tail = damaged(Bytes(whole.begin() + offset, whole.end()), rng);
                        Bytes bytes(whole.begin(), whole.begin() + offset);
                        bytes.insert(bytes.end(), tail.begin(), tail.end());
                        return bytes;
                      }),
              10000);
  }
}

TEST_F(MutationTest, DamagedTorchFilesAreReadTrueToSizeOrRefused) {
  const auto read = [](const Bytes& bytes) {
    for (const NamedArray& named : parse_torch(bytes, "f")) expect_true_to_size(named.array);
  };
  const std::vector<NamedArrayView> arrays{
      {"weight", tensor}, {"labels", ArrayView(labels, Shape{3})}, {"empty", Tensor(Shape{0})}};
  write_torch(path, arrays);
  const Bytes whole = read_file(path);
  EXPECT_GT(refused(10000, read, [&](Rng& rng) { return damaged(whole, rng); }), 5000);
  // The pickle alone, with a corrected checksum.
  const std::vector<ZipEntry> entries = read_zip_directory(whole, "f", 1 << 20);
  ASSERT_TRUE(entries[0].name.ends_with("data.pkl"));
  const Bytes pickle = unpack(entries[0], "f");
  const auto damage = [&](Rng& rng) {
    const Bytes tree = damaged(pickle, rng);
    ZipWriter zip(path, false);
    for (const ZipEntry& entry : entries) {
      const Bytes content = &entry == entries.data() ? tree : unpack(entry, "f");
      zip.add(entry.name, std::array{std::span<const std::uint8_t>(content)});
    }
    zip.commit();
    return read_file(path);
  };
  EXPECT_GT(refused(300, read, damage), 150);
}

TEST_F(MutationTest, DamagedTablesAreReadTrueToSizeOrRefused) {
  const auto read = [](const Bytes& bytes) {
    for (const TableFormat format : {TableFormat::kCsv, TableFormat::kTsv}) {
      const Table table = parse_table(bytes, "f", {.format = format});
      EXPECT_EQ(std::ssize(table.numbers), table.rows * table.number_columns);
      EXPECT_EQ(std::ssize(table.number_names()), table.number_columns);
      for (const TableColumn& column : table.columns) {
        const bool text = column.kind == TableColumn::Kind::kText;
        EXPECT_EQ(std::ssize(column.text), text ? table.rows : 0);
      }
    }
  };
  const std::string text =
      ",name,x,y\r\n0,a.png,1.5,-2e3\r\n1,\"b \"\"2\"\"\n,\",3,4\r\n2,c;\td,NA,6\r\n";
  for (const std::string& whole : {text, std::string("1,2\n3,4\n"), std::string("x\ty\n1\t2\n")}) {
    const Bytes bytes(whole.begin(), whole.end());
    EXPECT_GT(refused(20000, read, [&](Rng& rng) { return damaged(bytes, rng); }), 5000);
  }
}

}  // namespace
}  // namespace hourglass
