#include "exchange/onnx_graph.h"

#include <onnx/checker.h>

#include <algorithm>
#include <cassert>

#include "base/error.h"

namespace hourglass {
namespace {

constexpr int kOpset = 17;
constexpr int kIrVersion = 8;  // the one that came with it

void set_ints(onnx::NodeProto& node, const char* name, const Sizes& values) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INTS);
  for (const std::int64_t value : values) attribute.add_ints(value);
}

void set_int(onnx::NodeProto& node, const char* name, std::int64_t value) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INT);
  attribute.set_i(value);
}

void set_float(onnx::NodeProto& node, const char* name, float value) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::FLOAT);
  attribute.set_f(value);
}

void set_text(onnx::NodeProto& node, const char* name, const char* value) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::STRING);
  attribute.set_s(value);
}

void describe(onnx::ValueInfoProto& value, const std::string& name, const Sizes& sizes) {
  value.set_name(name);
  auto& tensor = *value.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(onnx::TensorProto::FLOAT);
  tensor.mutable_shape()->add_dim()->set_dim_param("N");
  for (const std::int64_t size : sizes) tensor.mutable_shape()->add_dim()->set_dim_value(size);
}

}  // namespace

OnnxGraph::OnnxGraph(const std::string& name, std::span<const NamedArrayView> parameters)
    : parameters_(parameters), graph_(*model_.mutable_graph()) {
  graph_.set_name(name);
}

std::string OnnxGraph::input(const std::string& name, const Sizes& sizes) {
  describe(*graph_.add_input(), name, sizes);
  return name;
}

void OnnxGraph::output(const std::string& name, const Sizes& sizes) {
  describe(*graph_.add_output(), name, sizes);
}

std::string OnnxGraph::conv2d(const std::string& x, const std::string& layer, std::int64_t stride) {
  std::string out = fresh(layer);
  onnx::NodeProto& node =
      add("Conv", {x, parameter(layer + ".weight"), parameter(layer + ".bias")}, out);
  set_ints(node, "kernel_shape", {3, 3});
  set_ints(node, "pads", {1, 1, 1, 1});
  set_ints(node, "strides", {stride, stride});
  return out;
}

std::string OnnxGraph::group_norm(const std::string& x, const std::string& layer,
                                  std::int64_t groups, float epsilon, const Sizes& sizes) {
  const std::string grouped = reshape(x, {groups, -1}), normal = fresh(layer);
  const std::vector<float> ones(static_cast<std::size_t>(groups), 1.0f), zeros(ones.size(), 0.0f);
  onnx::NodeProto& node = add("InstanceNormalization",
                              {grouped, constant("ones", ones), constant("zeros", zeros)}, normal);
  set_float(node, "epsilon", epsilon);
  const std::string back = reshape(normal, sizes), scaled = fresh(layer);
  std::string out = fresh(layer);
  const Sizes of_channels{sizes[0], 1, 1};
  add("Mul", {back, parameter(layer + ".weight", of_channels)}, scaled);
  add("Add", {scaled, parameter(layer + ".bias", of_channels)}, out);
  return out;
}

std::string OnnxGraph::linear(const std::string& x, const std::string& layer) {
  std::string out = fresh(layer);
  onnx::NodeProto& node =
      add("Gemm", {x, parameter(layer + ".weight"), parameter(layer + ".bias")}, out);
  set_int(node, "transB", 1);
  return out;
}

std::string OnnxGraph::leaky_relu(const std::string& x, float slope) {
  std::string out = fresh("leaky_relu");
  set_float(add("LeakyRelu", {x}, out), "alpha", slope);
  return out;
}

std::string OnnxGraph::sigmoid(const std::string& x) {
  std::string out = fresh("sigmoid");
  add("Sigmoid", {x}, out);
  return out;
}

std::string OnnxGraph::upsample_twice(const std::string& x) {
  std::string out = fresh("upsample");
  const float twice[] = {1, 1, 2, 2};
  onnx::NodeProto& node = add("Resize", {x, "", constant("twice", twice)}, out);  // "": no region
  set_text(node, "mode", "nearest");
  set_text(node, "coordinate_transformation_mode", "asymmetric");
  set_text(node, "nearest_mode", "floor");
  return out;
}

std::string OnnxGraph::flatten(const std::string& x) {
  std::string out = fresh("flatten");
  set_int(add("Flatten", {x}, out), "axis", 1);
  return out;
}

std::string OnnxGraph::reshape(const std::string& x, const Sizes& sizes) {
  Sizes target{0};  // as it is: the batch
  target.insert(target.end(), sizes.begin(), sizes.end());
  std::string out = fresh("reshape");
  add("Reshape", {x, constant("sizes", target)}, out);
  return out;
}

void OnnxGraph::name(const std::string& x, const std::string& as) {
  add("Identity", {x}, as);
}

std::string OnnxGraph::finish(const std::string& producer_version) {
  model_.set_ir_version(kIrVersion);
  model_.set_producer_name("hourglass");
  model_.set_producer_version(producer_version);
  onnx::OperatorSetIdProto& opset = *model_.add_opset_import();
  opset.set_domain("");
  opset.set_version(kOpset);
  try {
    onnx::checker::check_model(model_);
  } catch (const std::exception& error) {
    fail("onnx", "the graph {} is not valid: {}", graph_.name(), error.what());
  }
  return model_.SerializeAsString();
}

onnx::NodeProto& OnnxGraph::add(const std::string& type, const std::vector<std::string>& inputs,
                                const std::string& output) {
  onnx::NodeProto& node = *graph_.add_node();
  node.set_op_type(type);
  node.set_name(output);
  for (const std::string& input : inputs) node.add_input(input);
  node.add_output(output);
  return node;
}

std::string OnnxGraph::fresh(const std::string& what) {
  return fmt::format("{}/{}", what, values_++);
}

std::string OnnxGraph::parameter(const std::string& name, const Sizes& as) {
  const auto found = std::ranges::find(parameters_, name, &NamedArrayView::name);
  assert(found != parameters_.end() && found->array.dtype == DType::kF32);
  onnx::TensorProto& tensor = *graph_.add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  const Shape& shape = found->array.shape;
  for (int axis = 0; as.empty() && axis < shape.rank(); ++axis) tensor.add_dims(shape[axis]);
  for (const std::int64_t size : as) tensor.add_dims(size);
  tensor.set_raw_data(found->array.bytes.data(), found->array.bytes.size());
  return name;
}

std::string OnnxGraph::constant(const std::string& what, std::span<const float> values) {
  onnx::TensorProto& tensor = *graph_.add_initializer();
  tensor.set_name(fresh(what));
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  tensor.add_dims(std::ssize(values));
  for (const float value : values) tensor.add_float_data(value);
  return tensor.name();
}

std::string OnnxGraph::constant(const std::string& what, const Sizes& values) {
  onnx::TensorProto& tensor = *graph_.add_initializer();
  tensor.set_name(fresh(what));
  tensor.set_data_type(onnx::TensorProto::INT64);
  tensor.add_dims(std::ssize(values));
  for (const std::int64_t value : values) tensor.add_int64_data(value);
  return tensor.name();
}

}  // namespace hourglass
