// Tables as text. The first byte chooses the format and whether a column is read as text.
#include "hourglass/interop/table.h"

#include <cmath>

#include "fuzz.h"

using namespace hourglass;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  TableOptions options;
  options.format = (data[0] & 1) != 0 ? TableFormat::kTsv : TableFormat::kCsv;
  if ((data[0] & 2) != 0) options.text_column = "1";
  if ((data[0] & 4) != 0) options.rows = 3;
  fuzz::reads([&] {
    const Table table = parse_table({data + 1, size - 1}, "file", options);
    fuzz::check(table.rows > 0, "a table without rows");
    fuzz::check(std::ssize(table.numbers) == table.rows * table.number_columns,
                "not true to its size");
    fuzz::check(std::ssize(table.number_names()) == table.number_columns,
                "another number of names");
    for (const double value : table.numbers) {
      fuzz::check(std::isfinite(value), "a number that is not finite");
    }
    for (const TableColumn& column : table.columns) {
      const bool text = column.kind == TableColumn::Kind::kText;
      fuzz::check(std::ssize(column.text) == (text ? table.rows : 0), "another number of cells");
    }
  });
  return 0;
}
