// The name of a run and the paths of its files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass {

/// Paths of a run's files below --out. Runs differ in kind, data set, latent dimension, name and
/// number: none has a file of another.
struct RunPaths {
  std::string run;                     // "mnist_32", "mnist_32_NAME"; numbered: "mnist_32-2"
  std::filesystem::path checkpoint;    // models/AE/mnist_32.safetensors, after the last epoch
  std::filesystem::path best;          // ... .best.safetensors: at its smallest validation error
  std::filesystem::path state;         // ... .resume.safetensors
  std::filesystem::path metrics;       // ... .metrics.jsonl
  std::filesystem::path record;        // ... .run.json: record_file.h
  std::filesystem::path images;        // ... .images.tsv: which images are in which split
  std::filesystem::path explore;       // ... .explore.safetensors: what the explorer shows of it
  std::filesystem::path best_explore;  // ... .best.explore.safetensors: of `best`
  std::filesystem::path lock;          // ... .lock, during the run
  std::filesystem::path figures;       // visu/mnist_autoencoder/, of all runs of the kind
};

/// `name` may be empty; otherwise it has letters, digits, '-', '_' and '.', and does not end like
/// another file of a run, as `.best`, or like the number of a run, as `-2`. Throws Error otherwise.
RunPaths run_paths(const std::filesystem::path& out, std::string_view model,
                   const std::string& dataset, std::int64_t latent_dim, const std::string& name);

/// The run of a number from 2 on: "mnist_32-2" for "mnist_32". 1 is the run without a number.
RunPaths numbered(const RunPaths& base, std::int64_t number);

/// The number of `run` if it is `base` ("mnist_32": 1) or numbered ("mnist_32-2": 2).
std::optional<std::int64_t> number_of(std::string_view run, std::string_view base);

/// The files that a run may leave beside its checkpoint, checkpoint included; not the lock.
std::vector<std::filesystem::path> files_of(const RunPaths& paths);

/// The explorer's packs, which are made from the checkpoints and can be made again.
std::vector<std::filesystem::path> packs_of(const RunPaths& paths);

/// The pack beside a checkpoint: ".../mnist_32.explore.safetensors".
std::filesystem::path pack_beside(const std::filesystem::path& checkpoint);

/// The paths of the run whose checkpoint this is; of NAME.best the run NAME. `figures` is empty.
RunPaths run_of(const std::filesystem::path& checkpoint);

}  // namespace hourglass
