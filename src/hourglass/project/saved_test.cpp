#include "hourglass/project/saved.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>

#include "../tests/golden/golden.h"
#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/interop/safetensors.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::ThrowsMessage;

class SavedProjection : public testing::Test {
 protected:
  SavedProjection()
      : folder(fs::path(testing::TempDir()) / fmt::format("hourglass_saved_{}", getpid())),
        file(folder / "model.safetensors"),
        x(golden::noise(5, Shape{60, 4})) {
    make_folder(folder);
  }
  ~SavedProjection() override { fs::remove_all(folder); }

  UmapModel some_umap() { return fit_umap(x.clone(), {.n_epochs = 20, .seed = 3}, pool); }
  /// Writes the saved PCA again with one thing changed.
  template <typename Change>
  void rewrite(const Change& change) {
    NamedArrays parts = read_safetensors(file);
    change(parts);
    std::vector<NamedArrayView> arrays;
    for (const NamedArray& named : parts.arrays) arrays.push_back({named.name, named.array});
    write_safetensors(file, arrays, parts.metadata);
  }
  void expect_refused(const std::string& line) {
    EXPECT_THAT([&] { load_projection(file); }, ThrowsMessage<Error>(HasSubstr(line)));
  }

  fs::path folder, file;
  Tensor x;
  ThreadPool pool{2};
};

void expect_equal(ConstView a, ConstView b) {
  ASSERT_EQ(a.shape(), b.shape());
  for (std::int64_t i = 0; i < a.count(); ++i) ASSERT_EQ(a[i], b[i]) << i;
}

TEST_F(SavedProjection, TransformsRowsAsTheFittedOneDid) {
  const Pca pca = fit_pca(x, 2, pool);
  save_projection(file, pca);
  const Projection read = load_projection(file);
  EXPECT_EQ(kind_of(read), "PCA");
  EXPECT_EQ(columns_in(read), 4);
  EXPECT_EQ(columns_out(read), 2);
  expect_equal(transform_rows(read, x, pool), pca.transform(x, pool));
  EXPECT_EQ(std::get<Pca>(read).explained_variance_ratio, pca.explained_variance_ratio);

  const UmapModel model = some_umap();
  save_projection(file, model);
  const Projection again = load_projection(file);
  EXPECT_EQ(kind_of(again), "UMAP");
  EXPECT_EQ(columns_in(again), 4);
  const Tensor rows = golden::noise(8, Shape{7, 4});
  expect_equal(transform_rows(again, rows, pool), transform(model, rows, pool));
}

TEST_F(SavedProjection, KeepsTheOriginOfFarRowsInAFormatThatOlderProgramsRefuse) {
  Pca pca = fit_pca(x, 2, pool);
  save_projection(file, pca);
  EXPECT_EQ(read_safetensors(file).metadata.at("hourglass.projection.format"), "1");
  pca.origin = {1e8, 2e8, 3e8, 4e8};
  save_projection(file, pca);
  EXPECT_EQ(read_safetensors(file).metadata.at("hourglass.projection.format"), "2");
  const Projection read = load_projection(file);
  EXPECT_TRUE(std::ranges::equal(origin_of(read), pca.origin));
  expect_equal(transform_rows(read, x, pool), pca.transform(x, pool));

  UmapModel model = some_umap();
  save_projection(file, model);
  EXPECT_EQ(read_safetensors(file).metadata.at("hourglass.projection.format"), "1");
  model.origin = pca.origin;
  save_projection(file, model);
  EXPECT_EQ(read_safetensors(file).metadata.at("hourglass.projection.format"), "2");
  EXPECT_TRUE(std::ranges::equal(origin_of(load_projection(file)), pca.origin));
  rewrite([](NamedArrays& parts) {
    for (NamedArray& named : parts.arrays) {
      if (named.name == "origin")
        named.array = {DType::kF64, Shape{1}, std::vector<std::uint8_t>(8)};
    }
  });
  expect_refused("the model's origin has 1 values: 4 are needed");
}

TEST_F(SavedProjection, KeepsTheScaleOfItsRowsInAFormatThatOlderProgramsRefuse) {
  Pca pca = fit_pca(x, 2, pool);
  UmapModel model = some_umap();
  pca.origin = model.origin = {1, 2, 3, 4};
  pca.scale = model.scale = {0.5, 1, 2, 1e30};
  save_projection(file, pca);
  EXPECT_EQ(read_safetensors(file).metadata.at("hourglass.projection.format"), "3");
  EXPECT_TRUE(std::ranges::equal(scale_of(load_projection(file)), pca.scale));
  save_projection(file, model);
  EXPECT_EQ(read_safetensors(file).metadata.at("hourglass.projection.format"), "3");
  EXPECT_TRUE(std::ranges::equal(scale_of(load_projection(file)), pca.scale));
  rewrite([](NamedArrays& parts) {
    for (NamedArray& named : parts.arrays) {
      if (named.name == "scale") std::ranges::fill(named.array.bytes, std::uint8_t{0});
    }
  });
  expect_refused("has a scale of 0: the file is damaged");
}

TEST_F(SavedProjection, KeepsTheDigitsThatOutliersNeed) {
  for (float& value : x.row(7)) value = 1e8f;
  const Pca pca = fit_pca(x, 2, pool);
  ASSERT_TRUE(pca.in_double());
  save_projection(file, pca);
  EXPECT_EQ(read_safetensors(file).metadata.at("hourglass.projection.format"), "3");
  expect_equal(transform_rows(load_projection(file), x, pool), pca.transform(x, pool));
  rewrite([](NamedArrays& parts) {
    for (NamedArray& named : parts.arrays) {
      if (named.name == "mean_rest") named.array = {DType::kF32, Shape{1}, {0, 0, 0, 0}};
    }
  });
  expect_refused("the rests of components and mean do not fit");
}

TEST_F(SavedProjection, TheSameProjectionGivesTheSameBytes) {
  save_projection(file, some_umap());
  const auto first = read_file(file);
  save_projection(folder / "other", some_umap());
  EXPECT_EQ(read_file(folder / "other"), first);
}

TEST_F(SavedProjection, ANewerFormatIsRefusedWithTheVersionItNeeds) {
  save_projection(file, fit_pca(x, 2, pool));
  rewrite([](NamedArrays& parts) {
    parts.metadata["hourglass.projection.format"] = "4";
    parts.metadata["version"] = "9.1";
  });
  expect_refused(
      "was written by hourglass 9.1 in format 4, and this one reads up to 3: use "
      "hourglass 9.1 or later");
}

TEST_F(SavedProjection, OtherOrDamagedFilesAreRefusedInOneLine) {
  write_safetensors(file, std::vector<NamedArrayView>{{"w", x}}, {{"hourglass.format", "1"}});
  expect_refused("is a checkpoint, not a projection");
  write_safetensors(file, std::vector<NamedArrayView>{{"w", x}});
  expect_refused("is no projection of hourglass");
  write_file(file, "text");
  expect_refused("too few for a safetensors file");

  const Pca pca = fit_pca(x, 2, pool);
  const auto damaged = [&](const auto& change, const std::string& line) {
    save_projection(file, pca);
    rewrite(change);
    expect_refused(line);
  };
  damaged([](NamedArrays& parts) { parts.metadata["hourglass.projection"] = "tsne"; },
          "unknown kind \"tsne\"");
  damaged([](NamedArrays& parts) { parts.metadata["hourglass.projection.format"] = "x"; },
          "has the format \"x\"");
  damaged([](NamedArrays& parts) { parts.arrays.erase(parts.arrays.begin()); }, "has no tensor");
  damaged(
      [](NamedArrays& parts) {
        for (NamedArray& named : parts.arrays) {
          if (named.name == "mean") named.array = {DType::kF32, Shape{1}, {0, 0, 0, 0}};
        }
      },
      "which do not fit");
  save_projection(file, some_umap());
  rewrite([](NamedArrays& parts) { parts.metadata.erase("fitted.a"); });
  expect_refused("model.safetensors: the model has no value for fitted.a");
}

}  // namespace
}  // namespace hourglass
