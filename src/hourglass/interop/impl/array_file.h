// Opens one array by the name a user gives: an .npy file, or an array of an .npz. Not its elements:
// see npy.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/base/mapped_file.h"
#include "hourglass/interop/npz.h"

namespace hourglass {

/// "X.npz:codes" as file and array, unless a file with that whole name exists.
struct ArrayPath {
  std::string file;
  std::string array;  // empty: none given
};
ArrayPath array_path(const std::string& name);

/// An .npy file in memory.
class ArrayFile {
 public:
  /// Opens "X.npy"; "X.npz", if only one of its arrays `fits`; or "X.npz:NAME". `what` names such
  /// an array in messages: "matrix". Throws Error for no such array or several.
  ArrayFile(const std::string& name, std::string_view what, bool (*fits)(const NpzEntry&));

  std::span<const std::uint8_t> npy() const { return unpacked_ ? *unpacked_ : file_.bytes(); }
  const std::string& source() const { return source_; }  ///< For messages: "X.npz:codes".
  bool is_mapped() const { return !unpacked_; }
  MappedFile take_file() && { return std::move(file_); }

 private:
  std::string source_;
  MappedFile file_;
  std::optional<std::vector<std::uint8_t>> unpacked_;  // of an array in an archive
};

}  // namespace hourglass
