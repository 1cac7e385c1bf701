#include "hourglass/serve/impl/session.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <cassert>

namespace hourglass {
namespace {

namespace http = boost::beast::http;

std::string text(boost::beast::string_view view) {
  return {view.data(), view.size()};
}

std::vector<std::string> values(const http::fields& fields, http::field name) {
  std::vector<std::string> result;
  const auto [begin, end] = fields.equal_range(name);
  for (auto field = begin; field != end; ++field) result.push_back(text(field->value()));
  return result;
}

std::vector<std::string> values(const http::fields& fields, boost::beast::string_view name) {
  std::vector<std::string> result;
  const auto [begin, end] = fields.equal_range(name);
  for (auto field = begin; field != end; ++field) result.push_back(text(field->value()));
  return result;
}

/// The reply to a whole head.
Reply reply_to(const Site& site, std::string_view head) {
  http::request_parser<http::empty_body> parser;
  parser.header_limit(kLargestHead);
  boost::system::error_code error;
  parser.put(boost::asio::buffer(head.data(), head.size()), error);
  if (error == http::error::body_limit) return refusal(413);
  if (error || !parser.is_header_done()) return refusal(400);

  const auto& message = parser.get();
  Request request;
  request.method = text(message.method_string());
  request.target = text(message.target());
  request.keep_alive = parser.keep_alive();
  request.has_body = parser.chunked() || parser.content_length().value_or(0) > 0 ||
                     message.count(http::field::transfer_encoding) > 0;
  request.hosts = values(message, http::field::host);
  request.origins = values(message, http::field::origin);
  request.fetch_sites = values(message, "Sec-Fetch-Site");
  request.fetch_mode = text(message["Sec-Fetch-Mode"]);
  request.fetch_destination = text(message["Sec-Fetch-Dest"]);
  return answer(site, request);
}

}  // namespace

std::span<std::uint8_t> Session::space() {
  return {reinterpret_cast<std::uint8_t*>(buffer_.data()) + size_, buffer_.size() - size_};
}

void Session::took(std::size_t count) {
  assert(count <= buffer_.size() - size_);
  size_ += count;
}

std::optional<Reply> Session::next() {
  if (ended_ || size_ == 0) return std::nullopt;
  // A client that speaks TLS would wait for an answer to its first bytes.
  if (buffer_.front() < 'A' || buffer_.front() > 'Z') return end(refusal(400));
  constexpr std::string_view kEnd = "\r\n\r\n";
  const std::string_view there(buffer_.data(), size_);
  const std::size_t at = there.find(kEnd, searched_ < kEnd.size() ? 0 : searched_ - kEnd.size());
  searched_ = size_;
  if (at == std::string_view::npos) {
    if (size_ == buffer_.size()) return end(refusal(431));
    return std::nullopt;
  }
  const std::size_t length = at + kEnd.size();
  Reply reply = reply_to(site_, there.substr(0, length));
  if (reply.closes) return end(std::move(reply));
  std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(length),
            buffer_.begin() + static_cast<std::ptrdiff_t>(size_), buffer_.begin());
  size_ -= length;
  searched_ = 0;
  return reply;
}

std::optional<Reply> Session::end(Reply reply) {
  assert(reply.closes);
  ended_ = true;
  return reply;
}

}  // namespace hourglass
