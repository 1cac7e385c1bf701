// Uses the core alone: a model decodes, PCA and UMAP map latents, and a mistake is an Error.
#include <hourglass/base/random.h>
#include <hourglass/hourglass.h>

#include <cstdio>

int main(int arguments, char**) {
  using namespace hourglass;
  if (arguments > 1) return 0;  // only the start is measured
  ThreadPool pool;
  const auto model = make_model("AE", {1, 28, 28}, {.latent_dim = 4});
  Rng rng(1);
  Tensor latents({60, 4});
  for (float& value : latents.span()) value = static_cast<float>(rng.normal());
  Coder coder(*model, pool);
  std::printf("images %s\n", coder.decode(latents).shape().text().c_str());
  std::printf("PCA %s, UMAP %s\n",
              fit_pca(latents, 2, pool).transform(latents, pool).shape().text().c_str(),
              umap(latents, {.n_epochs = 20}, pool).map.shape().text().c_str());
  try {
    coder.decode(Tensor({3, 5}));
  } catch (const Error& error) {
    std::puts(error.what());
    return error.kind() == ErrorKind::value ? 0 : 1;
  }
  return 1;
}
