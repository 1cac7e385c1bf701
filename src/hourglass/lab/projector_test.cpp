#include "hourglass/lab/projector.h"

#include <sstream>

#include "hourglass/lab/latents.h"
#include "hourglass/train/small_run_test.h"

namespace hourglass {
namespace {

class ProjectorOfAModel : public testing::Test {
 protected:
  ProjectorFiles write(const std::vector<std::string>& splits) {
    return export_projector(*model_, "strokes_3", data_, splits, folder_.path(), pool_);
  }
  std::vector<std::string> lines_of(const std::string& name) const {
    const auto bytes = read_file(folder_ / name);
    std::istringstream text(std::string(bytes.begin(), bytes.end()));
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
  }
  /// "label<tab>index" of a row of a split.
  std::string row_of(const std::string& split, std::int64_t row) const {
    const auto label = split_of(data_, split).labels()[static_cast<std::size_t>(row)];
    return fmt::format("{}\t{}", data_.class_names[static_cast<std::size_t>(label)], row);
  }

  TemporaryFolder folder_;
  Dataset data_ = small_data();
  std::unique_ptr<Model> model_ = make_model("AE", data_.shape, {3}, 1);
  ThreadPool pool_{2};
};

TEST_F(ProjectorOfAModel, HasTheLabelIndexAndSplitOfEachLatentVector) {
  const ProjectorFiles files = write({"test", "train"});
  EXPECT_EQ(files.images, 80);
  EXPECT_FALSE(files.shown_at) << "the images fit as they are";
  EXPECT_EQ(lines_of("tensors.tsv").size(), 80u);
  const auto lines = lines_of("metadata.tsv");
  ASSERT_EQ(lines.size(), 81u);
  EXPECT_EQ(lines[0], "label\tindex\tsplit");
  EXPECT_EQ(lines[1], row_of("test", 0) + "\ttest");
  EXPECT_EQ(lines[20], row_of("test", 19) + "\ttest");
  EXPECT_EQ(lines[21], row_of("train", 0) + "\ttrain");
}

TEST_F(ProjectorOfAModel, OfOneSplitNamesNoSplit) {
  write({"test"});
  const auto lines = lines_of("metadata.tsv");
  EXPECT_EQ(lines[0], "label\tindex");
  EXPECT_EQ(lines[3], row_of("test", 2));
}

}  // namespace
}  // namespace hourglass
