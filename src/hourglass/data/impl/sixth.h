// The test images of a set that has none of its own.
#pragma once

#include <string>

#include "hourglass/data/dataset.h"

namespace hourglass {

/// Divides the images into training and test images: every sixth of each class is a test image, or,
/// without labels, every sixth. Labels are in [0, 999]. Throws Error naming `source` if no image is
/// left to test with.
void divide_every_sixth(const RowSource& images, const std::string& source, Dataset& dataset);

}  // namespace hourglass
