// Runs an ONNX model in plain loops: the operators that onnx_graph.h writes and no others, by the
// text of their specification. Not a runtime: the reference for tests of the engine.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace hourglass {

struct OnnxTensor {
  std::vector<std::int64_t> sizes;
  std::vector<float> values;  // whole numbers too
};

/// By name.
using OnnxValues = std::map<std::string, OnnxTensor>;

/// Every value of the graph, from its inputs. Throws std::runtime_error naming what it does not
/// know.
OnnxValues run_onnx(const onnx::ModelProto& model, const OnnxValues& inputs);

}  // namespace hourglass
