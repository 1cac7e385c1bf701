// eval: which images are measured, the best epoch beside the last, and numbers that mean nothing.

#include <gmock/gmock.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "hourglass/base/random.h"
#include "hourglass/interop/npz.h"
#include "hourglass/models/checkpoint_file.h"
#include "samples.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class CliEval : public CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    if (IsSkipped()) return;
    model = write_checkpoint(path_of("mnist_4"));
    write_small_idx(folder / "data/mnist", 60, 20);
  }
  fs::path path_of(const std::string& name) const {
    return folder / "models/AE" / (name + ".safetensors");
  }
  /// Writes NAME.npz of noise, image i in class i mod `classes`.
  void write_images(const std::string& name, std::int64_t images, std::int64_t classes) const {
    Rng rng(3, 0);
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(images * 784));
    for (std::uint8_t& pixel : pixels) pixel = static_cast<std::uint8_t>(rng.below(256));
    std::vector<std::int64_t> labels;
    for (std::int64_t i = 0; i < images; ++i) labels.push_back(i % classes);
    NpzWriter npz(folder / (name + ".npz"));
    npz.add("images", ArrayView(std::span<const std::uint8_t>(pixels), Shape{images, 28, 28}));
    npz.add("labels", std::span<const std::int64_t>(labels), Shape{images});
    npz.commit();
  }
  nlohmann::json json_of(const Words& flags) {
    Words call{"eval", "mnist_4", "--json"};
    call.insert(call.end(), flags.begin(), flags.end());
    const Outcome outcome = run(call);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return nlohmann::json::parse(outcome.out);
  }
  std::unique_ptr<Model> model;
};

TEST_F(CliEval, TheBestEpochIsMeasuredBesideTheLast) {
  const Words data{"--data_dir", "data"};
  const auto alone = json_of(data);
  EXPECT_FALSE(alone.contains("best"));
  EXPECT_EQ(alone.at("images"), 20);
  EXPECT_EQ(alone.at("measured"), "test");
  const auto other = make_model("AE", {1, 28, 28}, {4}, 7);
  CheckpointFacts facts = load_checkpoint(path_of("mnist_4")).facts;
  facts.epochs = 3;
  save_checkpoint(path_of("mnist_4.best"), *other, facts);
  auto both = json_of(data);
  EXPECT_EQ(both.at("best").at("epochs"), 3);
  EXPECT_NE(both.at("best").at("mse"), both.at("mse"));
  EXPECT_EQ(both.at("best").at("pca_mse"), both.at("pca_mse"));
  both.erase("best");
  EXPECT_EQ(both, alone) << "the keys of the last epoch stay";
  EXPECT_THAT(run({"eval", "mnist_4", "--data_dir", "data"}).out,
              AllOf(HasSubstr("AE, d 4, last epoch"), HasSubstr("AE, d 4, best (3)")));
  EXPECT_THAT(run({"eval", "mnist_4.best", "--data_dir", "data"}).out,
              AllOf(HasSubstr("AE, d 4  "), Not(HasSubstr("last epoch"))));
}

TEST_F(CliEval, ABestEpochOfAnotherRunIsLeftOut) {
  write_checkpoint(path_of("mnist_4.best"), {1, 28, 28}, 5);
  const Outcome outcome = run({"eval", "mnist_4", "--data_dir", "data"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.err, HasSubstr("hourglass: the best epoch is left out: "
                                     "models/AE/mnist_4.best.safetensors is of another run\n"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("best")));
}

TEST_F(CliEval, AllImagesAreMeasuredWhereTheModelWasNotTrainedOnThem) {
  write_images("mine", 60, 2);
  const Outcome outcome = run({"eval", "mnist_4", "--dataset", "mine.npz"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("all 60 images of mine: the model was trained on mnist\n"),
                    HasSubstr("(PCA and the mean are fitted to these images)"),
                    HasSubstr("their 10 nearest other latents"), Not(HasSubstr("test"))));
  const auto json = json_of({"--dataset", "mine.npz"});
  EXPECT_EQ(json.at("images"), 60);
  EXPECT_EQ(json.at("measured"), "all");
  EXPECT_TRUE(json.at("latent_knn_accuracy").is_number());
}

TEST_F(CliEval, AnAccuracyThatMeansNothingIsNotPrinted) {
  write_images("mine", 60, 1);
  const Outcome outcome = run({"eval", "mnist_4", "--dataset", "mine.npz"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, Not(HasSubstr("accuracy")));
  EXPECT_TRUE(json_of({"--dataset", "mine.npz"}).at("latent_knn_accuracy").is_null());
}

TEST_F(CliEval, WeightsThatAreFiniteButTooLargeAreNamed) {
  std::ranges::fill(model->parameters(), 1e38f);
  save_checkpoint(path_of("huge_4"), *model, load_checkpoint(path_of("mnist_4")).facts);
  for (const Words& call : {Words{"eval", "huge_4", "--data_dir", "data"},
                            Words{"encode", "huge_4", "--data_dir", "data", "-o", "Z.npy"}}) {
    const Outcome outcome = run(call);
    EXPECT_EQ(outcome.status, 1) << call[0];
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err,
                AllOf(HasSubstr("this AE with latent dimension 4"), HasSubstr("too large"),
                      HasSubstr("take an earlier checkpoint")));
  }
  EXPECT_FALSE(fs::exists(folder / "Z.npy"));
}

TEST_F(CliEval, MetadataThatCannotBeTrueAreShownAsNotKnown) {
  CheckpointFacts facts = load_checkpoint(path_of("mnist_4")).facts;
  facts.epochs = -3;
  facts.test_mse = -1;
  facts.train_loss = std::numeric_limits<double>::infinity();
  save_checkpoint(path_of("mnist_4"), *model, facts);
  EXPECT_THAT(run({"info", "mnist_4"}).out, AllOf(HasSubstr("epochs           not known\n"),
                                                  HasSubstr("train loss       not known\n"),
                                                  HasSubstr("test MSE         not known\n")));
  const auto json = nlohmann::json::parse(run({"info", "mnist_4", "--json"}).out);
  for (const char* key : {"epochs", "train_loss", "test_mse"}) EXPECT_TRUE(json.at(key).is_null());
  EXPECT_EQ(run({"eval", "mnist_4", "--data_dir", "data"}).status, 0);
}

}  // namespace
}  // namespace hourglass
