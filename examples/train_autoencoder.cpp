// Trains the reference autoencoder on built-in digits and compares it with linear PCA of the
// same size.
#include <cstdio>
#include <cstdlib>

#include "hourglass/data/strokes.h"
#include "hourglass/models/apply.h"
#include "hourglass/models/registry.h"
#include "hourglass/project/pca.h"
#include "hourglass/train/trainer.h"

using namespace hourglass;

struct PrintEpochs : TrainObserver {
  void on_epoch(const EpochResult& r) override {
    std::printf("epoch %d  train %.5f  test %.5f\n", static_cast<int>(r.epoch), r.train_loss,
                r.test_mse);
  }
};

int main() {
  Dataset digits;
  digits.shape = strokes_shape();
  digits.train = make_strokes(4000, 1);
  digits.test = make_strokes(500, 2);

  ThreadPool pool;
  const auto model = make_model("AE", digits.shape, {.latent_dim = 16}, /*seed=*/0);
  PrintEpochs observer;
  Trainer(*model, digits, {.epochs = 5, .batch_size = 32}, pool).run(observer);
  const double ours = model->evaluate(digits.test, pool).scores.mse;

  const Pca pca = fit_pca(digits.train, 16, pool);
  Tensor test({digits.test.count(), digits.shape.pixels()});
  digits.test.fill_rows(0, digits.test.count(), test);
  const Tensor projected = pca.inverse_transform(pca.transform(test, pool), pool);
  const double linear = measure_reconstruction(test, projected, digits.shape, pool).mse;

  std::printf("test MSE, latent dimension 16: autoencoder %.5f, PCA %.5f\n", ours, linear);
  return ours < 0.75 * linear ? EXIT_SUCCESS : EXIT_FAILURE;
}
