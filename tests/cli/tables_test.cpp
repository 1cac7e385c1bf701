// Tables in and out of the verbs: CSV and TSV, columns of labels and names, pipes.

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <thread>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/base/random.h"
#include "hourglass/interop/matrix.h"
#include "hourglass/interop/npy.h"
#include "hourglass/interop/npz.h"
#include "samples.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class CliTables : public CommandLine {
 protected:
  /// 60 rows in three groups, whose column `big` hides them unless it is scaled.
  void SetUp() override {
    CommandLine::SetUp();
    if (IsSkipped()) return;
    Rng rng(3);
    std::string csv = "file,kind,a,b,big\n";
    for (int i = 0; i < 60; ++i) {
      const int group = i % 3;
      csv += fmt::format("img_{}.png,{},{},{},{}\n", i, kKinds[static_cast<std::size_t>(group)],
                         6 * group + rng.normal(), -6 * group + rng.normal(), 1000 * rng.normal());
    }
    write_text(folder / "x.csv", csv);
  }
  Outcome good(const Words& call) {
    Outcome outcome = run(call);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome;
  }
  /// The k-NN accuracy in the map that a verb tells as JSON.
  static double accuracy(const Outcome& outcome) {
    return nlohmann::json::parse(outcome.out).at("quality").at("map_knn_accuracy");
  }
  Words first_lines(const char* name, std::size_t count) {
    const std::string text = text_of(folder / name);
    Words lines;
    for (std::size_t at = 0; lines.size() < count && at < text.size();) {
      const std::size_t end = text.find('\n', at);
      lines.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    return lines;
  }

  const std::array<const char*, 3> kKinds{"cat", "dog", "cow"};
};

TEST_F(CliTables, ATableIsMappedWithItsLabelsAndGoesOutAsATable) {
  const Outcome outcome =
      good({"project", "pca", "x.csv", "-o", "m.csv", "--label_column", "kind"});
  EXPECT_THAT(outcome.out, StartsWith("60 rows of 3 columns, by PCA to 2\n"));
  EXPECT_THAT(outcome.out, HasSubstr("10-NN accuracy"));
  EXPECT_THAT(outcome.out, HasSubstr("next: hourglass project umap x.csv --label_column kind -o "
                                     "umap.csv --plot umap.png\n"));
  EXPECT_THAT(outcome.err, HasSubstr("x.csv: column passed over: 'file' (text)\n"));
  const Words lines = first_lines("m.csv", 2);
  EXPECT_EQ(lines.at(0), "file,label,pca_x,pca_y");
  EXPECT_THAT(lines.at(1), StartsWith("img_0.png,cat,"));
  // The map is a table that the program reads: its label is no feature.
  good({"project", "quality", "x.csv", "m.csv"});
}

TEST_F(CliTables, ACsvTsvNpyOrNpzOfOneMapHoldsTheSameBits) {
  for (const char* name : {"m.csv", "m.tsv", "m.npy", "m.npz"}) {
    good({"project", "umap", "x.csv", "-o", name, "--n_epochs", "20", "--quiet"});
  }
  const Matrix expected = read_matrix((folder / "m.npy").string());
  for (const char* name : {"m.csv", "m.tsv", "m.npz"}) {
    const Matrix found = read_matrix((folder / name).string());
    EXPECT_TRUE(std::ranges::equal(found.view().span(), expected.view().span())) << name;
  }
  EXPECT_EQ(first_lines("m.tsv", 1).at(0), "file\tkind\tumap_x\tumap_y");
}

TEST_F(CliTables, OneColumnWithNearlyAllVarianceIsNamedAndScalingFindsTheGroups) {
  const Outcome raw =
      good({"project", "pca", "x.csv", "-o", "m.npy", "--label_column", "kind", "--json"});
  EXPECT_THAT(raw.err, HasSubstr("column 'big' holds 100.0 % of the variance, so the map shows "
                                 "little else: --scale standard gives every column the same"));
  for (const char* scale : {"standard", "robust"}) {
    const Outcome scaled = good({"project", "pca", "x.csv", "-o", "s.npy", "--label_column", "kind",
                                 "--json", "--scale", scale, "--save", "s.safetensors"});
    EXPECT_THAT(scaled.err, testing::Not(HasSubstr("of the variance")));
    EXPECT_GT(accuracy(scaled), 0.9);
    EXPECT_LT(accuracy(raw), 0.6);
    // The saved projection scales new rows in the same way.
    good({"project", "apply", "s.safetensors", "x.csv", "-o", "again.npy", "--label_column",
          "kind"});
    EXPECT_EQ(text_of(folder / "again.npy"), text_of(folder / "s.npy"));
  }
  const Outcome wrong = run({"project", "umap", "x.csv", "-o", "m.npy", "--scale", "standart"});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_THAT(wrong.err, HasSubstr("--scale is standart: did you mean standard?"));
}

TEST_F(CliTables, AUmapOfScaledRowsIsAppliedToScaledRows) {
  good({"project", "umap", "x.csv", "-o", "s.npy", "--scale", "standard", "--save", "s.safetensors",
        "--n_epochs", "30", "--plot", "s.png", "--label_column", "2"});
  good({"project", "apply", "s.safetensors", "x.csv", "-o", "again.csv", "--label_column", "kind"});
  const Matrix map = read_matrix((folder / "again.csv").string());
  const std::vector<std::int64_t> k{1};
  float size = 0, away = 0;
  const Matrix fitted = read_matrix((folder / "s.npy").string());
  for (std::int64_t i = 0; i < map.view().count(); ++i) {
    size = std::max(size, std::abs(fitted.view()[i]));
    away = std::max(away, std::abs(map.view()[i] - fitted.view()[i]));
  }
  EXPECT_LT(away, size);  // unscaled rows would be far from all others
}

TEST_F(CliTables, AColumnNamedLabelIsNoFeature) {
  write_text(folder / "l.csv", "x,y,label\n1,2,0\n2,1,1\n3,5,0\n4,4,1\n");
  const Outcome outcome = good({"project", "pca", "l.csv", "-o", "m.csv"});
  EXPECT_THAT(outcome.out, StartsWith("4 rows of 2 columns"));
  EXPECT_THAT(outcome.err, HasSubstr("l.csv: the column 'label' is taken for labels, not for a "
                                     "feature"));
  EXPECT_EQ(first_lines("m.csv", 1).at(0), "label,pca_x,pca_y");
  const Outcome both = run(
      {"project", "pca", "l.csv", "-o", "m.csv", "--labels", "l.csv", "--label_column", "label"});
  EXPECT_EQ(both.status, 2);
  EXPECT_THAT(both.err, HasSubstr("--labels and --label_column both name labels: leave one out"));
  const Outcome unknown =
      run({"project", "pca", "l.csv", "-o", "m.csv", "--label_column", "lable"});
  EXPECT_EQ(unknown.status, 1);
  EXPECT_THAT(unknown.err, HasSubstr("l.csv has no column 'lable': did you mean label?"));
}

TEST_F(CliTables, AFaultOfATableIsNamedByLineAndColumn) {
  write_text(folder / "bad.csv", "a,b\n1,2\n3,NA\n4,5\n");
  const Outcome outcome = run({"project", "pca", "bad.csv", "-o", "m.npy"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, StartsWith("hourglass: [read] bad.csv: line 3, column 2 ('b') is 'NA', "
                                      "which is no number: "));
}

TEST_F(CliTables, StandardOutputAndPipesTakeAMatrixAndNoWordBesideIt) {
  good({"project", "pca", "x.csv", "-o", "m.npy", "--quiet"});
  good({"project", "pca", "x.csv", "-o", "m.csv", "--quiet"});
  const Outcome npy = good({"project", "pca", "x.csv", "-o", "-"});
  EXPECT_EQ(npy.out, text_of(folder / "m.npy"));
  EXPECT_THAT(npy.err, HasSubstr("60 rows of 3 columns, by PCA to 2\n"));
  EXPECT_THAT(npy.err, testing::Not(HasSubstr("wrote")));
  EXPECT_EQ(good({"project", "pca", "x.csv", "-o", "-", "--format", "csv"}).out,
            text_of(folder / "m.csv"));
  EXPECT_EQ(good({"project", "pca", "x.csv", "-o", "/dev/stdout", "--format", "csv"}).out,
            text_of(folder / "m.csv"));
  const Outcome json = run({"project", "pca", "x.csv", "-o", "-", "--json"});
  EXPECT_EQ(json.status, 2);
  EXPECT_THAT(json.err, HasSubstr("--output is standard output, where --json prints"));
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  std::string got;
  std::thread reader([&] { got = text_of(folder / "pipe"); });
  good({"project", "pca", "x.csv", "-o", "pipe", "--quiet"});
  reader.join();
  EXPECT_EQ(got, text_of(folder / "m.npy"));
  EXPECT_TRUE(fs::is_fifo(folder / "pipe"));
  std::thread writer([&] { write_text(folder / "pipe", text_of(folder / "x.csv")); });
  good({"project", "pca", "pipe", "-o", "again.npy", "--quiet"});
  writer.join();
  EXPECT_EQ(text_of(folder / "again.npy"), text_of(folder / "m.npy"));
}

TEST_F(CliTables, NoBinaryGoesToATerminal) {
  const Outcome outcome = run_on_terminal({"project", "pca", "x.csv", "-o", "-"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.out, HasSubstr("--output is a terminal and npy is binary: add --format csv, "
                                     "or name a file"));
  const Outcome text = run_on_terminal({"project", "pca", "x.csv", "-o", "-", "--format", "tsv"});
  EXPECT_EQ(text.status, 0);
  EXPECT_THAT(text.out, HasSubstr("file\tkind\tpca_x\tpca_y"));
}

TEST_F(CliTables, AnotherEndingIsRefusedByNameBeforeTheWork) {
  for (const Words& call : {Words{"project", "pca", "absent.csv", "-o", "m.dat"},
                            Words{"project", "umap", "absent.csv", "-o", "m"},
                            Words{"project", "apply", "absent", "absent.csv", "-o", "m.txt"}}) {
    const Outcome outcome = run(call);
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr(": end its name with .npy, .npz, .csv or .tsv\n"));
  }
  const Outcome other = run({"project", "pca", "x.csv", "-o", "m.npy", "--format", "csv"});
  EXPECT_EQ(other.status, 2);
  EXPECT_THAT(other.err, HasSubstr("--output is m.npy and --format is csv: leave out --format, or "
                                   "name a file.csv"));
  const Outcome format = run({"project", "pca", "x.csv", "-o", "-", "--format", "cvs"});
  EXPECT_EQ(format.status, 2);
  EXPECT_THAT(format.err, HasSubstr("--format is cvs: did you mean csv?"));
}

class CliNamedImages : public CliTables {
 protected:
  /// A folder of two classes with four images each, and an untrained model for them.
  void SetUp() override {
    CliTables::SetUp();
    if (IsSkipped()) return;
    write_checkpoint(folder / "models/AE/photos_4.safetensors", {1, 12, 12}, 4, "photos");
    write_class_folders(folder / "photos", {"cat", "dog"}, 6);
  }
};

TEST_F(CliNamedImages, EncodeWritesNamesAndLabelsBesideLatentsAndTheTableGoesBackIn) {
  good({"encode", "photos_4", "--dataset", "photos/", "-o", "z.csv", "--names_out", "n.txt"});
  EXPECT_EQ(first_lines("z.csv", 1).at(0), "name,label,latent_0,latent_1,latent_2,latent_3");
  MatrixFile table((folder / "z.csv").string());
  EXPECT_EQ(table.shape(), (Shape{12, 4}));
  EXPECT_THAT(table.labels()->names, ElementsAre("cat", "dog"));
  ASSERT_EQ(table.text().at(0).name, "name");
  std::string lines;
  for (const std::string& name : table.text().at(0).text) {
    EXPECT_TRUE(fs::exists(folder / "photos" / name)) << name;
    lines += name + "\n";
  }
  EXPECT_EQ(text_of(folder / "n.txt"), lines);
  good({"encode", "photos_4", "--dataset", "photos/", "-o", "z.npy", "--names_out", "n.csv",
        "--labels_out", "l.csv"});
  EXPECT_EQ(first_lines("n.csv", 2).at(0), "name");
  const Matrix latents = read_matrix((folder / "z.npy").string());
  EXPECT_TRUE(std::ranges::equal(std::move(table).rows().view().span(), latents.view().span()));

  const Outcome mapped = good(
      {"project", "umap", "z.csv", "--label_column", "label", "-o", "m.csv", "--n_epochs", "10"});
  EXPECT_THAT(mapped.out, StartsWith("12 rows of 4 columns"));
  EXPECT_EQ(first_lines("m.csv", 1).at(0), "name,label,umap_x,umap_y");
  good({"project", "pca", "z.npy", "--labels", "l.csv", "-o", "m.npy"});
  // And back to images.
  good({"decode", "photos_4", "z.csv", "-o", "from_table.npy"});
  good({"decode", "photos_4", "z.npy", "-o", "from_numpy.npy"});
  EXPECT_EQ(text_of(folder / "from_table.npy"), text_of(folder / "from_numpy.npy"));
}

TEST_F(CliNamedImages, AnArchiveHoldsNamesAndLabelsToo) {
  good({"encode", "photos_4", "--dataset", "photos/", "-o", "z.npz", "--names_out", "n.npy"});
  const NpzReader archive(folder / "z.npz");
  const auto names = archive.content("name");
  EXPECT_EQ(std::get<TextArray>(names).shape, (Shape{12}));
  good({"project", "pca", "z.npz", "--labels", "z.npz:label", "-o", "m.npy"});
}

TEST_F(CliNamedImages, FiguresDataNameTheImages) {
  good({"visualize", "photos_4", "--dataset", "photos/", "--only", "recon,pca,interp"});
  for (const auto& entry : fs::recursive_directory_iterator(folder / "visu")) {
    if (entry.path().extension() != ".npz") continue;
    const NpzReader archive(entry.path());
    ASSERT_NE(archive.find("names"), nullptr) << entry.path();
    const auto content = archive.content("names");
    for (const std::string& name : std::get<TextArray>(content).values) {
      EXPECT_TRUE(fs::exists(folder / "photos" / name)) << name;
    }
  }
  good({"export", "photos_4", "--dataset", "photos/", "--format", "projector", "-o", "p"});
  EXPECT_THAT(text_of(folder / "p/metadata.tsv"), StartsWith("label\tname\tindex\n"));
}

TEST_F(CliNamedImages, WithoutFilesThereAreNoNames) {
  write_checkpoint(folder / "models/AE/mnist_4.safetensors");
  write_small_idx(folder / "data/mnist", 20, 10);
  const Outcome outcome = run({"encode", "mnist_4", "-o", "z.npy", "--names_out", "n.txt"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("images of mnist have no files of their own: leave out "
                                     "--names_out"));
}

}  // namespace
}  // namespace hourglass
