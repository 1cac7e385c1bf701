// Whether a sanitizer is built in: some tests of memory and time mean nothing with one.
#pragma once

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)  // g++
#define HOURGLASS_SANITIZED 1
#elif defined(__has_feature)  // clang
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HOURGLASS_SANITIZED 1
#endif
#endif

namespace hourglass {

#ifdef HOURGLASS_SANITIZED
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace hourglass
