// Tables as text: CSV and TSV, by RFC 4180, with columns of numbers and of text. Not matrices of
// any other format: see matrix.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/base/file.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

enum class TableFormat { kCsv, kTsv };

/// By the ending of a file's name, in capitals or not: ".csv", ".tsv"; nullopt for another.
std::optional<TableFormat> table_format(std::string_view name);

struct TableColumn {
  enum class Kind {
    kNumbers,
    kText,
    kIndex,  // a first column without a name that counts the rows, as pandas and R write it
    kEmpty,  // no cell holds anything
  };
  std::string name;  // in the header; "column 3" (from 1) without one
  Kind kind = Kind::kNumbers;
  std::vector<std::string> text;  // [rows] of a column of text, otherwise empty
};

struct Table {
  bool has_header = false;
  std::int64_t rows = 0;
  std::vector<TableColumn> columns;  // in the file's order
  std::vector<double> numbers;       // [rows, columns of numbers], row major, finite
  std::int64_t number_columns = 0;
  std::optional<std::size_t> text_column;  // of `columns`, that TableOptions asks for

  /// Names of the columns of `numbers`.
  std::vector<std::string> number_names() const;
  /// The column of this name; nullptr if there is none.
  const TableColumn* find(std::string_view name) const;
  /// What was not read as numbers, as a sentence without the file's name; "" if nothing.
  std::string passed_over() const;
};

struct TableOptions {
  TableFormat format = TableFormat::kCsv;
  std::string text_column{};  // a column to read as text whatever it holds, such as labels: its
                              // name, or its number from 1 if no column has this name; empty: none
  bool may_lack_column = false;        // true: no Error if there is no `text_column`
  std::optional<std::int64_t> rows{};  // as many as the caller needs: decides whether the first
                                       // line is a header where all columns are text
};

/// Reads a table of UTF-8 text, with or without a byte-order mark. Lines end with LF, CRLF or CR;
/// blank lines are skipped. Cells are separated by commas, or by tabs in TSV; in CSV by semicolons
/// or tabs if the first line has these and no comma. Cells in double quotes may hold separators,
/// line ends and doubled quotes. Spaces around other cells are dropped.
///
/// The first line is a header if it has a word above a column of numbers, or counts the columns
/// from 0 above at least 16 columns or above numbers with fractions. A column holds text if more of
/// its cells are words than numbers.
///
/// Throws Error in one line with the file, the line and the column (from 1) and the reason: a line
/// with more or fewer cells than the first, an empty cell or a word in a column of numbers, a
/// number that is not finite, an open quote, a zero byte or UTF-16, no rows, or no `text_column`.
/// `source` is the name for messages.
Table parse_table(std::span<const std::uint8_t> bytes, std::string_view source,
                  const TableOptions& options = {});

/// What write_table() writes: columns of text, then of numbers.
struct TableView {
  std::span<const TableColumn> text;     // each with `rows` cells
  std::span<const std::string> numbers;  // names
  ConstView rows;                        // [rows, numbers.size()]
};

/// Writes a table with a header, in UTF-8, without a byte-order mark, lines ended by LF. Numbers
/// are the shortest text that parse_table() and other programs read back to the same float32.
void write_table(AtomicFile& file, TableFormat format, const TableView& table);

/// The shortest text of a number, read back to the same bits as float32, also by way of float64.
std::string number_text(float value);

}  // namespace hourglass
