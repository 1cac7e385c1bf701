// Reads PNG files as bytes, by libpng. Not a writer: see figures/png.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "hourglass/data/resize.h"

namespace hourglass {

/// One channel for a grey PNG, three for colour and palette. 16 bits per channel are rounded to 8;
/// 1, 2 and 4 bits are scaled to 0..255. Transparent pixels are composited on black, the background
/// of the known data sets; no gamma is applied. Throws Error naming the file if it is not a PNG,
/// damaged, cut short, or higher or wider than kMaxImageSide. Memory is limited by the length of
/// the file.
ByteImage read_png(const std::filesystem::path& path);

/// The same for a PNG in memory; `name` is for errors.
ByteImage decode_png(std::span<const std::uint8_t> bytes, std::string_view name);

}  // namespace hourglass
