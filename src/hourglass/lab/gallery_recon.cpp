// Originals beside reconstructions; if the model corrupts its input, corrupted images, their
// reconstructions and originals.

#include <fmt/format.h>

#include <algorithm>

#include "hourglass/figures/recon.h"
#include "hourglass/interop/npz.h"
#include "hourglass/lab/gallery.h"
#include "hourglass/measure/reconstruction.h"
#include "hourglass/models/apply.h"
#include "hourglass/tensor/images.h"

namespace hourglass {
namespace {

/// Test rows with their labels, which are empty without labels.
struct Shown {
  std::vector<std::int64_t> rows, labels;
  std::vector<std::string> names;
};

/// The first test image of each of the first ten classes; without labels the first ten.
Shown choose_rows(const Dataset& data) {
  Shown shown;
  const std::span<const std::int64_t> known = data.test.labels();
  for (const std::int64_t row : first_of_each_class(data)) {
    if (row < 0 || shown.rows.size() == 10) continue;
    shown.rows.push_back(row);
    shown.labels.push_back(known[static_cast<std::size_t>(row)]);
    shown.names.push_back(data.class_names[static_cast<std::size_t>(shown.labels.back())]);
  }
  if (known.empty()) {
    for (std::int64_t row = 0; row < std::min<std::int64_t>(10, data.test.count()); ++row) {
      shown.rows.push_back(row);
      shown.names.push_back(fmt::format("#{}", row));
    }
  }
  return shown;
}

/// "The first test image of each class".
std::string images_text(const Shown& shown, const Dataset& data) {
  if (data.test.labels().empty()) {
    return fmt::format("The first {} test images", shown.rows.size());
  }
  if (data.classes() > std::ssize(shown.rows)) {
    return fmt::format("The first test image of the first {} classes", shown.rows.size());
  }
  return "The first test image of each class";
}

bool corrupts_input(const Model& model) {
  return model.corruption().kind != Corruption::Kind::none;
}

/// The originals with the noise that they have in evaluation.
Tensor corrupted_images(const Model& model, const Tensor& originals,
                        std::span<const std::int64_t> rows) {
  Tensor images(originals.shape());
  for (std::int64_t i = 0; i < images.size(0); ++i) {
    corrupt(images.row(i), originals.row(i), model.image_shape(), model.corruption(),
            noise_key(kEvaluationSeed, kEvaluationEpoch, rows[static_cast<std::size_t>(i)]));
  }
  return images;
}

/// The mean error over all test images, of clean and of corrupted ones.
std::string errors_text(const Gallery& g) {
  const std::string clean =
      fmt::format("Mean squared error over all {} test images", g.data.test.count());
  if (!corrupts_input(g.model)) return fmt::format("{}: {:.5f}.", clean, g.facts.test_mse);
  const std::vector<Score> scores = g.model.evaluate(g.data.test, g.pool).metrics;
  const auto corrupted = std::ranges::find(scores, kCorruptedMse, &Score::name);
  if (corrupted == scores.end()) return fmt::format("{}, clean: {:.5f}.", clean, g.facts.test_mse);
  return fmt::format("{}: {:.5f} from corrupted images, {:.5f} from clean ones.", clean,
                     corrupted->value, g.facts.test_mse);
}

}  // namespace

FigureText recon_text(const Gallery& g) {
  const Shown shown = choose_rows(g.data);
  const bool corrupts = corrupts_input(g.model);
  FigureText text;
  const std::string images = images_text(shown, g.data), errors = errors_text(g);
  const bool one_of_each = !g.data.test.labels().empty();
  const std::string reconstructions = fmt::format(
      "{} (latent dimension {})", one_of_each ? "its reconstruction" : "their reconstructions",
      g.model.latent_dim());
  if (corrupts) {
    text.title = "Corrupted test images and their reconstructions";
    text.caption = fmt::format("{} {}, {}, the {} and the absolute difference of the last two. {}",
                               images, corruption_words(g.model.corruption()), reconstructions,
                               one_of_each ? "original" : "originals", errors);
  } else {
    text.title = "Test images and their reconstructions";
    text.caption =
        fmt::format("{}, {} and the absolute difference. {}", images, reconstructions, errors);
  }
  text.stamp = g.stamp();
  return text;
}

std::vector<std::filesystem::path> draw_recon(Gallery& g) {
  const Shown shown = choose_rows(g.data);
  const bool corrupts = corrupts_input(g.model);
  const Tensor originals = test_images(g.data, shown.rows);
  const Tensor corrupted = corrupts ? corrupted_images(g.model, originals, shown.rows) : Tensor();
  const RowSource inputs =
      corrupts ? float_rows(corrupted.clone(), shown.labels) : g.data.test.selected(shown.rows);
  const Tensor reconstructions =
      decode(g.model, encode(g.model, inputs, g.pool), g.pool, shown.labels);
  ReconFigure figure;
  for (std::int64_t i = 0; i < originals.size(0); ++i) {
    figure.errors.push_back(
        image_mse(originals.row(i).data(), reconstructions.row(i).data(), originals.size(1)));
  }
  figure.text = recon_text(g);
  figure.names = shown.names;
  figure.shape = g.data.shape;
  figure.originals = originals;
  figure.reconstructions = reconstructions;
  figure.corrupted = corrupted;

  std::vector<std::filesystem::path> written;
  save_in_formats(g, FigureKind::recon, figure, written);
  written.push_back(g.path(FigureKind::recon, "npz"));
  NpzWriter npz(written.back());
  npz.add("rows", std::span<const std::int64_t>(shown.rows), Shape{std::ssize(shown.rows)});
  add_image_names(npz, g, shown.rows);
  if (!shown.labels.empty()) {
    npz.add("labels", std::span<const std::int64_t>(shown.labels), Shape{std::ssize(shown.labels)});
  }
  npz.add("originals", to_channels_first(originals, g.data.shape));
  if (corrupts) npz.add("corrupted", to_channels_first(corrupted, g.data.shape));
  npz.add("reconstructions", to_channels_first(reconstructions, g.data.shape));
  npz.add("mse", std::span<const double>(figure.errors), Shape{std::ssize(figure.errors)});
  npz.commit();
  return written;
}

}  // namespace hourglass
