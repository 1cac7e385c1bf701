#include "hourglass/data/impl/curl.h"

#include <dlfcn.h>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

constexpr const char* kLibrary = "libcurl.so.4";  // the interface of all versions since 7.16

CurlApi load() {
  // Never closed: other libraries of the process may have come to use it.
  void* const library = ::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    fail_file("download",
              "{} cannot be loaded, and downloads need it: install the package libcurl4", kLibrary);
  }
  CurlApi api{};
  const auto bind = [&](auto& function, const char* name) {
    function =
        reinterpret_cast<std::remove_reference_t<decltype(function)>>(::dlsym(library, name));
    if (function == nullptr) {
      fail_file("download", "{} has no {}: install a newer package libcurl4", kLibrary, name);
    }
  };
  bind(api.version_info, "curl_version_info");
  bind(api.global_init, "curl_global_init");
  bind(api.easy_init, "curl_easy_init");
  bind(api.easy_cleanup, "curl_easy_cleanup");
  bind(api.easy_setopt, "curl_easy_setopt");
  bind(api.easy_perform, "curl_easy_perform");
  bind(api.easy_getinfo, "curl_easy_getinfo");
  bind(api.easy_strerror, "curl_easy_strerror");
  bind(api.url, "curl_url");
  bind(api.url_cleanup, "curl_url_cleanup");
  bind(api.url_set, "curl_url_set");
  bind(api.url_get, "curl_url_get");
  bind(api.free, "curl_free");
  return api;
}

}  // namespace

const CurlApi& curl_api() {
  static const CurlApi api = load();
  return api;
}

}  // namespace hourglass
