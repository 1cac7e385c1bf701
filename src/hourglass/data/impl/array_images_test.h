// Files of images for the tests of array_images.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "hourglass/base/message_test.h"
#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/data/impl/array_images.h"
#include "hourglass/interop/npz.h"

namespace hourglass {

using Bytes = std::vector<std::uint8_t>;
using Numbers = std::vector<std::int64_t>;

/// 12 images of 2 x 3: pixel p of image i is 6 i + p.
inline Bytes counting(std::int64_t channels = 1) {
  Bytes bytes(static_cast<std::size_t>(72 * channels));
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  return bytes;
}

class ArrayImages : public testing::Test {
 protected:
  std::filesystem::path written(const std::vector<std::pair<std::string, ArrayView>>& arrays) {
    NpzWriter npz(file);
    for (const auto& [name, array] : arrays) npz.add(name, array);
    npz.commit();
    return file;
  }
  ArrayView images(Shape shape = {12, 2, 3}) const {
    return {std::span<const std::uint8_t>(pixels).first(static_cast<std::size_t>(shape.count())),
            shape};
  }
  ArrayView labels_as(Shape shape = {12}) const {
    return {std::span<const std::int64_t>(labels), shape};
  }
  std::string complaint(const std::vector<std::pair<std::string, ArrayView>>& arrays) {
    return message_of([&] { read_array_images(written(arrays)); });
  }

  TemporaryFolder folder;
  std::filesystem::path file = folder.path() / "faces.npz";
  Bytes pixels = counting(3);
  Numbers labels{0, 2, 0, 2, 0, 2, 0, 2, 0, 2, 0, 2};
};

}  // namespace hourglass
