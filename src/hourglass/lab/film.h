// The maps of a run's epochs as a film. Reads the data saved beside their figures; makes no map.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "hourglass/base/progress.h"
#include "hourglass/lab/figure_folder.h"

namespace hourglass {

/// Texts of the film, and the names of its classes.
struct FilmFacts {
  std::string title;  // the epoch is added to it
  std::string stamp;
  std::vector<std::string> class_names;
  std::uint64_t seed = 0;  // of the order in which points are drawn
};

/// Writes folder.film() from the data of the run's UMAP maps: an animated PNG that stops at each
/// epoch; between epochs points move smoothly, and the axes stay fixed. Returns its path. Throws
/// Error if there are fewer than two maps, one is damaged, or they are of different points.
std::filesystem::path make_film(const FigureFolder& folder, const FilmFacts& facts,
                                Progress& progress = Progress::none());

}  // namespace hourglass
