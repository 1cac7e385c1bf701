// The end of `hourglass train` for a run that is done already, and what both ends share.
#pragma once

#include "hourglass/train/run_names.h"
#include "train_flags.h"
#include "train_watcher.h"

namespace hourglass::cli {

/// Trains nothing: draws the figures that are missing, completes the run's files, and says that it
/// is done. Returns the exit status.
int finish_already(const TrainFlags& flags, ClaimedRun claim, Dataset& data, ThreadPool& pool);

/// Where the run's figures lie; with those of version 0.1.0 if it may have begun there.
FigureFolder figures_of(const TrainFlags& flags, const RunPaths& paths, const Dataset& data,
                        bool may_be_older);

/// The end of a call with --json: the run, whether it is finished, its last epoch's errors and what
/// was written.
void print_run(const RunPaths& paths, bool finished, std::span<const std::filesystem::path> wrote);

/// Throws Error with the first figure that could not be drawn, if there is one.
void fail_undrawn(const Watcher& watcher, const RunPaths& paths, const Common& common);

}  // namespace hourglass::cli
