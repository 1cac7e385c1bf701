// The maps of a run's epochs as a film. It reads what lies beside their figures; it makes no map.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "hourglass/base/progress.h"

namespace hourglass {

/// What the film says of itself, and whose points it shows.
struct FilmFacts {
  std::string title;  // the epoch is added to it
  std::string stamp;
  std::vector<std::string> class_names;
  std::uint64_t seed = 0;  // of the order in which points are drawn
};

/// FOLDER/film.png from FOLDER/epoch_*.npz: an animated PNG that holds at each epoch while points
/// move smoothly from one to the next, within axes that stay. Returns its path. Throws Error where
/// fewer than two maps lie there, one is damaged, or they are of different points.
std::filesystem::path make_film(const std::filesystem::path& folder, const FilmFacts& facts,
                                Progress& progress = Progress::none());

}  // namespace hourglass
