#include "tensor/tensor.h"

#include <algorithm>
#include <new>

namespace hourglass {
namespace {
constexpr std::align_val_t kAlignment{64};
}

void Tensor::Free::operator()(float* p) const {
  ::operator delete[](p, kAlignment);
}

Tensor::Tensor(Shape shape) : shape_(shape) {
  const auto count = static_cast<std::size_t>(shape.count());
  data_.reset(static_cast<float*>(::operator new[](count * sizeof(float), kAlignment)));
  std::fill_n(data_.get(), count, 0.0f);
}

Tensor Tensor::clone() const {
  Tensor copy(shape_);
  std::copy_n(data_.get(), count(), copy.data_.get());
  return copy;
}

}  // namespace hourglass
