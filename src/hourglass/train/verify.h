// Verifies a checkpoint: trains its run again, in memory, and compares to the bit. Writes nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hourglass/data/dataset.h"
#include "hourglass/models/checkpoint_file.h"
#include "hourglass/train/trainer.h"

namespace hourglass {

/// Why the run cannot be compared here, as a clause: it was imported, has no record of its
/// training, or version, data or kernel set differ. Nullopt if it can.
std::optional<std::string> why_not_comparable(const CheckpointFacts& facts, const Dataset& data);

struct Verification {
  std::int64_t epochs = 0;                   // trained again
  std::optional<std::int64_t> differs_from;  // the first epoch that is not as recorded
  std::string recorded, found;               // weights of the last epoch, if on record
};

/// Trains the first `epochs` epochs of a checkpoint's run again, at most as many as it has, on
/// comparable data; stops at the first that differs. Compares each epoch with its line of `log`, if
/// there is one, and the checkpoint's last epoch with the weights and errors of the checkpoint.
/// Takes held-out images out of data.train. Calls the watcher's on_epoch for each epoch; it may ask
/// to stop. Throws Error if the record is damaged.
Verification verify_run(const Checkpoint& checkpoint, const std::vector<EpochResult>& log,
                        Dataset& data, std::int64_t epochs, ThreadPool& pool,
                        TrainObserver& watcher);

}  // namespace hourglass
