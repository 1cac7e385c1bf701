// Figures and scores of models that are not autoencoders of one option: linear, deeper, and one
// with labels and noise.
#include <gmock/gmock.h>

#include "hourglass/base/message_test.h"
#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/interop/npz.h"
#include "hourglass/lab/evaluation.h"
#include "hourglass/lab/gallery.h"
#include "hourglass/models/apply.h"
#include "hourglass/models/toy_kind_test.h"
#include "hourglass/train/small_run_test.h"

namespace hourglass {
namespace {

std::unique_ptr<Model> made(const std::string& kind, const Dataset& data) {
  return make_model(kind, data.shape, {.latent_dim = 4, .classes = data.classes()}, 1);
}

TEST(FiguresOfEveryKind, AreDrawnAllFive) {
  const Dataset data = small_data();
  ThreadPool pool(2);
  for (const std::string kind : {"AE", "linear", "toy"}) {
    const TemporaryFolder folder;
    const auto model = made(kind, data);
    Gallery gallery{*model, data, {}, {folder.path(), "r_3"}, {FigureFormat::svg}, pool};
    const auto written = draw_figures(gallery, kFigureKinds, parse_pair("", data), true);
    for (const FigureKind figure : kFigureKinds) {
      EXPECT_TRUE(std::filesystem::exists(gallery.path(figure, "svg"))) << name_of(figure);
      EXPECT_TRUE(std::filesystem::exists(gallery.path(figure, "npz"))) << name_of(figure);
    }
  }
}

TEST(FiguresOfAKindWithLabels, DecodeWithTheLabelsOfTheirImages) {
  const TemporaryFolder folder;
  const Dataset data = small_data();
  const auto model = made("toy", data);
  ThreadPool pool(2);
  Gallery gallery{*model, data, {}, {folder.path(), "r_3"}, {FigureFormat::png}, pool};
  const auto arrays = read_npz(draw_recon(gallery)[1]);
  const RowSource shown = data.test.selected(arrays.at("rows").integers("rows"));
  const Tensor expected = decode(*model, encode(*model, shown, pool), pool, shown.labels());
  // Strokes are grey: channels first or last is the same.
  EXPECT_THAT(arrays.at("reconstructions").floats().span(),
              testing::ElementsAreArray(expected.span()));

  const ImagePair pair = parse_pair("", data);
  const RowSource ends = data.test.selected({pair.first, pair.second});
  ASSERT_NE(ends.labels()[0], ends.labels()[1]);
  const auto path = read_npz(draw_interp(gallery, pair)[1]);
  const Tensor decoded = path.at("decoded").floats();
  const Tensor at_ends = decode(*model, encode(*model, ends, pool), pool, ends.labels());
  const auto first = decoded.span().first(28 * 28), last = decoded.span().last(28 * 28);
  EXPECT_THAT(first, testing::ElementsAreArray(at_ends.row(0)));
  EXPECT_THAT(last, testing::ElementsAreArray(at_ends.row(1)));
}

TEST(ScoresOfAKindWithLabels, AreMeasured) {
  const Dataset data = small_data();
  ThreadPool pool(2);
  const auto model = made("toy", data);
  const ModelScores scores = evaluate_model(*model, data, pool);
  EXPECT_EQ(scores.model.scores.mse, model->evaluate(data.test, pool).scores.mse);
}

TEST(LabelsThatAreMissingOrUnknown, AreRefusedByName) {
  const Dataset data = small_data();
  ThreadPool pool(1);
  const auto model = made("toy", data);
  const Tensor latents({2, 4});
  EXPECT_EQ(message_of([&] { decode(*model, latents, pool); }),
            "[model] toy takes a label for each of 2 rows, and there are 0: use data with labels");
  const std::int64_t unknown[] = {0, data.classes()};
  EXPECT_EQ(message_of([&] { decode(*model, latents, pool, unknown); }),
            fmt::format("[model] a label is {}: toy knows classes from 0 to {}", data.classes(),
                        data.classes() - 1));
  EXPECT_THAT(message_of([&] {
                encode(*model, Tensor({2, 28 * 28}), pool);
              }),
              testing::HasSubstr("takes a label for each of 2 rows"));
}

}  // namespace
}  // namespace hourglass
