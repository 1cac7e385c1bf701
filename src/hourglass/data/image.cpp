#include "hourglass/data/image.h"

#include <cassert>

#include "hourglass/base/file.h"
#include "hourglass/data/impl/image_reader.h"
#include "hourglass/data/impl/row_fitter.h"

namespace hourglass {

Image read_image(std::span<const std::uint8_t> bytes, std::string_view name,
                 const ImageOptions& options) {
  assert(!options.background.automatic);
  if (options.size) check_image_size(*options.size);
  const auto decoder = open_image(bytes, name);
  return fit_image(*decoder, options);
}

Image read_image(const std::filesystem::path& path, const ImageOptions& options) {
  return read_image(read_file(path, kMostImageBytes), path.string(), options);
}

std::vector<std::pair<std::string, std::string>> image_libraries() {
  std::vector<std::pair<std::string, std::string>> libraries;
  for (const ImageReader& reader : image_readers()) {
    const std::string text = reader.library();
    const std::size_t space = text.find(' ');
    libraries.emplace_back(text.substr(0, space), text.substr(space + 1));
  }
  return libraries;
}

}  // namespace hourglass
