#include "hourglass/interop/impl/array_file.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "hourglass/base/error.h"
#include "hourglass/base/impl/printable.h"

namespace hourglass {
namespace {

bool begins(std::span<const std::uint8_t> bytes, std::string_view text) {
  return bytes.size() >= text.size() &&
         std::equal(text.begin(), text.end(), bytes.begin(),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

bool is_zip(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= 2 && bytes[0] == 'P' && bytes[1] == 'K';
}

std::string only_fitting(const NpzReader& archive, const std::string& file, std::string_view what,
                         bool (*fits)(const NpzEntry&)) {
  std::vector<std::string> fitting;
  for (const NpzEntry& entry : archive.entries()) {
    if (fits(entry)) fitting.push_back(entry.name);
  }
  if (fitting.empty()) fail_file("read", "{} holds no {}", file, what);
  if (fitting.size() > 1) {
    fail_file("read", "{} holds more than one {} ({}): name one, as {}:{}", file, what,
              name_list(fitting), file, printable(fitting.front()));
  }
  return fitting.front();
}

}  // namespace

ArrayPath array_path(const std::string& name) {
  std::error_code ignored;
  const std::size_t at = name.rfind(".npz:");
  if (at == std::string::npos || std::filesystem::exists(name, ignored)) return {name, ""};
  return {name.substr(0, at + 4), name.substr(at + 5)};
}

void ArrayFile::check_known(std::span<const std::uint8_t> bytes) const {
  if (begins(bytes, "PAR1")) {
    fail_file("read",
              "{} is a Parquet file: save it as CSV, as pandas.read_parquet(...).to_csv(...)",
              source_);
  }
  if (is_zip(bytes) && (source_.ends_with(".xlsx") || source_.ends_with(".ods"))) {
    fail_file("read", "{} is a spreadsheet: save it as CSV", source_);
  }
}

ArrayFile::ArrayFile(const std::string& name, std::string_view what, bool (*fits)(const NpzEntry&))
    : source_(name == "-" ? "standard input" : name),
      file_(MappedFile::or_pipe(array_path(name).file)) {
  check_known(file_.bytes());
  if (!is_zip(file_.bytes())) {
    // What is written on a file counts less than what is in it: 0.1.0 wrote NumPy's format under
    // any name.
    const bool numpy = begins(file_.bytes(), "\x93NUMPY") || name.ends_with(".npy") ||
                       name.ends_with(".npz") || !array_path(name).array.empty();
    if (!numpy) table_ = table_format(name).value_or(TableFormat::kCsv);
    return;
  }
  ArrayPath path = array_path(name);
  const NpzReader archive(file_.bytes(), path.file);
  if (path.array.empty()) path.array = only_fitting(archive, path.file, what, fits);
  source_ = path.file + ":" + printable(path.array);
  unpacked_ = archive.file(path.array);
}

}  // namespace hourglass
