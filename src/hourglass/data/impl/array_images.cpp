#include "hourglass/data/impl/array_images.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>

#include "hourglass/base/error.h"
#include "hourglass/data/impl/byte_images.h"
#include "hourglass/data/resize.h"
#include "hourglass/interop/npy.h"
#include "hourglass/interop/npz.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kTestEvery = 6;
constexpr std::int64_t kMostClasses = 1000;

/// Names of the arrays in a file: training images and labels, test images and labels.
using Names = std::array<const char*, 4>;
constexpr Names kHalves[] = {{"train_images", "train_labels", "test_images", "test_labels"},
                             {"x_train", "y_train", "x_test", "y_test"}};

using Arrays = std::map<std::string, Array>;

struct Images {
  ImageShape shape;
  ByteImages bytes;
};

bool may_be_channels(std::int64_t size) {
  return size == 1 || size == 3;
}

bool has_channels_last(const Shape& shape) {
  return shape.rank() == 3 || may_be_channels(shape[3]);
}

ImageShape image_shape(const Shape& shape, const std::string& source) {
  ImageShape found;
  if (shape.rank() == 3) {
    found = {1, shape[1], shape[2]};
  } else if (shape.rank() == 4 && has_channels_last(shape)) {
    found = {shape[3], shape[1], shape[2]};
  } else if (shape.rank() == 4 && may_be_channels(shape[1])) {
    found = {shape[1], shape[2], shape[3]};
  } else {
    fail_file(
        "data",
        "{} has the shape {}: images are n x height x width, with 1 or 3 channels after or before "
        "height and width",
        source, shape.text());
  }
  check_image_size({found.height, found.width});
  return found;
}

std::vector<std::uint8_t> bytes_of_reals(const Array& array, const std::string& source) {
  const Tensor values = array.floats();
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(values.count()));
  for (std::int64_t i = 0; i < values.count(); ++i) {
    if (!(values[i] >= 0.0F && values[i] <= 1.0F)) {
      fail_file(
          "data",
          "{} holds {} in image {} (from 0): real numbers have to be in [0, 1]; whole ones, as "
          "uint8, in [0, 255]",
          source, values[i], i / (values.count() / array.shape[0]));
    }
    bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(std::lround(values[i] * 255.0F));
  }
  return bytes;
}

std::vector<std::uint8_t> bytes_of_integers(const Array& array, const std::string& source) {
  const std::vector<std::int64_t> values = array.integers(source);
  const std::int64_t unit = array.dtype == DType::kBool ? 255 : 1;
  std::vector<std::uint8_t> bytes(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] < 0 || values[i] > 255) {
      fail_file("data", "{} holds {}: whole numbers have to be in [0, 255]", source, values[i]);
    }
    bytes[i] = static_cast<std::uint8_t>(values[i] * unit);
  }
  return bytes;
}

/// [n, channels, area] to [n, area, channels].
std::vector<std::uint8_t> channels_last(const std::vector<std::uint8_t>& in,
                                        const ImageShape& shape) {
  const std::int64_t area = shape.height * shape.width, size = shape.pixels();
  std::vector<std::uint8_t> out(in.size());
  for (std::int64_t i = 0; i < std::ssize(in) / size; ++i) {
    for (std::int64_t c = 0; c < shape.channels; ++c) {
      for (std::int64_t p = 0; p < area; ++p) {
        out[static_cast<std::size_t>(i * size + p * shape.channels + c)] =
            in[static_cast<std::size_t>(i * size + c * area + p)];
      }
    }
  }
  return out;
}

std::vector<std::int64_t> labels_of(const Array& array, std::int64_t count,
                                    const std::string& source) {
  const Shape& shape = array.shape;
  if (!(shape.rank() == 1 || (shape.rank() == 2 && shape[1] == 1)) || shape[0] != count) {
    fail_file("data", "{} has the shape {}: {} labels are needed, one for each image", source,
              shape.text(), count);
  }
  std::vector<std::int64_t> labels = array.integers(source);
  for (const std::int64_t label : labels) {
    if (label < 0 || label >= kMostClasses) {
      fail_file("data", "{} holds {}: labels are whole numbers from 0 to {}", source, label,
                kMostClasses - 1);
    }
  }
  return labels;
}

/// Images and their labels; all labels are 0 if there is no such array.
Images images_of(const Arrays& arrays, const char* images, const char* labels,
                 const std::string& file) {
  if (!arrays.contains(images)) fail_file("data", "{} has no array {}", file, images);
  const Array& array = arrays.at(images);
  const std::string source = file + ":" + images;
  const ImageShape shape = image_shape(array.shape, source);
  const std::int64_t count = array.shape[0];
  if (count == 0) fail_file("data", "{} has no images", source);
  Images found{shape, {}};
  found.bytes.pixels =
      is_real(array.dtype) ? bytes_of_reals(array, source) : bytes_of_integers(array, source);
  if (!has_channels_last(array.shape)) {
    found.bytes.pixels = channels_last(found.bytes.pixels, shape);
  }
  found.bytes.labels.assign(static_cast<std::size_t>(count), 0);
  if (arrays.contains(labels)) {
    found.bytes.labels = labels_of(arrays.at(labels), count, file + ":" + labels);
  }
  return found;
}

/// Every sixth image of each class is a test image.
void divide(Images all, Dataset& dataset) {
  std::array<std::int64_t, kMostClasses> seen{};
  const RowSource images = std::move(all.bytes).rows(all.shape);
  std::vector<std::int64_t> train, test;
  for (std::int64_t i = 0; i < images.count(); ++i) {
    const auto label = static_cast<std::size_t>(images.labels()[static_cast<std::size_t>(i)]);
    (seen[label]++ % kTestEvery == kTestEvery - 1 ? test : train).push_back(i);
  }
  if (test.empty()) {
    fail_file("data",
              "{} leaves no image to test with: a class needs at least {}, of which the sixth is "
              "test",
              dataset.source, kTestEvery);
  }
  dataset.train = images.selected(std::move(train));
  dataset.test = images.selected(std::move(test));
}

void read_halves(const Arrays& arrays, const Names& names, Dataset& dataset) {
  Images train = images_of(arrays, names[0], names[1], dataset.source);
  Images test = images_of(arrays, names[2], names[3], dataset.source);
  if (!(train.shape == test.shape)) {
    fail_file("data", "{} has images of {} in {} but of {} in {}: they do not belong together",
              dataset.source, train.shape.text(), names[0], test.shape.text(), names[2]);
  }
  dataset.shape = train.shape;
  dataset.train = std::move(train.bytes).rows(train.shape);
  dataset.test = std::move(test.bytes).rows(test.shape);
}

void read_arrays(const Arrays& arrays, Dataset& dataset) {
  for (const Names& names : kHalves) {
    if (arrays.contains(names[0])) return read_halves(arrays, names, dataset);
  }
  if (!arrays.contains("images")) {
    fail_file("data",
              "{} has no array images: name its arrays images and labels, or train_images, "
              "train_labels, test_images and test_labels",
              dataset.source);
  }
  Images all = images_of(arrays, "images", "labels", dataset.source);
  dataset.shape = all.shape;
  divide(std::move(all), dataset);
}

}  // namespace

Dataset read_array_images(const fs::path& file) {
  Dataset dataset;
  dataset.name = file.stem().string();
  dataset.source = file.string();
  if (file.extension() == ".npy") {
    Arrays arrays;
    arrays["images"] = read_npy(file);
    read_arrays(arrays, dataset);
  } else {
    read_arrays(read_npz(file), dataset);
  }
  std::int64_t highest = 0;
  for (const RowSource* images : {&dataset.train, &dataset.test}) {
    highest = std::max(highest, *std::ranges::max_element(images->labels()));
  }
  for (std::int64_t i = 0; i <= highest; ++i) dataset.class_names.push_back(std::to_string(i));
  return dataset;
}

}  // namespace hourglass
