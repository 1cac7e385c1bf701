// The figures of a trained model: what goes into each is computed here, then drawn and saved with
// its data beside it.
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
#include "hourglass/models/checkpoint_file.h"
#include "hourglass/models/model.h"

namespace hourglass {

enum class FigureKind { recon, pca, umap, interp, noise };
inline constexpr std::array kFigureKinds{FigureKind::recon, FigureKind::pca, FigureKind::umap,
                                         FigureKind::interp, FigureKind::noise};
std::string_view name_of(FigureKind kind);

/// "recon,pca" parsed; throws Error naming the five for another.
std::vector<FigureKind> parse_figure_kinds(std::string_view list);
/// "png,svg" parsed; throws Error naming the three for another.
std::vector<FigureFormat> parse_figure_formats(std::string_view list);

/// Everything the figures of one trained model are made from.
struct Gallery {
  const Model& model;
  const Dataset& data;
  CheckpointFacts facts;
  std::filesystem::path folder;       // visu/mnist_autoencoder
  std::vector<FigureFormat> formats;  // of each figure
  ThreadPool& pool;

  const Tensor& test_codes();   ///< [n, d], encoded when first asked for.
  const Tensor& train_codes();  ///< likewise.

  /// stamp_of() these.
  std::string stamp() const;
  /// Where a figure of this epoch goes: FOLDER/pca/epoch_5.png, or .npz; `suffix` tells a second
  /// one of the kind from it, as in epoch_5_trust.png.
  std::filesystem::path place(FigureKind kind, std::string_view extension,
                              std::string_view suffix = "") const;
  /// The data of the same figure at the latest epoch before this one, if there is one.
  std::optional<std::filesystem::path> earlier_data(FigureKind kind) const;

  std::optional<Tensor> encoded_test{}, encoded_train{};
};

/// Two test images, by row, between whose codes the interpolation runs.
struct ImagePair {
  std::int64_t first, second;
};

/// "2:5", class names, labels or test rows as "#17:#245"; empty: the classes 2 and 5 where there
/// are such, otherwise the first two. Throws Error naming the part that is not understood.
ImagePair parse_pair(const std::string& text, const Dataset& data);

/// The first test row of each class, -1 for classes that have none.
std::vector<std::int64_t> first_of_each_class(const Dataset& data);

/// Draws figures in all formats and saves their data as .npz, with a line for each and the time it
/// took unless `quiet`. Returns the paths written.
std::vector<std::filesystem::path> draw_figures(Gallery& gallery, std::span<const FigureKind> kinds,
                                                const ImagePair& pair, bool quiet);

std::vector<std::filesystem::path> draw_recon(Gallery& gallery);
std::vector<std::filesystem::path> draw_pca(Gallery& gallery);
std::vector<std::filesystem::path> draw_umap(Gallery& gallery);
std::vector<std::filesystem::path> draw_interp(Gallery& gallery, const ImagePair& pair);
std::vector<std::filesystem::path> draw_noise(Gallery& gallery);

/// Images of the test set by row, as floats [rows, H * W * C].
Tensor test_images(const Dataset& data, std::span<const std::int64_t> rows);

/// Saves a figure in the gallery's formats.
template <typename Figure>
void save_in_formats(const Gallery& gallery, FigureKind kind, const Figure& figure,
                     std::vector<std::filesystem::path>& written) {
  for (const FigureFormat format : gallery.formats) {
    written.push_back(gallery.place(kind, extension_of(format)));
    save_figure(written.back(), figure);
  }
}

}  // namespace hourglass
