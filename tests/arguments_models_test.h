// Calls of models and their training, with right and wrong arguments, for arguments_test.cpp.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "arguments_test.h"
#include "hourglass/models/apply.h"
#include "hourglass/models/checkpoint_file.h"
#include "hourglass/models/registry.h"
#include "hourglass/project/saved.h"
#include "hourglass/train/trainer.h"

namespace hourglass {

inline const Model& model_of(Draw& d) {
  static const std::unique_ptr<Model> models[] = {
      make_model("AE", {1, 8, 8}, {3, {{"widths", std::vector<std::int64_t>{16}}}}, 1),
      make_model("linear", {1, 8, 8}, {3}, 1),
      make_model("linear", {3, 8, 9}, {2, {{"corruption", std::string("mask:0.5")}}}, 1)};
  return *models[d.below(3)];
}

/// Images for a model, or of another size.
inline Tensor images_for(Draw& d, const Model& model) {
  return d.matrix(d.below(20), d.mostly(model.image_shape().pixels()));
}

/// Ends training after a few steps.
struct FewSteps : TrainObserver {
  void on_step(std::int64_t, std::int64_t, std::int64_t, double, double) override { ++steps; }
  void on_epoch(const EpochResult& result) override { EXPECT_TRUE(std::isfinite(result.test_mse)); }
  bool stop_requested() override { return steps > 4; }
  int steps = 0;
};

inline void build_model(Draw& d) {
  OptionValues options;
  if (d.chance(0.3)) options["corruption"] = d.text({"mask:0.5", "none", "mask:nan", "x", ""});
  if (d.chance(0.8)) options["widths"] = std::vector<std::int64_t>{d.chance(0.8) ? 16 : d.size()};
  if (d.chance(0.1)) options[d.text({"residual", "depth"})] = d.chance(0.5);
  const auto model = make_model(d.text({"AE", "AE", "linear", "VAE", "", "ae"}), d.shape(),
                                {d.chance(0.8) ? d.below(5) : d.size(), options, d.size()}, 1);
  expect_finite(model->parameters());
  make_model(ModelConfig{model->kind(), d.shape(), d.below(4), {}, 0}, 1);
}

inline void call_encode(Draw& d) {
  const Model& model = model_of(d);
  const Tensor images = images_for(d, model);
  expect_matrix(encode(model, images, pool()), images.size(0), model.latent_dim());
}

inline void call_decode(Draw& d) {
  const Model& model = model_of(d);
  const Tensor latents = d.matrix(d.below(20), d.mostly(model.latent_dim()));
  expect_matrix(decode(model, latents, pool(), labels_for(d, 2)), latents.size(0),
                model.image_shape().pixels());
}

inline void call_coder(Draw& d) {
  const Model& model = model_of(d);
  Coder coder(model, pool(), d.mostly(std::int64_t{1}));
  const Tensor latents = d.matrix(d.below(20), d.mostly(model.latent_dim()));
  Tensor images(Shape{d.mostly(latents.size(0)), d.mostly(model.image_shape().pixels())});
  coder.decode_into(images, latents);
  expect_finite(images.span());
  expect_matrix(coder.encode(images), images.size(0), model.latent_dim());
}

inline void call_reconstruct(Draw& d) {
  const Model& model = model_of(d);
  const Tensor images = images_for(d, model);
  std::int64_t seen = 0;
  reconstruct(
      model, images, pool(),
      [&](const ReconstructedBlock& block) {
        expect_finite(block.reconstructions.span());
        seen += block.inputs.size(0);
      },
      d.chance(0.5) ? std::optional<std::uint64_t>(1) : std::nullopt);
  EXPECT_EQ(seen, images.size(0));
  EXPECT_GE(reconstruct_bytes(model, d.size() & 0xffffff, d.integer()), 0);
}

inline void run_chunk(Draw& d) {
  const Model& model = model_of(d);
  const auto workspace = model.make_workspace();
  const Tensor rows = d.finite(d.below(10), d.mostly(model.image_shape().pixels()));
  Tensor latents(Shape{d.mostly(rows.size(0)), d.mostly(model.latent_dim())});
  Tensor out(Shape{d.mostly(rows.size(0)), d.mostly(columns_of(rows))});
  model.encode(*workspace, latents, {rows});
  model.decode(*workspace, out, latents, {});
  expect_finite(out.span());
  Tensor sums(Shape{d.mostly(model.gradient_count())});
  Tensor kept(Shape{rows.size(0), d.mostly(model.kept_count())});
  const std::vector<std::uint64_t> keys(static_cast<std::size_t>(d.mostly(rows.size(0)) & 31), 7);
  model.train(*workspace, {sums.span(), kept.view()}, {rows, {}, keys}, {1.0});
  expect_finite(sums.span());
}

inline void run_training(Draw& d) {
  const auto model = make_model("linear", {1, 8, 8}, {2}, 1);
  Dataset data;
  data.train = float_rows(d.finite(d.below(5), d.mostly(std::int64_t{64})));
  data.test = float_rows(d.finite(2, 64));
  TrainOptions options{.epochs = d.mostly(std::int64_t{1}),
                       .batch_size = d.mostly(std::int64_t{2}),
                       .learning_rate = d.mostly(1e-3),
                       .schedule = {d.mostly(0.0), true},
                       .beta2 = d.mostly(0.9),
                       .weight_decay = d.mostly(0.0),
                       .augmentation = {false, d.mostly(std::int64_t{1})},
                       .lanes = d.mostly(kUsualLanes)};
  Trainer trainer(*model, data, options, pool());
  trainer.resume({.step = d.mostly(std::int64_t{0})});
  FewSteps observer;
  trainer.run(observer);
  expect_finite(model->parameters());
}

inline void run_step(Draw& d) {
  const auto model = make_model("linear", {1, 8, 8}, {2}, 1);
  Stepper stepper(*model,
                  {d.mostly(std::int64_t{4}),
                   d.mostly(kUsualLanes),
                   {d.mostly(1e-3), d.mostly(0.9), 0.9, d.mostly(1e-8)}},
                  pool());
  const std::vector<std::int64_t> rows{0, d.mostly(std::int64_t{1}), 1};
  const Tensor images = d.finite(d.mostly(std::int64_t{3}), d.mostly(std::int64_t{64}));
  EXPECT_TRUE(std::isfinite(stepper.step(images, {rows, 1, 1, d.mostly(0.5)}).loss));
}

inline void save_files(Draw& d) {
  const auto path = std::filesystem::path(testing::TempDir()) / "arguments.safetensors";
  CheckpointFacts facts;
  facts.dataset = d.text({"mnist", "", "\xff", "../x"});
  facts.class_names = {d.text({"a", "\xff"})};
  save_checkpoint(path, model_of(d), facts);
  EXPECT_EQ(load_checkpoint(path).facts.dataset, facts.dataset);
  save_projection(path, d.chance(0.5) ? Pca{} : fit_pca(d.matrix(4, 3), 2, pool()));
}

}  // namespace hourglass
