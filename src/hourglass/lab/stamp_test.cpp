#include "hourglass/lab/stamp.h"

#include <gtest/gtest.h>

#include <limits>

#include "hourglass/models/registry.h"

namespace hourglass {
namespace {

TEST(Stamp, NamesModelDataEpochSeedAndError) {
  const auto model = make_model("linear", {1, 8, 8}, {3}, 1);
  CheckpointFacts facts;
  facts.epochs = 20;
  facts.seed = 18446744073709551615u;
  facts.test_mse = 0.004031;
  EXPECT_EQ(stamp_of(*model, "mnist", facts),
            "linear · mnist · d 3 · epoch 20 · seed 18446744073709551615 · test MSE 0.00403");
}

TEST(Stamp, OfAnImportedModelNamesItsFilesAndNoErrorThatWasNotMeasured) {
  const auto model = make_model("AE", {1, 8, 8}, {3}, 1);
  CheckpointFacts facts;
  facts.imported = "encoder.pth, decoder.pth";
  facts.test_mse = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(stamp_of(*model, "imported", facts),
            "AE · imported · d 3 · from encoder.pth, decoder.pth");
}

}  // namespace
}  // namespace hourglass
