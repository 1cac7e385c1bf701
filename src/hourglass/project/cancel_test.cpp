// A stop of the pool reaches whatever is being computed with it.
#include <gmock/gmock.h>

#include <chrono>
#include <functional>
#include <stop_token>
#include <thread>

#include "../tests/golden/golden.h"
#include "hourglass/base/error.h"
#include "hourglass/project/pca.h"
#include "hourglass/project/quality.h"
#include "hourglass/project/umap/umap.h"

namespace hourglass {
namespace {

/// Stops `work` a moment after it began.
void expect_cancelled(const char* what, const std::function<void(ThreadPool&)>& work) {
  ThreadPool pool(2);
  std::stop_source stop;
  pool.cancel_by(stop.get_token());
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    stop.request_stop();
  });
  try {
    while (true) work(pool);  // however fast it is, the stop comes while it computes
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::cancelled) << what << ": " << error.what();
  }
  other.join();
}

TEST(Cancel, ReachesNeighboursPcaQualityAndUmap) {
  const Tensor x = golden::noise(3, Shape{2000, 40}), map = golden::noise(4, Shape{2000, 2});
  expect_cancelled("neighbours", [&](ThreadPool& pool) { nearest_neighbours(x, 15, pool); });
  expect_cancelled("PCA", [&](ThreadPool& pool) { fit_pca(x, 5, pool); });
  expect_cancelled("quality", [&](ThreadPool& pool) { map_quality(x, map, {}, pool); });
  expect_cancelled("UMAP", [&](ThreadPool& pool) { umap(x, {.n_epochs = 20}, pool); });
}

}  // namespace
}  // namespace hourglass
