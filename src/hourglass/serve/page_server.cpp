#include "hourglass/serve/page_server.h"

#include <fcntl.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "hourglass/base/error.h"
#include "hourglass/serve/impl/connection.h"
#include "hourglass/serve/impl/site.h"

namespace hourglass {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr int kFirstPort = 7830;
constexpr int kPorts = 100;  // tried before giving up
constexpr int kMostConnections = 16;
constexpr std::chrono::milliseconds kAskInterval{50};
constexpr std::chrono::milliseconds kAcceptPause{100};

/// No program that is started from here, a browser, keeps the port or a connection.
void close_on_exec(int descriptor) {
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

/// Listens on 127.0.0.1. Returns why not, or no error.
error_code listen(tcp::acceptor& acceptor, int port) {
  error_code error;
  acceptor.open(tcp::v4(), error);
  if (error) return error;
  close_on_exec(acceptor.native_handle());
  // A port whose last connections ended a minute ago is free; one with a listener is not.
  acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  acceptor.bind({asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)}, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    error_code ignored;
    acceptor.close(ignored);
  }
  return error;
}

void listen_on_a_free_port(tcp::acceptor& acceptor) {
  error_code error;
  for (int port = kFirstPort; port < kFirstPort + kPorts; ++port) {
    error = listen(acceptor, port);
    if (!error) return;
    if (error != asio::error::address_in_use) break;
  }
  fail_file("serve", "no port of 127.0.0.1 from {} to {} can be used: {}", kFirstPort,
            kFirstPort + kPorts - 1, error.message());
}

void listen_on(tcp::acceptor& acceptor, int port) {
  constexpr int kLargest = 65535;
  require(port >= 0 && port <= kLargest, "serve", "port", port,
          "must be 1 to 65535, or 0 for one that the system chooses");
  const error_code error = listen(acceptor, port);
  if (error == asio::error::address_in_use) {
    require(false, "serve", "port", port,
            "another program uses it; choose another one, or leave it out for the next free one");
  }
  require(!error, "serve", "port", port, error.message() + "; choose one from 1024 on");
}

}  // namespace

struct PageServer::State {
  State(std::vector<Route> routes, const ServerOptions& options)
      : site{std::move(routes), options.token.empty() ? random_token() : options.token},
        timeout(options.timeout) {
    check(site);
    require(timeout.count() > 0, "serve", "timeout", timeout.count(), "must be longer than 0 ms");
    if (options.port) {
      listen_on(acceptor, *options.port);
    } else {
      listen_on_a_free_port(acceptor);
    }
    port = acceptor.local_endpoint().port();
    url = fmt::format("http://127.0.0.1:{}/{}/", port, site.token);
  }

  void accept() {
    acceptor.async_accept([this](const error_code& error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (error) return accept_later();
      close_on_exec(socket.native_handle());
      if (open < kMostConnections) {
        const auto connection =
            std::make_shared<Connection>(std::move(socket), site, timeout, open);
        std::erase_if(connections, [](const auto& other) { return other.expired(); });
        connections.push_back(connection);
        connection->start();
      } else {
        turn_away(std::move(socket));
      }
      accept();
    });
  }

  /// The system has no descriptor or memory for another connection now.
  void accept_later() {
    pause.expires_after(kAcceptPause);
    pause.async_wait([this](const error_code& error) {
      if (!error) accept();
    });
  }

  void close() {
    error_code ignored;
    acceptor.close(ignored);
    pause.cancel();
    for (const auto& connection : connections) {
      if (const auto there = connection.lock()) there->close();
    }
    context.run_for(kAskInterval);  // what was pending ends with an error
  }

  // In this order: connections, which the context holds, end before what they refer to.
  Site site;
  std::chrono::milliseconds timeout;
  int open = 0;
  std::vector<std::weak_ptr<Connection>> connections;
  std::string url;
  int port = 0;
  std::atomic<bool> stopped = false;
  asio::io_context context{1};
  tcp::acceptor acceptor{context};
  asio::steady_timer pause{context};
};

PageServer::PageServer(std::vector<Route> routes, const ServerOptions& options)
    : state_(std::make_unique<State>(std::move(routes), options)) {}

PageServer::~PageServer() = default;

void check_port(int port) {
  asio::io_context context;
  tcp::acceptor acceptor(context);
  listen_on(acceptor, port);
}

const std::string& PageServer::url() const {
  return state_->url;
}

int PageServer::port() const {
  return state_->port;
}

void PageServer::run(const std::function<bool()>& until) {
  state_->accept();
  while (!state_->stopped && !until()) state_->context.run_for(kAskInterval);
  state_->close();
}

void PageServer::stop() {
  state_->stopped = true;
}

}  // namespace hourglass
