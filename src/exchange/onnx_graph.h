// An ONNX graph under construction, an operator a call. Not for public use: see onnx.h.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "interop/safetensors.h"

namespace hourglass {

using Sizes = std::vector<std::int64_t>;

/// Values are known by their names; the first axis of each is the batch.
class OnnxGraph {
 public:
  /// `parameters` under their state-dict names are borrowed; those that operators ask for become
  /// the graph's initialisers.
  OnnxGraph(const std::string& name, std::span<const NamedArrayView> parameters);
  OnnxGraph(const OnnxGraph&) = delete;
  OnnxGraph& operator=(const OnnxGraph&) = delete;

  /// A tensor that comes in or goes out, float32 [N, sizes...].
  std::string input(const std::string& name, const Sizes& sizes);
  void output(const std::string& name, const Sizes& sizes);

  /// PyTorch's layers with the parameters LAYER.weight and LAYER.bias; each returns its value.
  std::string conv2d(const std::string& x, const std::string& layer, std::int64_t stride);
  /// GroupNorm of [N, C, H, W], sizes {C, H, W}: ONNX has it from opset 18 on only, so the groups
  /// are laid out as an instance norm's channels and back.
  std::string group_norm(const std::string& x, const std::string& layer, std::int64_t groups,
                         float epsilon, const Sizes& sizes);
  std::string linear(const std::string& x, const std::string& layer);
  std::string leaky_relu(const std::string& x, float slope);
  std::string sigmoid(const std::string& x);
  std::string upsample_twice(const std::string& x);  ///< nearest: each pixel becomes 2 x 2
  std::string flatten(const std::string& x);         ///< [N, ...] to [N, count]
  std::string reshape(const std::string& x, const Sizes& sizes);
  /// The same value under another name.
  void name(const std::string& x, const std::string& as);

  /// The whole file's content. Throws Error if ONNX's checker finds fault with it.
  std::string finish(const std::string& producer_version);

 private:
  onnx::NodeProto& add(const std::string& type, const std::vector<std::string>& inputs,
                       const std::string& output);
  std::string fresh(const std::string& what);
  std::string parameter(const std::string& name, const Sizes& as = {});
  std::string constant(const std::string& what, std::span<const float> values);
  std::string constant(const std::string& what, const Sizes& values);

  std::span<const NamedArrayView> parameters_;
  onnx::ModelProto model_;
  onnx::GraphProto& graph_;
  int values_ = 0;
};

}  // namespace hourglass
