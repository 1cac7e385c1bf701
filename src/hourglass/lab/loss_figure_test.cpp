#include "hourglass/lab/loss_figure.h"

#include "hourglass/interop/npz.h"
#include "hourglass/lab/baselines.h"
#include "hourglass/train/small_run_test.h"

namespace hourglass {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Arrays = std::map<std::string, Array>;

class LossOfARun : public testing::Test {
 protected:
  void log(std::int64_t epoch, double train, double test, std::optional<double> validation = {}) {
    EpochResult result;
    result.epoch = epoch;
    result.train_loss = train;
    result.test_mse = test;
    result.validation_mse = validation;
    log_.push_back(result);
  }
  std::vector<std::filesystem::path> draw() {
    return draw_loss({folder_.path(), "r"}, log_, data_, *model_, 1,
                     measure_baselines(data_, 3, pool_), {FigureFormat::svg});
  }
  Arrays drawn() {
    EXPECT_THAT(draw(), ElementsAre(folder_ / "loss" / "r.svg", folder_ / "loss" / "r.npz"));
    return read_npz(folder_ / "loss" / "r.npz");
  }

  TemporaryFolder folder_;
  Dataset data_ = small_data();
  std::unique_ptr<Model> model_ = make_model("AE", data_.shape, {3}, 1);
  ThreadPool pool_{2};
  std::vector<EpochResult> log_;
};

std::vector<float> numbers(const Arrays& arrays, const std::string& name) {
  const Tensor values = arrays.at(name).floats();
  return {values.span().begin(), values.span().end()};
}

TEST_F(LossOfARun, IsOfTheEpochsOfItsLogBesideThatOfPca) {
  log(1, 0.5, 0.25);
  log(2, 0.125, 0.0625);
  const Arrays arrays = drawn();
  EXPECT_THAT(numbers(arrays, "epoch"), ElementsAre(1.0f, 2.0f));
  EXPECT_THAT(numbers(arrays, "train_loss"), ElementsAre(0.5f, 0.125f));
  EXPECT_THAT(numbers(arrays, "test_mse"), ElementsAre(0.25f, 0.0625f));
  EXPECT_FALSE(arrays.contains("validation_mse"));
  const Baselines baselines = measure_baselines(data_, 3, pool_);
  EXPECT_THAT(numbers(arrays, "pca_mse"), ElementsAre(static_cast<float>(baselines.pca->mse)));
}

TEST_F(LossOfARun, ShowsValidationIfEveryEpochHasIt) {
  log(1, 0.5, 0.25, 0.5);
  EXPECT_THAT(numbers(drawn(), "validation_mse"), ElementsAre(0.5f));
  log(2, 0.5, 0.25);
  EXPECT_FALSE(drawn().contains("validation_mse"));
}

TEST_F(LossOfARun, WithoutAnEpochIsNotDrawn) {
  EXPECT_THAT(draw(), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "loss" / "r.npz"));
}

}  // namespace
}  // namespace hourglass
