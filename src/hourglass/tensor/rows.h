// Rows of numbers from wherever they are kept, as training, evaluation, PCA and figures ask for
// them: a row, or a block of rows. Not a matrix: no one sees all rows as one span.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// One way of keeping rows: in memory here, elsewhere mapped or streamed. All members are called
/// from several threads at once and always give the same answer.
class RowStorage {
 public:
  virtual ~RowStorage() = default;
  virtual std::int64_t count() const = 0;
  virtual std::int64_t columns() const = 0;
  /// Row `row` into out [columns].
  virtual void fill(std::int64_t row, std::span<float> out) const = 0;
  /// Rows [begin, end) where they lie as floats already, otherwise made in room [end - begin,
  /// columns].
  virtual ConstView rows(std::int64_t begin, std::int64_t end, View room) const;
  /// Whether rows are kept as bytes, which fill() gives as byte / 255.
  virtual bool keeps_bytes() const { return false; }
  /// Row `row` as bytes into out [columns]: those kept, otherwise floats in [0, 1] to the nearest.
  virtual void fill_bytes(std::int64_t row, std::span<std::uint8_t> out) const;
  /// [count], or none.
  virtual std::span<const std::int64_t> labels() const { return {}; }
  virtual std::span<const std::string> names() const { return {}; }
};

/// Rows and what is known of each. Copies see the same rows, which never change.
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
  /// Row `row` as floats into out [columns]; of bytes, byte / 255.
  void fill(std::int64_t row, std::span<float> out) const { storage_->fill(row, out); }
  /// Rows [begin, end) into out [end - begin, columns].
  void fill_rows(std::int64_t begin, std::int64_t end, View out) const;
  /// Rows [begin, end) as they lie in memory where they are floats already, otherwise made in room
  /// [end - begin, columns].
  ConstView rows(std::int64_t begin, std::int64_t end, View room) const {
    return storage_->rows(begin, end, room);
  }
  /// Whether fill_bytes() gives exactly what is kept.
  bool keeps_bytes() const { return storage_ && storage_->keeps_bytes(); }
  /// Row `row` as bytes into out [columns]: those kept, otherwise floats in [0, 1] to the nearest.
  void fill_bytes(std::int64_t row, std::span<std::uint8_t> out) const {
    storage_->fill_bytes(row, out);
  }
  /// One label a row, or none at all.
  std::span<const std::int64_t> labels() const;
  /// One name a row, as a file's, or none at all.
  std::span<const std::string> names() const;

  /// Some of these rows, in the order given; they are not copied, their labels and names are.
  RowSource selected(std::vector<std::int64_t> rows) const;

 private:
  static std::shared_ptr<const RowStorage> borrow(ConstView x);

  // Shared: rows held out for validation and those left lie in the same memory.
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
