// The pixels of images from the numbers of a file: bytes where these lose nothing, otherwise real
// values. Not their layout: see array_images.h and table_images.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "hourglass/interop/array.h"
#include "hourglass/tensor/rows.h"
#include "hourglass/tensor/shape.h"

namespace hourglass {

/// One of the two.
struct PixelValues {
  std::vector<std::uint8_t> bytes;
  std::vector<float> reals;        // in [0, 1]
  std::vector<std::string> notes;  // what was changed, a sentence each

  bool are_reals() const { return !reals.empty(); }
};

/// Pixels of `images` images; all have as many numbers. Whole numbers are in [0, 255] and become
/// bytes, booleans 0 or 255; unsigned numbers of 16 bits beyond 255 become reals, divided by
/// 65535. Real numbers in [0, 1] stay what they are, unless all are bytes divided by 255: within
/// 1e-6 or the rounding of float16. Whole ones in [0, 255] become bytes. Throws Error naming
/// `source`, the range found and a remedy for other numbers.
PixelValues pixel_values(const Array& array, std::int64_t images, const std::string& source);
/// The same of real numbers [images, numbers of an image].
PixelValues pixel_values(std::span<const double> numbers, std::int64_t images,
                         const std::string& source);

/// Bytes become reals, byte / 255.
void make_reals(PixelValues& pixels);

/// [n, channels, area] to [n, area, channels].
void channels_last(PixelValues& pixels, const ImageShape& shape);

/// Moves them into rows; labels and names are [n] or empty.
RowSource rows_of(PixelValues pixels, const ImageShape& shape, std::vector<std::int64_t> labels,
                  std::vector<std::string> names);

}  // namespace hourglass
