// A matrix as a verb's output: the format by the ending of the path or --format, to a file, a pipe
// or standard output.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "cli.h"
#include "hourglass/interop/array.h"
#include "hourglass/interop/table.h"

namespace hourglass::cli {

enum class MatrixFormat { kNpy, kNpz, kCsv, kTsv };

/// --format, for outputs whose path has no ending.
void format_flag(CLI::App& app, std::string& format);

/// Where a matrix goes.
struct MatrixOutput {
  std::filesystem::path path;  // for "-": a descriptor of standard output
  MatrixFormat format = MatrixFormat::kNpy;
  bool is_standard_output = false;

  bool is_table() const { return format == MatrixFormat::kCsv || format == MatrixFormat::kTsv; }
};

/// Whether the path ends with .npy, .npz, .csv or .tsv.
bool has_matrix_ending(const std::filesystem::path& path);

/// Whether the path is "-", a pipe or a device, which is written to and keeps nothing.
bool is_stream(const std::filesystem::path& path);

/// The output that `path` of the flag `flag` ("--output") and --format ask for. "-" and other paths
/// of standard output take standard output for the matrix: what the verb prints from then on goes
/// to standard error. Throws Error for an ending that is none of .npy, .npz, .csv and .tsv, for
/// a
/// --format that a file's ending contradicts, for a binary format on a terminal, and for --json
/// beside a matrix on standard output.
MatrixOutput matrix_output(std::string_view verb, std::string_view flag,
                           const std::filesystem::path& path, const std::string& format,
                           bool json = false);

/// What is written.
struct MatrixContent {
  std::string_view name;                    // of the array in an .npz: "latents"
  ArrayView array;                          // [n] or [n, ...]; float32 for tables
  std::vector<std::string> column_names{};  // of a table
  std::vector<TableColumn> text{};          // in a table first, in an .npz arrays of their own
};

void write_matrix(const MatrixOutput& output, const MatrixContent& content);

/// "latent_0", "latent_1", ...
std::vector<std::string> counted_names(std::string_view stem, std::int64_t count);

}  // namespace hourglass::cli
