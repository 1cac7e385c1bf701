// Opens one array by the name a user gives: an .npy file, an array of an .npz, or a table. Not its
// elements: see npy.h and table.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/base/mapped_file.h"
#include "hourglass/interop/npz.h"
#include "hourglass/interop/table.h"

namespace hourglass {

/// "X.npz:codes" as file and array, unless a file with that whole name exists.
struct ArrayPath {
  std::string file;
  std::string array;  // empty: none given
};
ArrayPath array_path(const std::string& name);

/// An .npy file or a table in memory.
class ArrayFile {
 public:
  /// Opens "X.npy"; "X.npz", if only one of its arrays `fits`; "X.npz:NAME"; a table of text, whose
  /// name may be any but X.npy or X.npz; or, by their content, a pipe or "-", standard input.
  /// `what` names such an array in messages: "matrix". Throws Error for no such array or several,
  /// and for formats that are no NumPy file and no text.
  ArrayFile(const std::string& name, std::string_view what, bool (*fits)(const NpzEntry&));

  /// The format of the table whose bytes are those of npy(); nullopt: it is an .npy file.
  std::optional<TableFormat> table() const { return table_; }
  std::span<const std::uint8_t> npy() const { return unpacked_ ? *unpacked_ : file_.bytes(); }
  const std::string& source() const { return source_; }  ///< For messages: "X.npz:codes".
  bool is_mapped() const { return !unpacked_; }
  MappedFile take_file() && { return std::move(file_); }

 private:
  void check_known(std::span<const std::uint8_t> bytes) const;

  std::string source_;
  std::optional<TableFormat> table_;
  MappedFile file_;
  std::optional<std::vector<std::uint8_t>> unpacked_;  // of an array in an archive
};

}  // namespace hourglass
