// What the C++ library of emscripten 3.1.6 (libc++ 13) lacks of C++20, as far as hourglass uses it:
// included in front of every source of the WebAssembly build, so that the sources are the same. Not
// for any other build; a newer emscripten needs nothing of this.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iterator>
#include <numeric>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

namespace std {

template <typename To, typename From>
To bit_cast(const From& from) noexcept {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof to);
  return to;
}

/// Numbers with fractions: C's strtod, which rounds exactly, in the "C" locale.
template <typename Number>
from_chars_result read_number(const char* first, const char* last, Number& value,
                              Number (*read)(const char*, char**)) {
  const std::string text(first, last);
  // C skips spaces and a plus sign.
  if (text.empty() || std::strchr("+ \t\n\v\f\r", text[0])) return {first, errc::invalid_argument};
  char* end = nullptr;
  const Number number = read(text.c_str(), &end);
  if (end == text.c_str()) return {first, errc::invalid_argument};
  value = number;
  return {first + (end - text.c_str()), errc()};
}
inline from_chars_result from_chars(const char* first, const char* last, double& value) {
  return read_number(first, last, value, std::strtod);
}
inline from_chars_result from_chars(const char* first, const char* last, float& value) {
  return read_number(first, last, value, std::strtof);
}

/// A number as the shortest text that reads back as the same number; fmt does it, in
/// table_write.cpp.
template <typename Number>
std::enable_if_t<std::is_floating_point_v<Number>, to_chars_result> to_chars(char* first,
                                                                             char* last,
                                                                             Number value) {
  const std::string text = fmt::format("{}", value);
  return {std::copy_n(text.data(), std::min<std::ptrdiff_t>(std::ssize(text), last - first), first),
          errc()};
}

namespace ranges {

template <typename Range, typename Out>
void copy(Range&& range, Out out) {
  std::copy(std::begin(range), std::end(range), out);
}
template <typename Range, typename T>
void fill(Range&& range, const T& value) {
  std::fill(std::begin(range), std::end(range), value);
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
  return std::any_of(std::begin(range), std::end(range),
                     [&](const auto& item) -> bool { return std::invoke(f, item); });
}
template <typename Range, typename F>
bool all_of(Range&& range, F f) {
  return std::all_of(std::begin(range), std::end(range), f);
}
template <typename Range, typename F>
auto count_if(Range&& range, F f) {
  return std::count_if(std::begin(range), std::end(range), f);
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
template <typename Range>
void sort(Range&& range) {
  std::sort(std::begin(range), std::end(range));
}
template <typename Range, typename Less>
void sort(Range&& range, Less less) {
  std::sort(std::begin(range), std::end(range), less);
}
template <typename Range>
auto max_element(Range&& range) {
  return std::max_element(std::begin(range), std::end(range));
}
template <typename Range, typename T>
auto lower_bound(Range&& range, const T& value) {
  return std::lower_bound(std::begin(range), std::end(range), value);
}
template <typename Range, typename Iterator>
void nth_element(Range&& range, Iterator nth) {
  std::nth_element(std::begin(range), nth, std::end(range));
}

}  // namespace ranges
}  // namespace std
