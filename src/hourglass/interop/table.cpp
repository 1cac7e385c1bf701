#include "hourglass/interop/table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "hourglass/base/error.h"
#include "hourglass/base/impl/printable.h"
#include "hourglass/base/impl/suggest.h"
#include "hourglass/interop/impl/table_cells.h"

namespace hourglass {
namespace {

constexpr std::size_t kMostColumns = std::size_t{1} << 22;  // so that names need little memory

std::string_view text_of(std::span<const std::uint8_t> bytes, std::string_view source) {
  std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff") ||
      text.find('\0') != std::string_view::npos) {
    fail_file("read", "{} is not UTF-8 text: save it as CSV in UTF-8", source);
  }
  return text;
}

/// The separator by the first line that is not blank.
char separator_of(std::string_view text, TableFormat format) {
  if (format == TableFormat::kTsv) return '\t';
  bool quoted = false, content = false, semicolon = false, tab = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '\n' || c == '\r') && content) break;
    if (quoted) continue;
    if (c == ',') return ',';
    semicolon |= c == ';';
    tab |= c == '\t';
    content |= c != '\n' && c != '\r';
  }
  return semicolon ? ';' : tab ? '\t' : ',';
}

/// What the cells of a column below the first line hold.
struct ColumnFacts {
  std::int64_t numbers = 0, missing = 0, words = 0;
  bool has_fraction = false;
  bool counts_from_0 = true, counts_from_1 = true;  // the rows
  std::int64_t bad_line = 0;                        // of the first cell that is no number
  std::string bad;

  void add(const CellValue& value, std::string_view cell, std::int64_t line) {
    if (value.kind == CellKind::kNumber) {
      const auto at = static_cast<double>(numbers + missing + words);
      counts_from_0 &= value.number == at;
      counts_from_1 &= value.number == at + 1;
      has_fraction |= value.number != std::floor(value.number);
      ++numbers;
      return;
    }
    (value.kind == CellKind::kMissing    ? missing
     : value.kind == CellKind::kInfinite ? numbers
                                         : words) += 1;
    if (bad_line == 0) {
      bad_line = line;
      bad = cell;
    }
  }
  bool all_empty() const { return numbers == 0 && words == 0; }
  bool is_text() const { return words > numbers; }
};

/// A table's cells as the first pass finds them. Columns that may hold text are read again.
struct Scan {
  std::vector<std::string> first;    // the first line
  std::vector<CellValue> values;     // of the first line
  std::int64_t first_line = 0;       // its number
  std::vector<ColumnFacts> columns;  // of the other lines
  std::vector<double> numbers;       // all lines, row major; 0 where there is none
  std::int64_t rows = 0;             // with the first

  std::size_t width() const { return first.size(); }
};

/// Whether the line is blank. In a table of one column a blank line before the end is an empty
/// cell.
bool is_blank(const TableCells& cells, std::size_t column) {
  return column == 0 && cells.ends_row() && !cells.quoted() && cells.cell().empty();
}

void check_width(std::size_t width, std::size_t needed, std::int64_t line, std::int64_t first_line,
                 std::string_view source) {
  if (width == needed) return;
  fail_file("read", "{}: line {} has {} cell{}, and line {} has {}: every line needs as many",
            source, line, width, width == 1 ? "" : "s", first_line, needed);
}

void add_first_line(Scan& scan, const TableCells& cells, std::string_view source) {
  if (scan.first.size() == kMostColumns) {
    fail_file("read", "{}: line {} has more than {} cells", source, cells.line(), kMostColumns);
  }
  std::string_view cell = cells.cell();
  CellValue value = cell_value(cell);
  // numpy.savetxt writes its header so.
  if (scan.first.empty() && !cells.quoted() && cell.starts_with('#')) {
    cell.remove_prefix(std::min(cell.find_first_not_of("# "), cell.size()));
    value = {CellKind::kWord, 0};
  }
  scan.first.emplace_back(cell);
  scan.values.push_back(value);
  scan.numbers.push_back(value.number);
}

Scan scan_cells(std::string_view text, char separator, std::string_view source) {
  Scan scan;
  TableCells cells(text, separator, source);
  std::size_t column = 0;
  std::int64_t blank = 0;  // a blank line of a table of one column
  while (cells.next()) {
    if (is_blank(cells, column)) {
      if (scan.rows > 0 && scan.width() == 1 && blank == 0) blank = cells.line();
      continue;
    }
    if (blank != 0) {
      fail_file("read", "{}: line {} is empty: put a value there, or remove the line", source,
                blank);
    }
    if (scan.rows == 0) {
      if (column == 0) scan.first_line = cells.line();
      add_first_line(scan, cells, source);
    } else {
      if (column == scan.width()) {
        fail_file("read", "{}: line {} has more cells than the {} of line {}", source, cells.line(),
                  scan.width(), scan.first_line);
      }
      const CellValue value = cell_value(cells.cell());
      scan.columns[column].add(value, cells.cell(), cells.line());
      scan.numbers.push_back(value.number);
    }
    ++column;
    if (!cells.ends_row()) continue;
    if (scan.rows == 0) scan.columns.resize(scan.width());
    check_width(column, scan.width(), cells.line(), scan.first_line, source);
    ++scan.rows;
    column = 0;
  }
  if (scan.rows == 0) fail_file("read", "{} has no rows: there is nothing to do", source);
  return scan;
}

/// Whether the first line counts the columns, as pandas names them: 0, 1, 2 ..., perhaps after an
/// empty cell above the names of the rows.
bool counts_columns(const Scan& scan) {
  const std::size_t from = scan.first[0].empty() ? 1 : 0;
  if (scan.width() - from < 2) return false;
  for (std::size_t j = from; j < scan.width(); ++j) {
    if (scan.values[j].kind != CellKind::kNumber ||
        scan.values[j].number != static_cast<double>(j - from)) {
      return false;
    }
  }
  constexpr std::size_t kTelling = 16;  // so long a count is no row of data
  return from == 1 || scan.width() >= kTelling ||
         std::ranges::any_of(scan.columns, &ColumnFacts::has_fraction);
}

bool first_line_is_header(const Scan& scan, const TableOptions& options) {
  bool any_word = false, any_numbers = false, all_words = true;
  for (std::size_t j = 0; j < scan.width(); ++j) {
    const bool word = scan.values[j].kind == CellKind::kWord;
    const bool below_numbers = scan.columns[j].numbers > 0 && !scan.columns[j].is_text();
    if (word && below_numbers) return true;
    any_word |= word;
    all_words &= word;
    any_numbers |= below_numbers || scan.values[j].kind == CellKind::kNumber;
  }
  if (counts_columns(scan)) return scan.rows > 1;
  if (any_numbers || !any_word) return false;
  if (options.rows) return scan.rows == *options.rows + 1;
  // All columns hold text: names differ from each other.
  return all_words &&
         std::set<std::string>(scan.first.begin(), scan.first.end()).size() == scan.width();
}

std::optional<std::size_t> find_text_column(const Table& table, const TableOptions& options,
                                            std::string_view source) {
  const std::string& name = options.text_column;
  if (name.empty()) return std::nullopt;
  std::vector<std::string> names;
  for (std::size_t j = 0; j < table.columns.size(); ++j) {
    if (table.columns[j].name == name) return j;
    names.push_back(table.columns[j].name);
  }
  if (options.may_lack_column) return std::nullopt;
  const CellValue number = cell_value(name);
  if (number.kind == CellKind::kNumber && number.number >= 1 &&
      number.number <= static_cast<double>(names.size()) &&
      number.number == std::floor(number.number)) {
    return static_cast<std::size_t>(number.number) - 1;
  }
  const std::string near = suggestion(name, names);
  std::string there;
  constexpr std::size_t kShown = 8;
  for (std::size_t j = 0; j < std::min(names.size(), kShown); ++j) {
    there += (j == 0 ? "" : ", ") + printable(names[j]);
  }
  if (names.size() > kShown) there += ", ...";
  fail_file("read", "{} has no column '{}'{}", source, printable(name),
            near.empty() ? ": there is " + there : printable(near));
}

/// Why a cell is no number, if that can be told from it.
std::string_view hint(std::string_view cell) {
  const auto digit_at = [&](std::size_t at) {
    return at < cell.size() && cell[at] >= '0' && cell[at] <= '9';
  };
  const std::size_t comma = cell.find(',');
  if (comma != std::string_view::npos && digit_at(comma + 1)) {
    return ": write decimal points, and no commas in numbers";
  }
  const std::size_t space = cell.find_first_of(" ;");
  if (digit_at(0) && space != std::string_view::npos) {
    return ": put a comma between cells in every line";
  }
  return ": give every row a finite number there, or remove the row or the column";
}

void check_numbers(const Table& table, const std::vector<ColumnFacts>& facts,
                   std::string_view source) {
  for (std::size_t j = 0; j < table.columns.size(); ++j) {
    const TableColumn& column = table.columns[j];
    if (column.kind != TableColumn::Kind::kNumbers || facts[j].bad_line == 0) continue;
    const std::string name =
        table.has_header ? fmt::format("column {} ('{}')", j + 1, printable(column.name, 40))
                         : fmt::format("column {}", j + 1);
    const std::string held = facts[j].bad.empty() ? "is empty"
                                                  : fmt::format("is '{}', which is no number",
                                                                printable(facts[j].bad, 40));
    fail_file("read", "{}: line {}, {} {}{}", source, facts[j].bad_line, name, held,
              hint(facts[j].bad));
  }
}

/// Reads the columns of text again.
void read_text(Table& table, std::string_view text, char separator, std::string_view source) {
  const bool any = std::ranges::any_of(
      table.columns, [](const TableColumn& c) { return c.kind == TableColumn::Kind::kText; });
  if (!any) return;
  for (TableColumn& column : table.columns) {
    if (column.kind == TableColumn::Kind::kText) {
      column.text.reserve(static_cast<std::size_t>(table.rows));
    }
  }
  TableCells cells(text, separator, source);
  std::size_t column = 0;
  bool header = table.has_header;
  while (cells.next()) {
    if (is_blank(cells, column)) continue;
    if (!header && table.columns[column].kind == TableColumn::Kind::kText) {
      table.columns[column].text.emplace_back(cells.cell());
    }
    ++column;
    if (!cells.ends_row()) continue;
    column = 0;
    header = false;
  }
}

/// Removes the header's row and the columns that hold no numbers.
void keep_numbers(Table& table, std::vector<double> numbers) {
  const std::size_t width = table.columns.size();
  std::vector<std::size_t> kept;
  for (std::size_t j = 0; j < width; ++j) {
    if (table.columns[j].kind == TableColumn::Kind::kNumbers) kept.push_back(j);
  }
  table.number_columns = std::ssize(kept);
  if (kept.size() < width || table.has_header) {
    auto out = numbers.begin();
    const std::size_t begin = table.has_header ? 1 : 0;
    for (std::size_t i = begin; i < begin + static_cast<std::size_t>(table.rows); ++i) {
      for (const std::size_t j : kept) *out++ = numbers[i * width + j];
    }
    numbers.erase(out, numbers.end());
  }
  table.numbers = std::move(numbers);
}

}  // namespace

std::optional<TableFormat> table_format(std::string_view name) {
  constexpr std::size_t kEnding = 4;
  if (name.size() < kEnding) return std::nullopt;
  std::string ending(name.substr(name.size() - kEnding));
  std::ranges::transform(ending, ending.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (ending == ".csv") return TableFormat::kCsv;
  if (ending == ".tsv") return TableFormat::kTsv;
  return std::nullopt;
}

std::vector<std::string> Table::number_names() const {
  std::vector<std::string> names;
  for (const TableColumn& column : columns) {
    if (column.kind == TableColumn::Kind::kNumbers) names.push_back(column.name);
  }
  return names;
}

const TableColumn* Table::find(std::string_view name) const {
  const auto found = std::ranges::find(columns, name, &TableColumn::name);
  return found == columns.end() ? nullptr : &*found;
}

std::string Table::passed_over() const {
  constexpr std::size_t kShown = 5;
  std::string text;
  std::size_t count = 0;
  for (std::size_t j = 0; j < columns.size(); ++j) {
    const TableColumn& column = columns[j];
    if (column.kind == TableColumn::Kind::kNumbers || j == text_column) continue;
    if (++count > kShown) continue;
    const std::string_view why = column.kind == TableColumn::Kind::kText    ? "text"
                                 : column.kind == TableColumn::Kind::kIndex ? "counts the rows"
                                                                            : "empty";
    text += fmt::format("{}'{}' ({})", count == 1 ? "" : ", ", printable(column.name, 40), why);
  }
  if (count == 0) return "";
  if (count > kShown) text += fmt::format(" and {} more", count - kShown);
  return fmt::format("column{} passed over: {}", count == 1 ? "" : "s", text);
}

Table parse_table(std::span<const std::uint8_t> bytes, std::string_view source,
                  const TableOptions& options) {
  const std::string_view text = text_of(bytes, source);
  const char separator = separator_of(text, options.format);
  Scan scan = scan_cells(text, separator, source);
  Table table;
  table.has_header = first_line_is_header(scan, options);
  table.rows = scan.rows - (table.has_header ? 1 : 0);
  if (table.rows == 0) fail_file("read", "{} has no rows below its header", source);
  std::vector<ColumnFacts>& facts = scan.columns;
  for (std::size_t j = 0; j < scan.width(); ++j) {
    table.columns.push_back(
        {table.has_header ? scan.first[j] : fmt::format("column {}", j + 1), {}, {}});
    // Without a header the first line is data, but says last what kind a column has.
    if (!table.has_header) {
      ColumnFacts with_first;
      with_first.add(scan.values[j], scan.first[j], scan.first_line);
      facts[j].numbers += with_first.numbers;
      facts[j].missing += with_first.missing;
      facts[j].words += with_first.words;
      if (with_first.bad_line != 0) {
        facts[j].bad_line = with_first.bad_line;
        facts[j].bad = with_first.bad;
      }
    }
    TableColumn& column = table.columns.back();
    if (facts[j].all_empty()) {
      column.kind = TableColumn::Kind::kEmpty;
    } else if (facts[j].is_text()) {
      column.kind = TableColumn::Kind::kText;
    }
  }
  table.text_column = find_text_column(table, options, source);
  if (table.text_column) table.columns[*table.text_column].kind = TableColumn::Kind::kText;
  TableColumn& first = table.columns.front();
  const bool unnamed = table.has_header && (first.name.empty() || first.name == "Unnamed: 0");
  if (unnamed && first.kind == TableColumn::Kind::kNumbers &&
      (facts[0].counts_from_0 || facts[0].counts_from_1)) {
    first.kind = TableColumn::Kind::kIndex;
  }
  check_numbers(table, facts, source);
  keep_numbers(table, std::move(scan.numbers));
  read_text(table, text, separator, source);
  return table;
}

}  // namespace hourglass
