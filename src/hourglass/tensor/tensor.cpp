#include "hourglass/tensor/tensor.h"

#include <algorithm>
#include <new>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {
constexpr std::align_val_t kAlignment{64};
constexpr std::int64_t kMostFloats = std::int64_t{1} << 45;  // an address space of 47 bits
thread_local std::int64_t bytes_taken = 0;
}  // namespace

void check_rows(const Shape& of, std::int64_t begin, std::int64_t end) {
  if (of.rank() == 2 && begin >= 0 && begin <= end && end <= of[0]) return;
  throw Error("tensor", "rows", fmt::format("{} to {}", begin, end),
              fmt::format("a view of {} does not have them", of.text()));
}

void check_count(const Shape& of, const Shape& wanted) {
  if (of.count() == wanted.count()) return;
  throw Error("tensor", "shape", wanted.text(),
              fmt::format("a view of {} has another number of values", of.text()));
}

std::int64_t tensor_bytes_taken() {
  return bytes_taken;
}

void Tensor::Free::operator()(float* p) const {
  ::operator delete[](p, kAlignment);
}

Tensor::Tensor(Shape shape) : shape_(shape) {
  if (shape.count() > kMostFloats) {
    throw Error(
        ErrorKind::memory, "tensor",
        fmt::format("a tensor of {} is larger than any memory: use smaller sizes", shape.text()));
  }
  const auto count = static_cast<std::size_t>(shape.count());
  data_.reset(static_cast<float*>(::operator new[](count * sizeof(float), kAlignment)));
  bytes_taken += static_cast<std::int64_t>(count * sizeof(float));
  std::fill_n(data_.get(), count, 0.0f);
}

Tensor Tensor::clone() const {
  Tensor copy(shape_);
  std::copy_n(data_.get(), count(), copy.data_.get());
  return copy;
}

}  // namespace hourglass
