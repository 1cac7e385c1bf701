// What the system and its containers let this process have: memory and processors. Reads /proc and
// /sys below `root`, so that a tree made for a test answers as a machine would.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace hourglass {

/// Bytes that this process could still take: the least of what the system has available, what its
/// control groups leave (versions 1 and 2, its own and those above), and its limit of address
/// space. Nothing where the system does not say.
std::optional<std::uint64_t> free_memory(const std::filesystem::path& root = "/");

/// Processors' worth of time that the control groups allow, its own and those above: 1.5, say.
/// Nothing where there is no limit.
std::optional<double> processor_quota(const std::filesystem::path& root = "/");

}  // namespace hourglass
