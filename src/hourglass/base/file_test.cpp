#include "hourglass/base/file.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include "hourglass/base/error.h"
#include "hourglass/base/hash.h"
#include "hourglass/base/impl/file_batch.h"
#include "hourglass/base/message_test.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

class FileTest : public testing::Test {
 protected:
  FileTest() : folder(fs::path(testing::TempDir()) / fmt::format("hourglass_file_{}", getpid())) {
    make_folder(folder);
  }
  ~FileTest() override { fs::remove_all(folder); }
  fs::path folder;
};

std::string text_of(const fs::path& path) {
  const auto bytes = read_file(path);
  return {bytes.begin(), bytes.end()};
}

TEST_F(FileTest, ReadsBackWhatWasWritten) {
  write_file(folder / "a", "hello");
  EXPECT_EQ(text_of(folder / "a"), "hello");
}

TEST_F(FileTest, WithoutCommitTheOldFileStays) {
  write_file(folder / "a", "old");
  {
    AtomicFile file(folder / "a");
    file.write("new");
    EXPECT_EQ(text_of(folder / "a"), "old");
  }
  EXPECT_EQ(text_of(folder / "a"), "old");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1);
}

TEST_F(FileTest, NamesTheFileAndTheReason) {
  EXPECT_THAT(message_of([&] { read_file(folder / "absent"); }),
              testing::HasSubstr("absent: No such file or directory"));
  EXPECT_THAT(message_of([&] { write_file(folder / "no" / "such", "x"); }),
              testing::HasSubstr("No such file or directory"));
}

TEST_F(FileTest, AppendsAndKnowsTemporaryFiles) {
  append_file(folder / "log", "one\n");
  append_file(folder / "log", "two\n");
  EXPECT_EQ(text_of(folder / "log"), "one\ntwo\n");
  const AtomicFile file(folder / "a");
  EXPECT_TRUE(is_temporary_file(file.temporary()));
  for (const char* other : {"a", "a.tmp", "a.tmp.", "a.tmp.x1", ".tmp.12", "a.tmp.12.png"}) {
    EXPECT_FALSE(is_temporary_file(folder / other)) << other;
  }
}

TEST_F(FileTest, AnAppendThatFailsNamesTheFile) {
  EXPECT_THAT([&] { append_file("/dev/full", "x"); },
              testing::ThrowsMessage<Error>(testing::HasSubstr("/dev/full: No space left")));
}

TEST_F(FileTest, MovesAndRemovesByNameAndSaysWhyItCannot) {
  write_file(folder / "a", "x");
  move_file(folder / "a", folder / "b");
  EXPECT_EQ(text_of(folder / "b"), "x");
  EXPECT_THAT([&] { move_file(folder / "a", folder / "c"); },
              testing::ThrowsMessage<Error>(testing::HasSubstr("cannot rename ")));
  remove_file(folder / "b");
  remove_file(folder / "b");  // nothing is there: nothing to do
  EXPECT_FALSE(fs::exists(folder / "b"));
  EXPECT_THAT([&] { remove_file(folder); },
              testing::ThrowsMessage<Error>(testing::HasSubstr("cannot remove ")));
}

TEST_F(FileTest, RefusesFilesAboveTheLimit) {
  write_file(folder / "a", "12345");
  EXPECT_THROW(read_file(folder / "a", 4), Error);
}

TEST(Sha256, OfTheEmptyStringAndOfAbc) {
  EXPECT_EQ(sha256_hex({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const std::uint8_t abc[] = {'a', 'b', 'c'};
  EXPECT_EQ(sha256_hex(abc), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  return names;
}

TEST_F(FileTest, ABatchReplacesFilesOnlyAtCommit) {
  write_file(folder / "a", "old");
  {
    FileBatch files(folder);
    files.add("a", {'n', 'e', 'w'});
    files.add("b", {'b'});
    EXPECT_EQ(text_of(folder / "a"), "old");
  }
  EXPECT_THAT(names_in(folder), testing::ElementsAre("a"));
  FileBatch files(folder);
  files.add("a", {'n', 'e', 'w'});
  files.add("b", {});
  files.commit();
  files.add("c", {'c'});
  files.commit();
  EXPECT_EQ(text_of(folder / "a"), "new");
  EXPECT_THAT(names_in(folder), testing::UnorderedElementsAre("a", "b", "c"));
}

TEST_F(FileTest, ABatchNamesThePathThatCannotBeWritten) {
  EXPECT_EQ(message_of([&] { FileBatch(folder / "absent").add("a", {'a'}); }),
            fmt::format("[write] cannot write {}: No such file or directory",
                        (folder / "absent/a").string()));
}

}  // namespace
}  // namespace hourglass
