#include "hourglass/train/run_names.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/models/checkpoint_file.h"
#include "hourglass/train/found_run.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

using State = FoundRun::State;

ClaimedRun claimed(const RunPaths& paths, StartMode mode, std::string note = "") {
  return {paths, mode, false, false, std::move(note), lock_run(paths)};
}

/// A finished run that is asked for once more.
ClaimedRun claimed_already(const FoundRun& run) {
  ClaimedRun claim = claimed(run.paths, StartMode::resume);
  claim.already = true;
  return claim;
}

/// "mnist_32, mnist_32-2"
std::string names_of(const std::vector<const FoundRun*>& runs) {
  std::vector<std::string> names;
  for (const FoundRun* run : runs) names.push_back(run->paths.run);
  return fmt::format("{}", fmt::join(names, ", "));
}

template <typename Holds>
std::vector<const FoundRun*> those(const std::vector<FoundRun>& runs, const Holds& holds) {
  std::vector<const FoundRun*> found;
  for (const FoundRun& run : runs) {
    if (holds(run)) found.push_back(&run);
  }
  return found;
}

std::vector<const FoundRun*> unfinished_of(const std::vector<FoundRun>& runs) {
  return those(runs, [](const FoundRun& run) { return run.is(State::unfinished); });
}

/// The first free name from `number` on, locked. Another process may take one in between.
ClaimedRun claim_from(const RunPaths& base, std::int64_t number) {
  while (true) {
    ClaimedRun claim;
    claim.paths = numbered(base, number++);
    try {
      claim.lock = lock_run(claim.paths);
    } catch (const Error& error) {
      claim.note = holder_of(error);
      continue;
    }
    if (!has_files(claim.paths)) return claim;
  }
}

ClaimedRun claim_fresh(const RunRequest& request) {
  const RunIdentity here = request.identity(nullptr);
  const std::vector<FoundRun> runs = runs_here(request.base);
  for (const FoundRun& run : runs) {
    if (run.is(State::finished) && !why_another(run, here)) return claimed_already(run);
  }
  if (const auto open = unfinished_of(runs); !open.empty()) {
    fail("train",
         "{} {} unfinished: `resume` continues {}, `overwrite` replaces {}, and another `name` "
         "keeps both runs",
         names_of(open), open.size() == 1 ? "is" : "are", open.size() == 1 ? "it" : "one",
         open.size() == 1 ? "it" : "one");
  }
  const auto base =
      std::ranges::find(runs, request.base.run, [](const FoundRun& run) { return run.paths.run; });
  if (base == runs.end() && request.named) return claimed(request.base, StartMode::fresh);
  if (base != runs.end() && base->is(State::abandoned)) {
    ClaimedRun claim =
        claimed(request.base, StartMode::fresh,
                fmt::format("{} was killed before its first epoch was saved: it starts again",
                            base->paths.run));
    claim.restarted = true;
    return claim;
  }
  if (request.named && base->is(State::running)) lock_run(base->paths);  // throws
  const std::string why = base == runs.end() ? "" : *why_another(*base, here);
  if (request.named) {
    fail("train",
         "{}: `overwrite` replaces it, `resume` continues it if the flags are the same, and "
         "another `name` keeps both runs",
         why);
  }
  ClaimedRun claim = claim_from(
      request.base,
      base == runs.end()
          ? 1
          : std::max<std::int64_t>(*number_of(runs.back().paths.run, request.base.run) + 1, 2));
  const std::string reason = why.empty() ? "another process trains " + request.base.run : why;
  if (claim.paths.run != request.base.run) {
    claim.note = fmt::format("{}: it is called {}", reason, claim.paths.run);
  }
  return claim;
}

ClaimedRun claim_replaced(const RunRequest& request) {
  const RunIdentity here = request.identity(nullptr);
  const std::vector<FoundRun> runs = runs_here(request.base);
  const auto same = those(runs, [&](const FoundRun& run) {
    return !run.is(State::running) && run.identity && !why_another(run, here);
  });
  const auto open = unfinished_of(runs);
  if (same.empty() && open.size() > 1) {
    fail("train", "{} are unfinished: give the flags of the one that `overwrite` is to replace",
         names_of(open));
  }
  RunPaths paths = request.base;
  if (!same.empty()) {
    paths = same.front()->paths;
  } else if (!open.empty()) {
    paths = open.front()->paths;
  }
  ClaimedRun claim = claimed(paths, StartMode::overwrite);
  claim.restarted = std::ranges::any_of(runs, [&](const FoundRun& run) {
    return run.paths.run == paths.run && run.is(State::abandoned);
  });
  if (claim.restarted || !has_files(paths)) {
    claim.mode = StartMode::fresh;
  } else {
    claim.note = fmt::format("{} is replaced once the first epoch is saved", paths.run);
  }
  return claim;
}

/// A clause if the checkpoint was imported, otherwise "".
std::string origin_of(const fs::path& checkpoint) {
  if (!fs::exists(checkpoint)) return "";
  const std::string files = load_checkpoint(checkpoint).facts.imported;
  return files.empty() ? ""
                       : fmt::format(", since the model beside it was imported from {}", files);
}

/// Whether the run has all epochs that are asked for.
bool is_done(const FoundRun& run, const RunIdentity& here) {
  RunState state = *run.saved;
  state.identity.options = here.options;
  return state.finished();
}

/// No run of the name has a state: it is finished for good, or there is none.
ClaimedRun claim_without_state(const RunRequest& request, const std::vector<FoundRun>& runs) {
  for (const FoundRun& run : runs) {
    if (run.is(State::running)) lock_run(run.paths);  // throws
  }
  const auto finished = those(runs, [](const FoundRun& run) { return run.is(State::finished); });
  std::optional<RunDifference> difference;
  for (const FoundRun* run : finished) {
    const auto d =
        first_difference(request.identity(&*run->identity), *run->identity, Compared::as_same);
    if (!d) return claimed_already(*run);
    if (!difference) difference = d;
  }
  if (difference) {
    fail("resume", "{}: it is finished, and nothing can be added to it; leave `resume` out",
         difference_text(finished.front()->paths.run, *difference));
  }
  fail_file("resume", "there is no {}{}: leave `resume` out to start a run",
            request.base.state.string(), origin_of(request.base.checkpoint));
}

/// "mnist_32 (`seed` 0, not 1)": what each differs in.
std::string listed(const std::vector<const FoundRun*>& runs, const RunRequest& request) {
  std::vector<std::string> items;
  for (const FoundRun* run : runs) {
    const auto d =
        first_difference(request.identity(&*run->identity), *run->identity, Compared::to_resume);
    const std::string how = !d ? "these flags"
                            : d->then.empty()
                                ? "other images"
                                : fmt::format("{} {}, not {}", d->option, d->then, d->now);
    items.push_back(fmt::format("{} ({})", run->paths.run, how));
  }
  return fmt::format("{}", fmt::join(items, ", "));
}

ClaimedRun claim_unfinished(const RunRequest& request) {
  const std::vector<FoundRun> runs = runs_here(request.base);
  const auto with_state = those(runs, [](const FoundRun& run) { return run.saved.has_value(); });
  if (with_state.empty()) {
    // A state that cannot be read is named.
    if (fs::exists(request.base.state)) peek_run_state(request.base.state);
    return claim_without_state(request, runs);
  }
  const auto open = unfinished_of(runs);
  const FoundRun* chosen = nullptr;
  const auto progress = [](const FoundRun& run) {
    const TrainPosition& at = run.saved->position;
    return std::pair(at.epochs_done, at.step);
  };
  for (const FoundRun* run : with_state) {
    const RunIdentity here = request.identity(&*run->identity);
    if (first_difference(here, *run->identity, Compared::to_resume)) continue;
    // An unfinished run is meant rather than a finished one to which nothing would be added.
    if (!run->is(State::unfinished) && !open.empty() && is_done(*run, here)) continue;
    const bool further = chosen == nullptr || progress(*run) > progress(*chosen);
    if (further) chosen = run;
  }
  if (chosen == nullptr && open.size() > 1) {
    fail("resume", "{} runs are unfinished: {}; give the flags of one", open.size(),
         listed(open, request));
  }
  if (chosen == nullptr) {
    const FoundRun& nearest = open.empty() ? *with_state.front() : *open.front();
    check_same_run(request.identity(&*nearest.identity), *nearest.identity, nearest.paths.state);
    chosen = &nearest;
  }
  ClaimedRun claim = claimed(chosen->paths, StartMode::resume);
  claim.already = is_done(*chosen, request.identity(&*chosen->identity));
  auto others = open;
  std::erase(others, chosen);
  if (!others.empty()) {
    claim.note = fmt::format("continuing {}; unfinished too: {}", chosen->paths.run,
                             listed(others, request));
  }
  return claim;
}

}  // namespace

ClaimedRun claim_run(const RunRequest& request) {
  make_folder(request.base.checkpoint.parent_path());
  switch (request.mode) {
    case StartMode::fresh:
      return claim_fresh(request);
    case StartMode::overwrite:
      return claim_replaced(request);
    case StartMode::resume:
      return claim_unfinished(request);
  }
  return {};
}

}  // namespace hourglass
