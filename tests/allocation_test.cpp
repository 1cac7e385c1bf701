// A training step allocates no memory. A program of its own, because it replaces operator new; not
// under sanitizers, which replace it themselves.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <numeric>

#include "hourglass/base/sanitized_test.h"
#include "hourglass/data/strokes.h"
#include "hourglass/models/registry.h"
#include "hourglass/train/stepper.h"

#ifndef HOURGLASS_SANITIZED

namespace {
std::atomic<std::int64_t> allocations{0};

void* counted(std::size_t size, std::size_t alignment) {
  allocations.fetch_add(1);
  void* memory = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (!memory) throw std::bad_alloc();
  return memory;
}
}  // namespace

// The array forms and those that do not throw call these.
void* operator new(std::size_t size) {
  return counted(size, alignof(std::max_align_t));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

namespace hourglass {
namespace {

TEST(Allocation, IsCounted) {
  const std::int64_t before = allocations.load();
  const Tensor tensor({100});
  EXPECT_GT(allocations.load(), before) << tensor.count();
}

class AllocationOfAStep : public testing::TestWithParam<int> {};

TEST_P(AllocationOfAStep, IsNoneWithAShortLastBatchToo) {
  const RowSource split = make_strokes(128, 0);
  const auto model = make_model("AE", strokes_shape(), {32}, 0);
  ThreadPool pool(GetParam());
  Stepper stepper(*model, {}, pool);
  std::vector<std::int64_t> rows(128);
  std::iota(rows.begin(), rows.end(), 0);
  for (const std::size_t batch : {128u, 128u, 100u, 33u, 8u, 1u}) {
    const std::int64_t before = allocations.load();
    stepper.step(split, {std::span(rows).first(batch)});
    EXPECT_EQ(allocations.load() - before, 0) << "in a step of " << batch << " images";
  }
}

INSTANTIATE_TEST_SUITE_P(Threads, AllocationOfAStep, testing::Values(1, 2, 3),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace hourglass

#else

TEST(Allocation, IsCounted) {
  GTEST_SKIP() << "the sanitizer counts allocations in its own way";
}

#endif
