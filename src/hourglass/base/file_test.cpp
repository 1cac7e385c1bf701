#include "hourglass/base/file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <thread>

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
  int temporary = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    temporary += is_temporary_file(entry.path()) ? 1 : 0;
  }
  EXPECT_EQ(temporary, 1);
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

TEST_F(FileTest, ALinkStaysAndTheFileThatItNamesIsReplacedWithItsMode) {
  fs::create_directory(folder / "far");
  write_file(folder / "far" / "a", "old");
  fs::permissions(folder / "far" / "a", fs::perms(0640));
  fs::create_symlink("far/a", folder / "near");
  fs::create_symlink("near", folder / "nearer");
  write_file(folder / "nearer", "new");
  EXPECT_EQ(text_of(folder / "far" / "a"), "new");
  EXPECT_EQ(fs::status(folder / "far" / "a").permissions(), fs::perms(0640));
  EXPECT_EQ(fs::read_symlink(folder / "near"), "far/a");
  EXPECT_EQ(fs::read_symlink(folder / "nearer"), "near");
  fs::create_symlink("far/b", folder / "to_be");
  write_file(folder / "to_be", "b");
  EXPECT_EQ(text_of(folder / "far" / "b"), "b");
  fs::create_symlink("round", folder / "round");
  EXPECT_THAT([&] { write_file(folder / "round", "x"); },
              testing::ThrowsMessage<Error>(testing::HasSubstr("Too many levels of symbolic")));
}

TEST_F(FileTest, APipeIsWrittenToAndStays) {
  const fs::path pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(path_kind(pipe), PathKind::kStream);
  check_writable(pipe);  // does not wait for a reader
  std::string got;
  std::thread reader([&] {
    std::ifstream in(pipe);
    std::getline(in, got);
  });
  write_file(pipe, "through the pipe\n");
  reader.join();
  EXPECT_EQ(got, "through the pipe");
  EXPECT_TRUE(fs::is_fifo(pipe));
}

TEST_F(FileTest, ADescriptorOfThisProcessIsWrittenToFromWhereItIs) {
  const fs::path path = folder / "a";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  ASSERT_EQ(::write(file, "first\n", 6), 6);
  const fs::path name = fmt::format("/dev/fd/{}", file);
  EXPECT_EQ(path_kind(name), PathKind::kStream);
  check_writable(name);
  write_file(name, "second\n");
  EXPECT_EQ(text_of(path), "first\nsecond\n");
  ::close(file);
  const int read_only = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  EXPECT_THROW(check_writable(fmt::format("/dev/fd/{}", read_only)), Error);
  ::close(read_only);
}

TEST_F(FileTest, ADeviceIsWrittenToAndStays) {
  write_file("/dev/null", "nothing");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  EXPECT_THAT([&] { write_file("/dev/full", "x"); },
              testing::ThrowsMessage<Error>("[write] /dev/full: No space left on device"));
  fs::create_symlink("/dev/full", folder / "full");
  EXPECT_THAT([&] { write_file(folder / "full", "x"); },
              testing::ThrowsMessage<Error>(testing::HasSubstr("No space left on device")));
  EXPECT_THAT([&] { write_file(folder, "x"); },
              testing::ThrowsMessage<Error>(testing::HasSubstr("is a folder: name a file in it")));
}

TEST_F(FileTest, ALinkPlantedUnderATemporaryNameIsNotFollowed) {
  write_file(folder / "precious", "kept");
  const std::string planted = fmt::format("a.tmp.{}", ::getpid());
  fs::create_symlink("precious", folder / planted);
  write_file(folder / "a", "new");
  EXPECT_EQ(text_of(folder / "a"), "new");
  fs::create_symlink("precious", folder / fmt::format("b.tmp.{}", ::getpid()));
  FileBatch files(folder);
  files.add("b", {'b'});
  files.commit();
  EXPECT_EQ(text_of(folder / "b"), "b");
  EXPECT_EQ(text_of(folder / "precious"), "kept");
}

TEST_F(FileTest, OneFileIsKnownByEachOfItsNames) {
  write_file(folder / "a", "x");
  write_file(folder / "b", "x");
  fs::create_hard_link(folder / "a", folder / "hard");
  fs::create_symlink("a", folder / "soft");
  EXPECT_TRUE(is_same_file(folder / "a", folder / "hard"));
  EXPECT_TRUE(is_same_file(folder / "soft", folder / "hard"));
  EXPECT_TRUE(is_same_file(folder / "." / "a", folder / "a"));
  EXPECT_FALSE(is_same_file(folder / "a", folder / "b"));
  EXPECT_FALSE(is_same_file(folder / "none", folder / "none"));
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
