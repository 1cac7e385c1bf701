// PyTorch's .pth: named arrays as torch.save writes and torch.load reads them. Not whole pickled
// modules, optimisers or scripts: arrays, dictionaries and numbers only, and nothing is executed.
//
// A file is a zip archive. ROOT/data.pkl is a pickle of the saved dictionary, in which an array is
// a call of torch._utils._rebuild_tensor_v2 on a storage, named by its key, with an offset, sizes
// and strides; ROOT/data/KEY holds the storage's elements.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "hourglass/interop/safetensors.h"

namespace hourglass {

/// The arrays of a saved dictionary, in its order, with their element types. Arrays of a nested
/// dictionary are named "outer.inner"; numbers, texts and lists are ignored. Throws Error in one
/// line with the file and the reason: saved by torch before 1.6 or by torch.jit.save; another
/// Python object, by its name; big-endian elements; sizes, strides or keys that do not fit; damage.
std::vector<NamedArray> read_torch(const std::filesystem::path& path);

/// The same from bytes; `source` is the name for messages.
std::vector<NamedArray> parse_torch(std::span<const std::uint8_t> bytes, std::string_view source);

/// Writes an OrderedDict of arrays in the given order, atomically (AtomicFile). The same arrays
/// give the same bytes. torch reads it from 1.6 on, also with weights_only=True. Throws Error if a
/// name is repeated, torch lacks an element type (unsigned, 16 bits or more), or the file cannot be
/// written.
void write_torch(const std::filesystem::path& path, std::span<const NamedArrayView> arrays);

}  // namespace hourglass
