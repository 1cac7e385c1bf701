// The memory and processors that the system and its containers grant this process. Reads /proc and
// /sys below `root`, so that a test can simulate a machine with a folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace hourglass {

/// Bytes that this process can still allocate: the minimum of the system's available memory, the
/// rest of its control groups' limits (versions 1 and 2, with parents), and the rest of its address
/// space limit. Nothing if the system does not say.
std::optional<std::uint64_t> free_memory(const std::filesystem::path& root = "/");

/// Processors that the control groups (with parents) allow, as a number such as 1.5. Nothing if
/// there is no limit.
std::optional<double> processor_quota(const std::filesystem::path& root = "/");

/// Whether the address space has room for the stack of one more thread.
bool has_room_for_a_stack();

}  // namespace hourglass
