// hourglass: the program. The verbs are listed here in the order in which `hourglass --help` shows
// them.

#include <array>

#include "cli.h"
#include "verbs.h"

namespace {

using namespace hourglass::cli;

constexpr std::array kVerbs{
    Verb{"train", "trains a model on a data set and saves it",
         "hourglass train --dataset mnist --latent_dim 32 --epochs 20 --visualize\n"
         "hourglass train --dataset photos/ --image_size 32x32 --name first",
         add_train},
    Verb{"eval", "measures a model beside PCA and the mean image",
         "hourglass eval mnist_32\n"
         "hourglass eval mnist_32 --json > scores.json",
         add_eval},
    Verb{"visualize", "draws the figures of a trained model",
         "hourglass visualize mnist_32 --only recon,umap\n"
         "hourglass visualize mnist_32 --only interp --interpolate 4:9",
         add_visualize},
};

}  // namespace

int main(int count, char** arguments) {
  return run(kVerbs, {arguments + 1, arguments + (count > 0 ? count : 1)});
}
