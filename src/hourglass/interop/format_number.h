// The number of a file format of hourglass's own, in the metadata of a safetensors file. Not what
// the format is.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace hourglass {

/// Throws Error unless metadata[key] is a number from 1 to `newest`, the newest format that this
/// program reads. Of a newer file it names the version that wrote it, which metadata["version"]
/// says. `metadata` has the key.
void check_format_number(std::string_view operation, std::string_view source,
                         const std::map<std::string, std::string>& metadata, const std::string& key,
                         int newest);

}  // namespace hourglass
