// explore with a matrix: maps, labels, images and tables of other programs.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "explore_fixture.h"
#include "hourglass/interop/npy.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class CliExploreMatrix : public Explore {
 protected:
  void SetUp() override {
    Explore::SetUp();
    if (IsSkipped()) return;
    write("X.npy", 30, 5);
    write("M.npy", 30, 2);
  }
  void write(const std::string& name, std::int64_t n, std::int64_t d) const {
    Tensor rows({n, d});
    for (std::int64_t i = 0; i < rows.count(); ++i) {
      rows[i] = static_cast<float>((i * 7919) % 101) / 50.0f + static_cast<float>(i % d);
    }
    write_npy(folder / name, rows);
  }
  nlohmann::json facts() { return nlohmann::json::parse(pack().metadata.at("facts")); }
};

TEST_F(CliExploreMatrix, ABareMatrixGetsAMap) {
  const Outcome outcome = explored({"X.npy", "-o", "x.html"});
  EXPECT_THAT(outcome.err, HasSubstr("hourglass: there is no model, so nothing is decoded"));
  EXPECT_THAT(outcome.out, HasSubstr("30 points; it contains no images\n"));
  const auto blobs = blobs_of(text_of(folder / "x.html"));
  EXPECT_EQ(blobs.size(), 2u) << "no model";
  const NamedArrays read = pack();
  EXPECT_EQ(read.find("maps")->shape, (Shape{1, 30, 2}));
  EXPECT_EQ(read.find("latents")->bytes,
            std::vector<std::uint8_t>(read_npy(folder / "X.npy").bytes));
  EXPECT_EQ(facts()["title"], "X.npy");
}

TEST_F(CliExploreMatrix, AMapAndLabelsOfOtherProgramsAreTaken) {
  std::string labels = "kind\n";
  for (int i = 0; i < 30; ++i) labels += i % 3 == 0 ? "cat\n" : "dog\n";
  write_text(folder / "L.csv", labels);
  explored({"X.npy", "--map", "M.npy", "--labels", "L.csv", "-o", "x.html"});
  EXPECT_EQ(facts()["map_method"], "given");
  EXPECT_EQ(facts()["class_names"], nlohmann::json({"cat", "dog"}));
  EXPECT_EQ(pack().find("maps")->bytes, read_npy(folder / "M.npy").bytes);
  EXPECT_EQ(pack().find("labels")->integers("labels")[1], 1);
}

TEST_F(CliExploreMatrix, MeasurementsColourThePoints) {
  std::string ages = "age\n";
  for (int i = 0; i < 30; ++i) ages += fmt::format("{}.5\n", i);
  write_text(folder / "age.csv", ages);
  explored({"X.npy", "--labels", "age.csv", "-o", "x.html"});
  EXPECT_EQ(pack().find("labels"), nullptr);
  EXPECT_EQ(pack().find("column.age")->floats()[2], 2.5f);
}

TEST_F(CliExploreMatrix, TwoHundredClassesAreClassesAndMoreNumbersAreNot) {
  for (const int classes : {200, 201}) {
    write("big.npy", 402, 3);
    std::string labels;
    for (int i = 0; i < 402; ++i) labels += fmt::format("{}\n", i % classes);
    write_text(folder / "L.csv", labels);
    explored({"big.npy", "--labels", "L.csv", "-o", "x.html"});
    EXPECT_EQ(facts()["class_names"].size(), classes == 200 ? 200u : 0u);
    EXPECT_EQ(pack().find("column.L") != nullptr, classes == 201);
  }
}

TEST_F(CliExploreMatrix, ATableBringsItsColumnsLabelsAndNamesAndAFolderItsImages) {
  write_class_folders(folder / "photos", {"cat", "dog"}, 6);
  std::string table = "name,label,width,width,depth\n";
  for (int i = 5; i >= 0; --i) {
    for (const char* kind : {"cat", "dog"}) {
      table += fmt::format("{0}/{1}.png,{0},{1},{2},0.5\n", kind, i, 10 * i + (kind[0] == 'c'));
    }
  }
  write_text(folder / "t.csv", table);
  explored({"t.csv", "--images", "photos", "-o", "x.html"});
  const NamedArrays read = pack();
  EXPECT_EQ(facts()["class_names"], nlohmann::json({"cat", "dog"}));
  EXPECT_EQ(read.find("column.width")->floats()[0], 5.0f);
  EXPECT_EQ(read.find("column.width (2)")->floats()[0], 51.0f);
  EXPECT_EQ(read.find("images")->shape[0], 12);
  EXPECT_EQ(nlohmann::json::parse(read.metadata.at("names"))[1], "dog/5.png");
}

TEST_F(CliExploreMatrix, ImagesWithoutNamesInTheRowsAreTakenInTheirOrderWithTheirClasses) {
  write_class_folders(folder / "photos", {"cat", "dog"}, 6);
  write("rows.npy", 12, 4);
  explored({"rows.npy", "--images", "photos", "-o", "x.html"});
  EXPECT_EQ(nlohmann::json::parse(pack().metadata.at("names"))[6], "dog/0.png");
  EXPECT_EQ(facts()["class_names"], nlohmann::json({"cat", "dog"}));
  EXPECT_EQ(facts()["shape"]["width"], 12);
  refused({"X.npy", "--images", "photos", "-o", "x.html"}, "photos has 12 images for 30 rows");
}

TEST_F(CliExploreMatrix, WhatDoesNotFitIsRefusedInOneLine) {
  write("short.npy", 29, 2);
  refused({"X.npy", "--map", "short.npy", "-o", "x.html"},
          "short.npy has 29 rows, and X.npy has 30");
  refused({"X.npy", "--map", "X.npy", "-o", "x.html"}, "X.npy has 5 columns: a map has two");
  refused({"X.npy", "--split", "train"}, "--split belongs to a checkpoint: leave it out");
  refused({"X.npy", "--dataset", "mnist"}, "--dataset belongs to a checkpoint: leave it out");
  const Outcome absent = run({"explore", "absent.npy"});
  EXPECT_EQ(absent.status, 1);
  EXPECT_THAT(absent.err, HasSubstr("absent.npy"));
}

TEST_F(CliExploreMatrix, AFileIsAModelOrAMatrixByWhatItHolds) {
  trained();
  fs::copy_file(model, folder / "model.bin");
  explored({"model.bin", "-o", "x.html"});
  EXPECT_EQ(facts()["kind"], "AE");
  fs::copy_file(folder / "X.npy", folder / "mnist_4");
  explored({"./mnist_4", "-o", "x.html"});
  EXPECT_TRUE(facts()["kind"].is_null());
}

TEST_F(CliExploreMatrix, OneRowAndTwoRowsAreShown) {
  for (const int n : {1, 2}) {
    write("few.npy", n, 3);
    explored({"few.npy", "-o", "x.html"});
    EXPECT_EQ(pack().find("rows")->shape, (Shape{n}));
    EXPECT_TRUE(facts()["scores"].is_null());
  }
}

}  // namespace
}  // namespace hourglass
