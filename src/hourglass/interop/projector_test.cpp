#include "hourglass/interop/projector.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

class ProjectorFolder : public testing::Test {
 protected:
  ProjectorFolder()
      : folder(fs::path(testing::TempDir()) / fmt::format("hourglass_projector_{}", getpid())) {}
  ~ProjectorFolder() override { fs::remove_all(folder); }

  std::string text(const char* name) const {
    const auto bytes = read_file(folder / name);
    return {bytes.begin(), bytes.end()};
  }
  ProjectorData data() {
    return {"two \"rows\"\n\xC3\xA9",
            rows,
            {{"label", {"cat\tand\ndog", "7"}}, {"index", {"0", "1"}}},
            sprite,
            28,
            20};
  }

  fs::path folder;
  Tensor rows{Shape{2, 3}};
  std::vector<std::uint8_t> sprite{'P', 'N', 'G'};
};

TEST_F(ProjectorFolder, RowsAreTextThatGivesTheSameFloatsAgain) {
  const std::vector<float> values{0.1F, -1.5F, 1e-30F, 16777216.0F, 0.0F, 1.0F / 3.0F};
  std::copy(values.begin(), values.end(), rows.data());
  write_projector(folder, data());
  std::vector<float> back;
  std::string all = text("tensors.tsv");
  EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 2);
  std::replace(all.begin(), all.end(), '\t', '\n');
  for (std::size_t at = 0; at < all.size(); at = all.find('\n', at) + 1) {
    back.push_back(std::strtof(all.c_str() + at, nullptr));
  }
  EXPECT_EQ(back, values) << all;
}

TEST_F(ProjectorFolder, MetadataHasNamesOnlyWhereThereIsMoreThanOneColumn) {
  ProjectorData both = data();
  write_projector(folder, both);
  EXPECT_EQ(text("metadata.tsv"), "label\tindex\ncat and dog\t0\n7\t1\n");
  both.columns.pop_back();
  write_projector(folder, both);
  EXPECT_EQ(text("metadata.tsv"), "cat and dog\n7\n");
}

TEST_F(ProjectorFolder, BothConfigurationsNameTheFilesAndTheirSizes) {
  const auto written = write_projector(folder, data());
  EXPECT_EQ(written.size(), 5U);
  for (const fs::path& path : written) EXPECT_TRUE(fs::exists(path)) << path;
  EXPECT_EQ(text("sprite.png"), "PNG");
  EXPECT_EQ(text("projector_config.pbtxt"),
            "embeddings {\n"
            "  tensor_name: \"two \\042rows\\042\\012\\303\\251\"\n"
            "  tensor_path: \"tensors.tsv\"\n"
            "  tensor_shape: 2\n"
            "  tensor_shape: 3\n"
            "  metadata_path: \"metadata.tsv\"\n"
            "  sprite {\n"
            "    image_path: \"sprite.png\"\n"
            "    single_image_dim: 28\n"
            "    single_image_dim: 20\n"
            "  }\n"
            "}\n");
  const auto page = nlohmann::json::parse(text("projector_config.json")).at("embeddings").at(0);
  EXPECT_EQ(page.at("tensorName"), "two \"rows\"\n\xC3\xA9");
  EXPECT_EQ(page.at("tensorShape"), (std::vector<int>{2, 3}));
  EXPECT_EQ(page.at("tensorPath"), "tensors.tsv");
  EXPECT_EQ(page.at("metadataPath"), "metadata.tsv");
  EXPECT_EQ(page.at("sprite").at("imagePath"), "sprite.png");
  EXPECT_EQ(page.at("sprite").at("singleImageDim"), (std::vector<int>{28, 20}));
}

}  // namespace
}  // namespace hourglass
