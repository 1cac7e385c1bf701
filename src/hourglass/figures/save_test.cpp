#include "hourglass/figures/save.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/base/message_test.h"
#include "hourglass/figures/figures_made_test.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(FigureFormat, ReadsNamesAndExtensionsAndRefusesOthersInOneLine) {
  EXPECT_EQ(parse_figure_format("png"), FigureFormat::png);
  EXPECT_EQ(parse_figure_format(".SVG"), FigureFormat::svg);
  EXPECT_EQ(parse_figure_format("pdf"), FigureFormat::pdf);
  for (const char* const name : {"gif", "", ".", "pn\ng"}) {
    EXPECT_THAT(
        message_of([&] { parse_figure_format(name); }),
        AllOf(HasSubstr("is no format for figures: take png, svg or pdf"), Not(HasSubstr("\n"))))
        << name;
  }
}

class SavedFigureTest : public testing::Test {
 protected:
  SavedFigureTest()
      : folder(fs::path(testing::TempDir()) / fmt::format("hourglass_figures_{}", getpid())) {
    make_folder(folder);
  }
  ~SavedFigureTest() override { fs::remove_all(folder); }
  fs::path folder;
};

TEST_F(SavedFigureTest, HasTheFormatItsExtensionNamesAndItsFolderIsMade) {
  const LossFigure figure = made_loss(3, false);
  for (const auto& [name, magic] :
       {std::pair("a.png", "\x89PNG"), std::pair("a.svg", "<?xml"), std::pair("a.pdf", "%PDF-")}) {
    save_figure(folder / "new" / name, figure);
    const auto bytes = read_file(folder / "new" / name);
    EXPECT_EQ(
        std::string(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::strlen(magic))),
        magic);
  }
}

TEST_F(SavedFigureTest, NamesTheFolderThatCannotBeWritten) {
  write_file(folder / "file", "not a folder");
  EXPECT_THAT(message_of([&] { save_figure(folder / "file" / "loss.png", made_loss(1, false)); }),
              AllOf(HasSubstr((folder / "file").string()), Not(HasSubstr("\n"))));
}

TEST_F(SavedFigureTest, OfAnUnknownFormatLeavesNothingBehind) {
  EXPECT_THROW(save_figure(folder / "loss.gif", made_loss(1, false)), Error);
  EXPECT_TRUE(fs::is_empty(folder));
}

}  // namespace
}  // namespace hourglass
