// An https server for tests: 127.0.0.1, a port of the system's choice, a certificate made on the
// spot. One connection at a time, one request each.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace hourglass {

struct TlsRequest {
  std::string path;
  std::uint64_t range_begin = 0;  // from "Range: bytes=N-"; 0 without
  int number = 0;                 // counted from 0
};

struct TlsReply {
  int status = 200;
  std::vector<std::uint8_t> body;                           // the whole file, whatever the range
  std::string location;                                     // for redirects
  bool honours_range = true;                                // false: sends the whole file each time
  std::size_t closes_after = static_cast<std::size_t>(-1);  // body bytes until the connection ends
  bool hangs = false;  // says nothing more until the server ends
};

class TlsServer {
 public:
  using Handler = std::function<TlsReply(const TlsRequest&)>;

  /// The certificate is written to `ca_file` as PEM.
  TlsServer(const std::filesystem::path& ca_file, Handler handler);
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  std::string url(const std::string& path) const;
  std::vector<TlsRequest> requests() const;

 private:
  struct State;
  void serve();
  void answer(int connection);

  std::unique_ptr<State> state_;
  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::vector<TlsRequest> requests_;
  std::thread thread_;
};

}  // namespace hourglass
