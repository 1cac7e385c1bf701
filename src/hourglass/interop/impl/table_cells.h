// The cells of a table as text, one after another, and what they hold. Not the columns: see
// table.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hourglass {

/// Goes through the cells of CSV or TSV from the first to the last. Throws Error for an open quote
/// and for text after a closing quote, with the line.
class TableCells {
 public:
  TableCells(std::string_view text, char separator, std::string_view source)
      : text_(text), separator_(separator), source_(source) {}

  /// Goes to the next cell; returns false at the end.
  bool next();

  std::string_view cell() const { return cell_; }  ///< valid until next()
  bool quoted() const { return quoted_; }
  bool ends_row() const { return ends_row_; }
  std::int64_t line() const { return line_; }  ///< where the cell begins, from 1

 private:
  void read_quoted();
  void read_plain();
  void end_cell();

  std::string_view text_;
  char separator_;
  std::string_view source_;
  std::size_t at_ = 0;
  std::string unquoted_;  // storage of a cell with doubled quotes
  std::string_view cell_;
  bool quoted_ = false, ends_row_ = true;
  std::int64_t line_ = 1, next_line_ = 1;
};

enum class CellKind {
  kNumber,
  kInfinite,  // beyond float64, or a word for it
  kMissing,   // nothing, or a word for it such as NA
  kWord,
};

struct CellValue {
  CellKind kind = CellKind::kMissing;
  double number = 0;
};

CellValue cell_value(std::string_view cell);

}  // namespace hourglass
