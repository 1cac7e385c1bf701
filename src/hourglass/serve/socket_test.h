// A server in a thread of its own and clients on raw sockets, for the server's tests.
#pragma once

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "hourglass/serve/page_server.h"

namespace hourglass {

using Milliseconds = std::chrono::milliseconds;

class RunningServer {
 public:
  explicit RunningServer(std::vector<Route> routes, const ServerOptions& options)
      : server_(std::move(routes), options), thread_([this] { server_.run(); }) {}
  ~RunningServer() {
    server_.stop();
    thread_.join();
  }
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  int port() const { return server_.port(); }
  /// "/TOKEN/"
  std::string path() const {
    return server_.url().substr(server_.url().find('/', std::string_view("http://").size()));
  }
  std::string get(const std::string& name, const std::string& lines = "") const {
    return fmt::format("GET {}{} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{}\r\n", path(), name, port(),
                       lines);
  }

 private:
  PageServer server_;
  std::thread thread_;
};

/// A connection to a port of this machine. What cannot be sent is not an error: the server may have
/// ended the connection.
class Client {
 public:
  explicit Client(int port, const char* address = "127.0.0.1")
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    connect(port, address);
  }
  /// Not connected yet.
  Client() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  ~Client() { close(); }
  Client(Client&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), connected_(other.connected_) {}
  Client& operator=(Client&&) = delete;

  void connect(int port, const char* address = "127.0.0.1") {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    ::inet_pton(AF_INET, address, &to.sin_addr);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  }
  bool connected() const { return connected_; }
  void close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }
  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  void send_end() const { ::shutdown(socket_, SHUT_WR); }

  /// What comes until `count` bytes are there, the connection ends, or for `time` nothing comes.
  std::string receive(std::size_t count, Milliseconds time = Milliseconds(5000)) {
    std::string all;
    while (all.size() < count) {
      pollfd waits{socket_, POLLIN, 0};
      if (::poll(&waits, 1, static_cast<int>(time.count())) <= 0) break;
      char piece[16384];
      const std::size_t most = std::min(sizeof piece, count - all.size());
      const ssize_t got = ::recv(socket_, piece, most, 0);
      if (got <= 0) {
        ended_ = true;
        reset_ = got < 0;
        break;
      }
      all.append(piece, static_cast<std::size_t>(got));
    }
    return all;
  }
  /// Everything until the connection ends.
  std::string receive_all(Milliseconds time = Milliseconds(5000)) {
    return receive(std::string::npos, time);
  }
  /// The status of the next answer, 0 if there is none; reads the answer's whole head.
  int status() {
    std::string head;
    while (head.find("\r\n\r\n") == std::string::npos) {
      const std::string byte = receive(1);
      if (byte.empty()) return 0;
      head += byte;
    }
    return head.compare(0, 9, "HTTP/1.1 ") == 0 ? std::stoi(head.substr(9, 3)) : 0;
  }
  /// Whether the server ended the connection, as far as it was read.
  bool ended() const { return ended_; }
  /// Whether it was ended so that what was on its way may be lost.
  bool reset() const { return reset_; }

 private:
  int socket_;
  bool connected_ = false;
  bool ended_ = false;
  bool reset_ = false;
};

}  // namespace hourglass
