// The folder that a run's figures lie in, and whose they are.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "hourglass/base/lock.h"

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
  /// Whose figures lie there already: another run's, even if it looks the same; or whose run.json
  /// says.
  enum class Owner { other_run, as_recorded };

  FigureFolder(std::filesystem::path folder, FigureOwner owner, Owner found)
      : folder_(std::move(folder)), owner_(std::move(owner)), found_(found) {}

  /// Keeps other processes from moving the folder away, until destruction; removes halves of files
  /// that a killed one left in it. Throws Error if another process holds it. Runs of several latent
  /// sizes share a folder, so it has a lock of its own, FOLDER.lock.
  void hold();

  /// Makes the folder with run.json, the first time it is called. Another run's figures are first
  /// moved to FOLDER_previous, in the place of those that were moved there before. Holds the folder
  /// where it is not this owner's yet.
  void open();

  /// Whether run.json lies there and names this owner.
  bool is_ours() const;

  std::filesystem::path facts_path() const;

 private:
  std::filesystem::path folder_;
  FigureOwner owner_;
  Owner found_;
  bool open_ = false;
  std::optional<FileLock> lock_;
};

}  // namespace hourglass
