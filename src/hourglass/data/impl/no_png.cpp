// In the place of png.cpp where hourglass was built without image files.
#include "hourglass/base/error.h"
#include "hourglass/data/png.h"

namespace hourglass {

ByteImage decode_png(std::span<const std::uint8_t>, std::string_view name) {
  fail_file("data",
            "{} is an image, and this hourglass was built without them: build it with libpng",
            name);
}

ByteImage read_png(const std::filesystem::path& path) {
  return decode_png({}, path.string());
}

}  // namespace hourglass
