#include "hourglass/interop/impl/npy_header.h"

#include <charconv>
#include <set>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

class HeaderParser {
 public:
  HeaderParser(std::string_view text, std::string_view source) : text_(text), source_(source) {}

  NpyHeader parse() {
    expect('{');
    while (!accept('}')) {
      const std::string_view key = string();
      if (!keys_.insert(key).second) refuse("its header has two keys {}", quote_name(key));
      expect(':');
      value(key);
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_space();
    if (at_ != text_.size()) malformed();
    for (const char* key : {"descr", "fortran_order", "shape"}) {
      if (keys_.count(key) == 0) refuse("its header has no {}", key);
    }
    return header_;
  }

 private:
  template <typename... Args>
  [[noreturn]] void refuse(fmt::format_string<Args...> message, Args&&... args) const {
    fail_file("npy", "{}: {}", source_, fmt::format(message, std::forward<Args>(args)...));
  }

  [[noreturn]] void malformed() const {
    refuse("its header cannot be understood at its byte {}: the file is damaged", at_);
  }

  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }

  char peek() {
    skip_space();
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  bool accept(char c) {
    if (peek() != c || at_ == text_.size()) return false;
    ++at_;
    return true;
  }

  void expect(char c) {
    if (!accept(c)) malformed();
  }

  std::string_view string() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') malformed();
    const std::size_t begin = at_ + 1;
    const std::size_t end = text_.find(quote, begin);
    if (end == std::string_view::npos) malformed();
    at_ = end + 1;
    return text_.substr(begin, end - begin);
  }

  bool word(std::string_view expected) {
    skip_space();
    if (text_.substr(at_, expected.size()) != expected) return false;
    at_ += expected.size();
    return true;
  }

  void value(std::string_view key) {
    if (key == "descr") {
      if (peek() == '[') refuse("it holds a structured array: only plain ones are read");
      element_type(string());
    } else if (key == "fortran_order") {
      header_.fortran_order = word("True");
      if (!header_.fortran_order && !word("False")) malformed();
    } else if (key == "shape") {
      shape();
    } else {
      refuse("its header has the unknown key {}", quote_name(key));
    }
  }

  /// "<f4": byte order, kind and size.
  void element_type(std::string_view descr) {
    header_.descr = descr;
    header_.big_endian = descr.starts_with('>');
    if (text_type(descr)) return;
    if (descr.starts_with("|O")) {
      refuse("it holds Python objects: save text by .astype(str), numbers by .astype(\"float32\")");
    }
    const std::optional<DType> dtype =
        descr.empty() ? std::nullopt : dtype_from_numpy(descr.substr(1));
    const char order = descr.empty() ? '\0' : descr.front();
    const bool ordered =
        order == '<' || order == '>' || (order == '|' && dtype && facts(*dtype).size == 1);
    if (!dtype || !ordered) {
      refuse("elements of type {} are not read: save real or whole numbers, as float32 or int64",
             quote_name(descr));
    }
    header_.dtype = *dtype;
    header_.element_bytes = facts(*dtype).size;
  }

  /// "<U5", five characters, or "|S5", five bytes.
  bool text_type(std::string_view descr) {
    if (descr.size() < 3 || std::string_view("<>|").find(descr[0]) == std::string_view::npos) {
      return false;
    }
    header_.unicode = descr[1] == 'U' && descr[0] != '|';
    if (!header_.unicode && descr[1] != 'S') return false;
    constexpr std::uint64_t kMost = std::uint64_t{1} << 30;
    const std::string_view digits = descr.substr(2);
    std::uint64_t length = 0;
    const auto [stop, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), length);
    // Elements of no bytes could be any number of them in an empty file.
    if (error != std::errc() || stop != digits.data() + digits.size() || length == 0 ||
        length > kMost) {
      refuse("its text has the type {}: a length from 1 to {} is read", quote_name(descr), kMost);
    }
    header_.text = true;
    header_.element_bytes = header_.unicode ? 4 * length : length;
    return true;
  }

  void shape() {
    expect('(');
    while (!accept(')')) {
      if (header_.sizes.size() == Shape::kMaxRank) {
        refuse("it has more than {} axes: hourglass reads up to {}", Shape::kMaxRank,
               Shape::kMaxRank);
      }
      header_.sizes.push_back(size());
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
  }

  std::int64_t size() {
    if (peek() < '0' || peek() > '9') malformed();
    std::int64_t value = 0;
    const char* const end = text_.data() + text_.size();
    const auto [stop, error] = std::from_chars(text_.data() + at_, end, value);
    if (error != std::errc()) refuse("its shape is too large: a size overflows");
    at_ = static_cast<std::size_t>(stop - text_.data());
    if (at_ < text_.size() && text_[at_] == 'L') ++at_;  // a long integer of Python 2
    return value;
  }

  std::string_view text_;
  std::string_view source_;
  std::size_t at_ = 0;
  std::set<std::string_view> keys_;
  NpyHeader header_;
};

}  // namespace

NpyHeader parse_npy_header(std::string_view text, std::string_view source) {
  return HeaderParser(text, source).parse();
}

}  // namespace hourglass
