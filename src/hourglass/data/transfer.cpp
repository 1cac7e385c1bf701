#include "hourglass/data/transfer.h"

#include <array>
#include <exception>
#include <memory>
#include <new>

#include "hourglass/base/error.h"
#include "hourglass/base/impl/printable.h"
#include "hourglass/data/impl/curl.h"

namespace hourglass {
namespace {

constexpr long kRangeNotSatisfiable = 416;
constexpr long kWholeFile = 200;
constexpr int kMostRedirects = 5;
constexpr std::uint64_t kMostRedirectBytes = 1 << 20;  // of a page that is not used

/// The data of the write callback, which gets a pointer to it.
struct Receiver {
  CURL* handle;
  PartFile* part;
  std::uint64_t most_bytes;
  const std::function<void(std::uint64_t)>* on_bytes;
  std::uint64_t received = 0;
  std::uint64_t passed_over = 0;  // bytes of redirects
  bool resumed = false;
  bool too_large = false;
  std::exception_ptr failure = nullptr;  // kept here, because exceptions must not pass through C

  void take(std::span<const std::uint8_t> bytes) {
    if (received == 0) {
      long status = 0;
      curl_api().easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
      if (status >= 300 && status < 400) {
        passed_over += bytes.size();
        too_large = passed_over > kMostRedirectBytes;
        return;
      }
      resumed = part->size() > 0 && status != kWholeFile;
      if (!resumed) part->clear();
    }
    too_large = part->size() + bytes.size() > most_bytes;
    if (too_large) return;
    part->append(bytes);
    received += bytes.size();
    (*on_bytes)(part->size());
  }
};

std::size_t receive(char* data, std::size_t, std::size_t count, void* user) {
  auto& receiver = *static_cast<Receiver*>(user);
  try {
    receiver.take({reinterpret_cast<const std::uint8_t*>(data), count});
  } catch (...) {
    receiver.failure = std::current_exception();
  }
  const bool stop = receiver.failure != nullptr || receiver.too_large;
  return stop ? CURL_WRITEFUNC_ERROR : count;
}

struct CloseCurl {
  void operator()(CURL* handle) const { curl_api().easy_cleanup(handle); }
};
using Curl = std::unique_ptr<CURL, CloseCurl>;

Curl new_handle() {
  static const CURLcode ready = curl_api().global_init(CURL_GLOBAL_DEFAULT);
  Curl curl(ready == CURLE_OK ? curl_api().easy_init() : nullptr);
  if (!curl) throw std::bad_alloc();
  return curl;
}

void set_options(CURL* curl, const std::string& url, const DownloadOptions& options) {
  curl_api().easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_api().easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
  curl_api().easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);  // follow() looks where they lead
  curl_api().easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
  // A name server that never answers must not hold us past the timeout.
  curl_api().easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
  curl_api().easy_setopt(curl, CURLOPT_CONNECTTIMEOUT,
                         static_cast<long>(options.connect_timeout_seconds));
  curl_api().easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 100L);  // bytes per second
  curl_api().easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.stall_seconds));
  curl_api().easy_setopt(curl, CURLOPT_USERAGENT, "hourglass");
  if (!options.ca_file.empty()) {
    curl_api().easy_setopt(curl, CURLOPT_CAINFO, options.ca_file.c_str());
    curl_api().easy_setopt(curl, CURLOPT_CAPATH, nullptr);
  }
}

struct FreeUrl {
  void operator()(CURLU* url) const { curl_api().url_cleanup(url); }
};

/// A part of a URL; empty if it is missing or the URL is not valid.
std::string part_of(const std::string& url, CURLUPart which) {
  const std::unique_ptr<CURLU, FreeUrl> handle(curl_api().url());
  char* text = nullptr;
  if (!handle || curl_api().url_set(handle.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
      curl_api().url_get(handle.get(), which, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) {
    return "";
  }
  std::string part = text;
  curl_api().free(text);
  return part;
}

/// Why a redirect is not followed; empty if it is.
std::string away(const std::string& from, const std::string& to) {
  if (part_of(to, CURLUPART_SCHEME) != "https") {
    return "it leads away from https, which is not followed";
  }
  const std::string host = part_of(to, CURLUPART_HOST), port = part_of(to, CURLUPART_PORT);
  if (host.empty() || host != part_of(from, CURLUPART_HOST) ||
      port != part_of(from, CURLUPART_PORT)) {
    return fmt::format("it leads to another host, {}:{}, which is not followed", printable(host),
                       port);
  }
  return "";
}

/// Requests the URL and follows redirects. `trouble` says why a redirect is not followed.
CURLcode follow(CURL* curl, const std::string& url, std::string& trouble) {
  for (int redirects = 0;; ++redirects) {
    const CURLcode code = curl_api().easy_perform(curl);
    const char* next = nullptr;
    if (code != CURLE_OK) return code;
    if (curl_api().easy_getinfo(curl, CURLINFO_REDIRECT_URL, &next) != CURLE_OK || !next)
      return code;
    trouble = redirects == kMostRedirects ? "it leads on and on" : away(url, next);
    if (!trouble.empty()) return code;
    const std::string at = next;  // curl's own is gone once a URL is set
    curl_api().easy_setopt(curl, CURLOPT_URL, at.c_str());
  }
}

std::string trouble_of(CURL* curl, CURLcode code, const char* detail) {
  long status = 0;
  curl_api().easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  if (code == CURLE_HTTP_RETURNED_ERROR) return fmt::format("the server answered {}", status);
  if (code == CURLE_UNSUPPORTED_PROTOCOL) return "it leads away from https, which is not followed";
  if (code == CURLE_PARTIAL_FILE) return "the connection ended before the file did";
  return *detail != '\0' ? detail : curl_api().easy_strerror(code);
}

}  // namespace

TransferResult transfer(const std::string& url, PartFile& part, std::uint64_t most_bytes,
                        const DownloadOptions& options,
                        const std::function<void(std::uint64_t)>& on_bytes) {
  const Curl curl = new_handle();
  set_options(curl.get(), url, options);
  Receiver receiver{curl.get(), &part, most_bytes, &on_bytes};
  curl_api().easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, receive);
  curl_api().easy_setopt(curl.get(), CURLOPT_WRITEDATA, &receiver);
  std::array<char, CURL_ERROR_SIZE> detail{};
  curl_api().easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, detail.data());
  // CURLOPT_RANGE and not CURLOPT_RESUME_FROM, which gives up on servers that send the whole file.
  const std::string range = fmt::format("{}-", part.size());
  if (part.size() > 0) curl_api().easy_setopt(curl.get(), CURLOPT_RANGE, range.c_str());

  std::string not_followed;
  const CURLcode code = follow(curl.get(), url, not_followed);
  if (receiver.failure) std::rethrow_exception(receiver.failure);
  TransferResult result{code == CURLE_OK && not_followed.empty(), receiver.resumed,
                        receiver.received, not_followed};
  long status = 0;
  curl_api().easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status == kRangeNotSatisfiable && part.size() > 0) {
    result.complete = result.resumed = true;  // nothing is missing; the checksum is verified later
  } else if (receiver.too_large) {
    part.clear();
    result.trouble = fmt::format("it is larger than the {} bytes expected", most_bytes);
  } else if (code != CURLE_OK) {
    result.trouble = trouble_of(curl.get(), code, detail.data());
  }
  return result;
}

std::string transfer_library_version() try {
  return curl_api().version_info(CURLVERSION_NOW)->version;
} catch (const Error&) {
  return "";
}

}  // namespace hourglass
