#include "hourglass/lab/figure_folder.h"

#include "hourglass/base/message_test.h"
#include "hourglass/train/small_run_test.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

FigureOwner owner(const std::string& run, std::uint64_t seed = 0) {
  return {run, "AE", "mnist", "abc", 32, seed};
}

class FigureFolderTest : public testing::Test {
 protected:
  FigureFolder folder(const FigureOwner& of,
                      FigureFolder::Owner found = FigureFolder::Owner::as_recorded) const {
    return {path_, of, found};
  }
  void draw(const std::string& text) const { write_file(path_ / "loss.png", text); }
  static std::string text_of(const fs::path& path) {
    const auto bytes = read_file(path);
    return {bytes.begin(), bytes.end()};
  }

  TemporaryFolder temporary_;
  fs::path path_ = temporary_ / "mnist_autoencoder";
  fs::path previous_ = temporary_ / "mnist_autoencoder_previous";
};

TEST_F(FigureFolderTest, RunJsonNamesTheRunThatOpenedIt) {
  FigureFolder first = folder(owner("mnist_32", 18446744073709551615u));
  EXPECT_FALSE(first.is_ours());
  first.open();
  EXPECT_TRUE(first.is_ours());
  EXPECT_EQ(parse_figure_owner(text_of(first.facts_path())),
            owner("mnist_32", 18446744073709551615u));
  EXPECT_FALSE(folder(owner("mnist_32", 1)).is_ours());
}

TEST_F(FigureFolderTest, ItsOwnFiguresStay) {
  folder(owner("mnist_32")).open();
  draw("a");
  folder(owner("mnist_32")).open();
  EXPECT_EQ(text_of(path_ / "loss.png"), "a");
  EXPECT_FALSE(fs::exists(previous_));
}

TEST_F(FigureFolderTest, AnotherRunsFiguresAreMovedAsideOnce) {
  folder(owner("mnist_32")).open();
  draw("a");
  {
    FigureFolder second = folder(owner("mnist_64"));
    second.open();
    draw("b");
    second.open();
  }
  EXPECT_EQ(text_of(path_ / "loss.png"), "b");
  EXPECT_EQ(text_of(previous_ / "loss.png"), "a");
  folder(owner("mnist_8")).open();
  EXPECT_EQ(text_of(previous_ / "loss.png"), "b") << "those of the run before it";
}

TEST_F(FigureFolderTest, ARunOfTheSameFactsThatIsAnotherOneIsMovedAsideToo) {
  folder(owner("mnist_32")).open();
  draw("a");
  folder(owner("mnist_32"), FigureFolder::Owner::other_run).open();
  EXPECT_FALSE(fs::exists(path_ / "loss.png"));
  EXPECT_EQ(text_of(previous_ / "loss.png"), "a");
}

TEST_F(FigureFolderTest, AFolderThatIsNotKnownToBeOfFiguresIsNeverReplaced) {
  folder(owner("mnist_32")).open();
  make_folder(previous_);
  write_file(previous_ / "thesis.txt", std::string_view("years of work"));
  message_of([&] { folder(owner("mnist_64")).open(); });
  EXPECT_EQ(text_of(previous_ / "thesis.txt"), "years of work");
}

TEST_F(FigureFolderTest, AnOwnerThatIsNoneIsNothing) {
  for (const char* text : {"", "{}", "[1]", R"({"run": 1})", "{\"run\": \"a\""}) {
    EXPECT_FALSE(parse_figure_owner(text)) << text;
  }
}

}  // namespace
}  // namespace hourglass
