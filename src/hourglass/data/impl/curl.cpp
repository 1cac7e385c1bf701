#include "hourglass/data/impl/curl.h"

#include "hourglass/data/impl/loaded_library.h"

namespace hourglass {
namespace {

CurlApi load() {
  // The file of the interface of all versions since 7.16.
  const LoadedLibrary library({"download", "libcurl.so.4", "downloads", "libcurl4"});
  CurlApi api{};
  library.bind(api.version_info, "curl_version_info");
  library.bind(api.global_init, "curl_global_init");
  library.bind(api.easy_init, "curl_easy_init");
  library.bind(api.easy_cleanup, "curl_easy_cleanup");
  library.bind(api.easy_setopt, "curl_easy_setopt");
  library.bind(api.easy_perform, "curl_easy_perform");
  library.bind(api.easy_getinfo, "curl_easy_getinfo");
  library.bind(api.easy_strerror, "curl_easy_strerror");
  library.bind(api.url, "curl_url");
  library.bind(api.url_cleanup, "curl_url_cleanup");
  library.bind(api.url_set, "curl_url_set");
  library.bind(api.url_get, "curl_url_get");
  library.bind(api.free, "curl_free");
  return api;
}

}  // namespace

const CurlApi& curl_api() {
  static const CurlApi api = load();
  return api;
}

}  // namespace hourglass
