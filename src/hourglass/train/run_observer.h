// What happens beside a run with files: its logs and figures. The run calls these functions; see
// run.h.
#pragma once

#include "hourglass/train/trainer.h"

namespace hourglass {

/// on_epoch() is called when the epoch is saved.
class RunObserver : public TrainObserver {
 public:
  /// The epoch is done and not saved yet. A run that is killed here repeats it.
  virtual void before_save(const EpochResult& /*result*/) {}
  /// The run was stopped within an epoch and is not saved yet.
  virtual void before_stop() {}
  /// Draws the figures of an epoch with its model; returns whether all are drawn. Called once more
  /// after a resume if it was killed here.
  virtual bool draw_figures(const Model& /*model*/, const EpochResult& /*result*/) { return true; }
  /// All epochs are done and saved. Called once more after a resume if it was killed here.
  virtual void before_finish() {}
  /// Another run had this name: what it left beside its checkpoint is to be removed.
  virtual void on_replaced() {}

  static RunObserver& none();
};

}  // namespace hourglass
