// project pca, umap, apply and quality: any matrix to a map, through files.

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

TEST_F(CliProject, FourRowsOf786432ColumnsAreMappedInLessThanTwiceTheirMemory) {
  Tensor x(Shape{4, 786432});
  Rng rng(5);
  for (float& value : x.span()) value = static_cast<float>(rng.uniform());
  const Words call{"project",       "umap", "X.npy",     "-o", "M.npy",
                   "--n_neighbors", "3",    "--threads", "1"};
  const Outcome few = run(call);
  ASSERT_EQ(few.status, 0) << few.err;
  write_npy(folder / "X.npy", x);
  const Outcome wide = run(call);
  ASSERT_EQ(wide.status, 0) << wide.err;
  if (kSanitized) return;
  EXPECT_LT(wide.cpu_seconds, 2.0) << "0.1 s; an embedding took 99";
  EXPECT_LT(wide.peak_bytes - few.peak_bytes, 2 * x.count() * 4);
}

TEST_F(CliProject, Float64RowsFarFromZeroAreMappedAsTheirDifferencesAre) {
  const Tensor near = rows_of(90, 5);
  std::vector<double> far(450);
  for (std::int64_t i = 0; i < 450; ++i) {
    far[static_cast<std::size_t>(i)] = 1e9 + static_cast<double>(std::round(near[i] * 1024) / 1024);
  }
  write_npy(folder / "F.npy", {std::span<const double>(far), Shape{90, 5}});
  const Words options{"--n_epochs", "50", "--quiet"};
  const auto made = [&](const std::string& verb, const std::string& input) {
    Words call{"project", verb, input, "-o", "M.npy", "--save", "S"};
    if (verb == "umap") call.insert(call.end(), options.begin(), options.end());
    EXPECT_EQ(run(call).status, 0);
    return map().floats();
  };
  for (const std::string verb : {"pca", "umap"}) {
    const Tensor fitted = made(verb, "F.npy");
    EXPECT_EQ(run({"project", "apply", "S", "F.npy", "-o", "M.npy", "--quiet"}).status, 0);
    const Tensor again = map().floats();
    EXPECT_TRUE(std::ranges::equal(again.span(), fitted.span())) << verb;
    const auto quality =
        nlohmann::json::parse(run({"project", "quality", "F.npy", "M.npy", "--json"}).out);
    EXPECT_GT(quality.at("trustworthiness"), 0.8) << verb;
  }
}

TEST_F(CliProject, QualitySaysWhichKItUsedAndRefusesEqualRows) {
  write_npy(folder / "few.npy", rows_of(9, 3));
  const Outcome outcome = run({"project", "quality", "few.npy", "few.npy"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "hourglass: k is 4 instead of 10: fewer than half of 9 rows\n");
  write_npy(folder / "equal.npy", Tensor(Shape{9, 2}));
  expect_refused({"project", "quality", "few.npy", "equal.npy"}, 2,
                 "[project quality] all rows of equal.npy are equal: none is nearer to a row than "
                 "another, so that there is nothing to measure");
}

TEST_F(CliProject, AnAccuracyOfClassesThatNoVoteCanTellApartIsNotPrinted) {
  std::vector<std::int64_t> own(90);
  for (std::size_t i = 0; i < own.size(); ++i) own[i] = static_cast<std::int64_t>(i);
  for (const auto& labels : {std::vector<std::int64_t>(90, 1), own}) {
    write_labels(labels);
    const Words call{"project", "quality", "X.npy", "X.npy", "--labels", "L.npy"};
    EXPECT_THAT(run(call).out, testing::Not(HasSubstr("accuracy")));
    Words json = call;
    json.push_back("--json");
    EXPECT_TRUE(nlohmann::json::parse(run(json).out).at("map_knn_accuracy").is_null());
  }
}

TEST_F(CliProject, EqualRowsAreMappedWithoutNumbersThatMeanNothing) {
  write_npy(folder / "X.npy", Tensor(Shape{90, 5}));
  const Outcome pca =
      run({"project", "pca", "X.npy", "-o", "M.npy", "--labels", "L.npy", "--plot", "M.svg"});
  EXPECT_EQ(pca.status, 0) << pca.err;
  EXPECT_THAT(pca.out, testing::AllOf(HasSubstr("variance kept    none: all rows are equal"),
                                      testing::Not(HasSubstr("trustworthiness"))));
}

TEST_F(CliProject, PcaWritesScoresAndSaysWhatItKept) {
  const Outcome outcome = run({"project", "pca", "X.npy", "-o", "M.npy"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, StartsWith("90 rows of 5 columns, by PCA to 2\n"));
  EXPECT_THAT(outcome.out, HasSubstr("variance kept    9"));
  EXPECT_THAT(outcome.out, HasSubstr("wrote M.npy\nnext: hourglass project quality X.npy M.npy\n"));
  EXPECT_EQ(map().dtype, DType::kF32);
  EXPECT_EQ(map().shape, (Shape{90, 2}));
}

TEST_F(CliProject, PcaOfEqualRowsSaysThatTheyAreEqual) {
  write_npy(folder / "X.npy", Tensor(Shape{20, 129}));
  const Outcome outcome = run({"project", "pca", "X.npy", "-o", "M.npy"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("none: all rows are equal\n"));
  const Tensor scores = map().floats();
  EXPECT_TRUE(std::ranges::all_of(scores.span(), [](float s) { return s == 0; }));
}

TEST_F(CliProject, PcaOfFloat64RowsFarFromZeroIsThatOfTheirDifferences) {
  const Array rows = read_npy(folder / "X.npy");
  std::vector<double> values = rows.doubles();
  run({"project", "pca", "X.npy", "-o", "M.npy"});
  const Tensor expected = map().floats();
  for (double& v : values) v += 1e8;
  write_npy(folder / "F.npy", {std::span<const double>(values), rows.shape});
  const Outcome outcome =
      run({"project", "pca", "F.npy", "-o", "M.npy", "--save", "F.safetensors"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const Tensor far = map().floats();
  float largest = 0;
  for (const float v : expected.span()) largest = std::max(largest, std::abs(v));
  for (std::int64_t i = 0; i < far.count(); ++i) {
    ASSERT_NEAR(far[i], expected[i], 1e-5 * static_cast<double>(largest)) << i;
  }
  run({"project", "apply", "F.safetensors", "F.npy", "-o", "again.npy"});
  EXPECT_EQ(text_of(folder / "again.npy"), text_of(folder / "M.npy"));
}

TEST_F(CliProject, PcaRefusesASpreadBelowFloat32) {
  std::vector<double> values = read_npy(folder / "X.npy").doubles();
  for (double& v : values) v *= 1e-60;
  write_npy(folder / "T.npy", {std::span<const double>(values), Shape{90, 5}});
  const Outcome outcome = run({"project", "pca", "T.npy", "-o", "M.npy"});
  EXPECT_NE(outcome.status, 0);
  EXPECT_THAT(outcome.err, HasSubstr("float32 begins at 1.2e-38: scale them up"));
}

TEST_F(CliProject, UmapKeepsGroupsApartAndSaysHowItWent) {
  const Outcome outcome = run({"project", "umap", "X.npy", "-o", "M.npy", "--labels", "L.npy",
                               "--plot", "M.png", "--json", "--n_epochs", "50"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json.at("rows"), 90);
  EXPECT_EQ(json.at("components"), 2);
  EXPECT_EQ(json.at("n_epochs"), 50);
  EXPECT_EQ(json.at("graph_components"), 3);
  EXPECT_EQ(json.at("quality").at("map_knn_accuracy"), 1.0);
  EXPECT_GT(json.at("quality").at("trustworthiness"), 0.9);
  EXPECT_THAT(text_of(folder / "M.png"), StartsWith("\x89PNG"));
  EXPECT_EQ(map().shape, (Shape{90, 2}));
}

TEST_F(CliProject, TheNumberOfThreadsChangesNoBit) {
  for (const char* verb : {"pca", "umap"}) {
    run({"project", verb, "X.npy", "-o", "one.npy", "--save", "one.safetensors", "--threads", "1"});
    run({"project", verb, "X.npy", "-o", "two.npy", "--save", "two.safetensors", "--threads", "3"});
    ASSERT_NE(text_of(folder / "one.npy"), "");
    EXPECT_EQ(text_of(folder / "one.npy"), text_of(folder / "two.npy")) << verb;
    EXPECT_EQ(text_of(folder / "one.safetensors"), text_of(folder / "two.safetensors")) << verb;
  }
}

TEST_F(CliProject, ApplyMapsTheFittedRowsToTheirPoints) {
  for (const char* verb : {"pca", "umap"}) {
    EXPECT_EQ(run({"project", verb, "X.npy", "-o", "M.npy", "--save", "P.safetensors"}).status, 0);
    const Tensor fitted = map().floats();
    const Outcome outcome = run({"project", "apply", "P.safetensors", "X.npy", "-o", "M.npy"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.out, StartsWith("90 rows of 5 columns mapped by "));
    const Tensor again = map().floats();
    double mean = 0;
    for (std::int64_t i = 0; i < fitted.count(); ++i) {
      mean += std::abs(static_cast<double>(again[i] - fitted[i])) / 180;
    }
    EXPECT_LT(mean, verb == std::string("pca") ? 1e-6 : 1.0) << verb;
  }
  fs::remove(folder / "M.npy");
  write_npy(folder / "N.npy", rows_of(4, 6));
  expect_refused({"project", "apply", "P.safetensors", "N.npy", "-o", "M.npy"}, 2,
                 "[project apply] N.npy has 6 columns: P.safetensors needs rows of 5");
  write_text(folder / "P.safetensors", text_of(folder / "P.safetensors").substr(0, 900));
  const Outcome cut = run({"project", "apply", "P.safetensors", "X.npy", "-o", "M.npy"});
  EXPECT_EQ(cut.status, 1);
  EXPECT_THAT(cut.err, StartsWith("hourglass: [safetensors] P.safetensors: "));
}

TEST_F(CliProject, QualityScoresAnyMap) {
  run({"project", "pca", "X.npy", "-o", "M.npy"});
  const Outcome words =
      run({"project", "quality", "X.npy", "M.npy", "--labels", "L.npy", "--points", "P.npz"});
  EXPECT_EQ(words.status, 0) << words.err;
  EXPECT_THAT(words.out, StartsWith("90 rows of 5 columns, mapped to 2\n  trustworthiness  0."));
  EXPECT_THAT(words.out, HasSubstr("10-NN accuracy   1.0000"));
  EXPECT_EQ(read_npz(folder / "P.npz").at("trustworthiness").shape, Shape{90});
  const auto json =
      nlohmann::json::parse(run({"project", "quality", "X.npy", "M.npy", "--json"}).out);
  EXPECT_EQ(json.at("k"), 10);
  EXPECT_GT(json.at("continuity"), 0.8);
  EXPECT_TRUE(json.at("map_knn_accuracy").is_null());
  write_npy(folder / "N.npy", rows_of(80, 2));
  fs::remove(folder / "M.npy");
  expect_refused({"project", "quality", "X.npy", "N.npy"}, 2,
                 "[project quality] X.npy has 90 rows and N.npy has 80: a map has a row for each");
}

TEST_F(CliProject, StabilityIsSaidInWords) {
  const Outcome outcome = run({"project", "umap", "X.npy", "-o", "M.npy", "--n_epochs", "30",
                               "--stability", "2", "--stability_out", "S.npy"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("of the map's size over 3 maps"));
  EXPECT_EQ(read_npy(folder / "S.npy").shape, Shape{90});
}

TEST_F(CliProject, WhatUmapHasToSayIsSaid) {
  const Outcome apart = run({"project", "umap", "X.npy", "-o", "M.npy"});
  EXPECT_THAT(apart.err, HasSubstr("the neighbour graph has 3 disconnected groups"));
  write_npy(folder / "X.npy", rows_of(9, 3));
  const Outcome few = run({"project", "umap", "X.npy", "-o", "M.npy"});
  EXPECT_EQ(few.status, 0);
  EXPECT_THAT(few.err, HasSubstr("n_neighbors is 9 instead of 15"));
}

TEST_F(CliProject, OddRowsGiveASensibleMap) {
  expect_mapped(Tensor(Shape{50, 3}));  // all equal
  expect_mapped(rows_of(40, 1));        // one column
  expect_mapped(rows_of(2, 3));
  Tensor constant = rows_of(60, 4);
  for (std::int64_t i = 0; i < 60; ++i) constant[4 * i + 1] = 7;
  expect_mapped(constant);
  Tensor duplicates = rows_of(2000, 4);
  for (std::int64_t i = 4; i < 4 * 1500; ++i) duplicates[i] = duplicates[i % 4];
  expect_mapped(duplicates);
}

TEST_F(CliProject, RowsThatCannotBeMappedAreNamed) {
  const auto refused = [&](const Tensor& x, const std::string& line) {
    write_npy(folder / "X.npy", x);
    for (const std::string verb : {"pca", "umap"}) {
      expect_refused({"project", verb, "X.npy", "-o", "M.npy"}, 1, line);
    }
  };
  Tensor holes = rows_of(30, 3);
  holes[7 * 3 + 2] = std::numeric_limits<float>::infinity();
  refused(holes,
          "[read] X.npy: row 7, column 2 (both from 0) is inf: every value has to be a "
          "finite number");
  refused(Tensor(Shape{0, 3}), "[read] X.npy has no rows: there is nothing to do");
  refused(Tensor(Shape{8}),
          "[read] X.npy has the shape 8: a matrix is needed, one row for each "
          "point; reshape(-1, 1) makes it one column");
  write_npy(folder / "X.npy", rows_of(30, 3));
  const std::string whole = text_of(folder / "X.npy");
  write_text(folder / "X.npy", whole.substr(0, whole.size() - 1));
  expect_refused({"project", "umap", "X.npy", "-o", "M.npy"}, 1,
                 "[npy] X.npy: 30 x 3 F32 need 360 bytes, but 359 follow the header: the file is "
                 "cut short");
  write_npy(folder / "X.npy", rows_of(1, 3));
  expect_refused({"project", "umap", "X.npy", "-o", "M.npy"}, 2,
                 "[umap] there are 1 rows: at least 2 are needed");
  write_npy(folder / "X.npy", rows_of(20, 1));
  expect_refused({"project", "pca", "X.npy", "-o", "M.npy"}, 2,
                 "[pca] 2 components of 20 rows and 1 columns: from 1 to 1 are possible");
}

TEST_F(CliProject, WrongCallsAreRefusedBeforeTheWork) {
  const auto refused = [&](const Words& flags, const std::string& line) {
    Words call{"project", "umap", "X.npy"};
    call.insert(call.end(), flags.begin(), flags.end());
    expect_refused(call, 2, line);
  };
  refused({}, "[project umap] --output is missing: see hourglass project umap --help");
  refused({"-o", "X.npy"}, "[project umap] --output is X.npy, which is read: name another file");
  refused({"-o", "M.npy", "--save", "./M.npy"},
          "[project umap] --output and --save are the same file: name two");
  refused({"-o", "M.npy", "--plot", "M.png", "--components", "3"},
          "[project umap] --plot draws maps of 1 or 2 components, not of 3: leave one out");
  refused({"-o", "M.npy", "--metric", "cosin"},
          "[project] there is no metric cosin: euclidean and cosine are known");
  refused({"-o", "M.npy", "--init", "spectra"},
          "[project umap] no init is called 'spectra': did you mean spectral?");
  refused({"-o", "M.npy", "--n_neighbors", "1"},
          "[project umap] --n_neighbors is 1: must be at least 2");
  refused({"-o", "M.npy", "--min_dist", "a"}, "[project umap] --min_dist is 'a': must be a number");
  refused({"-o", "M.npy", "--min_dist", "2"},
          "[umap] min_dist is 2 and spread 1: 0 <= min_dist <= spread and spread from 0.001 to 100 "
          "are needed");
  refused({"-o", "M.npy", "--stability_out", "S.npy"},
          "[project umap] --stability_out needs --stability: give the number of maps");
}

}  // namespace
}  // namespace hourglass
