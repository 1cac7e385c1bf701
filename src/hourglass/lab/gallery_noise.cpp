// Random latent vectors, decoded, beside real ones: why a plain autoencoder does not generate.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hourglass/figures/noise.h"
#include "hourglass/generate/samplers.h"
#include "hourglass/interop/npz.h"
#include "hourglass/lab/gallery.h"
#include "hourglass/models/apply.h"
#include "hourglass/tensor/images.h"

namespace hourglass {
namespace {

constexpr std::int64_t kShown = 10;
constexpr std::int64_t kMeasured = 1000;  // latents of each source, for norms and moves

double norm(std::span<const float> latent) {
  double sum = 0;
  for (const float x : latent) sum += static_cast<double>(x) * static_cast<double>(x);
  return std::sqrt(sum);
}

/// Latent vectors of one source, with what is measured of them.
struct Source {
  std::string name;  // in the .npz
  Tensor latents;    // [n, d]
  Tensor images;     // the first kShown, decoded
  std::vector<double> norms;
  double norm_mean = 0, norm_std = 0;
  double moved = 0;  // mean of |encode(decode(z)) - z| / |z|
};

/// For models with labels: the labels of latents without an image, every class in turn.
std::vector<std::int64_t> labels_in_turn(const Model& model, std::int64_t count) {
  std::vector<std::int64_t> labels;
  for (std::int64_t i = 0; i < count && model.config().classes > 0; ++i) {
    labels.push_back(i % model.config().classes);
  }
  return labels;
}

/// Decodes the latents, encodes the images again and measures. `labels` are those of the latents,
/// if the model takes labels.
Source follow(const Gallery& g, std::string name, Tensor latents,
              std::vector<std::int64_t> labels) {
  Source s{std::move(name), std::move(latents), {}, {}, 0, 0, 0};
  const std::int64_t n = s.latents.size(0);
  Tensor images = decode(g.model, s.latents, g.pool, labels);
  s.images = Tensor({std::min(kShown, n), images.size(1)});
  std::ranges::copy(images.span().first(s.images.span().size()), s.images.data());
  const Tensor again = encode(g.model, float_rows(std::move(images), std::move(labels)), g.pool);
  double squares = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    std::vector<float> step(s.latents.row(i).begin(), s.latents.row(i).end());
    for (std::size_t j = 0; j < step.size(); ++j) step[j] = again.row(i)[j] - step[j];
    const double length = norm(s.latents.row(i));
    s.norms.push_back(length);
    s.norm_mean += length / static_cast<double>(n);
    squares += length * length / static_cast<double>(n);
    s.moved += norm(step) / std::max(length, 1e-12) / static_cast<double>(n);
  }
  s.norm_std = std::sqrt(std::max(0.0, squares - s.norm_mean * s.norm_mean));
  return s;
}

/// The conclusion from these numbers, cause by cause.
std::string conclusion(const Source& noise, const Source& fitted, const Source& real) {
  const double ratio = real.norm_mean / noise.norm_mean;
  const std::string share = ratio > 1.25  ? fmt::format("only 1/{:.1f} of", ratio)
                            : ratio < 0.8 ? fmt::format("{:.1f} times", 1 / ratio)
                                          : std::string("about");
  const bool shape_matters = fitted.moved > 1.5 * real.moved;
  return fmt::format(
      "The norm of latents from N(0, I) is {} that of real ones ({:.1f} ± {:.1f} against {:.1f} "
      "± {:.1f}). Decoding and encoding moves them by {:.0f} % of their norm, latents with the "
      "mean and covariance of real ones by {:.0f} %, real ones by {:.0f} %: {}.",
      share, noise.norm_mean, noise.norm_std, real.norm_mean, real.norm_std, 100 * noise.moved,
      100 * fitted.moved, 100 * real.moved,
      shape_matters ? "the right mean and covariance help, but real latents are not Gaussian, and "
                      "the decoder never saw the regions between them"
                    : "the mean and covariance are most of what N(0, I) lacks");
}

}  // namespace

std::vector<std::filesystem::path> draw_noise(Gallery& g) {
  const std::int64_t d = g.model.latent_dim();
  Rng rng(g.facts.seed, Stream::noise_latents);
  const Tensor& test = g.test_latents();
  Tensor real({std::min(kMeasured, test.size(0)), d});
  std::ranges::copy(test.span().first(real.span().size()), real.span().begin());
  const std::span<const std::int64_t> all = g.data.test.labels();
  std::vector<std::int64_t> real_labels(
      all.begin(), all.begin() + std::min<std::int64_t>(std::ssize(all), real.size(0)));
  const std::vector<std::int64_t> in_turn = labels_in_turn(g.model, kMeasured);
  Source sources[] = {
      follow(g, "standard_normal", sample_standard_normal(kMeasured, d, rng), in_turn),
      follow(g, "fitted_normal", GaussianSampler(g.train_latents()).sample(kMeasured, rng),
             in_turn),
      follow(g, "real", std::move(real), std::move(real_labels)),
  };
  NoiseFigure figure;
  figure.text.title = "Random latent vectors, decoded";
  figure.text.caption =
      "Ten latent vectors of each source. A plain autoencoder is trained to reconstruct; nothing "
      "in its loss makes the latents follow a known distribution.";
  figure.text.stamp = g.stamp();
  figure.shape = g.data.shape;
  const char* labels[] = {"N(0, I)", "N(mean, covariance) of real latents", "real latents (test)"};
  for (std::size_t i = 0; i < 3; ++i) {
    figure.rows.push_back({labels[i], sources[i].images, sources[i].norms});
  }
  figure.sentence = conclusion(sources[0], sources[1], sources[2]);

  std::vector<std::filesystem::path> written;
  save_in_formats(g, FigureKind::noise, figure, written);
  written.push_back(g.path(FigureKind::noise, "npz"));
  NpzWriter npz(written.back());
  for (const Source& s : sources) {
    const double moved[] = {s.moved};
    npz.add(s.name + "_codes", s.latents);
    npz.add(s.name + "_images", to_channels_first(s.images, g.data.shape));
    npz.add(s.name + "_norms", std::span<const double>(s.norms), Shape{std::ssize(s.norms)});
    npz.add(s.name + "_moved", std::span<const double>(moved), Shape{1});
  }
  npz.commit();
  return written;
}

}  // namespace hourglass
