// What the C++ library of Debian 12's emscripten (3.1.6, libc++ 13) lacks of C++20, as far as the
// page's engine uses it: included in front of each of its sources, so that they are the same as
// everywhere else. Not for another emscripten, whose library has more of it.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iterator>
#include <string>
#include <system_error>

namespace std {

template <typename To, typename From>
To bit_cast(const From& from) noexcept {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof to);
  return to;
}

/// By C's strtod, which rounds exactly too, but skips spaces and a plus sign.
inline from_chars_result from_chars(const char* first, const char* last, double& value) {
  const std::string text(first, last);
  if (text.empty() || std::strchr("+ \t\n\v\f\r", text[0])) return {first, errc::invalid_argument};
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (end == text.c_str()) return {first, errc::invalid_argument};
  value = number;
  return {first + (end - text.c_str()), errc()};
}

namespace ranges {

template <typename Range, typename Out>
void copy(Range&& range, Out out) {
  std::copy(std::begin(range), std::end(range), out);
}
template <typename Range, typename Out, typename F>
void transform(Range&& range, Out out, F f) {
  std::transform(std::begin(range), std::end(range), out, f);
}
template <typename A, typename B>
bool equal(A&& a, B&& b) {
  return std::equal(std::begin(a), std::end(a), std::begin(b), std::end(b));
}
template <typename Range, typename F>
bool any_of(Range&& range, F f) {
  return std::any_of(std::begin(range), std::end(range), f);
}
template <typename Range, typename F>
bool all_of(Range&& range, F f) {
  return std::all_of(std::begin(range), std::end(range), f);
}
template <typename Range, typename F>
auto find_if(Range&& range, F f) {
  return std::find_if(std::begin(range), std::end(range), f);
}
template <typename Range, typename T>
auto find(Range&& range, const T& value) {
  return std::find(std::begin(range), std::end(range), value);
}
template <typename Range, typename T, typename Member, typename Class>
auto find(Range&& range, const T& value, Member Class::*member) {
  return std::find_if(std::begin(range), std::end(range),
                      [&](const auto& item) { return std::invoke(member, item) == value; });
}
template <typename Range, typename Iterator>
void nth_element(Range&& range, Iterator nth) {
  std::nth_element(std::begin(range), nth, std::end(range));
}

}  // namespace ranges
}  // namespace std
