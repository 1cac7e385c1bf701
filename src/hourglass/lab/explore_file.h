// The explorer's page with its blobs in one HTML file, which needs no server and no network. Not
// the page itself: it comes from web/. Not how a blob becomes text: see page_blob.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace hourglass {

/// Bytes that the page asks for by name: "pack.safetensors".
struct PageBlob {
  std::string name;  // letters, digits, '.', '_' and '-'
  std::span<const std::uint8_t> bytes;
};

/// Writes the page with the blobs in the place of its comment `<!-- blobs -->`, under a policy that
/// forbids every request. The same page and blobs give the same bytes. Returns how many. Throws
/// Error if the file cannot be written, or if the page has no such comment or policy.
std::uint64_t write_explore_file(const std::filesystem::path& path, std::string_view page,
                                 std::span<const PageBlob> blobs);

}  // namespace hourglass
