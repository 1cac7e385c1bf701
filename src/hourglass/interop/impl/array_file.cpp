#include "hourglass/interop/impl/array_file.h"

#include <filesystem>
#include <system_error>

#include "hourglass/base/error.h"
#include "hourglass/base/impl/printable.h"

namespace hourglass {
namespace {

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

ArrayFile::ArrayFile(const std::string& name, std::string_view what, bool (*fits)(const NpzEntry&))
    : source_(name), file_(array_path(name).file) {
  if (!is_zip(file_.bytes())) return;
  ArrayPath path = array_path(name);
  const NpzReader archive(file_.bytes(), path.file);
  if (path.array.empty()) path.array = only_fitting(archive, path.file, what, fits);
  source_ = path.file + ":" + printable(path.array);
  unpacked_ = archive.file(path.array);
}

}  // namespace hourglass
