#include "hourglass/data/impl/left_out.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "hourglass/base/error.h"

namespace hourglass {

void LeftOut::add(const std::string& kind, const std::string& name, bool convertible) {
  if (count_ == 0 || name < first_) first_ = name;
  ++kinds_[kind];
  ++count_;
  convertible_ |= convertible;
}

std::string LeftOut::kinds() const {
  std::vector<std::pair<std::string, std::int64_t>> sorted(kinds_.begin(), kinds_.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (const auto& [kind, count] : sorted) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, kind);
  }
  return text;
}

std::string LeftOut::sentence(std::int64_t kept) const {
  if (count_ == 0) return {};
  return fmt::format("left out: {} of {} file{} ({}), first {}{}", count_, kept + count_,
                     kept + count_ == 1 ? "" : "s", kinds(), first_, remedy());
}

std::string LeftOut::remedy() const {
  return convertible_ ? ": convert images of other kinds with `magick mogrify -format png`" : "";
}

}  // namespace hourglass
