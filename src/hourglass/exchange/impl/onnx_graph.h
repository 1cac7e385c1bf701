// Builds an ONNX graph, one operator per call. Not for public use: see onnx.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "hourglass/interop/impl/message.h"
#include "hourglass/interop/safetensors.h"
#include "hourglass/nn/graph.h"

namespace hourglass {

using Sizes = std::vector<std::int64_t>;

class OnnxGraph : public GraphBuilder {
 public:
  /// Borrows `parameters`, under their state-dict names; those that operators use become
  /// initialisers of the graph.
  OnnxGraph(const std::string& name, std::span<const NamedArrayView> parameters);
  OnnxGraph(const OnnxGraph&) = delete;
  OnnxGraph& operator=(const OnnxGraph&) = delete;

  /// Declares an input or output, float32 [N, sizes...]; labels are an input int64 [N].
  std::string input(const std::string& name, const Sizes& sizes);
  std::string label_input(const std::string& name);
  void output(const std::string& name, const Sizes& sizes);

  std::string conv2d(const std::string& x, const std::string& layer, std::int64_t stride) override;
  /// ONNX has GroupNorm only from opset 18 on, so the groups are reshaped to the channels of an
  /// instance norm and back.
  std::string group_norm(const std::string& x, const std::string& layer, std::int64_t groups,
                         float epsilon, const Extent& extent) override;
  std::string linear(const std::string& x, const std::string& layer) override;
  std::string leaky_relu(const std::string& x, float slope) override;
  std::string sigmoid(const std::string& x) override;
  std::string clip(const std::string& x, float low, float high) override;
  std::string add(const std::string& x, const std::string& y) override;
  std::string one_hot(const std::string& labels, std::int64_t classes) override;
  std::string join(const std::string& x, const std::string& y) override;
  std::string upsample_twice(const std::string& x) override;
  std::string flatten(const std::string& x) override;
  std::string to_images(const std::string& x, const Extent& extent) override;
  std::string pad_edge(const std::string& x, std::int64_t below, std::int64_t right) override;
  std::string crop(const std::string& x, std::int64_t height, std::int64_t width) override;

  /// The same value under another name.
  void name(const std::string& x, const std::string& as);

  /// The content of the file, a ModelProto.
  std::vector<std::uint8_t> finish(std::string_view producer_version) const;

 private:
  std::string reshape(const std::string& x, const Sizes& sizes);
  void node(std::string_view type, const std::vector<std::string>& inputs,
            const std::string& output, const std::vector<Message>& attributes = {});
  std::string fresh(const std::string& what);
  std::string parameter(const std::string& name, const Sizes& as = {});
  std::string constant(const std::string& what, std::span<const float> values);
  std::string constant(const std::string& what, const Sizes& values);
  std::string scalar(const std::string& what, float value);

  std::span<const NamedArrayView> parameters_;
  std::string name_;
  Message nodes_, initializers_, inputs_, outputs_;  // each the graph's fields of that kind
  int values_ = 0;
};

}  // namespace hourglass
