// PNG files into bytes, by libpng. Not a writer: figures have their own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "hourglass/data/resize.h"

namespace hourglass {

/// One channel for a grey PNG, three for colour and palette; 16 bits a channel are rounded to 8,
/// and 1, 2 and 4 stretched to 0..255. Transparent pixels are laid on black, where nothing is drawn
/// in the data this program learns from; no gamma is applied. Throws Error naming the file if it is
/// not a PNG, damaged, cut short, or higher or wider than kMaxImageSide. Takes no more memory than
/// the file's own length can fill.
ByteImage read_png(const std::filesystem::path& path);

/// The same for a PNG in memory; `name` is for errors.
ByteImage decode_png(std::span<const std::uint8_t> bytes, std::string_view name);

}  // namespace hourglass
