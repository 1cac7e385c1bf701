// What several verbs share: flags, finding a checkpoint, opening its data, and the last lines of
// the output. Not the verbs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
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
  std::filesystem::path data_dir;  // searched alone; empty: the usual folders
  std::optional<ImageSize> image_size;
  bool transpose = false;
  std::string fit = "stretch";      // how images are brought to it
  std::string background = "auto";  // below transparent images
  std::filesystem::path out = ".";  // models/ and visu/ lie below it
  bool quiet = false;
  bool verbose = false;  // list every written file
};

void machine_flags(CLI::App& app, Common& common);  ///< --threads, --kernels
void data_dir_flag(CLI::App& app, Common& common);  ///< --data_dir
void data_flags(CLI::App& app, Common& common);     ///< --data_dir and how images are read
void out_flag(CLI::App& app, Common& common);       ///< --out
void quiet_flag(CLI::App& app, Common& common);     ///< --quiet, --verbose
void json_flag(CLI::App& app, bool& json);          ///< --json
/// All of these by group, and --dataset: for verbs that run a trained model on data.
void measured_data_flags(CLI::App& app, std::string& dataset, Common& common);

/// The threads that the flags ask for. Also chooses the kernels: call it first.
ThreadPool make_pool(const Common& common);

/// A sentence on standard error, unless --quiet: "hourglass: TEXT".
void note(const Common& common, std::string_view text);

/// CHECKPOINT as a path: one that exists; or a short name (`mnist_32`) looked up in
/// OUT/models/*/NAME.safetensors, with a note if the run of a number, `mnist_32-2`, is newer; or,
/// when empty, the run finished last by its record (a note says which), never a .resume, .best or
/// .previous file. Throws Error with the nearest name there is.
std::filesystem::path find_checkpoint(const std::string& given, const Common& common);

/// The .best checkpoint of the run whose checkpoint this is, if it is there.
std::optional<std::filesystem::path> best_beside(const std::filesystem::path& path);

/// The short name by which find_checkpoint finds a checkpoint without other flags, or its path if
/// there is no such name: for the suggested next command.
std::string checkpoint_name(const std::filesystem::path& path);

/// The flags that say how images are read, each after a space; "" if none was given.
std::string reading_flags(const Common& common);

/// `call` with the --out and --data_dir of this call, for a next command that has both. Adds
/// `dataset` and how its images are read if these are the user's own, which no checkpoint can find.
std::string with_folders(std::string call, const Common& common, const std::string& dataset = "");

/// with_folders() for a next command that runs this checkpoint on the images of `dataset`; adds
/// --dataset if the checkpoint would not find it by itself.
std::string with_data(std::string call, const Checkpoint& checkpoint, const Common& common,
                      const std::string& dataset = "");

/// `text` as a shell reads it back as one word: in quotes where it must be.
std::string quoted(const std::string& text);

/// Whether this is a data set by name, not the user's own images.
bool is_known_dataset(const std::string& name);

/// open_dataset() with a progress bar. Throws Error for an unknown name.
Dataset open_data(const std::string& name_or_path, const Common& common);

/// The last lines of a command, unless --quiet: what it wrote, in one line or (--verbose) a line
/// for each path, and a suggested next command ("" for none), on `stream`.
void print_written(std::span<const std::filesystem::path> paths, std::string_view next,
                   const Common& common, std::FILE* stream = stdout);

}  // namespace hourglass::cli
