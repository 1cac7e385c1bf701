#include "hourglass/data/download.h"

#include <gmock/gmock.h>

#include "hourglass/base/message_test.h"
#include "hourglass/data/download_test.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class DownloadDatasetTest : public DownloadTest {
 protected:
  /// A data set of four small files at the server's root.
  CatalogueEntry entry(const TlsServer& tls) const {
    CatalogueEntry entry;
    entry.name = "small";
    for (const auto name : kIdxFileNames) {
      entry.files.push_back({std::string(name) + ".gz", sha256_hex(content), ChecksumOf::content,
                             static_cast<std::int64_t>(content.size()),
                             static_cast<std::int64_t>(file.size())});
    }
    entry.mirrors = {tls.url("/")};
    return entry;
  }

  /// A data set in one archive, of which the checksum is the file's own.
  CatalogueEntry archive(const TlsServer& tls) const {
    CatalogueEntry entry;
    entry.name = "packed";
    const auto size = static_cast<std::int64_t>(file.size());
    entry.files = {{"gzip.zip", sha256_hex(file), ChecksumOf::file, size, size}};
    entry.archive_folder = "gzip/";
    entry.mirrors = {tls.url("/bad/"), tls.url("/")};
    return entry;
  }

  fs::path target = folder / "cache" / "small";
};

TEST_F(DownloadDatasetTest, BringsTheFilesThatLack) {
  const auto tls = server([&](const TlsRequest&) { return whole(); });
  make_folder(target);
  write_quickly(target / "train-labels-idx1-ubyte", {1});
  download_dataset(entry(tls), target, options);
  EXPECT_EQ(tls.requests().size(), 3u);
  EXPECT_EQ(tls.requests()[0].path, "/train-images-idx3-ubyte.gz");
  EXPECT_EQ(read_file(target / "t10k-labels-idx1-ubyte.gz"), file);
  EXPECT_FALSE(fs::exists(target / "train-labels-idx1-ubyte.gz"));
}

TEST_F(DownloadDatasetTest, EndsAtTheFirstFileThatNoMirrorGives) {
  const auto tls = server([&](const TlsRequest&) { return status(404); });
  EXPECT_THROW(download_dataset(entry(tls), folder / "cache", options), Error);
  EXPECT_EQ(tls.requests().size(), 1u);
}

TEST_F(DownloadDatasetTest, ComparesTheChecksumOfAnArchiveAsItIs) {
  // The first mirror has the same content packed otherwise: the archive is another file.
  Bytes other = gzip_bytes(content);
  other[9] = 0;  // the system that packed it
  ASSERT_NE(other, file);
  const auto tls = server([&](const TlsRequest& r) {
    TlsReply reply = whole();
    if (r.path.starts_with("/bad/")) reply.body = other;
    return reply;
  });
  download_dataset(archive(tls), target, options);
  EXPECT_EQ(read_file(target / "gzip.zip"), file);
  EXPECT_EQ(tls.requests().size(), 2u);
}

TEST_F(DownloadDatasetTest, ADamagedArchiveIsDeletedAndNamed) {
  const auto tls = server([&](const TlsRequest&) {
    TlsReply reply = whole();
    reply.body[100] ^= 1;
    return reply;
  });
  const std::string error = message_of([&] { download_dataset(archive(tls), target, options); });
  EXPECT_THAT(error, HasSubstr("gzip.zip: " + tls.url("/bad/gzip.zip") +
                               ": its checksum differs (sha256 "));
  EXPECT_TRUE(fs::is_empty(target));
}

TEST_F(DownloadDatasetTest, AnArchiveThatStoppedHalfWayIsContinuedInTheNextRun) {
  {
    const auto tls =
        server([&](const TlsRequest& r) { return r.number == 0 ? half() : status(503); });
    EXPECT_THAT(message_of([&] { download_dataset(archive(tls), target, options); }),
                HasSubstr("bytes are kept, run again to continue from there"));
  }
  const auto tls = server([&](const TlsRequest&) { return whole(); });
  download_dataset(archive(tls), target, options);
  ASSERT_EQ(tls.requests().size(), 1u);
  EXPECT_EQ(tls.requests()[0].range_begin, file.size() / 2);
  EXPECT_EQ(read_file(target / "gzip.zip"), file);
}

TEST_F(DownloadDatasetTest, TwoProcessesDoNotWriteTheSameArchive) {
  // Two splits of EMNIST are two names of one archive.
  const auto tls = server([&](const TlsRequest&) { return whole(); });
  make_folder(target);
  {
    const PartFile first(target / "gzip.zip.part");
    EXPECT_THAT(message_of([&] { download_dataset(archive(tls), target, options); }),
                HasSubstr("is being written by another hourglass: wait for it"));
    EXPECT_TRUE(tls.requests().empty());
  }
  download_dataset(archive(tls), target, options);
  EXPECT_EQ(read_file(target / "gzip.zip"), file);
}

}  // namespace
}  // namespace hourglass
