#include "hourglass/serve/impl/connection.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace hourglass {
namespace {

using Error = boost::system::error_code;

// A slice has to be taken within the timeout: 6.5 KB a second, which the slowest tunnel reaches.
constexpr std::size_t kSlice = 65536;
// After a refusal, what the client still sends is read and dropped, so that it sees the refusal: a
// socket that is closed with unread bytes resets the connection.
constexpr std::size_t kMostDrained = 65536;
constexpr std::chrono::milliseconds kDrainTime{500};

}  // namespace

Connection::Connection(Socket socket, const Site& site, std::chrono::milliseconds timeout,
                       int& open)
    : socket_(std::move(socket)),
      deadline_(socket_.get_executor()),
      session_(site),
      timeout_(timeout),
      open_(open) {
  ++open_;
}

Connection::~Connection() {
  close();
}

void Connection::start() {
  set_deadline(timeout_);
  read();
}

void Connection::step() {
  std::optional<Reply> reply = session_.next();
  if (!reply) return read();
  reply_ = std::move(*reply);
  written_ = 0;
  write_head();
}

void Connection::read() {
  const auto space = session_.space();
  socket_.async_read_some(boost::asio::buffer(space.data(), space.size()),
                          [self = shared_from_this()](const Error& error, std::size_t count) {
                            if (error) return self->close();
                            self->session_.took(count);
                            self->step();
                          });
}

void Connection::write_head() {
  set_deadline(timeout_);
  boost::asio::async_write(socket_, boost::asio::buffer(reply_.head),
                           [self = shared_from_this()](const Error& error, std::size_t) {
                             if (error) return self->close();
                             self->write_body();
                           });
}

void Connection::write_body() {
  if (written_ == reply_.body.size()) return wrote();
  set_deadline(timeout_);
  const auto slice = reply_.body.subspan(written_, std::min(kSlice, reply_.body.size() - written_));
  boost::asio::async_write(socket_, boost::asio::buffer(slice.data(), slice.size()),
                           [self = shared_from_this()](const Error& error, std::size_t count) {
                             if (error) return self->close();
                             self->written_ += count;
                             self->write_body();
                           });
}

void Connection::wrote() {
  if (!reply_.closes) {
    set_deadline(timeout_);
    return step();
  }
  Error ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  set_deadline(std::min(timeout_, kDrainTime));
  drain();
}

void Connection::drain() {
  const auto buffer = boost::asio::buffer(reply_.head);  // written, and of use no more
  socket_.async_read_some(buffer,
                          [self = shared_from_this()](const Error& error, std::size_t count) {
                            self->drained_ += count;
                            if (error || self->drained_ > kMostDrained) return self->close();
                            self->drain();
                          });
}

void Connection::set_deadline(std::chrono::milliseconds time) {
  deadline_.expires_after(time);
  deadline_.async_wait([self = shared_from_this()](const Error& error) {
    // The time may have been over already when the next deadline was set.
    if (!error && self->deadline_.expiry() <= std::chrono::steady_clock::now()) self->close();
  });
}

void Connection::close() {
  if (std::exchange(closed_, true)) return;
  --open_;
  Error ignored;
  socket_.close(ignored);
  deadline_.cancel();
}

void turn_away(Connection::Socket socket) {
  const Reply reply = refusal(503);
  Error ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(boost::asio::buffer(reply.head), ignored);
  socket.shutdown(Connection::Socket::shutdown_both, ignored);
}

}  // namespace hourglass
