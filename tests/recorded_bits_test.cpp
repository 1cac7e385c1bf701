// The bits of the kernel sets that fuse, from one machine to the next: recorded with avx2. Kernels
// alone: see nn/op_table_test.cpp; principal components: see project/pca_methods_test.cpp.
#include <gtest/gtest.h>

#include <vector>

#include "hourglass/data/split.h"
#include "hourglass/data/strokes.h"
#include "hourglass/kernels/each_set_test.h"
#include "hourglass/models/apply.h"
#include "hourglass/models/registry.h"
#include "hourglass/project/knn.h"
#include "hourglass/project/umap/umap.h"
#include "hourglass/train/stepper.h"
#include "hourglass/train/trainer.h"

namespace hourglass {
namespace {

class RecordedBits : public testing::Test {
 protected:
  void SetUp() override {
    const std::vector<KernelSet> sets = fused_sets_here();
    if (sets.empty()) GTEST_SKIP() << "this processor has no kernel set that fuses";
    select_kernels(sets.back());
  }
  void TearDown() override { select_kernels(best_kernel_set()); }

  ThreadPool pool{2};
};

Tensor pixels_of(const RowSource& images) {
  Tensor rows({images.count(), strokes_shape().pixels()});
  images.fill_rows(0, images.count(), rows);
  return rows;
}

TEST_F(RecordedBits, OfFourTrainingSteps) {
  const RowSource split = make_strokes(100, 0);
  const auto model = make_model("AE", strokes_shape(), {32}, 0);
  Stepper stepper(*model, {.batch_size = 64}, pool);
  std::vector<std::int64_t> order(100);
  for (std::int64_t epoch = 1; epoch <= 2; ++epoch) {
    epoch_order(0, epoch, order);
    for (std::int64_t b = 0; b < batch_count(100, 64); ++b) {
      stepper.step(split, {batch_of(order, b, 64)});
    }
  }
  EXPECT_EQ(weights_sha256(*model),
            "24bcd9006dc39030efeb41ea31b28d451230f11c1383ee0eb8b42dc1c7511ab2");
}

TEST_F(RecordedBits, OfLatentsAndReconstructions) {
  const auto model = make_model("AE", strokes_shape(), {32}, 1);
  const Tensor latents = encode(*model, make_strokes(50, 3), pool);
  EXPECT_EQ(bits_of(latents.span()),
            "55b945f082e58120711c1523351e865d5f41ff776d7f18ef58a8fb6f638f1ac6");
  EXPECT_EQ(bits_of(decode(*model, latents, pool).span()),
            "4f001fde28642061f76854afd2ea1e6f18fe45c7635e8f8c9e7ba16af9b3ffbc");
}

TEST_F(RecordedBits, OfNeighbours) {
  const Tensor x = pixels_of(make_strokes(600, 4));
  const Neighbours exact = nearest_neighbours(x, {.search = Search::exact}, pool);
  EXPECT_EQ(bits_of(exact.indices, exact.distances),
            "5b04e29df80e0e0c8f21a32b037dbf454bb36b0d5669a9d8f644746fc28628eb");
  const Neighbours found = nearest_neighbours(x, {.search = Search::candidates}, pool);
  EXPECT_EQ(bits_of(found.indices, found.distances),
            "688b3c64a248cc63e6dffc7000a5384782c0a0cdff97f3ba899d8f57e056f109");
}

TEST_F(RecordedBits, OfMaps) {
  const Tensor x = pixels_of(make_strokes(300, 5));
  const auto map_from = [&](UmapInit init) {
    return bits_of(umap(x, {.n_epochs = 20, .init = init}, pool).map.span());
  };
  EXPECT_EQ(map_from(UmapInit::random),
            "9e5e343f660d23987f6b8b238e769b79ce081eb75bab69a20d70ab65dbda9613");
  EXPECT_EQ(map_from(UmapInit::pca),
            "0baa97d1e6bcb991346852a89bdbfa2cdeea2bc49cb03058a4f0d1312126f8cf");
  EXPECT_EQ(map_from(UmapInit::spectral),
            "ac95bfac91dc40f176260ef9b5ec886f129971910fc6d60b915ab13ee64e3a65");
}

}  // namespace
}  // namespace hourglass
