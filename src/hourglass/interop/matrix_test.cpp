#include "hourglass/interop/matrix.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/interop/npy.h"
#include "hourglass/interop/npz.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;
using testing::ThrowsMessage;

/// 3 x 2: 0, 1, .. 5.
class MatrixTest : public testing::Test {
 protected:
  MatrixTest()
      : folder(fs::path(testing::TempDir()) / fmt::format("hourglass_matrix_{}", getpid())) {
    make_folder(folder);
  }
  ~MatrixTest() override { fs::remove_all(folder); }

  /// A file of elements of type T whose header says this; the elements in the order given.
  template <typename T>
  std::string file_of(std::string_view descr, bool fortran, const std::vector<T>& values,
                      bool swapped = false, std::size_t padding = 0) {
    std::string text = fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': (3, 2), }}",
                                   descr, fortran ? "True" : "False");
    text += std::string(padding, ' ') + "\n";
    std::string bytes("\x93NUMPY\x01\x00", 8);
    bytes += static_cast<char>(text.size());
    bytes += '\0';
    bytes += text;
    for (const T value : values) {
      std::string element(reinterpret_cast<const char*>(&value), sizeof(T));
      if (swapped) std::reverse(element.begin(), element.end());
      bytes += element;
    }
    write_file(folder / "a.npy", bytes);
    return (folder / "a.npy").string();
  }
  void expect_counts(const std::string& name) {
    const Matrix matrix = read_matrix(name);
    ASSERT_EQ(matrix.view().shape(), (Shape{3, 2}));
    for (std::int64_t i = 0; i < 6; ++i) EXPECT_EQ(matrix.view()[i], static_cast<float>(i)) << i;
  }
  std::string saved(const ArrayView& array) {
    write_npy(folder / "a.npy", array);
    return (folder / "a.npy").string();
  }

  fs::path folder;
};

const std::vector<float> kCounts{0, 1, 2, 3, 4, 5};
const std::vector<double> kDoubles{0, 1, 2, 3, 4, 5};
const std::vector<double> kByColumn{0, 2, 4, 1, 3, 5};

TEST_F(MatrixTest, OrdersTypesAndByteOrdersAreOneMatrix) {
  expect_counts(file_of("<f4", false, kCounts));
  expect_counts(file_of(">f4", false, kCounts, true));
  expect_counts(file_of("<f4", true, std::vector<float>{0, 2, 4, 1, 3, 5}));
  expect_counts(file_of("<f8", false, kDoubles));
  expect_counts(file_of("<f8", true, kByColumn));
  expect_counts(file_of(">f8", true, kByColumn, true));
  expect_counts(file_of("|u1", false, std::vector<std::uint8_t>{0, 1, 2, 3, 4, 5}));
  expect_counts(file_of(">i4", false, std::vector<std::int32_t>{0, 1, 2, 3, 4, 5}, true));
  for (std::size_t padding = 0; padding < 4; ++padding) {  // elements at any address
    expect_counts(file_of("<f4", false, kCounts, false, padding));
  }
}

TEST_F(MatrixTest, LargeMatricesByColumnAreTurnedOverInTiles) {
  const std::int64_t n = 131, d = 70;
  std::string bytes("\x93NUMPY\x01\x00", 8);
  const std::string text = "{'descr': '<f4', 'fortran_order': True, 'shape': (131, 70), }\n";
  bytes += static_cast<char>(text.size());
  bytes += '\0';
  bytes += text;
  for (std::int64_t j = 0; j < d; ++j) {
    for (std::int64_t i = 0; i < n; ++i) {
      const auto value = static_cast<float>(i * d + j);
      bytes.append(reinterpret_cast<const char*>(&value), sizeof(float));
    }
  }
  write_file(folder / "a.npy", bytes);
  const Matrix matrix = read_matrix((folder / "a.npy").string());
  for (std::int64_t i = 0; i < n * d; ++i) ASSERT_EQ(matrix.view()[i], static_cast<float>(i));
}

TEST_F(MatrixTest, AMovedMatrixKeepsItsNumbers) {
  Matrix a = read_matrix(file_of("<f4", false, kCounts));
  Matrix b = std::move(a);
  b = read_matrix(file_of("<f8", true, kByColumn));
  Matrix c = std::move(b);
  EXPECT_EQ(c.view()[5], 5.0f);
}

TEST_F(MatrixTest, AnArchiveHasOneMatrixOrANamedOne) {
  const std::string name = (folder / "a.npz").string();
  const std::vector<std::int64_t> labels{7, 8, 9};
  const auto write = [&](bool two, bool deflate) {
    NpzOptions options;
    options.deflate = deflate;
    NpzWriter npz(name, options);
    npz.add("codes", std::span<const float>(kCounts), Shape{3, 2});
    if (two) npz.add("map", std::span<const float>(kCounts), Shape{2, 3});
    npz.add("labels", std::span<const std::int64_t>(labels), Shape{3});
    npz.commit();
  };
  write(false, true);
  expect_counts(name);
  write(true, false);
  expect_counts(name + ":codes");
  EXPECT_THAT([&] { read_matrix(name); },
              ThrowsMessage<Error>(EndsWith(
                  "holds more than one matrix (codes, map): name one, as " + name + ":codes")));
  EXPECT_THAT([&] { read_matrix(name + ":code"); },
              ThrowsMessage<Error>(EndsWith("has no array \"code\": did you mean codes?")));
  EXPECT_THAT([&] { read_matrix(name + ":labels"); },
              ThrowsMessage<Error>(HasSubstr("a.npz:labels has the shape 3: a matrix is needed")));
}

TEST_F(MatrixTest, WhatIsNoMatrixIsRefusedInOneLine) {
  const auto refused = [&](const std::string& name, const std::string& line) {
    EXPECT_THAT([&] { read_matrix(name); }, ThrowsMessage<Error>(HasSubstr(line)));
  };
  refused(saved(Tensor(Shape{0, 4})), "has no rows");
  refused(saved(Tensor(Shape{4, 0})), "has no columns");
  refused(saved(Tensor(Shape{4})),
          "has the shape 4: a matrix is needed, one row for each point; "
          "reshape(-1, 1) makes it one column");
  refused(saved(Tensor(Shape{4, 2, 2})), "has the shape 4 x 2 x 2: a matrix is needed");
  refused(file_of("<c8", false, kCounts), "elements of type \"<c8\" are not read");
  refused(file_of("<f4", false, std::vector<float>{1, 2, 3}), "the file is cut short");
  refused((folder / "absent.npy").string(), "absent.npy: No such file");
  refused(folder.string(), "is not a regular file");
  write_file(folder / "a.npy", "");
  refused((folder / "a.npy").string(), "does not begin as an .npy file does");
}

TEST_F(MatrixTest, NumbersThatAreNoneAreNamedByRowAndColumn) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_THAT(
      [&] {
        read_matrix(file_of("<f4", false, std::vector<float>{0, 1, 2, nan, 4, 5}));
      },
      ThrowsMessage<Error>(HasSubstr("a.npy: row 1, column 1 (both from 0) is nan")));
  EXPECT_THAT(
      [&] {
        read_matrix(file_of("<f8", true, std::vector<double>{0, 2, 4, 1, 3, infinity}));
      },
      ThrowsMessage<Error>(HasSubstr("row 2, column 1 (both from 0) is inf")));
  EXPECT_THAT(
      [&] {
        read_matrix(file_of("<f8", false, std::vector<double>{0, 1, 1e300, 3, 4, 5}));
      },
      ThrowsMessage<Error>(
          HasSubstr("row 1, column 0 (both from 0) is 1e+300: float32 ends at 3.4e38")));
}

TEST_F(MatrixTest, AMatrixBesideTextIsReadAndTextIsNoMatrix) {
  const std::string name = (folder / "a.npz").string();
  NpzWriter npz(name);
  npz.add("codes", std::span<const float>(kCounts), Shape{3, 2});
  npz.add("paths", TextArray{Shape{3, 2}, {"a", "b", "c", "d", "e", "f"}});
  npz.commit();
  expect_counts(name);
  expect_counts(name + ":codes");
  EXPECT_THAT([&] { read_matrix(name + ":paths"); },
              ThrowsMessage<Error>(HasSubstr("a.npz:paths: it holds text")));
}

TEST_F(MatrixTest, TablesAreReadByEndingOrContent) {
  const auto saved_text = [&](const char* name, std::string_view text) {
    write_file(folder / name, text);
    return (folder / name).string();
  };
  expect_counts(saved_text("a.csv", "x,y\n0,1\n2,3\n4,5\n"));
  expect_counts(saved_text("a.tsv", "x\ty,z\n0\t1\n2\t3\n4\t5\n"));
  expect_counts(saved_text("a.txt", "0,1\n2,3\n4,5\n"));
  expect_counts(saved_text("a", "name;x;y\nrow;0;1\nrow;2;3\nrow;4;5\n"));
  // 0.1.0 wrote NumPy's format under any name.
  fs::rename(file_of("<f4", false, kCounts), folder / "old.csv");
  expect_counts((folder / "old.csv").string());
  EXPECT_THAT([&] { read_matrix(saved_text("b.npy", "0,1\n2,3\n")); },
              ThrowsMessage<Error>(HasSubstr("does not begin as an .npy file does")));
  EXPECT_THAT([&] { read_matrix(saved_text("b.csv", "PAR1....PAR1")); },
              ThrowsMessage<Error>(HasSubstr("is a Parquet file: save it as CSV")));
  EXPECT_THAT([&] { read_matrix(saved_text("b.csv", "a,b\nx,y\nz,w\n")); },
              ThrowsMessage<Error>(HasSubstr("has no column of numbers; columns passed over: 'a' "
                                             "(text), 'b' (text)")));
}

TEST_F(MatrixTest, AColumnOfATableHoldsTheLabels) {
  const std::string name = (folder / "a.csv").string();
  write_file(folder / "a.csv", "kind,x,y,label\ncat,0,1,5\ndog,2,3,7\ncat,4,5,5\n");
  MatrixFile by_default(name);
  EXPECT_EQ(by_default.shape(), (Shape{3, 2}));
  EXPECT_EQ(by_default.label_name(), "label");
  EXPECT_THAT(by_default.labels()->names, testing::ElementsAre("5", "7"));
  EXPECT_EQ(by_default.passed_over(), "column passed over: 'kind' (text)");
  EXPECT_EQ(column_title(by_default.column_names(), 1), "column 'y'");
  const MatrixFile named(name, {.label_column = "kind"});
  EXPECT_EQ(named.shape(), (Shape{3, 3}));
  EXPECT_THAT(named.labels()->names, testing::ElementsAre("cat", "dog"));
  EXPECT_THAT(named.labels()->classes, testing::ElementsAre(0, 1, 0));
  const MatrixFile measured(name, {.label_column = "x"});
  EXPECT_THAT(measured.labels()->names, testing::ElementsAre("0", "2", "4"));
  EXPECT_THAT([&] { MatrixFile(name, {.label_column = "king"}); },
              ThrowsMessage<Error>(HasSubstr("has no column 'king': did you mean kind?")));
  EXPECT_THAT(
      [&] {
        MatrixFile(saved(Tensor(Shape{3, 2})), {.label_column = "kind"});
      },
      ThrowsMessage<Error>(HasSubstr("a.npy is no table, so it has no named columns")));
  write_file(folder / "a.csv", "kind,x\ncat,0\n,1\n");
  EXPECT_THAT([&] { MatrixFile(name, {.label_column = "kind"}); },
              ThrowsMessage<Error>(HasSubstr("row 1 (from 0) has no label in the column 'kind'")));
}

TEST_F(MatrixTest, RowsOfATableFarFromZeroKeepTheirSpread) {
  write_file(folder / "a.csv", "x\n100000000.25\n100000000.5\n100000000.75\n");
  CentredMatrix read = read_centred_matrix((folder / "a.csv").string());
  EXPECT_THAT(read.origin, testing::ElementsAre(100000000.5));
  EXPECT_EQ(read.rows.view()[0], -.25f);
  EXPECT_EQ(read.rows.view()[2], .25f);
}

TEST_F(MatrixTest, OriginAndScaleAreTakenInDouble) {
  write_file(folder / "a.csv", "x,y\n1,10\n2,20\n");
  const std::vector<double> origin{1, 10}, scale{.5, 4};
  const Matrix moved = MatrixFile((folder / "a.csv").string()).moved(origin, scale);
  EXPECT_THAT(moved.view().span(), testing::ElementsAre(0, 0, 2, 2.5f));
  EXPECT_THROW(MatrixFile((folder / "a.csv").string()).moved(origin, std::vector<double>{1}),
               Error);
}

TEST_F(MatrixTest, APipeIsReadToItsEnd) {
  const fs::path pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::vector<std::uint8_t> npy = read_file(file_of("<f4", false, kCounts));
  const std::string text = "x,y\n0,1\n2,3\n4,5\n";
  for (const std::string& bytes : {std::string(npy.begin(), npy.end()), text}) {
    std::thread writer([&] { write_file(pipe, bytes); });
    expect_counts(pipe.string());
    writer.join();
  }
  EXPECT_THAT([] { read_matrix("/dev/null"); },
              ThrowsMessage<Error>(HasSubstr("/dev/null is not a regular file and no pipe")));
}

TEST_F(MatrixTest, LabelsOfATableAreItsOnlyColumn) {
  const std::string name = (folder / "l.csv").string();
  write_file(folder / "l.csv", "cat\ndog\ncat\n");
  EXPECT_THAT(read_labels(name, 3).classes, testing::ElementsAre(0, 1, 0));
  write_file(folder / "l.csv", "kind\ncat\ndog\ncat\n");
  EXPECT_THAT(read_labels(name, 3).classes, testing::ElementsAre(0, 1, 0));
  write_file(folder / "l.csv", ",y\n0,5\n1,7.0\n2,5\n");
  EXPECT_THAT(read_whole_labels(name, 3), testing::ElementsAre(5, 7, 5));
  EXPECT_THAT([&] { read_labels(name, 4); },
              ThrowsMessage<Error>(HasSubstr("3 rows of 1 column: one column of 4 labels")));
}

}  // namespace
}  // namespace hourglass
