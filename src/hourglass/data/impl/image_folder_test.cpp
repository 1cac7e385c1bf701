#include "hourglass/data/impl/image_folder.h"

#include <gmock/gmock.h>

#include "hourglass/base/message_test.h"
#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/data/samples_test.h"
#include "hourglass/tensor/rows_test.h"

namespace hourglass {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ImageFolderTest : public testing::Test {
 protected:
  void put(const std::filesystem::path& name, const ByteImage& image) {
    make_folder((folder / name).parent_path());
    write_quickly(folder / name, png_bytes(image));
  }
  void put_grey(const std::filesystem::path& name, std::uint8_t value, std::int64_t side = 1) {
    put(name, {{1, side, side}, Bytes(static_cast<std::size_t>(side * side), value)});
  }
  Dataset read(std::optional<ImageSize> size = std::nullopt) {
    return read_image_folder(folder.path(), size, Progress::none());
  }
  TemporaryFolder folder;
};

TEST_F(ImageFolderTest, TakesEachSixthOfAClassForTestInSortedOrder) {
  // Written backwards: the order of writing must not matter.
  for (int i = 12; i >= 0; --i) {
    put_grey(fmt::format("b/{:02}.png", i), static_cast<std::uint8_t>(i));
    put_grey(fmt::format("a/{:02}.PNG", i), static_cast<std::uint8_t>(100 + i));
  }
  const Dataset data = read();
  EXPECT_THAT(data.class_names, ElementsAre("a", "b"));
  EXPECT_THAT(bytes_of(data.test), ElementsAre(105, 111, 5, 11));
  EXPECT_THAT(labels_of(data.test), ElementsAre(0, 0, 1, 1));
  EXPECT_EQ(data.train.count(), 22);
  EXPECT_EQ(bytes_of(data.train)[5], 106);
  EXPECT_EQ(data.name, folder.path().filename());
  EXPECT_EQ(data.shape, (ImageShape{1, 1, 1}));
}

TEST_F(ImageFolderTest, KeepsToTrainAndTestIfBothExist) {
  put_grey("train/cat/1.png", 1);
  put_grey("train/dog/1.png", 2);
  put_grey("train/dog/2.png", 3);
  put_grey("test/dog/1.png", 4);
  const Dataset data = read();
  EXPECT_THAT(data.class_names, ElementsAre("cat", "dog"));
  EXPECT_THAT(bytes_of(data.train), ElementsAre(1, 2, 3));
  EXPECT_THAT(labels_of(data.train), ElementsAre(0, 1, 1));
  EXPECT_THAT(bytes_of(data.test), ElementsAre(4));
  EXPECT_THAT(labels_of(data.test), ElementsAre(1));
}

TEST_F(ImageFolderTest, OneColouredImageMakesAllRgb) {
  for (int i = 0; i < 5; ++i) put_grey(fmt::format("a/{}.png", i), static_cast<std::uint8_t>(i));
  put("a/5.png", {{3, 1, 1}, {7, 7, 7}});  // RGB, but grey
  EXPECT_EQ(read().shape.channels, 1);
  EXPECT_THAT(bytes_of(read().test), ElementsAre(7));
  put("a/3.png", {{3, 1, 1}, {1, 2, 3}});
  const Dataset data = read();
  EXPECT_EQ(data.shape.channels, 3);
  EXPECT_THAT(bytes_of(data.train), ElementsAre(0, 0, 0, 1, 1, 1, 2, 2, 2, 1, 2, 3, 4, 4, 4));
  EXPECT_THAT(bytes_of(data.test), ElementsAre(7, 7, 7));
}

TEST_F(ImageFolderTest, RefusesUnequalSizesNamingBothFilesUnlessASizeIsGiven) {
  for (int i = 0; i < 6; ++i) put_grey(fmt::format("a/{}.png", i), 50, i == 2 ? 3 : 2);
  EXPECT_EQ(message_of([&] { read(); }),
            fmt::format("[data] {} is 2 x 2 but {} is 3 x 3 (height x width): give `image_size` "
                        "HxW to bring all to one size",
                        (folder / "a/0.png").string(), (folder / "a/2.png").string()));
  const Dataset data = read(ImageSize{4, 8});
  EXPECT_EQ(data.shape, (ImageShape{1, 4, 8}));
  EXPECT_EQ(bytes_of(data.train), Bytes(5 * 32, 50));
}

TEST_F(ImageFolderTest, LeavesOutOtherFilesAndCountsThem) {
  for (int i = 0; i < 6; ++i) put_grey(fmt::format("a/{}.png", i), 1);
  write_quickly(folder / "a" / "notes.txt", {1});
  write_quickly(folder / "a" / "photo.jpg", {1});
  write_quickly(folder / "a" / ".hidden.png", {1});
  make_folder(folder / ".git");
  const Dataset data = read();
  EXPECT_EQ(data.train.count() + data.test.count(), 6);
  EXPECT_EQ(data.source, folder.path().string() + " (2 files other than PNG left out)");
}

TEST_F(ImageFolderTest, RefusesFoldersWithoutImages) {
  EXPECT_THAT(message_of([&] { read(); }), HasSubstr("holds no images in class folders"));
  put_grey("loose.png", 1);
  EXPECT_THAT(message_of([&] { read(); }), HasSubstr("holds no images in class folders"));
  make_folder(folder / "a");
  EXPECT_THAT(message_of([&] { read(); }), HasSubstr("a holds no PNG"));
  put_grey("a/1.png", 1);
  EXPECT_THAT(message_of([&] { read(); }),
              HasSubstr("leaves no image to test with: a class needs at least 6"));
}

TEST_F(ImageFolderTest, RefusesATestClassThatIsNotTrainedOn) {
  put_grey("train/cat/1.png", 1);
  make_folder(folder / "test");
  EXPECT_THAT(message_of([&] { read(); }), HasSubstr("put class folders into its test/"));
  put_grey("test/cow/1.png", 1);
  EXPECT_THAT(message_of([&] { read(); }), HasSubstr("test/cow is a class that"));
}

TEST_F(ImageFolderTest, NamesTheFileThatIsNoPng) {
  for (int i = 0; i < 6; ++i) put_grey(fmt::format("a/{}.png", i), 1);
  write_quickly(folder / "a" / "3.png", {'n', 'o'});
  EXPECT_THAT(message_of([&] { read(); }), HasSubstr("a/3.png is not a PNG file"));
}

TEST(FolderName, IsTheLastNameOfAnyPath) {
  EXPECT_EQ(folder_name("/x/images"), "images");
  EXPECT_EQ(folder_name("/x/faces/"), "faces");
  EXPECT_EQ(folder_name("/x/faces/../cats/."), "cats");
  EXPECT_EQ(folder_name("."), std::filesystem::current_path().filename());
  EXPECT_EQ(folder_name("/"), "images");
}

}  // namespace
}  // namespace hourglass
