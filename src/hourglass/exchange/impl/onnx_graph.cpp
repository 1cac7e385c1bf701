#include "hourglass/exchange/impl/onnx_graph.h"

#include <algorithm>
#include <cassert>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

constexpr int kOpset = 17;
constexpr int kIrVersion = 8;  // the one that came with it

// Fields and values of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, by its names.
constexpr std::int64_t kFloatTensor = 1, kInt64Tensor = 7;
enum class AttributeType { kFloat = 1, kInt = 2, kText = 3, kInts = 7 };

Message attribute(std::string_view name, AttributeType type, const Message& value) {
  Message message;
  message.text(1, name);
  message.append(value);
  message.integer(20, static_cast<int>(type));
  return message;
}

Message float_attribute(std::string_view name, float value) {
  Message field;
  field.real(2, value);
  return attribute(name, AttributeType::kFloat, field);
}

Message int_attribute(std::string_view name, std::int64_t value) {
  Message field;
  field.integer(3, value);
  return attribute(name, AttributeType::kInt, field);
}

Message text_attribute(std::string_view name, std::string_view value) {
  Message field;
  field.text(4, value);
  return attribute(name, AttributeType::kText, field);
}

Message ints_attribute(std::string_view name, const Sizes& values) {
  Message fields;
  for (const std::int64_t value : values) fields.integer(8, value);
  return attribute(name, AttributeType::kInts, fields);
}

/// A ValueInfoProto of the shape [N, sizes...].
Message value_info(std::string_view name, std::int64_t element_type, const Sizes& sizes) {
  Message batch, shape, tensor, type, info;
  batch.text(2, "N");
  shape.message(1, batch);
  for (const std::int64_t size : sizes) {
    Message dimension;
    dimension.integer(1, size);
    shape.message(1, dimension);
  }
  tensor.integer(1, element_type);
  tensor.message(2, shape);
  type.message(1, tensor);
  info.text(1, name);
  info.message(2, type);
  return info;
}

/// The first fields of a TensorProto.
Message tensor_of(const Sizes& sizes, std::int64_t element_type) {
  Message tensor;
  for (const std::int64_t size : sizes) tensor.integer(1, size);
  tensor.integer(2, element_type);
  return tensor;
}

}  // namespace

OnnxGraph::OnnxGraph(const std::string& name, std::span<const NamedArrayView> parameters)
    : parameters_(parameters), name_(name) {}

std::string OnnxGraph::input(const std::string& name, const Sizes& sizes) {
  inputs_.message(11, value_info(name, kFloatTensor, sizes));
  return name;
}

std::string OnnxGraph::label_input(const std::string& name) {
  inputs_.message(11, value_info(name, kInt64Tensor, {}));
  return name;
}

void OnnxGraph::output(const std::string& name, const Sizes& sizes) {
  outputs_.message(12, value_info(name, kFloatTensor, sizes));
}

std::string OnnxGraph::conv2d(const std::string& x, const std::string& layer, std::int64_t stride) {
  std::string out = fresh(layer);
  node("Conv", {x, parameter(layer + ".weight"), parameter(layer + ".bias")}, out,
       {ints_attribute("kernel_shape", {3, 3}), ints_attribute("pads", {1, 1, 1, 1}),
        ints_attribute("strides", {stride, stride})});
  return out;
}

std::string OnnxGraph::group_norm(const std::string& x, const std::string& layer,
                                  std::int64_t groups, float epsilon, const Extent& extent) {
  const std::string grouped = reshape(x, {groups, -1}), normal = fresh(layer);
  const std::vector<float> ones(static_cast<std::size_t>(groups), 1.0f), zeros(ones.size(), 0.0f);
  node("InstanceNormalization", {grouped, constant("ones", ones), constant("zeros", zeros)}, normal,
       {float_attribute("epsilon", epsilon)});
  const std::string back = to_images(normal, extent), scaled = fresh(layer);
  std::string out = fresh(layer);
  const Sizes of_channels{extent.channels, 1, 1};
  node("Mul", {back, parameter(layer + ".weight", of_channels)}, scaled);
  node("Add", {scaled, parameter(layer + ".bias", of_channels)}, out);
  return out;
}

std::string OnnxGraph::linear(const std::string& x, const std::string& layer) {
  std::string out = fresh(layer);
  node("Gemm", {x, parameter(layer + ".weight"), parameter(layer + ".bias")}, out,
       {int_attribute("transB", 1)});
  return out;
}

std::string OnnxGraph::leaky_relu(const std::string& x, float slope) {
  std::string out = fresh("leaky_relu");
  node("LeakyRelu", {x}, out, {float_attribute("alpha", slope)});
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
  node("Concat", {x, y}, out, {int_attribute("axis", 1)});
  return out;
}

std::string OnnxGraph::pad_edge(const std::string& x, std::int64_t below, std::int64_t right) {
  std::string out = fresh("pad");
  const Sizes ends{0, 0, 0, 0, 0, 0, below, right};  // before each axis, then after each
  node("Pad", {x, constant("pads", ends)}, out, {text_attribute("mode", "edge")});
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
  node("Resize", {x, "", constant("twice", twice)}, out,  // "": no region
       {text_attribute("mode", "nearest"),
        text_attribute("coordinate_transformation_mode", "asymmetric"),
        text_attribute("nearest_mode", "floor")});
  return out;
}

std::string OnnxGraph::flatten(const std::string& x) {
  std::string out = fresh("flatten");
  node("Flatten", {x}, out, {int_attribute("axis", 1)});
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

std::vector<std::uint8_t> OnnxGraph::finish(std::string_view producer_version) const {
  Message graph, opset, model;
  graph.append(nodes_);
  graph.text(2, name_);
  graph.append(initializers_);
  graph.append(inputs_);
  graph.append(outputs_);
  opset.text(1, "");
  opset.integer(2, kOpset);
  model.integer(1, kIrVersion);
  model.text(2, "hourglass");
  model.text(3, producer_version);
  model.message(7, graph);
  model.message(8, opset);
  return model.bytes();
}

void OnnxGraph::node(std::string_view type, const std::vector<std::string>& inputs,
                     const std::string& output, const std::vector<Message>& attributes) {
  Message node;
  for (const std::string& input : inputs) node.text(1, input);
  node.text(2, output);
  node.text(3, output);  // its name
  node.text(4, type);
  for (const Message& attribute : attributes) node.message(5, attribute);
  nodes_.message(1, node);
}

std::string OnnxGraph::fresh(const std::string& what) {
  return fmt::format("{}/{}", what, values_++);
}

std::string OnnxGraph::parameter(const std::string& name, const Sizes& as) {
  const auto found = std::ranges::find(parameters_, name, &NamedArrayView::name);
  if (found == parameters_.end()) {
    fail_file("onnx", "the model's layers ask for a parameter {} that it does not have", name);
  }
  assert(found->array.dtype == DType::kF32);
  Sizes sizes = as;
  const Shape& shape = found->array.shape;
  for (int axis = 0; as.empty() && axis < shape.rank(); ++axis) sizes.push_back(shape[axis]);
  Message tensor = tensor_of(sizes, kFloatTensor);
  tensor.text(8, name);
  tensor.bytes(9, found->array.bytes);
  initializers_.message(5, tensor);
  return name;
}

std::string OnnxGraph::constant(const std::string& what, std::span<const float> values) {
  std::string name = fresh(what);
  Message tensor = tensor_of({std::ssize(values)}, kFloatTensor);
  tensor.packed(4, values);
  tensor.text(8, name);
  initializers_.message(5, tensor);
  return name;
}

std::string OnnxGraph::scalar(const std::string& what, float value) {
  std::string name = fresh(what);
  Message tensor = tensor_of({}, kFloatTensor);
  tensor.packed(4, std::span(&value, 1));
  tensor.text(8, name);
  initializers_.message(5, tensor);
  return name;
}

std::string OnnxGraph::constant(const std::string& what, const Sizes& values) {
  std::string name = fresh(what);
  Message tensor = tensor_of({std::ssize(values)}, kInt64Tensor);
  tensor.packed(7, values);
  tensor.text(8, name);
  initializers_.message(5, tensor);
  return name;
}

}  // namespace hourglass
