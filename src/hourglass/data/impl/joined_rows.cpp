#include "hourglass/data/impl/joined_rows.h"

#include <string>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

class JoinedStorage final : public RowStorage {
 public:
  JoinedStorage(RowSource first, RowSource second, std::vector<std::int64_t> labels)
      : first_(std::move(first)), second_(std::move(second)), labels_(std::move(labels)) {
    if (first_.count() > 0 && second_.count() > 0) {
      require(first_.columns() == second_.columns(), "rows", "columns", second_.columns(),
              fmt::format("the rows before have {}", first_.columns()));
    }
    if (first_.names().empty() && second_.names().empty()) return;
    for (const RowSource* rows : {&first_, &second_}) {
      const auto names = rows->names();
      names_.insert(names_.end(), names.begin(), names.end());
      if (names.empty()) names_.resize(names_.size() + static_cast<std::size_t>(rows->count()));
    }
  }

  std::int64_t count() const override { return first_.count() + second_.count(); }
  std::int64_t columns() const override {
    return first_.count() > 0 ? first_.columns() : second_.columns();
  }
  void fill(std::int64_t row, std::span<float> out) const override {
    row < first_.count() ? first_.fill(row, out) : second_.fill(row - first_.count(), out);
  }
  bool keeps_bytes() const override {
    return (first_.keeps_bytes() || first_.count() == 0) &&
           (second_.keeps_bytes() || second_.count() == 0);
  }
  void fill_bytes(std::int64_t row, std::span<std::uint8_t> out) const override {
    row < first_.count() ? first_.fill_bytes(row, out)
                         : second_.fill_bytes(row - first_.count(), out);
  }
  std::span<const std::int64_t> labels() const override { return labels_; }
  std::span<const std::string> names() const override { return names_; }

 private:
  RowSource first_, second_;
  std::vector<std::int64_t> labels_;
  std::vector<std::string> names_;
};

}  // namespace

RowSource joined_rows(const RowSource& first, const RowSource& second,
                      std::vector<std::int64_t> labels) {
  return RowSource(std::make_shared<const JoinedStorage>(first, second, std::move(labels)));
}

}  // namespace hourglass
