// libcurl, loaded when the first download asks for it: a program that downloads nothing needs
// neither it nor the twenty-five libraries that it brings.
#pragma once

#include <curl/curl.h>

namespace hourglass {

/// The functions that are used, by their names without "curl_".
struct CurlApi {
  decltype(&::curl_version_info) version_info;
  decltype(&::curl_global_init) global_init;
  decltype(&::curl_easy_init) easy_init;
  decltype(&::curl_easy_cleanup) easy_cleanup;
  decltype(&::curl_easy_setopt) easy_setopt;
  decltype(&::curl_easy_perform) easy_perform;
  decltype(&::curl_easy_getinfo) easy_getinfo;
  decltype(&::curl_easy_strerror) easy_strerror;
  decltype(&::curl_url) url;
  decltype(&::curl_url_cleanup) url_cleanup;
  decltype(&::curl_url_set) url_set;
  decltype(&::curl_url_get) url_get;
  decltype(&::curl_free) free;
};

/// Throws Error where the library is not there or lacks a function.
const CurlApi& curl_api();

}  // namespace hourglass
