#include "hourglass/tensor/tensor.h"

#include <algorithm>
#include <new>

namespace hourglass {
namespace {
constexpr std::align_val_t kAlignment{64};
thread_local std::int64_t bytes_taken = 0;
}  // namespace

std::int64_t tensor_bytes_taken() {
  return bytes_taken;
}

void Tensor::Free::operator()(float* p) const {
  ::operator delete[](p, kAlignment);
}

Tensor::Tensor(Shape shape) : shape_(shape) {
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
