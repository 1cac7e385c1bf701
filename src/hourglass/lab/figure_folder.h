// The folder of a run's figures, and which run owns it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "hourglass/base/lock.h"

namespace hourglass {

/// The content of run.json: the run that owns the figures in the folder.
struct FigureOwner {
  std::string run;  // the checkpoint's name: "mnist_32"
  std::string model;
  std::string dataset;
  std::string dataset_sha256;
  std::int64_t latent_dim = 0;
  std::uint64_t seed = 0;

  bool operator==(const FigureOwner&) const = default;
};

/// Parses a run.json; nullopt if the text is none.
std::optional<FigureOwner> parse_figure_owner(std::string_view text);

/// "mnist_32" of ".../mnist_32.safetensors".
std::string checkpoint_stem(const std::filesystem::path& checkpoint);

class FigureFolder {
 public:
  /// The owner of the figures that are already there: another run, even if run.json says the same;
  /// or the one in run.json.
  enum class Owner { other_run, as_recorded };

  FigureFolder(std::filesystem::path folder, FigureOwner owner, Owner found)
      : folder_(std::move(folder)), owner_(std::move(owner)), found_(found) {}

  /// Locks the folder (FOLDER.lock) until destruction, so that no other process moves it, and
  /// removes incomplete files of a killed process. Throws Error if another process holds the lock.
  /// The lock is not the run's, because runs of several latent dimensions share a folder.
  void hold();

  /// Makes the folder with run.json at the first call. Figures of another run are moved to
  /// FOLDER_previous first, replacing what is there. Calls hold() if the folder is not this owner's
  /// yet.
  void open();

  /// Whether run.json exists and names this owner.
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
