// Files of a tar archive, plain or gzip'd, in memory: ustar, as tar, GNU tar and Python write it.
// Nothing is unpacked to disk: a name in an archive is a key and never a path. Not libarchive,
// which would bring a dozen libraries for one format of 512-byte blocks.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "hourglass/data/impl/byte_reader.h"

namespace hourglass {

using TarFiles = std::map<std::string, std::vector<std::uint8_t>>;

/// The content of the regular files of these exact names, each of at most 100 characters; others
/// are passed over. Reads to the end, so that a damaged gzip is noticed. Throws Error if one is
/// missing or repeated, a header is damaged, the archive is cut short, or it unpacks to more than
/// `most` bytes.
TarFiles read_tar(ByteReader& reader, std::span<const std::string> names, std::uint64_t most);

}  // namespace hourglass
