// What several verbs share: flags, finding a checkpoint, opening the data it needs, and the words
// at the end. Not the verbs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli.h"
#include "flags.h"
#include "hourglass/base/threads.h"
#include "hourglass/data/open.h"
#include "hourglass/models/checkpoint_file.h"

namespace hourglass::cli {

/// The values of the flags that several verbs have.
struct Common {
  std::int64_t threads = available_threads();
  std::string kernels;             // empty: the fastest
  std::filesystem::path data_dir;  // searched first; may be empty
  std::optional<ImageSize> image_size;
  std::filesystem::path out = ".";  // models/ and visu/ lie below it
  bool quiet = false;
};

void machine_flags(CLI::App& app, Common& common);  ///< --threads, --kernels
void data_dir_flag(CLI::App& app, Common& common);  ///< --data_dir
void data_flags(CLI::App& app, Common& common);     ///< --data_dir, --image_size
void out_flag(CLI::App& app, Common& common);       ///< --out
void quiet_flag(CLI::App& app, Common& common);     ///< --quiet
/// All of these by group, and --dataset: for verbs that show a trained model data.
void measured_data_flags(CLI::App& app, std::string& dataset, Common& common);

/// The threads that the flags ask for; chooses the kernels on the way. Call it first.
ThreadPool make_pool(const Common& common);

/// A sentence on standard error, unless --quiet: "hourglass: TEXT".
void note(const Common& common, std::string_view text);

/// CHECKPOINT as a path: one that exists; or a short name (`mnist_32`) looked up in
/// OUT/models/*/NAME.safetensors; or, when empty, the newest there (a note says which), never a
/// .resume, .best or .previous file. Throws Error with the nearest name there is.
std::filesystem::path find_checkpoint(const std::string& given, const Common& common);

/// The short name by which find_checkpoint finds a checkpoint without further flags, or its path
/// when it lies elsewhere: for the next command worth trying.
std::string checkpoint_name(const std::filesystem::path& path);

/// `call` with the --out and --data_dir that were given now, for a next command that has both; and
/// with `dataset` and --image_size where these are images of the user's own, which no checkpoint
/// finds again.
std::string with_places(std::string call, const Common& common, const std::string& dataset = "");

/// with_places() for a next command that shows this checkpoint images: those of `dataset`, which is
/// named where the checkpoint would not find it by itself.
std::string with_data(std::string call, const Checkpoint& checkpoint, const Common& common,
                      const std::string& dataset = "");

/// `text` as a shell reads it back as one word: in quotes where it must be.
std::string quoted(const std::string& text);

/// Opens a data set with a progress bar, as open_dataset() does. A name that is not known is a
/// CallError.
Dataset open_data(const std::string& name_or_path, const Common& common);

/// The data a trained model is to be shown: `dataset` if it is not empty, otherwise the one it was
/// trained on, brought to its size; a note says so if that is not the same data any more. Throws
/// Error where the images do not fit the network.
Dataset open_data_for(const Checkpoint& checkpoint, const std::string& dataset,
                      const Common& common);

/// The last words of a command, unless --quiet: every path it wrote and the next command worth
/// trying ("" for none), on `stream`.
void print_written(std::span<const std::filesystem::path> paths, std::string_view next,
                   const Common& common, std::FILE* stream = stdout);

}  // namespace hourglass::cli
