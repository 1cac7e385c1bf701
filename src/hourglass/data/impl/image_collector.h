// Collects the images of a folder in one form for all: bytes until an image has other values, grey
// until one has colours.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "hourglass/data/image.h"
#include "hourglass/tensor/rows.h"

namespace hourglass {

class ImageCollector {
 public:
  /// `counts`: the images of the training and test half that will come.
  explicit ImageCollector(std::array<std::size_t, 2> counts);

  /// All images must have the same height and width. `half` is 0 for training, 1 for test.
  void add(const Image& image, std::size_t half);
  /// Channels 1 or 3, as far as is known.
  const ImageShape& shape() const { return shape_; }
  bool real() const { return real_; }
  /// The rows of a half, once.
  RowSource take(std::size_t half, std::vector<std::int64_t> labels,
                 std::vector<std::string> names);

 private:
  /// One of them is used.
  struct Half {
    std::vector<std::uint8_t> bytes;
    std::vector<float> reals;
  };
  void become_coloured();
  void become_real();

  std::array<std::size_t, 2> counts_;
  std::array<Half, 2> halves_;
  ImageShape shape_{0, 0, 0};
  bool real_ = false;
};

}  // namespace hourglass
