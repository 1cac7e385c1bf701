#include "hourglass/tensor/rows.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <utility>

#include "hourglass/base/error.h"
#include "hourglass/tensor/impl/checks.h"

namespace hourglass {
namespace {

/// A storage with labels and names in memory.
class LabelledStorage : public RowStorage {
 public:
  LabelledStorage(std::vector<std::int64_t> labels, std::vector<std::string> names)
      : labels_(std::move(labels)), names_(std::move(names)) {}
  std::span<const std::int64_t> labels() const override { return labels_; }
  std::span<const std::string> names() const override { return names_; }

 private:
  std::vector<std::int64_t> labels_;
  std::vector<std::string> names_;
};

class ByteStorage final : public LabelledStorage {
 public:
  ByteStorage(std::vector<std::uint8_t> values, std::int64_t columns,
              std::vector<std::int64_t> labels, std::vector<std::string> names)
      : LabelledStorage(std::move(labels), std::move(names)),
        values_(std::move(values)),
        columns_(columns) {
    require(columns >= 1 && std::ssize(values_) % columns == 0, "rows", "columns", columns,
            fmt::format("{} values cannot be rows of it", values_.size()));
  }
  std::int64_t count() const override { return std::ssize(values_) / columns_; }
  std::int64_t columns() const override { return columns_; }
  void fill(std::int64_t row, std::span<float> out) const override {
    bytes_to_floats(out, bytes(row));
  }
  bool keeps_bytes() const override { return true; }
  void fill_bytes(std::int64_t row, std::span<std::uint8_t> out) const override {
    assert(std::ssize(out) == columns_);
    std::ranges::copy(bytes(row), out.begin());
  }

 private:
  std::span<const std::uint8_t> bytes(std::int64_t row) const {
    assert(row >= 0 && row < count());
    return std::span(values_).subspan(static_cast<std::size_t>(row * columns_),
                                      static_cast<std::size_t>(columns_));
  }

  std::vector<std::uint8_t> values_;  // [n, columns]
  std::int64_t columns_;
};

/// Owns `own`; if that is empty, borrows `values`.
class FloatStorage final : public LabelledStorage {
 public:
  FloatStorage(Tensor own, ConstView values, std::vector<std::int64_t> labels,
               std::vector<std::string> names)
      : LabelledStorage(std::move(labels), std::move(names)),
        own_(std::move(own)),
        values_(values) {
    if (values.shape().rank() == 2) return;
    fail("rows", "the data have shape {}: a matrix of one row per point is needed",
         values.shape().text());
  }
  std::int64_t count() const override { return values_.size(0); }
  std::int64_t columns() const override { return values_.size(1); }
  void fill(std::int64_t row, std::span<float> out) const override {
    assert(std::ssize(out) == columns());
    std::ranges::copy(values_.row(row), out.begin());
  }
  ConstView rows(std::int64_t begin, std::int64_t end, View) const override {
    return values_.rows(begin, end);
  }

 private:
  Tensor own_;
  ConstView values_;  // [n, columns]
};

template <typename T>
std::vector<T> chosen(std::span<const T> all, const std::vector<std::int64_t>& rows) {
  std::vector<T> out;
  if (all.empty()) return out;
  out.reserve(rows.size());
  for (const std::int64_t row : rows) out.push_back(all[static_cast<std::size_t>(row)]);
  return out;
}

class SelectedStorage final : public LabelledStorage {
 public:
  SelectedStorage(std::shared_ptr<const RowStorage> all, std::vector<std::int64_t> rows)
      : LabelledStorage(chosen(all->labels(), rows), chosen(all->names(), rows)),
        all_(std::move(all)),
        rows_(std::move(rows)) {}
  std::int64_t count() const override { return std::ssize(rows_); }
  std::int64_t columns() const override { return all_->columns(); }
  void fill(std::int64_t row, std::span<float> out) const override { all_->fill(of(row), out); }
  bool keeps_bytes() const override { return all_->keeps_bytes(); }
  void fill_bytes(std::int64_t row, std::span<std::uint8_t> out) const override {
    all_->fill_bytes(of(row), out);
  }

 private:
  std::int64_t of(std::int64_t row) const { return rows_[static_cast<std::size_t>(row)]; }

  std::shared_ptr<const RowStorage> all_;
  std::vector<std::int64_t> rows_;
};

}  // namespace

ConstView RowStorage::rows(std::int64_t begin, std::int64_t end, View room) const {
  for (std::int64_t i = begin; i < end; ++i) fill(i, room.row(i - begin));
  return room.rows(0, end - begin);
}

void RowStorage::fill_bytes(std::int64_t row, std::span<std::uint8_t> out) const {
  std::vector<float> values(out.size());
  fill(row, values);
  // Values below 0 and NaN become 0.
  std::ranges::transform(values, out.begin(), [](float x) {
    return static_cast<std::uint8_t>(x > 0.0f ? std::lround(std::min(x, 1.0f) * 255.0f) : 0);
  });
}

RowSource::RowSource(std::shared_ptr<const RowStorage> storage) : storage_(std::move(storage)) {
  if (!storage_) return;
  const auto check = [&](std::string_view argument, std::ptrdiff_t given) {
    if (given == 0 || given == count()) return;
    throw Error("rows", argument, fmt::format("of size {}", given),
                fmt::format("one for each of {} rows is needed, or none", count()));
  };
  check("labels", std::ssize(labels()));
  check("names", std::ssize(names()));
}

RowSource::RowSource(Tensor&& x) : RowSource(float_rows(std::move(x))) {}

std::shared_ptr<const RowStorage> RowSource::borrow(ConstView x) {
  return std::make_shared<FloatStorage>(Tensor(), x, std::vector<std::int64_t>(),
                                        std::vector<std::string>());
}

void RowSource::fill_rows(std::int64_t begin, std::int64_t end, View out) const {
  if (begin < 0 || begin > end || end > count()) {
    throw Error("rows", "rows", fmt::format("{} to {}", begin, end),
                fmt::format("the source has {} rows", count()));
  }
  require_columns("rows", "out", out, columns());
  if (out.size(0) < end - begin) check_rows(out.shape(), 0, end - begin);
  for (std::int64_t i = begin; i < end; ++i) fill(i, out.row(i - begin));
}

std::span<const std::int64_t> RowSource::labels() const {
  if (!storage_) return {};
  return storage_->labels();
}

std::span<const std::string> RowSource::names() const {
  if (!storage_) return {};
  return storage_->names();
}

RowSource RowSource::selected(std::vector<std::int64_t> rows) const {
  if (rows.empty()) return {};
  for (const std::int64_t row : rows) {
    if (row >= 0 && row < count()) continue;
    fail("rows", "`rows` holds {}: the source has {} rows, counted from 0", row, count());
  }
  return RowSource(std::make_shared<SelectedStorage>(storage_, std::move(rows)));
}

RowSource byte_rows(std::vector<std::uint8_t> values, std::int64_t columns,
                    std::vector<std::int64_t> labels, std::vector<std::string> names) {
  return RowSource(std::make_shared<ByteStorage>(std::move(values), columns, std::move(labels),
                                                 std::move(names)));
}

RowSource float_rows(Tensor values, std::vector<std::int64_t> labels,
                     std::vector<std::string> names) {
  const ConstView view = values;
  return RowSource(
      std::make_shared<FloatStorage>(std::move(values), view, std::move(labels), std::move(names)));
}

void bytes_to_floats(std::span<float> out, std::span<const std::uint8_t> bytes) {
  require(out.size() == bytes.size(), "rows", "out", out.size(), "it must be as long as the bytes");
  static constexpr auto kTable = [] {
    std::array<float, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i) table[i] = static_cast<float>(i) / 255.0f;
    return table;
  }();
  for (std::size_t i = 0; i < bytes.size(); ++i) out[i] = kTable[bytes[i]];
}

}  // namespace hourglass
