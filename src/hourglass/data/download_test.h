// A server, a file to download from it, and an empty folder, for the tests of downloads.
#pragma once

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "hourglass/base/file.h"
#include "hourglass/base/hash.h"
#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/data/download.h"
#include "hourglass/data/samples_test.h"
#include "hourglass/data/tls_server_test.h"

namespace hourglass {

class DownloadTest : public testing::Test {
 protected:
  DownloadTest() {
    ::setenv("no_proxy", "127.0.0.1,localhost", 1);
    Rng rng(11);
    content = random_bytes(200000, rng);
    file = gzip_bytes(content);
    options.ca_file = folder / "ca.pem";
  }

  Download job(std::vector<std::string> urls) const {
    Download download;
    download.urls = std::move(urls);
    download.path = path;
    download.sha256 = sha256_hex(content);
    download.most_bytes = content.size() + 1024;
    download.usual_bytes = file.size();
    return download;
  }
  void run(const std::vector<std::string>& urls) { download_file(job(urls), options); }
  TlsReply whole() const {
    TlsReply reply;
    reply.body = file;
    return reply;
  }
  TlsReply half() const {
    TlsReply reply = whole();
    reply.closes_after = file.size() / 2;
    return reply;
  }
  static TlsReply status(int code, const std::string& location = "") {
    TlsReply reply;
    reply.status = code;
    reply.location = location;
    return reply;
  }
  TlsServer server(TlsServer::Handler handler) { return {folder / "ca.pem", std::move(handler)}; }
  void expect_arrived() const {
    ASSERT_TRUE(std::filesystem::exists(path));
    EXPECT_EQ(read_file(path), file);
    EXPECT_FALSE(std::filesystem::exists(part));
  }

  TemporaryFolder folder;
  std::filesystem::path path = folder / "file.gz";
  std::filesystem::path part = folder / "file.gz.part";
  Bytes content, file;
  DownloadOptions options;
};

}  // namespace hourglass
