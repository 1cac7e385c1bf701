// The version number of an hourglass file format, in the metadata of a safetensors file. Not the
// format.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace hourglass {

/// Throws Error unless metadata[key] is a number from 1 to `newest`, the newest format that this
/// program reads. For a newer file the message has the version that wrote it, metadata["version"].
/// `metadata` must have the key.
void check_format_number(std::string_view operation, std::string_view source,
                         const std::map<std::string, std::string>& metadata, const std::string& key,
                         int newest);

}  // namespace hourglass
