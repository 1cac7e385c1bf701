#include "hourglass/exchange/onnx_run_test.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>

namespace hourglass {
namespace {

std::size_t size_of(std::int64_t n) {
  return static_cast<std::size_t>(n);
}

std::int64_t count_of(const std::vector<std::int64_t>& sizes) {
  std::int64_t count = 1;
  for (const std::int64_t size : sizes) count *= size;
  return count;
}

OnnxTensor zeros(std::vector<std::int64_t> sizes) {
  const std::size_t count = size_of(count_of(sizes));
  return {std::move(sizes), std::vector<float>(count)};
}

OnnxTensor initialiser(const onnx::TensorProto& proto) {
  OnnxTensor tensor = zeros({proto.dims().begin(), proto.dims().end()});
  if (!proto.raw_data().empty()) {
    if (proto.raw_data().size() != tensor.values.size() * sizeof(float)) {
      throw std::runtime_error(proto.name() + " has another size than its shape");
    }
    std::memcpy(tensor.values.data(), proto.raw_data().data(), proto.raw_data().size());
    return tensor;
  }
  for (std::size_t i = 0; i < tensor.values.size(); ++i) {
    const int at = static_cast<int>(i);
    tensor.values[i] = proto.data_type() == onnx::TensorProto::INT64
                           ? static_cast<float>(proto.int64_data(at))
                           : proto.float_data(at);
  }
  return tensor;
}

const onnx::AttributeProto& attribute(const onnx::NodeProto& node, const std::string& name) {
  for (const onnx::AttributeProto& a : node.attribute()) {
    if (a.name() == name) return a;
  }
  throw std::runtime_error(node.op_type() + " has no " + name);
}

/// Conv of [N, C, H, W], square, with the same padding on all sides.
OnnxTensor conv(const onnx::NodeProto& node, const OnnxTensor& x, const OnnxTensor& weight,
                const OnnxTensor& bias) {
  const std::int64_t stride = attribute(node, "strides").ints(0),
                     pad = attribute(node, "pads").ints(0);
  const std::int64_t out_channels = weight.sizes[0], channels = weight.sizes[1],
                     side = weight.sizes[2], height = x.sizes[2], width = x.sizes[3];
  if (x.sizes[1] != channels) throw std::runtime_error("Conv: other channels than its weights");
  OnnxTensor y = zeros({x.sizes[0], out_channels, (height + 2 * pad - side) / stride + 1,
                        (width + 2 * pad - side) / stride + 1});
  float* to = y.values.data();
  for (std::int64_t n = 0; n < y.sizes[0]; ++n) {
    for (std::int64_t o = 0; o < out_channels; ++o) {
      for (std::int64_t i = 0; i < y.sizes[2]; ++i) {
        for (std::int64_t j = 0; j < y.sizes[3]; ++j) {
          double sum = static_cast<double>(bias.values[size_of(o)]);
          for (std::int64_t k = 0; k < channels * side * side; ++k) {
            const std::int64_t c = k / (side * side);
            const std::int64_t row = i * stride - pad + k / side % side;
            const std::int64_t column = j * stride - pad + k % side;
            if (row < 0 || row >= height || column < 0 || column >= width) continue;
            const std::int64_t at = ((n * channels + c) * height + row) * width + column;
            sum += static_cast<double>(x.values[size_of(at)]) *
                   static_cast<double>(weight.values[size_of(o * channels * side * side + k)]);
          }
          *to++ = static_cast<float>(sum);
        }
      }
    }
  }
  return y;
}

OnnxTensor gemm(const onnx::NodeProto& node, const OnnxTensor& x, const OnnxTensor& weight,
                const OnnxTensor& bias) {
  if (attribute(node, "transB").i() != 1) throw std::runtime_error("Gemm: transB is not 1");
  const std::int64_t in = weight.sizes[1], out = weight.sizes[0];
  if (x.sizes[1] != in) throw std::runtime_error("Gemm: other columns than its weights");
  OnnxTensor y = zeros({x.sizes[0], out});
  for (std::int64_t n = 0; n < x.sizes[0]; ++n) {
    for (std::int64_t o = 0; o < out; ++o) {
      double sum = static_cast<double>(bias.values[size_of(o)]);
      for (std::int64_t i = 0; i < in; ++i) {
        sum += static_cast<double>(x.values[size_of(n * in + i)]) *
               static_cast<double>(weight.values[size_of(o * in + i)]);
      }
      y.values[size_of(n * out + o)] = static_cast<float>(sum);
    }
  }
  return y;
}

OnnxTensor instance_norm(const onnx::NodeProto& node, OnnxTensor x, const OnnxTensor& scale,
                         const OnnxTensor& shift) {
  const auto epsilon = static_cast<double>(attribute(node, "epsilon").f());
  const std::int64_t channels = x.sizes[1], instances = x.sizes[0] * channels;
  const std::int64_t each = count_of(x.sizes) / instances;
  for (std::int64_t i = 0; i < instances; ++i) {
    float* values = x.values.data() + i * each;
    double mean = 0, variance = 0;
    for (std::int64_t k = 0; k < each; ++k) mean += static_cast<double>(values[k]);
    mean /= static_cast<double>(each);
    for (std::int64_t k = 0; k < each; ++k)
      variance += std::pow(static_cast<double>(values[k]) - mean, 2);
    const double factor = 1.0 / std::sqrt(variance / static_cast<double>(each) + epsilon);
    const std::size_t channel = size_of(i % channels);
    for (std::int64_t k = 0; k < each; ++k) {
      values[k] = static_cast<float>((static_cast<double>(values[k]) - mean) * factor) *
                      scale.values[channel] +
                  shift.values[channel];
    }
  }
  return x;
}

OnnxTensor reshape(OnnxTensor x, const OnnxTensor& target) {
  std::vector<std::int64_t> sizes;
  std::int64_t known = 1;
  for (std::size_t axis = 0; axis < target.values.size(); ++axis) {
    const auto size = static_cast<std::int64_t>(target.values[axis]);
    sizes.push_back(size == 0 ? x.sizes[axis] : size);
    if (size != -1) known *= sizes.back();
  }
  for (std::int64_t& size : sizes) {
    if (size == -1) size = count_of(x.sizes) / known;
  }
  if (count_of(sizes) != count_of(x.sizes)) throw std::runtime_error("Reshape: another count");
  x.sizes = sizes;
  return x;
}

/// x [N, C, H, W] and by [C, 1, 1].
OnnxTensor by_channel(OnnxTensor x, const OnnxTensor& by, bool times) {
  if (by.sizes != std::vector<std::int64_t>{x.sizes[1], 1, 1}) {
    throw std::runtime_error("Mul or Add: not by channel");
  }
  const std::int64_t each = x.sizes[2] * x.sizes[3];
  for (std::size_t i = 0; i < x.values.size(); ++i) {
    const float value = by.values[i / size_of(each) % by.values.size()];
    x.values[i] = times ? x.values[i] * value : x.values[i] + value;
  }
  return x;
}

OnnxTensor resize(const onnx::NodeProto& node, const OnnxTensor& x, const OnnxTensor& scales) {
  if (attribute(node, "mode").s() != "nearest" || attribute(node, "nearest_mode").s() != "floor" ||
      attribute(node, "coordinate_transformation_mode").s() != "asymmetric") {
    throw std::runtime_error("Resize: another mode");
  }
  std::vector<std::int64_t> sizes;
  for (std::size_t axis = 0; axis < 4; ++axis) {
    sizes.push_back(x.sizes[axis] * static_cast<std::int64_t>(scales.values[axis]));
  }
  OnnxTensor y = zeros(sizes);
  const std::int64_t height = sizes[2], width = sizes[3];
  for (std::int64_t i = 0; i < std::ssize(y.values); ++i) {
    const std::int64_t image = i / (height * width);
    const auto row = static_cast<std::int64_t>(
        std::floor(static_cast<float>(i / width % height) / scales.values[2]));
    const auto column =
        static_cast<std::int64_t>(std::floor(static_cast<float>(i % width) / scales.values[3]));
    y.values[size_of(i)] = x.values[size_of((image * x.sizes[2] + row) * x.sizes[3] + column)];
  }
  return y;
}

/// f(n, c, y, x) for every element of [N, C, height, width].
OnnxTensor made_images(std::int64_t n, std::int64_t channels, std::int64_t height,
                       std::int64_t width, const auto& f) {
  OnnxTensor out = zeros({n, channels, height, width});
  for (std::int64_t i = 0; i < std::ssize(out.values); ++i) {
    out.values[size_of(i)] = f(i / (channels * height * width), i / (height * width) % channels,
                               i / width % height, i % width);
  }
  return out;
}

float element(const OnnxTensor& x, std::int64_t n, std::int64_t c, std::int64_t row,
              std::int64_t column) {
  return x.values[size_of(((n * x.sizes[1] + c) * x.sizes[2] + row) * x.sizes[3] + column)];
}

/// Of [N, C, H, W], whose images alone grow.
OnnxTensor pad_edge(const onnx::NodeProto& node, const OnnxTensor& x, const OnnxTensor& pads) {
  if (attribute(node, "mode").s() != "edge") throw std::runtime_error("Pad: another mode");
  if (pads.values.size() != 8) throw std::runtime_error("Pad: not of four axes");
  std::vector<std::int64_t> before, after;
  for (std::size_t axis = 0; axis < 4; ++axis) {
    before.push_back(static_cast<std::int64_t>(pads.values[axis]));
    after.push_back(static_cast<std::int64_t>(pads.values[axis + 4]));
  }
  if (before[0] + before[1] + after[0] + after[1] != 0) {
    throw std::runtime_error("Pad: of the batch or of channels");
  }
  return made_images(x.sizes[0], x.sizes[1], before[2] + x.sizes[2] + after[2],
                     before[3] + x.sizes[3] + after[3], [&](auto n, auto c, auto row, auto column) {
                       return element(
                           x, n, c, std::clamp<std::int64_t>(row - before[2], 0, x.sizes[2] - 1),
                           std::clamp<std::int64_t>(column - before[3], 0, x.sizes[3] - 1));
                     });
}

/// Of the rows and columns of [N, C, H, W].
OnnxTensor slice(const OnnxTensor& x, const OnnxTensor& starts, const OnnxTensor& ends,
                 const OnnxTensor& axes) {
  if (axes.values != std::vector<float>{2, 3}) throw std::runtime_error("Slice: other axes");
  const auto top = static_cast<std::int64_t>(starts.values.at(0)),
             left = static_cast<std::int64_t>(starts.values.at(1)),
             bottom = static_cast<std::int64_t>(ends.values.at(0)),
             right = static_cast<std::int64_t>(ends.values.at(1));
  if (top < 0 || left < 0 || bottom > x.sizes[2] || right > x.sizes[3]) {
    throw std::runtime_error("Slice: beyond its input");
  }
  return made_images(x.sizes[0], x.sizes[1], bottom - top, right - left,
                     [&](auto n, auto c, auto row, auto column) {
                       return element(x, n, c, top + row, left + column);
                     });
}

OnnxTensor one_hot(const onnx::NodeProto& node, const OnnxTensor& labels, const OnnxTensor& depth,
                   const OnnxTensor& off_on) {
  if (node.attribute_size() != 0) throw std::runtime_error("OneHot: another axis than the last");
  const auto classes = static_cast<std::int64_t>(depth.values.at(0));
  OnnxTensor out = zeros({labels.sizes.at(0), classes});
  for (std::int64_t i = 0; i < std::ssize(out.values); ++i) {
    const bool on = static_cast<float>(i % classes) == labels.values[size_of(i / classes)];
    out.values[size_of(i)] = off_on.values.at(on ? 1 : 0);
  }
  return out;
}

OnnxTensor join_columns(const onnx::NodeProto& node, const OnnxTensor& x, const OnnxTensor& y) {
  if (attribute(node, "axis").i() != 1 || x.sizes.size() != 2 || y.sizes.size() != 2 ||
      x.sizes[0] != y.sizes[0]) {
    throw std::runtime_error("Concat: not of the columns of two matrices");
  }
  OnnxTensor out{{x.sizes[0], x.sizes[1] + y.sizes[1]}, {}};
  for (std::int64_t i = 0; i < x.sizes[0]; ++i) {
    for (const OnnxTensor* part : {&x, &y}) {
      const auto first = part->values.begin() + i * part->sizes[1];
      out.values.insert(out.values.end(), first, first + part->sizes[1]);
    }
  }
  return out;
}

OnnxTensor each(OnnxTensor x, const auto& f) {
  for (float& value : x.values) value = f(value);
  return x;
}

}  // namespace

OnnxValues run_onnx(const onnx::ModelProto& model, const OnnxValues& inputs) {
  OnnxValues values = inputs;
  for (const onnx::TensorProto& proto : model.graph().initializer()) {
    values[proto.name()] = initialiser(proto);
  }
  for (const onnx::NodeProto& node : model.graph().node()) {
    const std::string& type = node.op_type();
    const auto in = [&](int i) -> const OnnxTensor& { return values.at(node.input(i)); };
    OnnxTensor out;
    if (type == "Conv") {
      out = conv(node, in(0), in(1), in(2));
    } else if (type == "Gemm") {
      out = gemm(node, in(0), in(1), in(2));
    } else if (type == "InstanceNormalization") {
      out = instance_norm(node, in(0), in(1), in(2));
    } else if (type == "Reshape") {
      out = reshape(in(0), in(1));
    } else if (type == "Add" && in(0).sizes == in(1).sizes) {
      out = in(0);
      for (std::size_t i = 0; i < out.values.size(); ++i) out.values[i] += in(1).values[i];
    } else if (type == "Mul" || type == "Add") {
      out = by_channel(in(0), in(1), type == "Mul");
    } else if (type == "LeakyRelu") {
      const float alpha = attribute(node, "alpha").f();
      out = each(in(0), [&](float v) { return v < 0.0f ? alpha * v : v; });
    } else if (type == "Sigmoid") {
      out = each(in(0), [](float v) { return 1.0f / (1.0f + std::exp(-v)); });
    } else if (type == "Clip") {
      const float low = in(1).values.at(0), high = in(2).values.at(0);
      out = each(in(0), [&](float v) { return std::min(std::max(v, low), high); });
    } else if (type == "Pad") {
      out = pad_edge(node, in(0), in(1));
    } else if (type == "Slice") {
      out = slice(in(0), in(1), in(2), in(3));
    } else if (type == "OneHot") {
      out = one_hot(node, in(0), in(1), in(2));
    } else if (type == "Concat") {
      out = join_columns(node, in(0), in(1));
    } else if (type == "Resize") {
      out = resize(node, in(0), in(2));
    } else if (type == "Flatten") {
      out = in(0);
      out.sizes = {out.sizes[0], count_of(out.sizes) / out.sizes[0]};
    } else if (type == "Identity") {
      out = in(0);
    } else {
      throw std::runtime_error("no operator " + type);
    }
    values[node.output(0)] = std::move(out);
  }
  return values;
}

}  // namespace hourglass
