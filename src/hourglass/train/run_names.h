// Which run a call means: the name of a new run, the run that it is already, the unfinished run
// that goes on, the run that is replaced. No run gets files of another.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "hourglass/base/lock.h"
#include "hourglass/train/run_identity.h"
#include "hourglass/train/run_paths.h"

namespace hourglass {

enum class StartMode {
  fresh,      // a new run, under a name of its own
  overwrite,  // a new run that replaces one when its first epoch is saved
  resume,     // continues an unfinished run, or one that can be extended
};

struct RunRequest {
  RunPaths base;       // the run without a number
  bool named = false;  // the user chose the name: it gets no number
  StartMode mode = StartMode::fresh;
  /// The run that is asked for. To resume, what was left open is taken from the `recorded` run;
  /// otherwise that is null.
  std::function<RunIdentity(const RunIdentity* recorded)> identity;
};

/// The run to start or continue; its lock is held.
struct ClaimedRun {
  RunPaths paths;
  StartMode mode = StartMode::fresh;
  /// All its epochs are done: only figures and its last files may be missing.
  bool already = false;
  /// A run of this name was killed before its first epoch was saved: this one takes its name.
  bool restarted = false;
  std::string note;  // why it has this name, for the user; may be empty
  std::unique_ptr<FileLock> lock;
};

/// Finds the run and takes its lock, so that two processes at once get two names. Changes no file.
///
/// fresh: if a finished run with the same settings, data and version is there, that one
/// (`already`). Otherwise the name of `base`, or its next number if that is taken. Throws Error if
/// the name was chosen and is taken, or if a run of the name is unfinished.
///
/// overwrite: the run with the same settings; otherwise the unfinished one, otherwise `base`.
/// Throws Error if two are unfinished.
///
/// resume: the unfinished run of that name or of its numbers. Throws Error with the flag that
/// differs; if several differ, it lists them.
///
/// Errors of the kind `value` are mistakes in the call. Throws Error of the kind `file` if another
/// process holds the run's lock, or if a file cannot be read.
ClaimedRun claim_run(const RunRequest& request);

}  // namespace hourglass
