#include "hourglass/data/impl/tiff_library.h"

#include "hourglass/data/impl/loaded_library.h"

namespace hourglass {
namespace {

TiffApi load() {
  // The file of the interface of all versions since 4.5.
  const LoadedLibrary library({"data", "libtiff.so.6", "TIFF files", "libtiff6"});
  TiffApi api{};
  library.bind(api.open_options_alloc, "TIFFOpenOptionsAlloc");
  library.bind(api.open_options_free, "TIFFOpenOptionsFree");
  library.bind(api.set_most_memory, "TIFFOpenOptionsSetMaxSingleMemAlloc");
  library.bind(api.set_error_handler, "TIFFOpenOptionsSetErrorHandlerExtR");
  library.bind(api.set_warning_handler, "TIFFOpenOptionsSetWarningHandlerExtR");
  library.bind(api.client_open, "TIFFClientOpenExt");
  library.bind(api.close, "TIFFClose");
  library.bind(api.get_field, "TIFFGetField");
  library.bind(api.get_field_defaulted, "TIFFGetFieldDefaulted");
  library.bind(api.set_field, "TIFFSetField");
  library.bind(api.last_directory, "TIFFLastDirectory");
  library.bind(api.is_tiled, "TIFFIsTiled");
  library.bind(api.scanline_size, "TIFFScanlineSize64");
  library.bind(api.tile_size, "TIFFTileSize64");
  library.bind(api.tile_row_size, "TIFFTileRowSize64");
  library.bind(api.read_scanline, "TIFFReadScanline");
  library.bind(api.read_tile, "TIFFReadTile");
  library.bind(api.get_version, "TIFFGetVersion");
  return api;
}

}  // namespace

const TiffApi& tiff_api() {
  static const TiffApi api = load();
  return api;
}

}  // namespace hourglass
