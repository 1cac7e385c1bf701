// The names in PyTorch's .pth that reader and writer share. Not an interface.
#pragma once

#include <array>
#include <string_view>

#include "hourglass/interop/array.h"

namespace hourglass::torch {

inline constexpr std::string_view kOrderedDict = "collections OrderedDict";
inline constexpr std::string_view kRebuildTensor = "torch._utils _rebuild_tensor_v2";
inline constexpr std::string_view kRebuildParameter = "torch._utils _rebuild_parameter";
inline constexpr std::string_view kSize = "torch Size";

/// Storages are named by their element type.
struct StorageType {
  std::string_view global;
  DType dtype;
};
inline constexpr std::array<StorageType, 10> kStorages{{
    {"torch FloatStorage", DType::kF32},
    {"torch DoubleStorage", DType::kF64},
    {"torch HalfStorage", DType::kF16},
    {"torch BFloat16Storage", DType::kBF16},
    {"torch LongStorage", DType::kI64},
    {"torch IntStorage", DType::kI32},
    {"torch ShortStorage", DType::kI16},
    {"torch CharStorage", DType::kI8},
    {"torch ByteStorage", DType::kU8},
    {"torch BoolStorage", DType::kBool},
}};

}  // namespace hourglass::torch
