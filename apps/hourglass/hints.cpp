#include "hints.h"

#include <algorithm>
#include <array>
#include <string>

namespace hourglass::cli {
namespace {

struct Hint {
  std::string_view word;
  std::string_view text;
};

constexpr std::array kVerbHints{
    Hint{"version", "write hourglass --version"},
    Hint{"umap", "write hourglass project umap X.npy"},
    Hint{"pca", "write hourglass project pca X.npy"},
    Hint{"tsne", "hourglass has no t-SNE: hourglass project umap X.npy maps neighbours too"},
    Hint{"t-sne", "hourglass has no t-SNE: hourglass project umap X.npy maps neighbours too"},
    Hint{"transform", "write hourglass project apply MODEL X.npy"},
    Hint{"quality", "write hourglass project quality X.npy MAP.npy"},
    Hint{"trustworthiness", "write hourglass project quality X.npy MAP.npy"},
    Hint{"fit", "write hourglass train"},
    Hint{"test", "write hourglass eval CHECKPOINT"},
    Hint{"evaluate", "write hourglass eval CHECKPOINT"},
    Hint{"score", "write hourglass eval CHECKPOINT"},
    Hint{"plot", "write hourglass visualize CHECKPOINT"},
    Hint{"draw", "write hourglass visualize CHECKPOINT"},
    Hint{"figures", "write hourglass visualize CHECKPOINT"},
    Hint{"reconstruct", "write hourglass visualize CHECKPOINT --only recon"},
    Hint{"interpolate", "write hourglass visualize CHECKPOINT --only interp --interpolate 2:5"},
    Hint{"sample", "write hourglass visualize CHECKPOINT --only noise: random latent vectors"},
    Hint{"generate", "write hourglass visualize CHECKPOINT --only noise: random latent vectors"},
    Hint{"embed", "write hourglass encode CHECKPOINT -o Z.npy"},
    Hint{"latents", "write hourglass encode CHECKPOINT -o Z.npy"},
    Hint{"download", "write hourglass data fetch NAME"},
    Hint{"datasets", "write hourglass data list"},
    Hint{"convert", "write hourglass export CHECKPOINT --format onnx"},
    Hint{"onnx", "write hourglass export CHECKPOINT --format onnx"},
    Hint{"resume", "write hourglass train with the flags of the run and --resume"},
    Hint{"browse", "write hourglass explore CHECKPOINT"},
    Hint{"serve", "write hourglass explore CHECKPOINT"},
    Hint{"page", "write hourglass explore CHECKPOINT"},
    Hint{"walk", "write hourglass explore CHECKPOINT"},
    Hint{"show", "write hourglass info CHECKPOINT"},
    Hint{"inspect", "write hourglass info CHECKPOINT"},
};

constexpr std::array kFlagHints{
    Hint{"lr", "write --learning_rate"},
    Hint{"rate", "write --learning_rate"},
    Hint{"learning", "write --learning_rate"},
    Hint{"wd", "write --weight_decay"},
    Hint{"bs", "write --batch_size"},
    Hint{"batch", "write --batch_size"},
    Hint{"random_state", "write --seed"},
    Hint{"manual_seed", "write --seed"},
    Hint{"n_jobs", "write --threads"},
    Hint{"num_workers", "write --threads"},
    Hint{"workers", "write --threads"},
    Hint{"jobs", "write --threads"},
    Hint{"n_epochs", "write --epochs"},
    Hint{"num_epochs", "write --epochs"},
    Hint{"max_epochs", "write --epochs"},
    Hint{"iterations", "write --epochs"},
    Hint{"steps", "write --epochs"},
    Hint{"latent", "write --latent_dim"},
    Hint{"latent_size", "write --latent_dim"},
    Hint{"z_dim", "write --latent_dim"},
    Hint{"zdim", "write --latent_dim"},
    Hint{"hidden_dim", "write --widths for the channels, --latent_dim for the latent vector"},
    Hint{"channels", "write --widths"},
    Hint{"data", "write --dataset NAME or --dataset PATH"},
    Hint{"data_path", "write --dataset PATH"},
    Hint{"input", "write --dataset PATH"},
    Hint{"arch", "write --model"},
    Hint{"network", "write --model"},
    Hint{"img_size", "write --image_size HEIGHTxWIDTH"},
    Hint{"size", "write --image_size HEIGHTxWIDTH"},
    Hint{"resize", "write --image_size HEIGHTxWIDTH"},
    Hint{"val_split", "write --validation N, a number of images"},
    Hint{"val", "write --validation N, a number of images"},
    Hint{"early_stopping", "write --patience N"},
    Hint{"continue", "write --resume"},
    Hint{"force", "write --overwrite"},
    Hint{"save_dir", "write --out DIR"},
    Hint{"output_dir", "write --out DIR"},
    Hint{"logdir", "write --tensorboard DIR"},
    Hint{"log_dir", "write --tensorboard DIR"},
    Hint{"augmentation", "write --augment"},
    Hint{"n_neighbours", "write --n_neighbors"},
    Hint{"neighbors", "write --n_neighbors"},
    Hint{"k", "write --n_neighbors"},
    Hint{"perplexity", "it belongs to t-SNE: --n_neighbors is UMAP's"},
    Hint{"n_dims", "write --n_components"},
    Hint{"dim", "write --n_components"},
    Hint{"device", "hourglass computes on the processor: --threads says on how many cores"},
    Hint{"cuda", "hourglass computes on the processor: --threads says on how many cores"},
    Hint{"gpu", "hourglass computes on the processor: --threads says on how many cores"},
    Hint{"deterministic", "results are the same bits for the same --seed already"},
};

template <std::size_t N>
std::string_view find(const std::array<Hint, N>& hints, std::string_view word) {
  const auto* hint = std::find_if(hints.begin(), hints.end(),
                                  [&](const Hint& known) { return known.word == word; });
  return hint == hints.end() ? std::string_view() : hint->text;
}

}  // namespace

std::string_view verb_hint(std::string_view verb) {
  return find(kVerbHints, verb);
}

std::string_view flag_hint(std::string_view flag) {
  std::string word(flag.substr(std::min(flag.find_first_not_of('-'), flag.size())));
  std::replace(word.begin(), word.end(), '-', '_');
  return find(kFlagHints, word);
}

}  // namespace hourglass::cli
