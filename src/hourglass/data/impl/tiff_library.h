// libtiff, loaded when the first TIFF is read: most programs read none, and it brings eight
// libraries.
#pragma once

#include <tiffio.h>

namespace hourglass {

/// The functions that are used, by their names without "TIFF".
struct TiffApi {
  decltype(&::TIFFOpenOptionsAlloc) open_options_alloc;
  decltype(&::TIFFOpenOptionsFree) open_options_free;
  decltype(&::TIFFOpenOptionsSetMaxSingleMemAlloc) set_most_memory;
  decltype(&::TIFFOpenOptionsSetErrorHandlerExtR) set_error_handler;
  decltype(&::TIFFOpenOptionsSetWarningHandlerExtR) set_warning_handler;
  decltype(&::TIFFClientOpenExt) client_open;
  decltype(&::TIFFClose) close;
  decltype(&::TIFFGetField) get_field;
  decltype(&::TIFFGetFieldDefaulted) get_field_defaulted;
  decltype(&::TIFFSetField) set_field;
  decltype(&::TIFFLastDirectory) last_directory;
  decltype(&::TIFFIsTiled) is_tiled;
  decltype(&::TIFFScanlineSize64) scanline_size;
  decltype(&::TIFFTileSize64) tile_size;
  decltype(&::TIFFTileRowSize64) tile_row_size;
  decltype(&::TIFFReadScanline) read_scanline;
  decltype(&::TIFFReadTile) read_tile;
  decltype(&::TIFFGetVersion) get_version;
};

/// Throws Error where the library is not there or lacks a function.
const TiffApi& tiff_api();

}  // namespace hourglass
