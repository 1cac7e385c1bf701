// Where the figures of a run lie. All runs of a kind on a data set share a folder, and the names of
// a run's files begin with its name: no run replaces or moves another run's figures.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass {

/// The run.json in a folder of version 0.1.0, where a run had a folder alone: its run.
struct FigureOwner {
  std::string run;  // the checkpoint's name: "mnist_32"
  std::string model;
  std::string dataset;
  std::string dataset_sha256;
  std::int64_t latent_dim = 0;
  std::uint64_t seed = 0;

  bool operator==(const FigureOwner&) const = default;
};

/// Parses a run.json of version 0.1.0; nullopt if the text is none.
std::optional<FigureOwner> parse_figure_owner(std::string_view text);

/// "mnist_32" of ".../mnist_32.safetensors".
std::string checkpoint_stem(const std::filesystem::path& checkpoint);

struct FigureFolder {
  std::filesystem::path folder;      // visu/mnist_autoencoder
  std::string run;                   // "mnist_32": begins the names of its files
  std::filesystem::path older = {};  // this run's folder of version 0.1.0; empty: none

  /// FOLDER/umap/mnist_32_epoch_05_trust.png: a figure of an epoch, of the kind `umap`.
  std::filesystem::path path(std::string_view kind, std::int64_t epoch, std::string_view extension,
                             std::string_view suffix = "") const;
  /// FOLDER/loss/mnist_32.png
  std::filesystem::path loss(std::string_view extension) const;
  /// FOLDER/umap/mnist_32_epoch_05.safetensors: the model of that epoch, beside its map.
  std::filesystem::path model(std::int64_t epoch) const;
  /// FOLDER/umap/mnist_32_film.png
  std::filesystem::path film() const;

  /// The data files (.npz) of the run's figures of a kind by epoch. Before the first epoch in
  /// `folder`, those in `older`.
  std::map<std::int64_t, std::filesystem::path> data_by_epoch(std::string_view kind) const;

  /// The run's figures in `folder`, and those of its .best checkpoint; with the models beside maps,
  /// and files that a killed process had begun to write. Sorted.
  std::vector<std::filesystem::path> files() const;
};

/// The folder of version 0.1.0 that the figures of `owner` had: OUT/visu/mnist_autoencoder_NAME for
/// `suffix` "_NAME". Empty unless the folder's run.json names this owner.
std::filesystem::path older_figures(const std::filesystem::path& folder, std::string suffix,
                                    FigureOwner owner);

}  // namespace hourglass
