// Rows of numbers from any storage, for training, evaluation, PCA and figures: one row or a block
// of rows at a time. Not a matrix: the rows need not be in one span.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// A storage of rows: in memory here, elsewhere mapped or streamed. All members are called from
/// several threads at once and always return the same values.
class RowStorage {
 public:
  virtual ~RowStorage() = default;
  virtual std::int64_t count() const = 0;
  virtual std::int64_t columns() const = 0;
  /// Copies row `row` into out [columns].
  virtual void fill(std::int64_t row, std::span<float> out) const = 0;
  /// Rows [begin, end): a view of the storage if it holds floats, otherwise converted in room
  /// [end - begin, columns].
  virtual ConstView rows(std::int64_t begin, std::int64_t end, View room) const;
  /// Whether rows are stored as bytes, which fill() converts to byte / 255.
  virtual bool keeps_bytes() const { return false; }
  /// Copies row `row` as bytes into out [columns]; floats in [0, 1] are rounded.
  virtual void fill_bytes(std::int64_t row, std::span<std::uint8_t> out) const;
  /// [count], or none.
  virtual std::span<const std::int64_t> labels() const { return {}; }
  virtual std::span<const std::string> names() const { return {}; }
};

/// Rows with their labels and names. Copies share the same rows, which never change.
class RowSource {
 public:
  /// No rows.
  RowSource() = default;
  explicit RowSource(std::shared_ptr<const RowStorage> storage);
  /// Borrows a matrix, which must outlive every copy. Throws Error if it is not a matrix.
  template <std::convertible_to<ConstView> T>
  RowSource(const T& x) : storage_(borrow(x)) {}  // NOLINT(google-explicit-constructor): as views
  /// Owns the matrix.
  RowSource(Tensor&& x);  // NOLINT(google-explicit-constructor)

  std::int64_t count() const { return storage_ ? storage_->count() : 0; }
  std::int64_t columns() const { return storage_ ? storage_->columns() : 0; }
  /// Copies row `row` as floats into out [columns]; bytes become byte / 255.
  void fill(std::int64_t row, std::span<float> out) const { storage_->fill(row, out); }
  /// Copies rows [begin, end) into out [end - begin, columns].
  void fill_rows(std::int64_t begin, std::int64_t end, View out) const;
  /// Rows [begin, end): a view of the storage if it holds floats, otherwise converted in room
  /// [end - begin, columns].
  ConstView rows(std::int64_t begin, std::int64_t end, View room) const {
    return storage_->rows(begin, end, room);
  }
  /// Whether fill_bytes() returns the stored values exactly.
  bool keeps_bytes() const { return storage_ && storage_->keeps_bytes(); }
  /// Copies row `row` as bytes into out [columns]; floats in [0, 1] are rounded.
  void fill_bytes(std::int64_t row, std::span<std::uint8_t> out) const {
    storage_->fill_bytes(row, out);
  }
  /// One label for each row, or none.
  std::span<const std::int64_t> labels() const;
  /// One name for each row (such as a file name), or none.
  std::span<const std::string> names() const;

  /// Some of these rows, in the given order. Copies labels and names, not the rows.
  RowSource selected(std::vector<std::int64_t> rows) const;

 private:
  static std::shared_ptr<const RowStorage> borrow(ConstView x);

  // Shared: the training and validation rows of a split are in the same memory.
  std::shared_ptr<const RowStorage> storage_;
};

/// Rows in memory, as bytes [n, columns] or floats [n, columns]; labels and names are [n] or empty.
RowSource byte_rows(std::vector<std::uint8_t> values, std::int64_t columns,
                    std::vector<std::int64_t> labels = {}, std::vector<std::string> names = {});
RowSource float_rows(Tensor values, std::vector<std::int64_t> labels = {},
                     std::vector<std::string> names = {});

/// Bytes as floats in [0, 1], byte / 255.
void bytes_to_floats(std::span<float> out, std::span<const std::uint8_t> bytes);

}  // namespace hourglass
