// The bytes of one connection as requests, and the reply to each: no sockets and no time. How the
// bytes are cut into pieces changes nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "hourglass/serve/impl/answer.h"

namespace hourglass {

/// The largest head of a request, in bytes: the request's line, all headers and the empty line.
constexpr std::size_t kLargestHead = 8192;

class Session {
 public:
  /// `site` must outlive the session.
  explicit Session(const Site& site) : site_(site) {}

  /// Where the next bytes go: never empty after next() returned nothing.
  std::span<std::uint8_t> space();
  /// Says that `count` bytes were put there.
  void took(std::size_t count);
  /// Whether a part of a request is there.
  bool has_begun() const { return size_ > 0; }

  /// The reply to the next request, once its whole head is there. After a reply that closes, there
  /// is no further one, and space() stays as it is.
  std::optional<Reply> next();

 private:
  std::optional<Reply> end(Reply reply);

  const Site& site_;
  std::string buffer_ = std::string(kLargestHead, '\0');
  std::size_t size_ = 0;      // bytes in the buffer
  std::size_t searched_ = 0;  // of them, without the end of a head
  bool ended_ = false;
};

}  // namespace hourglass
