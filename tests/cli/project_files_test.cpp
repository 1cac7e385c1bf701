// What `project` reads: rows and labels, from every kind of file.

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "hourglass/base/random.h"
#include "hourglass/interop/npy.h"
#include "hourglass/interop/npz.h"
#include "project_fixture.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

TEST_F(CliProject, EveryKindOfFileThatHoldsTheRowsGivesTheSameMap) {
  const Array rows = read_npy(folder / "X.npy");
  const std::vector<double> doubles = rows.doubles();
  write_npy(folder / "D.npy", {std::span<const double>(doubles), rows.shape});
  NpzWriter npz(folder / "Z.npz", {.deflate = true});
  npz.add("latents", rows);
  npz.add("labels", read_npy(folder / "L.npy"));
  npz.add("other", ArrayView(std::span<const double>(doubles), Shape{450, 1}));
  npz.commit();
  run({"project", "pca", "X.npy", "-o", "M.npy"});
  const std::string expected = text_of(folder / "M.npy");
  for (const std::string input : {"D.npy", "Z.npz:latents"}) {
    EXPECT_EQ(run({"project", "pca", input, "-o", "M.npy"}).status, 0) << input;
    EXPECT_EQ(text_of(folder / "M.npy"), expected) << input;
  }
  fs::remove(folder / "M.npy");
  expect_refused({"project", "pca", "Z.npz", "-o", "M.npy"}, 1,
                 "[read] Z.npz holds more than one matrix (latents, other): name one, as "
                 "Z.npz:latents");
}

TEST_F(CliProject, LabelsOfAnotherLengthOrKindAreRefused) {
  write_labels({1, 2, 3});
  expect_refused({"project", "umap", "X.npy", "-o", "M.npy", "--labels", "L.npy"}, 1,
                 "[read] L.npy has the shape 3: 90 labels are needed, one for each row");
  std::vector<double> values(90, std::numeric_limits<double>::quiet_NaN());
  write_npy(folder / "L.npy", {std::span<const double>(values), Shape{90}});
  expect_refused({"project", "pca", "X.npy", "-o", "M.npy", "--labels", "L.npy"}, 1,
                 "[read] L.npy: label 0 (from 0) is nan: give such rows a number of their own, as "
                 "-1");
  TextArray each{Shape{150}, {}};
  for (int i = 0; i < 150; ++i) each.values.push_back("class " + std::to_string(i));
  write_npy(folder / "X.npy", rows_of(150, 5));
  write_npy(folder / "L.npy", each);
  expect_refused({"project", "pca", "X.npy", "-o", "M.npy", "--labels", "L.npy", "--plot", "M.png"},
                 2, "[project pca] L.npy has 150 different labels: a plot shows at most 100");
}

TEST_F(CliProject, LabelsOfTextAndWholeRealsAreTheClassesThatWholeNumbersAre) {
  const Words call{"project", "umap",   "X.npy", "-o",     "M.npy",      "--labels",
                   "L.npy",   "--plot", "M.svg", "--json", "--n_epochs", "20"};
  const Outcome numbers = run(call);
  ASSERT_EQ(numbers.status, 0) << numbers.err;
  const auto accuracy = [](const Outcome& outcome) {
    return nlohmann::json::parse(outcome.out).at("quality").at("map_knn_accuracy");
  };
  std::vector<double> reals(90);
  TextArray text{Shape{90}, {}};
  for (std::size_t i = 0; i < 90; ++i) {
    reals[i] = static_cast<double>(i % 3);
    text.values.push_back(i % 3 == 0 ? "ape" : i % 3 == 1 ? "bear" : "cow");
  }
  const std::string picture = text_of(folder / "M.svg");
  write_npy(folder / "L.npy", {std::span<const double>(reals), Shape{90}});
  const Outcome whole = run(call);
  EXPECT_EQ(whole.err, numbers.err);
  EXPECT_EQ(accuracy(whole), accuracy(numbers));
  EXPECT_TRUE(text_of(folder / "M.svg") == picture);
  write_npy(folder / "L.npy", text);
  const Outcome named = run(call);
  EXPECT_EQ(named.err, numbers.err);
  EXPECT_EQ(accuracy(named), accuracy(numbers));
  EXPECT_FALSE(text_of(folder / "M.svg") == picture);  // with the classes' names
  const Outcome quality = run({"project", "quality", "X.npy", "M.npy", "--labels", "L.npy"});
  EXPECT_THAT(quality.out, HasSubstr("10-NN accuracy   1.0000")) << quality.err;
}

TEST_F(CliProject, OtherRealLabelsColourTheMapByValueAndGiveNoAccuracy) {
  std::vector<double> reals(90);
  for (std::size_t i = 0; i < 90; ++i) reals[i] = 0.5 * static_cast<double>(i);
  write_npy(folder / "L.npy", {std::span<const double>(reals), Shape{90}});
  const Words call{"project", "pca", "X.npy", "-o", "M.npy", "--labels", "L.npy"};
  Words with_plot = call;
  with_plot.insert(with_plot.end(), {"--plot", "M.png"});
  const Outcome outcome = run(with_plot);
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.err, HasSubstr("L.npy holds numbers that are not whole: values, not classes, "
                                     "so no k-NN accuracy"));
  EXPECT_THAT(outcome.out, testing::Not(HasSubstr("10-NN")));
  EXPECT_THAT(text_of(folder / "M.png"), StartsWith("\x89PNG"));
  // So do many different whole numbers, which are classes for the accuracy.
  std::vector<std::int64_t> years(150);
  for (std::size_t i = 0; i < 150; ++i) years[i] = 1850 + static_cast<std::int64_t>(i);
  write_npy(folder / "X.npy", rows_of(150, 5));
  write_labels(years);
  EXPECT_THAT(run(with_plot).err,
              HasSubstr("L.npy has 150 different numbers: the plot colours them as values"));
  EXPECT_THAT(run(call).err, testing::Not(HasSubstr("colours them")));
}

TEST_F(CliProject, AMatrixBesideTextAndOneOfPython2AreRead) {
  run({"project", "pca", "X.npy", "-o", "M.npy"});
  const std::string expected = text_of(folder / "M.npy");
  NpzWriter npz(folder / "Z.npz");
  npz.add("paths", TextArray{Shape{2}, {"a.png", "b.png"}});
  npz.add("embeddings", read_npy(folder / "X.npy"));
  npz.commit();
  for (const std::string input : {"Z.npz", "Z.npz:embeddings"}) {
    const Outcome outcome = run({"project", "pca", input, "-o", "M.npy"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(text_of(folder / "M.npy"), expected);
  }
  std::string bytes = text_of(folder / "X.npy");
  const std::size_t at = bytes.find("(90, 5), }   ");
  ASSERT_NE(at, std::string::npos);
  bytes.replace(at, 13, "(90L, 5L), } ");
  write_text(folder / "P.npy", bytes);
  const Outcome outcome = run({"project", "pca", "P.npy", "-o", "M.npy"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(text_of(folder / "M.npy"), expected);
}

}  // namespace
}  // namespace hourglass
