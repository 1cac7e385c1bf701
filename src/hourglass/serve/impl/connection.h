// One connection of the server: reads, answers and closes in time. Not the rules of what is
// answered: answer.h.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>

#include "hourglass/serve/impl/session.h"

namespace hourglass {

// Shared by its own pending reads, writes and timer: the last of them ends it.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Socket = boost::asio::ip::tcp::socket;

  /// `open` counts the connections: one more until this one is closed. Both references must outlive
  /// the connection.
  Connection(Socket socket, const Site& site, std::chrono::milliseconds timeout, int& open);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start();
  void close();

 private:
  void step();
  void read();
  void write_head();
  void write_body();
  void wrote();
  void drain();
  /// Closes when `time` is over, unless another deadline is set before.
  void set_deadline(std::chrono::milliseconds time);

  Socket socket_;
  boost::asio::steady_timer deadline_;
  Session session_;
  const std::chrono::milliseconds timeout_;
  int& open_;
  Reply reply_;
  std::size_t written_ = 0;  // bytes of reply_.body
  std::size_t drained_ = 0;
  bool closed_ = false;
};

/// Tells a client that there is no room for it. Never waits.
void turn_away(Connection::Socket socket);

}  // namespace hourglass
