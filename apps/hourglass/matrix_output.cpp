#include "matrix_output.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "flags.h"
#include "hourglass/base/file.h"
#include "hourglass/base/impl/suggest.h"
#include "hourglass/interop/npy.h"
#include "hourglass/interop/npz.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

const std::array<std::string, 4> kFormats{"npy", "npz", "csv", "tsv"};  // as MatrixFormat

MatrixFormat parse_format(std::string_view verb, const std::string& name) {
  const auto found = std::ranges::find(kFormats, name);
  if (found != kFormats.end()) return static_cast<MatrixFormat>(found - kFormats.begin());
  const std::string near = suggestion(name, kFormats);
  fail(verb, "--format is {}{}", name, near.empty() ? ": choose npy, npz, csv or tsv" : near);
}

std::optional<MatrixFormat> format_of(const fs::path& path) {
  std::string ending = path.extension().string();
  std::ranges::transform(ending, ending.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  const auto found =
      ending.empty() ? kFormats.end() : std::ranges::find(kFormats, ending.substr(1));
  if (found == kFormats.end()) return std::nullopt;
  return static_cast<MatrixFormat>(found - kFormats.begin());
}

bool is_terminal(const fs::path& path) {
  if (path == "-") return ::isatty(STDOUT_FILENO) == 1;
  std::error_code ignored;
  if (!fs::is_character_file(path, ignored)) return false;  // a pipe's reader would see it closed
  const int file = ::open(path.c_str(), O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  const bool terminal = file >= 0 && ::isatty(file) == 1;
  if (file >= 0) ::close(file);
  return terminal;
}

bool is_standard_output(const fs::path& path) {
  std::error_code ignored;
  return path == "-" || path == "/dev/stdout" || path == "/dev/fd/1" || path == "/proc/self/fd/1" ||
         (fs::is_symlink(path, ignored) && fs::read_symlink(path, ignored) == "/dev/stdout");
}

/// Gives what standard output was a descriptor of its own, and lets it be standard error from now
/// on, so that no word of the verb falls between the bytes of the matrix.
fs::path take_standard_output(std::string_view verb) {
  static bool taken = false;
  if (taken) fail(verb, "two outputs are standard output: name a file for one");
  taken = true;
  const int matrix = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  if (matrix < 0 || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
    fail_file("output", "cannot write to standard output: {}", std::strerror(errno));
  }
  return fmt::format("/dev/fd/{}", matrix);
}

/// The rows as a matrix: axes after the first are one.
ConstView rows_of(const ArrayView& array) {
  const std::int64_t rows = array.shape[0];
  return {reinterpret_cast<const float*>(array.bytes.data()),
          Shape{rows, rows == 0 ? 0 : array.shape.count() / rows}};
}

void write_content(const MatrixOutput& output, const MatrixContent& content) {
  switch (output.format) {
    case MatrixFormat::kNpy:
      return write_npy(output.path, content.array);
    case MatrixFormat::kNpz: {
      NpzWriter npz(output.path);
      npz.add(content.name, content.array);
      for (const TableColumn& column : content.text) {
        npz.add(column.name, TextArray{Shape{std::ssize(column.text)}, column.text});
      }
      return npz.commit();
    }
    case MatrixFormat::kCsv:
    case MatrixFormat::kTsv:
      break;
  }
  AtomicFile file(output.path);
  write_table(file, output.format == MatrixFormat::kCsv ? TableFormat::kCsv : TableFormat::kTsv,
              {content.text, content.column_names, rows_of(content.array)});
  file.commit();
}

}  // namespace

void format_flag(CLI::App& app, std::string& format) {
  text_flag(app, format,
            {"--format", "FORMAT",
             "npy, npz, csv or tsv, for an output that is a pipe, a device or -; a file's ending "
             "says it",
             "npy"});
}

bool has_matrix_ending(const fs::path& path) {
  return format_of(path).has_value();
}

bool is_stream(const fs::path& path) {
  return path == "-" || path_kind(path) == PathKind::kStream;
}

MatrixOutput matrix_output(std::string_view verb, std::string_view flag, const fs::path& path,
                           const std::string& format, bool json) {
  const std::optional<MatrixFormat> by_ending = format_of(path);
  std::optional<MatrixFormat> asked;
  if (!format.empty()) asked = parse_format(verb, format);
  if (!is_stream(path)) {
    if (path_kind(path) == PathKind::kFolder) {
      fail(verb, "{} is {}, a folder: name a file in it", flag, path.string());
    }
    if (!by_ending) {
      fail(verb, "{} is {}: end its name with .npy, .npz, .csv or .tsv", flag, path.string());
    }
    if (asked && *asked != *by_ending) {
      fail(verb, "{} is {} and --format is {}: leave out --format, or name a file.{}", flag,
           path.string(), format, format);
    }
    return {path, *by_ending, false};
  }
  MatrixOutput output{path, asked ? *asked : by_ending.value_or(MatrixFormat::kNpy), false};
  if (!output.is_table() && is_terminal(path)) {
    fail(verb, "{} is a terminal and {} is binary: add --format csv, or name a file", flag,
         kFormats[static_cast<std::size_t>(output.format)]);
  }
  if (!is_standard_output(path)) return output;
  if (json) {
    fail(verb, "{} is standard output, where --json prints: name a file, or leave out --json",
         flag);
  }
  output.path = take_standard_output(verb);
  output.is_standard_output = true;
  return output;
}

void write_matrix(const MatrixOutput& output, const MatrixContent& content) {
  try {
    write_content(output, content);
  } catch (const Error& error) {
    std::string reason(error.reason());
    const std::size_t at = reason.find(output.path.string());
    if (!output.is_standard_output || at == std::string::npos) throw;
    throw Error(error.kind(), error.operation(),
                reason.replace(at, output.path.string().size(), "standard output"));
  }
}

std::vector<std::string> counted_names(std::string_view stem, std::int64_t count) {
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < count; ++i) names.push_back(fmt::format("{}_{}", stem, i));
  return names;
}

}  // namespace hourglass::cli
