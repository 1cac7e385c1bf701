// The names under which people keep what belongs to images: arrays of an .npz, columns of a table.
#pragma once

#include <array>

namespace hourglass {

inline constexpr std::array kLabelNames{"labels", "label",   "y",       "Y",
                                        "target", "targets", "classes", "class"};
inline constexpr std::array kClassNames{"class_names", "label_names", "target_names"};
inline constexpr std::array kRowNames{"names", "filenames", "file_names", "paths", "files", "ids",
                                      "name",  "filename",  "path",       "file",  "id"};

}  // namespace hourglass
