// A set of images to train on and to test with. Not a reader: see idx.h, image_folder.h, strokes.h
// and open.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hourglass/tensor/rows.h"
#include "hourglass/tensor/shape.h"

namespace hourglass {

struct Dataset {
  std::string name;  // in file names: "mnist", or a folder's name
  ImageShape shape;
  std::vector<std::string> class_names;  // in label order; empty without labels
  RowSource train, test;                 // images [n, height * width * channels], values in [0, 1];
                                         // labels, if any, are in [0, classes)
  std::string sha256;                    // of dataset_sha256(): equal sets have equal hashes
  std::string source;                    // where it was found, for messages
  std::vector<std::string> notes;        // what reading left out or changed, a sentence each
  std::string fit = "stretch";           // how images were brought to another size: see fit.h
  std::string background = "black";      // what transparent images were laid on, never "auto"
  bool lossy_images = false;             // of JPEG or WebP files: another version of their library
                                         // may decode other pixels

  std::int64_t classes() const { return static_cast<std::int64_t>(class_names.size()); }
};

}  // namespace hourglass
