#include "hourglass/data/impl/tiff_library.h"

#include <dlfcn.h>

#include <type_traits>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

constexpr const char* kLibrary = "libtiff.so.6";  // the interface of all versions since 4.5

TiffApi load() {
  // Never closed: other libraries of the process may have come to use it.
  void* const library = ::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    fail_file("data", "{} cannot be loaded, and TIFF files need it: install the package libtiff6",
              kLibrary);
  }
  TiffApi api{};
  const auto bind = [&](auto& function, const char* name) {
    function =
        reinterpret_cast<std::remove_reference_t<decltype(function)>>(::dlsym(library, name));
    if (function == nullptr) {
      fail_file("data", "{} has no {}: install a newer package libtiff6", kLibrary, name);
    }
  };
  bind(api.open_options_alloc, "TIFFOpenOptionsAlloc");
  bind(api.open_options_free, "TIFFOpenOptionsFree");
  bind(api.set_most_memory, "TIFFOpenOptionsSetMaxSingleMemAlloc");
  bind(api.set_error_handler, "TIFFOpenOptionsSetErrorHandlerExtR");
  bind(api.set_warning_handler, "TIFFOpenOptionsSetWarningHandlerExtR");
  bind(api.client_open, "TIFFClientOpenExt");
  bind(api.close, "TIFFClose");
  bind(api.get_field, "TIFFGetField");
  bind(api.get_field_defaulted, "TIFFGetFieldDefaulted");
  bind(api.set_field, "TIFFSetField");
  bind(api.last_directory, "TIFFLastDirectory");
  bind(api.is_tiled, "TIFFIsTiled");
  bind(api.scanline_size, "TIFFScanlineSize64");
  bind(api.tile_size, "TIFFTileSize64");
  bind(api.tile_row_size, "TIFFTileRowSize64");
  bind(api.read_scanline, "TIFFReadScanline");
  bind(api.read_tile, "TIFFReadTile");
  bind(api.get_version, "TIFFGetVersion");
  return api;
}

}  // namespace

const TiffApi& tiff_api() {
  static const TiffApi api = load();
  return api;
}

}  // namespace hourglass
