#include "hourglass/data/impl/image_folder.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>

#include "hourglass/base/message_test.h"
#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/data/image_samples_test.h"
#include "hourglass/tensor/rows_test.h"

namespace hourglass {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

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
    FolderOptions options;
    options.image_size = size;
    return read_image_folder(folder.path(), options, Progress::none());
  }
  Dataset read_on(const char* background) {
    FolderOptions options;
    options.background = parse_background(background);
    return read_image_folder(folder.path(), options, Progress::none());
  }
  void put_file(const std::filesystem::path& name, const Bytes& bytes) {
    make_folder((folder / name).parent_path());
    write_quickly(folder / name, bytes);
  }
  static std::vector<std::string> names_of(const RowSource& rows) {
    return {rows.names().begin(), rows.names().end()};
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

TEST_F(ImageFolderTest, CountsWhatIsLeftOutInOneNote) {
  for (int i = 0; i < 6; ++i) put_grey(fmt::format("a/{}.png", i), 1);
  put_file("a/notes.txt", {1});
  put_file("a/.hidden.png", {1});
  put_file("b/2.GIF", {1});
  put_file("a/1.gif", {1});
  put_file("a/7.png", {'G', 'I', 'F', '8', '9', 'a'});
  put_file("README", {'h', 'i'});
  put_grey("loose.png", 1);
  make_folder(folder / ".git");
  put_file("Thumbs.db", {1});
  put_grey("__MACOSX/a/._0.png", 1);
  const Dataset data = read();
  EXPECT_EQ(data.train.count() + data.test.count(), 6);
  EXPECT_THAT(data.class_names, ElementsAre("a"));
  EXPECT_EQ(data.source, folder.path().string());
  EXPECT_THAT(data.notes,
              ElementsAre("1 folder is without images passed over, first b/",
                          "left out: 6 of 12 files (2 .gif, 1 .txt, 1 GIF, 1 beside the class "
                          "folders, 1 without an ending), first README: convert images of other "
                          "kinds with `magick mogrify -format png`"));
}

TEST_F(ImageFolderTest, RefusesFoldersWithoutImages) {
  EXPECT_EQ(message_of([&] { read(); }),
            fmt::format("[data] {}/ holds no images: put PNG, JPEG, WebP or TIFF files into it, or "
                        "into a folder for each class in it",
                        folder.path().string()));
  make_folder(folder / "a");
  EXPECT_THAT(message_of([&] { read(); }), HasSubstr("holds no images"));
  put_file("a/1.gif", {1});
  EXPECT_THAT(message_of([&] { read(); }),
              HasSubstr("holds no images but 1 .gif: put PNG, JPEG, WebP or TIFF files into it, or "
                        "into a folder for each class in it: convert images of other kinds with"));
  put_file("a/1.png", {'G', 'I', 'F', '8', '9', 'a'});
  EXPECT_THAT(message_of([&] { read(); }), HasSubstr("that are read, but 1 .gif, 1 GIF: convert"));
  put_grey("a/2.png", 1);
  EXPECT_THAT(message_of([&] { read(); }),
              HasSubstr("leaves no image to test with: at least 6 are needed"));
}

TEST_F(ImageFolderTest, ReadsAllKindsOfFilesInOneFolder) {
  const ByteImage image{{1, 8, 8}, Bytes(64, 128)};  // survives JPEG
  put_file("a/0.png", png_bytes(image));
  put_file("a/1.JPG", jpeg_bytes(image));
  put_file("a/2.jpeg", jpeg_bytes(image, {.progressive = true}));
  put_file("a/3.webp", webp_bytes({{3, 8, 8}, Bytes(192, 128)}));
  put_file("a/4.TIFF", tiff_bytes(image));
  put_file("a/5", png_bytes(image));
  const Dataset data = read();
  EXPECT_EQ(data.shape, (ImageShape{1, 8, 8}));
  EXPECT_THAT(bytes_of(data.train), testing::AllOf(SizeIs(320), Each(128)));
  EXPECT_THAT(names_of(data.test), ElementsAre("a/5"));
  EXPECT_THAT(data.notes, testing::IsEmpty());
  EXPECT_TRUE(data.lossy_images);
}

TEST_F(ImageFolderTest, AFlatFolderHasNoLabels) {
  for (int i = 0; i < 7; ++i) put_grey(fmt::format("{}.png", i), static_cast<std::uint8_t>(i));
  make_folder(folder / "empty");
  const Dataset data = read();
  EXPECT_THAT(data.class_names, testing::IsEmpty());
  EXPECT_THAT(labels_of(data.train), testing::IsEmpty());
  EXPECT_THAT(bytes_of(data.test), ElementsAre(5));
  EXPECT_THAT(names_of(data.train),
              ElementsAre("0.png", "1.png", "2.png", "3.png", "4.png", "6.png"));
}

TEST_F(ImageFolderTest, AFolderBelowAClassBelongsToIt) {
  for (int i = 0; i < 4; ++i) put_grey(fmt::format("cat/2020/{}.png", i), 1);
  for (int i = 0; i < 2; ++i) put_grey(fmt::format("cat/x{}.png", i), 2);
  put_grey("dog/a/b/c/0.png", 3);
  const Dataset data = read();
  EXPECT_THAT(data.class_names, ElementsAre("cat", "dog"));
  EXPECT_THAT(names_of(data.test), ElementsAre("cat/x1.png"));
  EXPECT_THAT(labels_of(data.train), ElementsAre(0, 0, 0, 0, 0, 1));
  EXPECT_EQ(names_of(data.train).back(), "dog/a/b/c/0.png");
}

TEST_F(ImageFolderTest, AFolderAroundAllClassesIsEntered) {
  for (int i = 0; i < 6; ++i) put_grey(fmt::format("photos/cat/{}.png", i), 1);
  put_grey("photos/dog/0.png", 1);
  const Dataset data = read();
  EXPECT_THAT(data.class_names, ElementsAre("cat", "dog"));
  EXPECT_THAT(data.notes, ElementsAre("the images are those of photos/"));
}

TEST_F(ImageFolderTest, WhereNoClassHasSixEverySixthOfAllIsForTesting) {
  for (int i = 0; i < 9; ++i) put_grey(fmt::format("{}/0.png", i), static_cast<std::uint8_t>(i));
  const Dataset data = read();
  EXPECT_THAT(bytes_of(data.test), ElementsAre(5));
  EXPECT_THAT(data.notes,
              ElementsAre("no class has six images: every sixth of all is for testing"));
}

TEST_F(ImageFolderTest, HalvesMayBeFlatOrOfOtherNames) {
  put_grey("Train/0.png", 1);
  put_grey("Testing/0.png", 2);
  put_grey("val/0.png", 3);
  Dataset data = read();
  EXPECT_THAT(bytes_of(data.train), ElementsAre(1));
  EXPECT_THAT(bytes_of(data.test), ElementsAre(2));
  EXPECT_THAT(data.class_names, testing::IsEmpty());
  EXPECT_THAT(data.notes, ElementsAre("left out: 1 of 3 files (1 in val/), first val/0.png"));
  std::filesystem::remove_all(folder / "Testing");
  data = read();
  EXPECT_THAT(bytes_of(data.test), ElementsAre(3));
  EXPECT_THAT(data.notes, ElementsAre("the test images are those of val/, as there is no test/"));
}

TEST_F(ImageFolderTest, ATestHalfWithoutClassesIsNotMixedWithLabelledImages) {
  for (int i = 0; i < 6; ++i) put_grey(fmt::format("train/a/{}.png", i), 1);
  put_grey("test/0.png", 2);
  const Dataset data = read();
  EXPECT_THAT(bytes_of(data.test), ElementsAre(1));
  EXPECT_THAT(
      data.notes,
      ElementsAre("test/ has no class folders: the test images are taken from train/ instead",
                  "left out: 1 of 7 files (1 in test/ without a class), first test/0.png"));
}

TEST_F(ImageFolderTest, NamesOfAnyScriptAndEncodingBecomeUtf8) {
  for (int i = 0; i < 6; ++i) put_grey(fmt::format("caf\xe9/{}.png", i), 1);
  for (int i = 0; i < 6; ++i) put_grey(fmt::format("猫/{}.png", i), 2);
  const Dataset data = read();
  EXPECT_THAT(data.class_names, ElementsAre("café", "猫"));
  EXPECT_EQ(names_of(data.train)[0], "café/0.png");
}

TEST_F(ImageFolderTest, LinksInACircleAreNotFollowed) {
  for (int i = 0; i < 6; ++i) put_grey(fmt::format("a/{}.png", i), 1);
  std::filesystem::create_directory_symlink(folder.path(), folder / "a/up");
  std::filesystem::create_directory_symlink("a", folder / "b");
  const Dataset data = read();
  EXPECT_THAT(data.class_names, ElementsAre("a", "b"));
  EXPECT_EQ(data.train.count(), 10);
}

TEST_F(ImageFolderTest, BlackInkOnTransparentPaperIsLaidOnWhite) {
  const PngSpec ink{1, 2, 4 /* grey and alpha */, 8, false, {{0, 255, 0, 0}}, {}, {}};
  for (int i = 0; i < 6; ++i) put_file(fmt::format("a/{}.png", i), png_bytes(ink));
  Dataset data = read();
  EXPECT_EQ(data.background, "white");
  EXPECT_THAT(bytes_of(data.test), ElementsAre(0, 255));
  EXPECT_THAT(data.notes,
              ElementsAre("6 of 6 images are transparent and laid on white (they would have less "
                          "contrast on black), first a/0.png"));
  data = read_on("black");
  EXPECT_THAT(bytes_of(data.test), ElementsAre(0, 0));
  EXPECT_THAT(data.notes,
              ElementsAre("6 of 6 images are transparent and laid on black, first a/0.png"));
  data = read_on("#ff8000");
  EXPECT_EQ(data.shape.channels, 3);
  EXPECT_THAT(bytes_of(data.test), ElementsAre(0, 0, 0, 255, 128, 0));
}

TEST_F(ImageFolderTest, WhiteInkIsLaidOnBlackAndOpaqueImagesOnNothing) {
  const PngSpec ink{1, 2, 4 /* grey and alpha */, 8, false, {{255, 255, 255, 0}}, {}, {}};
  const PngSpec opaque{1, 2, 4, 8, false, {{0, 255, 9, 255}}, {}, {}};
  for (int i = 0; i < 6; ++i) put_file(fmt::format("a/{}.png", i), png_bytes(opaque));
  EXPECT_THAT(read().notes, testing::IsEmpty());
  put_file("a/2.png", png_bytes(ink));
  const Dataset data = read();
  EXPECT_EQ(data.background, "black");
  EXPECT_THAT(data.notes[0],
              HasSubstr("1 of 6 images is transparent and laid on black (they would have no more"));
}

TEST_F(ImageFolderTest, OneDeepImageKeepsAllAsRealNumbers) {
  for (int i = 0; i < 6; ++i) put_grey(fmt::format("a/{}.png", i), 51);
  EXPECT_TRUE(read().train.keeps_bytes());
  put_file("a/3.png", png_bytes(PngSpec{1, 1, 0, 16, false, {{0x33, 0x33}}, {}, {}}));
  EXPECT_TRUE(read().train.keeps_bytes());  // 0x3333 is 51 of 255 exactly
  put_file("a/3.png", png_bytes(PngSpec{1, 1, 0, 16, false, {{0x33, 0x34}}, {}, {}}));
  const Dataset data = read();
  EXPECT_FALSE(data.train.keeps_bytes());
  std::vector<float> values(5);
  for (std::int64_t i = 0; i < 5; ++i) {
    data.train.fill(i, std::span(values).subspan(static_cast<std::size_t>(i), 1));
  }
  constexpr float kFifth = 51.0F / 255.0F;
  EXPECT_THAT(values, ElementsAre(kFifth, kFifth, kFifth, 0x3334 / 65535.0F, kFifth));
  EXPECT_THAT(data.notes[0],
              HasSubstr("of more than 8 bits, so that all are kept as real numbers"));
}

TEST_F(ImageFolderTest, SizesAreComparedBeforeAnyPixelIsRead) {
  // The pixels of all are damaged: nobody looks at them.
  const auto hollow = [](std::int64_t side) {
    Bytes file = png_bytes({{1, side, side}, Bytes(static_cast<std::size_t>(side * side), 7)});
    file.resize(file.size() - 20);
    return file;
  };
  for (int i = 0; i < 6; ++i) put_file(fmt::format("a/{}.png", i), hollow(i == 4 ? 65 : 64));
  EXPECT_THAT(message_of([&] { read(); }), HasSubstr("a/4.png is 65 x 65 (height x width): give"));
  EXPECT_THAT(message_of([&] { read(ImageSize{8, 8}); }), HasSubstr("cannot be read as PNG"));
}

TEST_F(ImageFolderTest, TurnedPhotosAreComparedAsTheyAreShown) {
  const ByteImage tall{{1, 8, 4}, Bytes(32, 100)}, wide{{1, 4, 8}, Bytes(32, 100)};
  for (int i = 0; i < 6; ++i) {
    put_file(fmt::format("a/{}.jpg", i),
             i == 3 ? jpeg_bytes(wide, {.orientation = 6}) : jpeg_bytes(tall));
  }
  EXPECT_EQ(read().shape, (ImageShape{1, 8, 4}));
}

TEST_F(ImageFolderTest, FilesWhoseFactsStandAtTheEndAreRead) {
  // libtiff writes its directory behind the pixels, and WebP its EXIF data: beyond the first part
  // that is read for the header.
  Rng rng(1);
  const ByteImage image{{3, 200, 200}, random_bytes(120000, rng)};
  for (int i = 0; i < 6; ++i) {
    put_file(fmt::format("a/{}.x.tif", i), tiff_bytes(image));
    put_file(fmt::format("a/{}.x.webp", i), webp_bytes(image, 1));
  }
  EXPECT_EQ(read().train.count(), 10);
}

TEST_F(ImageFolderTest, ReadsTheMixedFolderOfTheField) {
  const char* const source = std::getenv("HOURGLASS_SOURCE_DIR");
  const std::filesystem::path field =
      std::filesystem::path(source != nullptr ? source : ".") / "../shared/field";
  if (!std::filesystem::exists(field / "F12_mixed_jpg_png")) {
    GTEST_SKIP() << "the inputs of users in " << field << " are not here";
  }
  const auto read_field = [&](const char* name) {
    return read_image_folder(field / name, {}, Progress::none());
  };
  const Dataset mixed = read_field("F12_mixed_jpg_png");
  EXPECT_EQ(mixed.train.count() + mixed.test.count(), 25);
  EXPECT_EQ(read_field("F02_black_on_clear").background, "white");
  EXPECT_THAT(read_field("F15_macosx").class_names, ElementsAre("0"));
}

TEST_F(ImageFolderTest, RefusesATestClassThatIsNotTrainedOn) {
  put_grey("train/cat/1.png", 1);
  make_folder(folder / "test");
  EXPECT_THAT(message_of([&] { read(); }), HasSubstr("put images into its test half"));
  put_grey("test/cow/1.png", 1);
  EXPECT_THAT(message_of([&] { read(); }), HasSubstr("test/cow is a class that"));
}

TEST_F(ImageFolderTest, NamesTheFileThatIsNoImage) {
  for (int i = 0; i < 6; ++i) put_grey(fmt::format("a/{}.png", i), 1);
  write_quickly(folder / "a" / "3.png", {'n', 'o'});
  EXPECT_THAT(message_of([&] { read(); }),
              HasSubstr("a/3.png is no image, whatever its name says"));
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
