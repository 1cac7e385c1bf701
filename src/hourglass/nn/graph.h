// A graph of operators of another program, to which layers add themselves. Not a file format: see
// exchange/onnx.h.
#pragma once

#include <cstdint>
#include <string>

#include "hourglass/nn/layer.h"

namespace hourglass {

/// Values are identified by name. Their first axis is the batch; images are [N, C, H, W]. Layers
/// use the parameter names of the state dict: LAYER.weight and LAYER.bias.
class GraphBuilder {
 public:
  virtual ~GraphBuilder() = default;

  /// 3 x 3, zero padding 1.
  virtual std::string conv2d(const std::string& x, const std::string& layer,
                             std::int64_t stride) = 0;
  virtual std::string group_norm(const std::string& x, const std::string& layer,
                                 std::int64_t groups, float epsilon, const Extent& extent) = 0;
  virtual std::string linear(const std::string& x, const std::string& layer) = 0;
  virtual std::string leaky_relu(const std::string& x, float slope) = 0;
  virtual std::string sigmoid(const std::string& x) = 0;
  virtual std::string clip(const std::string& x, float low, float high) = 0;
  virtual std::string add(const std::string& x, const std::string& y) = 0;
  /// One-hot [N, classes] of integers [N]; and [N, a + b] of [N, a] and [N, b].
  virtual std::string one_hot(const std::string& labels, std::int64_t classes) = 0;
  virtual std::string join(const std::string& x, const std::string& y) = 0;
  virtual std::string upsample_twice(const std::string& x) = 0;  ///< nearest
  virtual std::string flatten(const std::string& x) = 0;         ///< [N, ...] to [N, count]
  virtual std::string to_images(const std::string& x, const Extent& extent) = 0;
  /// Repeats the last row `below` times and the last column `right` times; or removes them.
  virtual std::string pad_edge(const std::string& x, std::int64_t below, std::int64_t right) = 0;
  virtual std::string crop(const std::string& x, std::int64_t height, std::int64_t width) = 0;
};

}  // namespace hourglass
