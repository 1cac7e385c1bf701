// hourglass: the program. The verbs are listed here in the order in which `hourglass --help` shows
// them.

#include <array>
#include <string_view>

#include "cli.h"
#include "verbs.h"

namespace {

using namespace hourglass::cli;

// The groups of `hourglass --help`.
constexpr std::string_view kTrain = "Train";
constexpr std::string_view kLook = "Look";
constexpr std::string_view kUse = "Use";
constexpr std::string_view kFiles = "Files and machine";

constexpr std::array kVerbs{
    Verb{kTrain, "train", "trains a model on a data set and saves it",
         "hourglass train --dataset mnist --latent_dim 32 --epochs 20 --visualize\n"
         "hourglass train --dataset photos/ --image_size 32x32 --name first",
         add_train,
         "model latent_dim dataset image_size epochs recipe augment visualize name resume seed"},
    Verb{kTrain, "import", "reads a model that PyTorch trained",
         "hourglass import encoder.pth decoder.pth -o models/AE/theirs.safetensors\n"
         "hourglass import both.pth -o models/AE/theirs.safetensors --dataset mnist",
         add_import},
    Verb{kTrain, "verify", "trains a model again and compares it to the bit",
         "hourglass verify mnist_32\n"
         "hourglass verify mnist_32 --epochs 1",
         add_verify},
    Verb{kLook, "eval", "measures a model beside PCA and the mean image",
         "hourglass eval mnist_32\n"
         "hourglass eval mnist_32 --json > scores.json",
         add_eval},
    Verb{kLook, "visualize", "draws the figures of a trained model",
         "hourglass visualize mnist_32 --only recon,umap\n"
         "hourglass visualize mnist_32 --only interp --interpolate 4:9\n"
         "hourglass visualize mnist_32 --film",
         add_visualize},
    Verb{kLook, "explore", "opens a page to walk through a latent space",
         "hourglass explore mnist_32\n"
         "hourglass explore mnist_32 -o mnist.html\n"
         "hourglass explore X.npy --map MAP.npy --labels L.npy",
         add_explore,
         "output no_browser port limit no_images epochs map labels images split dataset json"},
    Verb{kUse, "encode", "writes the latent vectors of images to a file for NumPy",
         "hourglass encode mnist_32 --split test -o Z.npy --labels_out L.npy", add_encode},
    Verb{kUse, "decode", "makes images from latent vectors, as numbers or as pictures",
         "hourglass decode mnist_32 Z.npy -o X.npy\n"
         "hourglass decode mnist_32 Z.npy -o sheet.png\n"
         "hourglass decode mnist_32 Z.npy -o images/",
         add_decode},
    Verb{kUse, "project pca", "maps rows onto their directions of largest variance",
         "hourglass project pca X.npy -o MAP.npy --labels L.npy --plot map.png", add_project_pca},
    Verb{kUse, "project umap", "maps rows so that neighbours stay neighbours",
         "hourglass project umap X.npy -o MAP.npy --labels L.npy --plot map.png\n"
         "hourglass project umap X.npy -o MAP.npy --save umap.safetensors",
         add_project_umap, "output labels plot n_neighbors min_dist n_components metric seed save"},
    Verb{kUse, "project apply", "puts new rows into a saved map",
         "hourglass project apply umap.safetensors NEW.npy -o NEW_MAP.npy", add_project_apply},
    Verb{kUse, "project quality", "measures how far any map can be trusted",
         "hourglass project quality X.npy MAP.npy --labels L.npy\n"
         "hourglass project quality X.npy MAP.npy --json > scores.json",
         add_project_quality},
    Verb{kUse, "export", "writes a model in the formats of other programs",
         "hourglass export mnist_32 --format pth\n"
         "hourglass export mnist_32 --format onnx -o onnx/",
         add_export},
    Verb{kFiles, "info", "shows what a checkpoint records",
         "hourglass info mnist_32\n"
         "hourglass info models/AE/mnist_32.safetensors --json",
         add_info},
    Verb{kFiles, "data list", "lists the data sets known by name and where they are",
         "hourglass data list", add_data_list},
    Verb{kFiles, "data fetch", "downloads a data set", "hourglass data fetch fashion_mnist",
         add_data_fetch},
    Verb{kFiles, "data verify", "compares a data set's files with their checksums",
         "hourglass data verify mnist", add_data_verify},
    Verb{kFiles, "doctor", "shows what this machine offers and what was chosen",
         "hourglass doctor\n"
         "hourglass doctor --json",
         add_doctor},
};

}  // namespace

int main(int count, char** arguments) {
  return run(kVerbs, {arguments + 1, arguments + (count > 0 ? count : 1)});
}
