// The images in a folder by their paths: which there are, of which class, for training or for
// testing. Opens no image but to recognise one without an ending.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "hourglass/data/impl/left_out.h"

namespace hourglass {

struct ListedImage {
  std::string name;        // the path below the folder
  std::int64_t label = 0;  // 0 without classes
};

struct ImageList {
  std::vector<std::string> classes;  // as on disk, sorted by bytes; empty without labels
  std::vector<ListedImage> train;    // of all images if there are no halves
  std::vector<ListedImage> test;     // as the folder divides them; empty if it does not
  bool halves = false;               // the folder has a test half
  LeftOut left_out;
  std::vector<std::string> notes;  // how the folder was understood where that is not plain
};

/// Folders and files are sorted by the bytes of their names. A folder below a class belongs to the
/// class. Throws Error if the folder cannot be read or holds no images, or if a class of its test
/// half has none in the other.
ImageList list_images(const std::filesystem::path& folder);

}  // namespace hourglass
