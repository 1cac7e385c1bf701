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

/// The arrays of a saved dictionary, in its order, with their own element types. Those of a
/// dictionary inside it are named "outer.inner"; numbers, texts and lists are left out. Throws
/// Error in one line naming the file and what is wrong: saved by torch before 1.6 or by
/// torch.jit.save; a Python object other than the above, by its name; big-endian elements; sizes,
/// strides or keys that do not fit; damage.
std::vector<NamedArray> read_torch(const std::filesystem::path& path);

/// The same from bytes; `source` is the name for messages.
std::vector<NamedArray> parse_torch(std::span<const std::uint8_t> bytes, std::string_view source);

/// Writes an OrderedDict of arrays in the given order, in one piece (AtomicFile). The same arrays
/// give the same bytes. Read by every torch from 1.6 on, with weights_only=True, too. Throws Error
/// if a name is repeated, an element type is one that torch lacks (unsigned of 16 bits and more),
/// or the file cannot be written.
void write_torch(const std::filesystem::path& path, std::span<const NamedArrayView> arrays);

}  // namespace hourglass
