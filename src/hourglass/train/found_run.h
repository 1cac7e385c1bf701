// The runs of a name that have files here: what each is, and whether it is the one that is asked
// for.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/base/lock.h"
#include "hourglass/train/run_paths.h"
#include "hourglass/train/run_state.h"

namespace hourglass {

/// A run that has files here, as far as they say.
struct FoundRun {
  enum class State {
    finished,
    unfinished,  // can be resumed
    abandoned,   // was killed before its first epoch was saved
    running,     // another process holds its lock
    unknown,     // an imported model, or files that cannot be read
  };
  RunPaths paths;
  State state = State::unknown;
  std::string why;  // a clause about `running` and `unknown`
  std::optional<RunIdentity> identity;
  std::optional<RunState> saved;  // its resume state
  std::string version, kernels;

  bool is(State other) const { return state == other; }
};

/// `base` and its numbers, as far as they have files or are being trained, sorted. Changes nothing.
std::vector<FoundRun> runs_here(const RunPaths& base);

/// Whether a file of the run is there.
bool has_files(const RunPaths& paths);

/// Why `run` is not the one that is asked for, as a clause: settings, data, version or kernels
/// differ. Nothing if it is that one.
std::optional<std::string> why_another(const FoundRun& run, const RunIdentity& here);

/// Takes the lock of a run. Throws Error as FileLock does.
std::unique_ptr<FileLock> lock_run(const RunPaths& paths);
/// "process 7 (hourglass) is training FILE", if `error` is that of a lock that is held; otherwise
/// throws it.
std::string holder_of(const Error& error);

}  // namespace hourglass
