// The folder that a run's figures lie in, and whose they are.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace hourglass {

/// What run.json says: the run whose figures lie beside it.
struct FigureOwner {
  std::string run;  // the checkpoint's name: "mnist_32"
  std::string model;
  std::string dataset;
  std::string dataset_sha256;
  std::int64_t latent_dim = 0;
  std::uint64_t seed = 0;

  bool operator==(const FigureOwner&) const = default;
};

/// The owner that the text of a run.json names; nothing if it is none.
std::optional<FigureOwner> parse_figure_owner(std::string_view text);

/// "mnist_32" of ".../mnist_32.safetensors".
std::string checkpoint_stem(const std::filesystem::path& checkpoint);

class FigureFolder {
 public:
  /// Whose figures lie there already: this run's, which is gone on with; another's, even if it
  /// looks the same; or whose run.json says.
  enum class Owner { this_run, other_run, as_recorded };

  FigureFolder(std::filesystem::path folder, FigureOwner owner, Owner found)
      : folder_(std::move(folder)), owner_(std::move(owner)), found_(found) {}

  /// Makes the folder with run.json, the first time it is called. Another run's figures are first
  /// moved to FOLDER_previous, in the place of those that were moved there before.
  void open();

  /// Whether run.json lies there and names this owner.
  bool is_ours() const;

  std::filesystem::path facts_path() const { return folder_ / "run.json"; }

 private:
  std::filesystem::path folder_;
  FigureOwner owner_;
  Owner found_;
  bool open_ = false;
};

}  // namespace hourglass
