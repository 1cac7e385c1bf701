#include "hourglass/lab/joined_rows.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

template <typename T>
std::vector<T> joined(std::span<const T> first, std::span<const T> second) {
  std::vector<T> all;
  if (first.empty() || second.empty()) return all;
  all.assign(first.begin(), first.end());
  all.insert(all.end(), second.begin(), second.end());
  return all;
}

class JoinedStorage final : public RowStorage {
 public:
  JoinedStorage(RowSource first, RowSource second)
      : first_(std::move(first)),
        second_(std::move(second)),
        labels_(joined(first_.labels(), second_.labels())),
        names_(joined(first_.names(), second_.names())) {}

  std::int64_t count() const override { return first_.count() + second_.count(); }
  std::int64_t columns() const override { return first_.columns(); }
  void fill(std::int64_t row, std::span<float> out) const override { of(row).fill(in(row), out); }
  bool keeps_bytes() const override { return first_.keeps_bytes() && second_.keeps_bytes(); }
  void fill_bytes(std::int64_t row, std::span<std::uint8_t> out) const override {
    of(row).fill_bytes(in(row), out);
  }
  std::span<const std::int64_t> labels() const override { return labels_; }
  std::span<const std::string> names() const override { return names_; }

 private:
  const RowSource& of(std::int64_t row) const { return row < first_.count() ? first_ : second_; }
  std::int64_t in(std::int64_t row) const {
    return row < first_.count() ? row : row - first_.count();
  }

  RowSource first_, second_;
  std::vector<std::int64_t> labels_;
  std::vector<std::string> names_;
};

}  // namespace

RowSource joined_rows(const RowSource& first, const RowSource& second) {
  if (first.count() == 0) return second;
  if (second.count() == 0) return first;
  require(first.columns() == second.columns(), "rows", "second",
          fmt::format("of {} columns", second.columns()),
          fmt::format("the first has {}", first.columns()));
  return RowSource(std::make_shared<JoinedStorage>(first, second));
}

}  // namespace hourglass
