// The binary version of CIFAR-10 and CIFAR-100: records of label bytes and a 32 x 32 image. Not the
// version for Python, which is a pickle.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "hourglass/data/impl/byte_images.h"

namespace hourglass {

/// Appends the records of a batch to `images`. A record has label_bytes bytes, the last of which is
/// the label, then 1024 bytes each of red, green and blue. Throws Error naming `source` if the
/// batch is empty or no whole number of records. Does not compare labels with the number of
/// classes.
void append_cifar(std::span<const std::uint8_t> batch, int label_bytes,
                  const std::filesystem::path& source, ByteImages& images);

}  // namespace hourglass
