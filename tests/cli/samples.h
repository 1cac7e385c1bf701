// Small data sets and models in files, as input for the program. Not tests.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "hourglass/models/registry.h"
#include "program.h"

namespace hourglass {

/// The four IDX files, plain, of `strokes` images: found as mnist with --data_dir DATA when folder
/// is DATA/mnist.
void write_small_idx(const std::filesystem::path& folder, int train_images, int test_images);

/// A fixture with a small `mnist` in data/mnist, which every call finds by itself.
class SmallMnist : public CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    if (!IsSkipped()) write_small_idx(folder / "data/mnist", 96, 24);
  }
  /// Trains with latent dimension 4 and these further flags.
  Outcome train(const Words& more) {
    Words call{"train", "--dataset", "mnist", "--latent_dim", "4", "--batch_size", "16"};
    call.insert(call.end(), more.begin(), more.end());
    return run(call);
  }
};

/// FOLDER/CLASS/0.png, 1.png ... : `count` different grey images of 12 x 12 pixels in each class.
void write_class_folders(const std::filesystem::path& folder, const Words& classes, int count);

/// Writes an untrained model of seed 0 as a checkpoint of the data set `dataset`.
std::unique_ptr<Model> write_checkpoint(const std::filesystem::path& path,
                                        const ImageShape& shape = {1, 28, 28},
                                        std::int64_t latent_dim = 4,
                                        const std::string& dataset = "mnist");

/// The files that must be equal, to the byte, for two runs with the same flags; "" for a missing
/// file.
struct RunFiles {
  std::string checkpoint, best, state;
  Words metrics;  // a line for each epoch, without the keys of times
  bool operator==(const RunFiles&) const = default;
};

/// `stem` is ".../mnist_4".
RunFiles run_files(const std::filesystem::path& stem);

/// The points that TensorBoard shows of a folder and its folder `steps`, as "tag 5" by value, after
/// later files have cancelled points of earlier ones; without speeds. Incomplete ends are left out.
std::map<std::string, float> logged_scalars(const std::filesystem::path& folder);

/// All paths below a folder, relative to it, sorted.
Words files_below(const std::filesystem::path& folder);

}  // namespace hourglass
