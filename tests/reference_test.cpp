// The engine compared with PyTorch under every kernel set: outputs, gradients and Adam, by the
// recordings in tests/golden/autoencoder and, if present, in ../shared/reference.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <numeric>

#include "golden/golden.h"
#include "hourglass/data/idx.h"
#include "hourglass/interop/npz.h"
#include "hourglass/kernels/each_set_test.h"
#include "hourglass/models/apply.h"
#include "hourglass/models/registry.h"
#include "hourglass/train/stepper.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using Arrays = std::map<std::string, Array>;

/// One recorded case. Adam's batch k is images batch * (k mod batches) and those that follow.
struct Recording {
  ImageShape shape;
  std::int64_t latent_dim, batch;
  std::vector<float> state;    // parameters before training, in state-dict order
  RowSource images;            // [batches * batch, H * W * C], bytes
  Arrays pass;                 // latent, output, loss, grad.NAME of the first batch
  std::vector<double> losses;  // before each step of Adam
  Arrays after;                // every parameter after them
};

fs::path source_folder() {
  const char* folder = std::getenv("HOURGLASS_SOURCE_DIR");
  return folder ? folder : ".";
}

/// Bytes [n, H, W, C] of pixels in [0, 1] given as [n, C, H, W].
std::vector<std::uint8_t> channels_last_bytes(std::span<const float> values, const ImageShape& s) {
  std::vector<std::uint8_t> bytes(values.size());
  const std::int64_t area = s.height * s.width;
  for (std::int64_t i = 0; i < std::ssize(values); ++i) {
    const std::int64_t image = i / s.pixels(), channel = i / area % s.channels, pixel = i % area;
    bytes[static_cast<std::size_t>(image * s.pixels() + pixel * s.channels + channel)] =
        static_cast<std::uint8_t>(std::lround(values[static_cast<std::size_t>(i)] * 255.0f));
  }
  return bytes;
}

std::vector<float> channels_first(std::span<const float> values, const ImageShape& s) {
  std::vector<float> out(values.size());
  const std::int64_t area = s.height * s.width;
  for (std::int64_t i = 0; i < std::ssize(values); ++i) {
    const std::int64_t image = i / s.pixels(), channel = i / area % s.channels, pixel = i % area;
    out[static_cast<std::size_t>(i)] =
        values[static_cast<std::size_t>(image * s.pixels() + pixel * s.channels + channel)];
  }
  return out;
}

/// The parameters and images of record_autoencoder.py, made here again.
Recording own_recording() {
  Recording r{{3, 8, 12}, 5, 6, {}, {}, {}, {}, {}};
  const auto model = make_model("AE", r.shape, {r.latent_dim}, 0);
  std::uint64_t number = 0;
  for (const Parameter& p : model->parameter_list().parameters()) {
    const bool scale = p.initialiser.kind == Initialiser::Kind::constant && p.initialiser.value > 0;
    const Tensor noise = golden::noise(++number, p.shape);
    for (const float x : noise.span()) {
      r.state.push_back((x - 0.5f) * 0.25f + (scale ? 1.0f : 0.0f));
    }
  }
  Tensor pixels = golden::noise(100, {r.batch, r.shape.pixels()});
  for (float& x : pixels.span()) x = std::floor(x * 256.0f) / 255.0f;
  r.images = byte_rows(channels_last_bytes(pixels.span(), r.shape), r.shape.pixels());
  const fs::path folder = source_folder() / "tests" / "golden" / "autoencoder";
  r.pass = read_npz(folder / "pass.npz");
  r.after = read_npz(folder / "adam.npz");
  r.losses = r.after.at("losses").doubles();
  return r;
}

/// ../shared/reference: latent dimension 32, batches of 16 MNIST images, the first of which is
/// `input`. The other nine need MNIST itself.
Recording shared_recording(const fs::path& folder, const fs::path& mnist) {
  Recording r{{1, 28, 28}, 32, 16, {}, {}, {}, {}, {}};
  const Arrays init = read_npz(folder / "ae32_init.npz");
  const auto model = make_model("AE", r.shape, {r.latent_dim}, 0);
  for (const Parameter& p : model->parameter_list().parameters()) {
    const Tensor values = init.at(p.name).floats();
    EXPECT_EQ(values.shape(), p.shape) << p.name;
    r.state.insert(r.state.end(), values.span().begin(), values.span().end());
  }
  r.pass = read_npz(folder / "ae32_step.npz");
  r.after = read_npz(folder / "ae32_adam.npz");
  for (int k = 0; k < 10; ++k) {
    r.losses.push_back(r.after.at("loss." + std::to_string(k)).doubles().at(0));
  }
  r.images =
      read_idx_split(mnist / "train-images-idx3-ubyte.gz", mnist / "train-labels-idx1-ubyte.gz")
          .images;
  return r;
}

/// max |a - b| / max |b|
double relative_error(std::span<const float> a, std::span<const float> b) {
  EXPECT_EQ(a.size(), b.size());
  double worst = 0, largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double x = static_cast<double>(a[i]), y = static_cast<double>(b[i]);
    worst = std::isfinite(x) ? std::max(worst, std::abs(x - y)) : HUGE_VAL;
    largest = std::max(largest, std::abs(y));
  }
  return worst / largest;
}

double absolute_error(std::span<const float> a, std::span<const float> b) {
  double largest = 0;
  for (const float x : b) largest = std::max(largest, std::abs(static_cast<double>(x)));
  return relative_error(a, b) * largest;
}

/// GroupNorm with one channel per group cancels them: their true gradient is zero.
bool is_cancelled(const std::string& name) {
  return name == "encoder.conv1.bias" || name == "decoder.deconv1.bias";
}

/// Calls f(name, its part of `state`) for every parameter.
template <typename F>
void for_each_parameter(const Model& model, std::span<const float> engine, const F& f) {
  std::vector<float> state(static_cast<std::size_t>(model.parameter_list().state_count()));
  model.parameter_list().to_state(state, engine);
  std::size_t at = 0;
  for (const Parameter& p : model.parameter_list().parameters()) {
    const auto count = static_cast<std::size_t>(p.shape.count());
    f(p.name, std::span<const float>(state).subspan(at, count));
    at += count;
  }
}

void expect_agreement(const Recording& r) {
  const auto model = make_model("AE", r.shape, {r.latent_dim}, 0);
  model->parameter_list().from_state(model->parameters(), r.state);
  model->prepare();
  ThreadPool pool(2);
  std::vector<std::int64_t> first(static_cast<std::size_t>(r.batch));
  std::iota(first.begin(), first.end(), 0);
  const Tensor latents = encode(*model, r.images.selected(first), pool);
  const double latent = relative_error(latents.span(), r.pass.at("latent").floats().span());
  const std::vector<float> output = channels_first(decode(*model, latents, pool).span(), r.shape);
  const double image = relative_error(output, r.pass.at("output").floats().span());
  EXPECT_LE(latent, 1e-5);
  EXPECT_LE(image, 1e-5);

  Stepper stepper(*model, {.batch_size = r.batch}, pool);
  std::vector<std::int64_t> rows(static_cast<std::size_t>(r.batch));
  double worst_loss = 0, worst_gradient = 0, worst_weight = 0;
  for (std::size_t k = 0; k < r.losses.size(); ++k) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows[i] = static_cast<std::int64_t>(k * rows.size() + i) % r.images.count();
    }
    const double loss = stepper.step(r.images, {rows}).loss / static_cast<double>(r.batch);
    const double error = std::abs(loss / r.losses[k] - 1);
    EXPECT_LE(error, 1e-5) << "loss before step " << k;
    worst_loss = std::max(worst_loss, error);
    if (k > 0) continue;
    EXPECT_LE(std::abs(loss / r.pass.at("loss").doubles().at(0) - 1), 1e-5);
    for_each_parameter(*model, stepper.gradients(), [&](const auto& name, const auto& gradient) {
      if (is_cancelled(name)) {
        for (const float x : gradient) EXPECT_EQ(x, 0.0f) << name;
        return;
      }
      const double error_here = relative_error(gradient, r.pass.at("grad." + name).floats().span());
      EXPECT_LE(error_here, 1e-4) << "gradient of " << name;
      worst_gradient = std::max(worst_gradient, error_here);
    });
  }
  for_each_parameter(*model, model->parameters(), [&](const auto& name, const auto& values) {
    if (is_cancelled(name)) return;
    const double error = absolute_error(values, r.after.at(name).floats().span());
    EXPECT_LE(error, 1e-4) << name << " after " << r.losses.size() << " steps";
    worst_weight = std::max(worst_weight, error);
  });
  fmt::print("latent {:.1e}, output {:.1e}, losses {:.1e}, gradients {:.1e}, parameters {:.1e}\n",
             latent, image, worst_loss, worst_gradient, worst_weight);
}

using Reference = EachKernelSet;

TEST_P(Reference, TheEngineComputesWhatPyTorchComputedForColourImages) {
  expect_agreement(own_recording());
}

TEST_P(Reference, TheEngineComputesWhatPyTorchComputedForMnist) {
  const fs::path shared = source_folder() / ".." / "shared";
  const fs::path mnist = shared / "data" / "mnist";
  if (!fs::exists(shared / "reference") || !fs::exists(mnist)) {
    GTEST_SKIP() << "the recordings for MNIST, ../shared/reference, are not here";
  }
  expect_agreement(shared_recording(shared / "reference", mnist));
}

INSTANTIATE_TEST_SUITE_P(, Reference, kEverySet, kernel_set_name);

}  // namespace
}  // namespace hourglass
