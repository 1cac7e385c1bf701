#include "hourglass/interop/impl/table_cells.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A word that programs write where a number is not there or not finite; otherwise kWord.
CellKind kind_of_word(std::string_view cell) {
  constexpr std::array<std::string_view, 14> kMissing{"na",   "n/a",  "nan",     "-nan",   "<na>",
                                                      "null", "none", "nil",     "?",      "-",
                                                      "--",   "#n/a", "#div/0!", "#value!"};
  constexpr std::array<std::string_view, 6> kInfinite{"inf",      "-inf",      "+inf",
                                                      "infinity", "-infinity", "+infinity"};
  constexpr std::size_t kLongest = std::string_view("+infinity").size();
  if (cell.size() > kLongest) return CellKind::kWord;
  std::string lower(cell);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (std::ranges::find(kMissing, lower) != kMissing.end()) return CellKind::kMissing;
  if (std::ranges::find(kInfinite, lower) != kInfinite.end()) return CellKind::kInfinite;
  return CellKind::kWord;
}

}  // namespace

bool TableCells::next() {
  if (ends_row_ && at_ == text_.size()) return false;
  line_ = next_line_;
  quoted_ = false;
  std::size_t begin = at_;
  while (begin < text_.size() && text_[begin] == ' ') ++begin;
  if (begin < text_.size() && text_[begin] == '"') {
    at_ = begin + 1;
    read_quoted();
  } else {
    read_plain();
  }
  end_cell();
  return true;
}

void TableCells::read_plain() {
  const std::size_t begin = at_;
  const char* const data = text_.data();
  const std::size_t size = text_.size();
  while (at_ < size && data[at_] != separator_ && data[at_] != '\n' && data[at_] != '\r') ++at_;
  cell_ = trimmed(text_.substr(begin, at_ - begin));
}

void TableCells::read_quoted() {
  quoted_ = true;
  const std::size_t begin = at_;
  bool doubled = false;
  while (true) {
    if (at_ == text_.size()) {
      fail_file("read", "{}: line {} has a double quote that is never closed", source_, line_);
    }
    const char c = text_[at_];
    if (c == '"') {
      if (at_ + 1 == text_.size() || text_[at_ + 1] != '"') break;
      doubled = true;
      ++at_;
    } else if (c == '\n' || (c == '\r' && (at_ + 1 == text_.size() || text_[at_ + 1] != '\n'))) {
      ++next_line_;
    }
    ++at_;
  }
  cell_ = text_.substr(begin, at_ - begin);
  ++at_;
  if (doubled) {
    unquoted_.clear();
    for (std::size_t i = 0; i < cell_.size(); ++i) {
      unquoted_ += cell_[i];
      if (cell_[i] == '"') ++i;
    }
    cell_ = unquoted_;
  }
  while (at_ < text_.size() && text_[at_] == ' ') ++at_;
}

void TableCells::end_cell() {
  ends_row_ = true;
  if (at_ == text_.size()) return;
  const char c = text_[at_++];
  if (c == separator_) {
    ends_row_ = false;
  } else if (c == '\n' || c == '\r') {
    if (c == '\r' && at_ < text_.size() && text_[at_] == '\n') ++at_;
    ++next_line_;
  } else {
    fail_file("read", "{}: line {} has text after a closing double quote", source_, line_);
  }
}

CellValue cell_value(std::string_view cell) {
  const std::string_view text = trimmed(cell);
  if (text.empty()) return {};
  // from_chars takes "nan" and "inf", and no plus sign.
  const bool plus = text.front() == '+';
  const std::string_view digits = text.substr(plus ? 1 : 0);
  const std::size_t sign = !plus && digits.starts_with('-') ? 1 : 0;
  if (digits.size() == sign || !(is_digit(digits[sign]) || digits[sign] == '.')) {
    return {kind_of_word(text), 0};
  }
  double number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error == std::errc::invalid_argument || end != digits.data() + digits.size()) {
    return {CellKind::kWord, 0};
  }
  if (error == std::errc::result_out_of_range) {
    // Too small is 0, as everywhere; too large is not finite.
    const bool small = digits.find("e-") != std::string_view::npos ||
                       digits.find("E-") != std::string_view::npos || digits[sign] == '.' ||
                       digits.substr(sign).starts_with("0.");
    return {small ? CellKind::kNumber : CellKind::kInfinite, 0};
  }
  return std::isfinite(number) ? CellValue{CellKind::kNumber, number}
                               : CellValue{CellKind::kInfinite, 0};
}

}  // namespace hourglass
