#include "hourglass/data/tls_server_test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <stdexcept>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(what);
}

void add_extension(X509* certificate, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
  require(extension != nullptr, "extension");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

X509* self_signed(EVP_PKEY* key) {
  X509* certificate = X509_new();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  constexpr long kDay = 86400;
  X509_gmtime_adj(X509_getm_notBefore(certificate), -kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate), kDay);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  const unsigned char text[] = "hourglass test";
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate, NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost");
  require(X509_sign(certificate, key, EVP_sha256()) != 0, "sign");
  return certificate;
}

/// The text between `before` and `after`, or "".
std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const auto begin = text.find(before);
  if (begin == std::string::npos) return "";
  const auto end = text.find(after, begin + before.size());
  return text.substr(begin + before.size(), end - begin - before.size());
}

void send_all(SSL* tls, const void* data, std::size_t count) {
  if (count > 0) SSL_write(tls, data, static_cast<int>(count));
}

}  // namespace

struct TlsServer::State {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  ~State() { SSL_CTX_free(context); }
};

TlsServer::TlsServer(const std::filesystem::path& ca_file, Handler handler)
    : state_(std::make_unique<State>()), handler_(std::move(handler)) {
  std::signal(SIGPIPE, SIG_IGN);  // clients may leave while we write
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = self_signed(key);
  require(SSL_CTX_use_certificate(state_->context, certificate) == 1, "certificate");
  require(SSL_CTX_use_PrivateKey(state_->context, key) == 1, "key");
  std::FILE* file = std::fopen(ca_file.c_str(), "w");
  require(file != nullptr && PEM_write_X509(file, certificate) == 1, "ca file");
  std::fclose(file);
  X509_free(certificate);
  EVP_PKEY_free(key);

  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  require(::bind(listener_, generic, size) == 0 && ::listen(listener_, 16) == 0 &&
              ::getsockname(listener_, generic, &size) == 0,
          "listen");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

TlsServer::~TlsServer() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

std::string TlsServer::url(const std::string& path) const {
  return fmt::format("https://127.0.0.1:{}{}", port_, path);
}

std::vector<TlsRequest> TlsServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void TlsServer::serve() {
  while (!stopping_) {
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    answer(connection);
    ::close(connection);
  }
}

void TlsServer::answer(int connection) {
  SSL* tls = SSL_new(state_->context);
  SSL_set_fd(tls, connection);
  std::string head;
  if (SSL_accept(tls) == 1) {
    char piece[4096];
    int got = 0;
    while (head.find("\r\n\r\n") == std::string::npos &&
           (got = SSL_read(tls, piece, sizeof piece)) > 0) {
      head.append(piece, static_cast<std::size_t>(got));
    }
  }
  if (!head.empty()) {
    TlsRequest request;
    request.path = between(head, "GET ", " HTTP");
    const std::string range = between(head, "Range: bytes=", "-");
    if (!range.empty()) request.range_begin = std::stoull(range);
    {
      const std::lock_guard lock(mutex_);
      request.number = static_cast<int>(requests_.size());
      requests_.push_back(request);
    }
    const TlsReply reply = handler_(request);
    const bool ranged = reply.honours_range && request.range_begin > 0 && reply.status == 200;
    const bool beyond = ranged && request.range_begin >= reply.body.size();
    const std::size_t begin = beyond ? reply.body.size() : ranged ? request.range_begin : 0;
    const std::size_t length = reply.body.size() - begin;
    const int status = beyond ? 416 : ranged ? 206 : reply.status;
    std::string answer =
        fmt::format("HTTP/1.1 {} X\r\nConnection: close\r\nContent-Length: {}\r\n", status, length);
    if (!reply.location.empty()) answer += fmt::format("Location: {}\r\n", reply.location);
    answer += "\r\n";
    send_all(tls, answer.data(), answer.size());
    send_all(tls, reply.body.data() + begin, std::min(length, reply.closes_after));
    while (reply.hangs && !stopping_) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    if (reply.closes_after >= length) SSL_shutdown(tls);
  }
  SSL_free(tls);
}

}  // namespace hourglass
