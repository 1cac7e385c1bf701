// The points that the explorer shows: images of a trained model or rows of any matrix, with what is
// known of each. Not their map: see explore_pack.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "hourglass/base/progress.h"
#include "hourglass/base/threads.h"
#include "hourglass/data/dataset.h"
#include "hourglass/models/checkpoint_file.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// n points; every list has an element for each of them, or none.
struct ExplorePoints {
  std::string title;                     // "mnist_32", or a file's name
  std::string dataset;                   // likewise
  std::vector<std::int64_t> chosen;      // of all `total` rows, ascending
  std::int64_t total = 0;                // rows that there are
  std::vector<std::string> splits;       // names
  std::vector<std::uint8_t> split;       // index of `splits`
  std::vector<std::int64_t> rows;        // in its split or file
  Tensor latents;                        // [n, d]; empty: not known
  RowSource images;                      // [n, height * width * channels]
  std::optional<ImageShape> shape;       // of images, or of what a model decodes
  std::string fit = "stretch";           // how other images are brought to the shape: see fit.h
  std::string background = "black";      // below transparent ones
  std::vector<std::int64_t> labels;      // indices of class_names; -1: none
  std::vector<std::string> class_names;  // empty without labels
  std::vector<std::string> names;        // of the images' files
  std::vector<float> error;              // mean squared error of the reconstruction
  std::vector<std::pair<std::string, std::vector<float>>> columns;  // other numbers, by name
  /// What the page cannot do and why, a sentence each; options stand between backquotes.
  std::vector<std::string> missing;

  std::int64_t count() const { return static_cast<std::int64_t>(rows.size()); }
};

/// A smaller number of points than there are, and whether with images.
struct ExploreExtent {
  std::int64_t limit = 0;  // the most points; 0: all
  bool images = true;
  std::uint64_t seed = 0;  // of the choice

  /// More bytes of latent vectors or images than this are more than a page opens: too many latent
  /// vectors are an error, too many images are left out and said in `missing`.
  std::uint64_t most_latent_bytes = std::uint64_t{1} << 29;
  std::uint64_t most_image_bytes = std::uint64_t{1} << 28;
};

/// At most `limit` (0: all) of `count` rows, ascending: with labels as many of each class as there
/// are, at most an equal share; otherwise any. A function of its arguments alone.
std::vector<std::int64_t> chosen_rows(std::int64_t count, std::span<const std::int64_t> labels,
                                      std::int64_t limit, std::uint64_t seed);

/// The images of some splits ("train", "test") of a data set, encoded and reconstructed by the
/// model. Throws Error as encode() does.
ExplorePoints explore_model(const Model& model, const Dataset& data,
                            const std::vector<std::string>& splits, const ExploreExtent& extent,
                            ThreadPool& pool, Progress& progress = Progress::none());

/// The rows of a matrix with what files say of them; all but `rows` may be empty.
struct ExploreRows {
  std::string title;
  Tensor rows;                           // [n, d]
  std::vector<std::int64_t> labels;      // [n]
  std::vector<std::string> class_names;  // of the labels
  std::vector<std::string> names;        // [n]
  std::vector<std::pair<std::string, std::vector<float>>> columns;
  RowSource images;  // [n, height * width * channels]
  ImageShape shape;  // of the images
};

/// Throws Error if numbers of rows differ.
ExplorePoints explore_rows(ExploreRows rows, const ExploreExtent& extent);

/// An image for each row of a matrix: the one of its name, or, for rows without names, all images
/// sorted by their names. Throws Error if a name or the number does not fit, or if the images have
/// no names.
RowSource images_of_rows(const Dataset& images, const std::vector<std::string>& names,
                         std::int64_t rows);

}  // namespace hourglass
