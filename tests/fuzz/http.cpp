// What a client sends to the page's server. The first byte is the size of the pieces that the rest
// arrives in.
#include <algorithm>
#include <string>
#include <vector>

#include "fuzz.h"
#include "hourglass/serve/impl/session.h"

using namespace hourglass;

namespace {

const Site& site() {
  static const Site made{{{"", "text/html", own({'p'}), "", "default-src 'none'"},
                          {"engine.wasm", "application/wasm", own({'w', 'a'}), "gzip", ""}},
                         "0123456789abcdef0123456789abcdef"};
  return made;
}

std::vector<Reply> replies(fuzz::ByteView bytes, std::size_t piece) {
  Session session(site());
  std::vector<Reply> result;
  bool open = true;
  while (open && !bytes.empty()) {
    const auto space = session.space();
    fuzz::check(!space.empty(), "no space, and no answer");
    const std::size_t count = std::min({piece, bytes.size(), space.size()});
    std::copy_n(bytes.begin(), count, space.begin());
    session.took(count);
    bytes = bytes.subspan(count);
    while (auto reply = session.next()) {
      fuzz::check(open, "a reply after the last one");
      open = !reply->closes;
      result.push_back(std::move(*reply));
    }
  }
  return result;
}

/// Whether it is the page or the blob, and the request has what no other site can know and say.
bool is_allowed(const Reply& reply, std::string_view request) {
  std::string lower(request);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return request.find(" /" + site().token + "/") != std::string_view::npos &&
         lower.find("\r\nhost:") != std::string::npos &&
         (lower.find("127.0.0.1") != std::string::npos ||
          lower.find("localhost") != std::string::npos) &&
         std::all_of(reply.body.begin(), reply.body.end(),
                     [](std::uint8_t byte) { return byte == 'p' || byte == 'w' || byte == 'a'; });
}

/// Nothing of the request is in an answer: a refusal is one of a few texts.
bool is_refusal(const Reply& reply) {
  const std::string full = refusal(reply.status).head;
  return reply.closes && reply.body.empty() &&
         (reply.head == full || reply.head == full.substr(0, full.find("\r\n\r\n") + 4));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const fuzz::ByteView bytes{data + 1, size - 1};
  const auto whole = replies(bytes, bytes.size());
  for (const Reply& reply : whole) {
    fuzz::check(reply.status == 200 ? is_allowed(reply, fuzz::text_of(bytes)) : is_refusal(reply),
                reply.head);
  }
  const auto pieces = replies(bytes, std::size_t{data[0]} + 1);
  fuzz::check(pieces.size() == whole.size(), "pieces have other answers");
  for (std::size_t i = 0; i < whole.size(); ++i) {
    fuzz::check(pieces[i].head == whole[i].head && pieces[i].closes == whole[i].closes &&
                    pieces[i].body.data() == whole[i].body.data(),
                "pieces have another answer");
  }
  return 0;
}
