// Whether a checkpoint is what its run makes: the run is trained anew, in memory, and compared to
// the bit. Writes nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hourglass/data/dataset.h"
#include "hourglass/models/checkpoint_file.h"
#include "hourglass/train/trainer.h"

namespace hourglass {

/// Why the run cannot be compared here, a clause: it was imported or does not say how it was
/// trained, or version, data or kernel set are others. Nothing if it can.
std::optional<std::string> why_not_comparable(const CheckpointFacts& facts, const Dataset& data);

struct Verification {
  std::int64_t epochs = 0;                   // trained anew
  std::optional<std::int64_t> differs_from;  // the first epoch that is not as recorded
  std::string recorded, found;               // of the last epoch trained, where it is on record
};

/// Trains the first `epochs` epochs of a checkpoint's run anew, at most as many as it has, on data
/// that is comparable; stops at the first that differs. Each is compared with its line of `log`, as
/// far as there is one, and the checkpoint's last with the checkpoint, its recorded errors
/// included. Images held out are taken out of data.train. The watcher's on_epoch is called for each
/// epoch; it may ask to stop. Throws Error where the record makes no sense.
Verification verify_run(const Checkpoint& checkpoint, const std::vector<EpochResult>& log,
                        Dataset& data, std::int64_t epochs, ThreadPool& pool,
                        TrainObserver& watcher);

}  // namespace hourglass
