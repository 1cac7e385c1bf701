// Images of the user in one or two parts, as a file has them, made into a data set: classes are
// numbered and the test images chosen. Not the reading of files.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hourglass/data/dataset.h"
#include "hourglass/data/impl/pixel_values.h"

namespace hourglass {

struct ImagePart {
  std::string source;  // of the images, for messages
  ImageShape shape;
  PixelValues pixels;                 // [n, height, width, channels]
  std::vector<std::int64_t> numbers;  // labels [n]; or
  std::vector<std::string> text;      // labels [n]; or neither
  std::vector<std::string> names;     // [n] or none

  std::int64_t count() const {
    const std::size_t values = pixels.are_reals() ? pixels.reals.size() : pixels.bytes.size();
    return static_cast<std::int64_t>(values) / shape.pixels();
  }
};

/// Sets shape, classes, training and test images. Of one part, the 6th, the 12th, ... image of each
/// class is a test image; two parts are the training and the test images. Labels that are whole
/// numbers below 1000 are the classes themselves, as version 0.1.0 had them, named by `class_names`
/// or else by their numbers; other numbers and text are classes in ascending order. Without labels
/// all images are of one class. Throws Error if there is no test image, the parts do not belong
/// together, or there are more than 1000 classes.
void set_images(std::vector<ImagePart> parts, std::vector<std::string> class_names,
                Dataset& dataset);

}  // namespace hourglass
