#include "hourglass/data/impl/tar.h"

#include <gmock/gmock.h>

#include "hourglass/base/error.h"
#include "hourglass/base/message_test.h"
#include "hourglass/data/samples_test.h"

namespace hourglass {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kMost = 1 << 20;

TarFiles read(const Bytes& archive, const std::vector<std::string>& names,
              std::uint64_t most = kMost) {
  ByteReader reader(archive, "file.tar");
  return read_tar(reader, names, most);
}

std::string error(const Bytes& archive, const std::vector<std::string>& names,
                  std::uint64_t most = kMost) {
  return message_of([&] { read(archive, names, most); });
}

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  all.resize(all.size() + 1024);
  return all;
}

TEST(Tar, GivesTheFilesOfTheNamesAndNoOthers) {
  const Bytes large(1500, 7);
  const Bytes archive = tar_bytes({{"f/a.bin", {1, 2, 3}}, {"f/readme", {9}}, {"f/b.bin", large}});
  for (const Bytes& bytes : {archive, gzip_bytes(archive)}) {
    const TarFiles files = read(bytes, {"f/b.bin", "f/a.bin"});
    ASSERT_EQ(files.size(), 2u);
    EXPECT_EQ(files.at("f/a.bin"), (Bytes{1, 2, 3}));
    EXPECT_EQ(files.at("f/b.bin"), large);
  }
}

TEST(Tar, PassesOverFoldersLinksAndExtendedHeaders) {
  const Bytes archive =
      joined({tar_member("f/", {}, '5'), tar_member("x", Bytes(600, 'k'), 'x'),
              tar_member("f/a", {1}, '2'), tar_member("f/a", {2}), tar_member("f/a", {3}, 'L')});
  EXPECT_EQ(read(archive, {"f/a"}).at("f/a"), Bytes{2});
}

TEST(Tar, NamesThatLeadElsewhereAreKeysAndNothingIsWritten) {
  const Bytes archive = tar_bytes({{"../../etc/passwd", {1}}, {"/root/x", {2}}, {"f/a", {3}}});
  const TarFiles files = read(archive, {"f/a"});
  EXPECT_EQ(files.size(), 1u);
  EXPECT_EQ(read(archive, {"../../etc/passwd"}).begin()->second, Bytes{1});
}

TEST(Tar, NamesAFileThatIsMissingOrTwiceThere) {
  EXPECT_EQ(error(tar_bytes({{"a", {1}}}), {"b"}), "[data] file.tar has no file b: fetch it again");
  EXPECT_THAT(error(tar_bytes({{"a", {1}}, {"a", {1}}}), {"a"}), HasSubstr("has the file a twice"));
}

TEST(Tar, RefusesWhatIsCutShortAnywhere) {
  const Bytes archive = tar_bytes({{"a", Bytes(700, 1)}});
  const std::size_t needed = 512 + 1024;  // the blocks of zeros at the end may be missing
  for (std::size_t size = 0; size < needed; size += size < 520 ? 1 : 97) {
    const Bytes cut(archive.begin(), archive.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_THAT(error(cut, {"a"}),
                size == 0 ? HasSubstr("has no file a") : HasSubstr("is cut short"))
        << size;
  }
  const Bytes cut(archive.begin(), archive.begin() + static_cast<std::ptrdiff_t>(needed));
  EXPECT_EQ(read(cut, {"a"}).at("a").size(), 700u);
  const Bytes packed = gzip_bytes(archive);
  for (std::size_t size = 2; size < packed.size(); ++size) {
    const Bytes cut_gzip(packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_THAT(error(cut_gzip, {"a"}), HasSubstr("cut short")) << size;
  }
}

TEST(Tar, NoticesADamagedGzipBehindTheLastFile) {
  Bytes packed = gzip_bytes(tar_bytes({{"a", {1}}}));
  packed[packed.size() - 6] ^= 1;  // in its checksum
  EXPECT_THAT(error(packed, {"a"}), HasSubstr("damaged gzip data"));
}

TEST(Tar, RefusesDamagedHeaders) {
  const Bytes whole = tar_bytes({{"a", {1}}});
  for (const std::size_t at : {0, 50, 124, 130, 148, 156, 300}) {
    Bytes bytes = whole;
    bytes[at] ^= 4;
    EXPECT_THAT(error(bytes, {"a"}), HasSubstr("is no tar archive, or has a damaged header")) << at;
  }
  EXPECT_THAT(error(Bytes(2048, 'x'), {"a"}), HasSubstr("is no tar archive"));
}

TEST(Tar, TakesNoMemoryForASizeThatTheFileCannotHold) {
  Bytes member = tar_member("a", {1});
  const std::string most = "77777777777";  // 8 GB
  std::copy(most.begin(), most.end(), member.begin() + 124);
  unsigned sum = 8 * ' ';
  for (std::size_t i = 0; i < 512; ++i) sum += i >= 148 && i < 156 ? 0u : member[i];
  const std::string text = fmt::format("{:06o}", sum);
  std::copy(text.begin(), text.end(), member.begin() + 148);
  EXPECT_THAT(error(joined({member}), {"a"}, std::uint64_t{1} << 40), HasSubstr("is cut short"));
  EXPECT_THAT(error(joined({member}), {"a"}), HasSubstr("unpacks to more bytes"));
}

TEST(Tar, RefusesToUnpackEndlesslyWhatNobodyAskedFor) {
  const Bytes bomb = gzip_bytes(tar_bytes({{"zeros", Bytes(5 << 20, 0)}, {"a", {1}}}));
  EXPECT_THAT(error(bomb, {"a"}), HasSubstr("unpacks to more bytes"));
}

TEST(Tar, MutatedArchivesAreReadOrRefusedButNeverCrash) {
  Rng rng(7);
  const Bytes whole = tar_bytes({{"a", random_bytes(700, rng)}, {"b", random_bytes(5, rng)}});
  int refused = 0;
  constexpr int kRounds = 4000;
  for (int round = 0; round < kRounds; ++round) {
    try {
      read(mutated(round % 2 == 0 ? whole : gzip_bytes(whole), rng), {"a", "b"});
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, kRounds / 4);
  EXPECT_LT(refused, kRounds);
}

}  // namespace
}  // namespace hourglass
