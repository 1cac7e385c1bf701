#include "hourglass/exchange/impl/onnx_graph.h"

#include <onnx/checker.h>

#include <algorithm>
#include <cassert>

#include "hourglass/base/error.h"

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

std::string OnnxGraph::label_input(const std::string& name) {
  onnx::ValueInfoProto& value = *graph_.add_input();
  describe(value, name, {});
  value.mutable_type()->mutable_tensor_type()->set_elem_type(onnx::TensorProto::INT64);
  return name;
}

void OnnxGraph::output(const std::string& name, const Sizes& sizes) {
  describe(*graph_.add_output(), name, sizes);
}

std::string OnnxGraph::conv2d(const std::string& x, const std::string& layer, std::int64_t stride) {
  std::string out = fresh(layer);
  onnx::NodeProto& node =
      this->node("Conv", {x, parameter(layer + ".weight"), parameter(layer + ".bias")}, out);
  set_ints(node, "kernel_shape", {3, 3});
  set_ints(node, "pads", {1, 1, 1, 1});
  set_ints(node, "strides", {stride, stride});
  return out;
}

std::string OnnxGraph::group_norm(const std::string& x, const std::string& layer,
                                  std::int64_t groups, float epsilon, const Extent& extent) {
  const std::string grouped = reshape(x, {groups, -1}), normal = fresh(layer);
  const std::vector<float> ones(static_cast<std::size_t>(groups), 1.0f), zeros(ones.size(), 0.0f);
  onnx::NodeProto& node = this->node(
      "InstanceNormalization", {grouped, constant("ones", ones), constant("zeros", zeros)}, normal);
  set_float(node, "epsilon", epsilon);
  const std::string back = to_images(normal, extent), scaled = fresh(layer);
  std::string out = fresh(layer);
  const Sizes of_channels{extent.channels, 1, 1};
  this->node("Mul", {back, parameter(layer + ".weight", of_channels)}, scaled);
  this->node("Add", {scaled, parameter(layer + ".bias", of_channels)}, out);
  return out;
}

std::string OnnxGraph::linear(const std::string& x, const std::string& layer) {
  std::string out = fresh(layer);
  onnx::NodeProto& node =
      this->node("Gemm", {x, parameter(layer + ".weight"), parameter(layer + ".bias")}, out);
  set_int(node, "transB", 1);
  return out;
}

std::string OnnxGraph::leaky_relu(const std::string& x, float slope) {
  std::string out = fresh("leaky_relu");
  set_float(node("LeakyRelu", {x}, out), "alpha", slope);
  return out;
}

std::string OnnxGraph::sigmoid(const std::string& x) {
  std::string out = fresh("sigmoid");
  node("Sigmoid", {x}, out);
  return out;
}

std::string OnnxGraph::clip(const std::string& x, float low, float high) {
  std::string out = fresh("clip");
  node("Clip", {x, scalar("low", low), scalar("high", high)}, out);
  return out;
}

std::string OnnxGraph::add(const std::string& x, const std::string& y) {
  std::string out = fresh("add");
  node("Add", {x, y}, out);
  return out;
}

std::string OnnxGraph::one_hot(const std::string& labels, std::int64_t classes) {
  std::string out = fresh("one_hot");
  const float off_on[] = {0, 1};
  node("OneHot", {labels, constant("classes", Sizes{classes}), constant("off_on", off_on)}, out);
  return out;
}

std::string OnnxGraph::join(const std::string& x, const std::string& y) {
  std::string out = fresh("join");
  set_int(node("Concat", {x, y}, out), "axis", 1);
  return out;
}

std::string OnnxGraph::pad_edge(const std::string& x, std::int64_t below, std::int64_t right) {
  std::string out = fresh("pad");
  const Sizes ends{0, 0, 0, 0, 0, 0, below, right};  // before each axis, then after each
  set_text(node("Pad", {x, constant("pads", ends)}, out), "mode", "edge");
  return out;
}

std::string OnnxGraph::crop(const std::string& x, std::int64_t height, std::int64_t width) {
  std::string out = fresh("crop");
  node("Slice",
       {x, constant("starts", Sizes{0, 0}), constant("ends", Sizes{height, width}),
        constant("axes", Sizes{2, 3})},
       out);
  return out;
}

std::string OnnxGraph::to_images(const std::string& x, const Extent& extent) {
  return reshape(x, {extent.channels, extent.height, extent.width});
}

std::string OnnxGraph::upsample_twice(const std::string& x) {
  std::string out = fresh("upsample");
  const float twice[] = {1, 1, 2, 2};
  onnx::NodeProto& node =
      this->node("Resize", {x, "", constant("twice", twice)}, out);  // "": no region
  set_text(node, "mode", "nearest");
  set_text(node, "coordinate_transformation_mode", "asymmetric");
  set_text(node, "nearest_mode", "floor");
  return out;
}

std::string OnnxGraph::flatten(const std::string& x) {
  std::string out = fresh("flatten");
  set_int(node("Flatten", {x}, out), "axis", 1);
  return out;
}

std::string OnnxGraph::reshape(const std::string& x, const Sizes& sizes) {
  Sizes target{0};  // as it is: the batch
  target.insert(target.end(), sizes.begin(), sizes.end());
  std::string out = fresh("reshape");
  node("Reshape", {x, constant("sizes", target)}, out);
  return out;
}

void OnnxGraph::name(const std::string& x, const std::string& as) {
  node("Identity", {x}, as);
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

onnx::NodeProto& OnnxGraph::node(const std::string& type, const std::vector<std::string>& inputs,
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
  if (found == parameters_.end()) {
    fail("onnx", "the model's layers ask for a parameter {} that it does not have", name);
  }
  assert(found->array.dtype == DType::kF32);
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

std::string OnnxGraph::scalar(const std::string& what, float value) {
  onnx::TensorProto& tensor = *graph_.add_initializer();
  tensor.set_name(fresh(what));
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  tensor.add_float_data(value);
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
