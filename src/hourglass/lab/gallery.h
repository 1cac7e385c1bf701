// The figures of a trained model. Computes the data of each, draws it and saves both.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/data/dataset.h"
#include "hourglass/figures/save.h"
#include "hourglass/figures/text.h"
#include "hourglass/lab/figure_folder.h"
#include "hourglass/models/checkpoint_file.h"
#include "hourglass/models/model.h"

namespace hourglass {

enum class FigureKind { recon, pca, umap, interp, noise };
inline constexpr std::array kFigureKinds{FigureKind::recon, FigureKind::pca, FigureKind::umap,
                                         FigureKind::interp, FigureKind::noise};
std::string_view name_of(FigureKind kind);

/// Parses "recon,pca"; throws Error with the five names for another name.
std::vector<FigureKind> parse_figure_kinds(std::string_view list);
/// Parses "png,svg"; throws Error with the three formats for another name.
std::vector<FigureFormat> parse_figure_formats(std::string_view list);

/// The input of the figures of one trained model.
struct Gallery {
  const Model& model;
  const Dataset& data;
  CheckpointFacts facts;
  FigureFolder folder;                // where they lie, under the run's name
  std::vector<FigureFormat> formats;  // of each figure
  ThreadPool& pool;

  const Tensor& test_latents();   ///< [n, d], encoded at the first call.
  const Tensor& train_latents();  ///< likewise.

  /// stamp_of() this model.
  std::string stamp() const;
  /// The path of a figure of this epoch: FOLDER/pca/mnist_32_epoch_05.png, or .npz; with a
  /// `suffix`, of a second one of the kind: mnist_32_epoch_05_trust.png.
  std::filesystem::path path(FigureKind kind, std::string_view extension,
                             std::string_view suffix = "") const;
  /// The data file of the same figure at the latest earlier epoch, if there is one.
  std::optional<std::filesystem::path> earlier_data(FigureKind kind) const;

  std::optional<Tensor> encoded_test{}, encoded_train{};
};

class NpzWriter;
/// Adds `names`, those of the files of the test images `rows` (all if empty), where they have some.
void add_image_names(NpzWriter& npz, const Gallery& gallery, std::span<const std::int64_t> rows);

/// The test images, by row, between whose latents the interpolation runs.
struct ImagePair {
  std::int64_t first, second;
};

/// Parses "2:5": class names, labels, or test rows as "#17:#245". Empty: the classes 2 and 5 if
/// they exist, otherwise the first two. Throws Error if it is none of these.
ImagePair parse_pair(const std::string& text, const Dataset& data);

/// The first test row of each class, -1 for classes that have none.
std::vector<std::int64_t> first_of_each_class(const Dataset& data);

/// Draws figures in all formats and saves their data as .npz; prints a line with the time for each
/// unless `quiet`. Returns the paths written.
std::vector<std::filesystem::path> draw_figures(Gallery& gallery, std::span<const FigureKind> kinds,
                                                const ImagePair& pair, bool quiet);

std::vector<std::filesystem::path> draw_recon(Gallery& gallery);
std::vector<std::filesystem::path> draw_pca(Gallery& gallery);
std::vector<std::filesystem::path> draw_umap(Gallery& gallery);
std::vector<std::filesystem::path> draw_interp(Gallery& gallery, const ImagePair& pair);
std::vector<std::filesystem::path> draw_noise(Gallery& gallery);

/// The texts of the reconstructions' figure. For a model that corrupts its input they say how, and
/// the errors of clean and of corrupted images.
FigureText recon_text(const Gallery& gallery);

/// Images of the test set by row, as floats [rows, H * W * C].
Tensor test_images(const Dataset& data, std::span<const std::int64_t> rows);

/// Saves a figure in the gallery's formats.
template <typename Figure>
void save_in_formats(const Gallery& gallery, FigureKind kind, const Figure& figure,
                     std::vector<std::filesystem::path>& written) {
  for (const FigureFormat format : gallery.formats) {
    written.push_back(gallery.path(kind, extension_of(format)));
    save_figure(written.back(), figure);
  }
}

}  // namespace hourglass
