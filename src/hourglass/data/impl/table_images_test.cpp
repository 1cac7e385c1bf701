#include "hourglass/data/impl/table_images.h"

#include <gmock/gmock.h>

#include "hourglass/base/file.h"
#include "hourglass/base/message_test.h"
#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/data/open.h"
#include "hourglass/tensor/rows_test.h"

namespace hourglass {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Twelve images of 2 x 2: pixel p of image i is 4 i + p.
class TableImagesTest : public testing::Test {
 protected:
  /// `before` and `after` a row's pixels.
  template <typename Before, typename After>
  std::string rows(const Before& before, const After& after) {
    std::string text;
    for (int i = 0; i < 12; ++i) {
      text += before(i);
      for (int p = 0; p < 4; ++p) text += fmt::format("{}{}", p > 0 ? "," : "", 4 * i + p);
      text += after(i) + "\n";
    }
    return text;
  }
  static std::string nothing(int) { return ""; }
  static std::string label(int i) { return fmt::format("{},", i % 2 == 0 ? 3 : 7); }
  Dataset read(const std::string& text, std::optional<ImageSize> size = ImageSize{2, 2}) {
    write_file(file, text);
    return read_table_images(file, size);
  }

  TemporaryFolder folder;
  std::filesystem::path file = folder / "digits.csv";
};

TEST_F(TableImagesTest, AColumnOfLabelsStandsFirstWithOrWithoutAHeader) {
  const std::string header = "label,pixel0,pixel1,pixel2,pixel3\n";
  for (const bool headed : {true, false}) {
    const Dataset data = read((headed ? header : "") + rows(label, nothing));
    EXPECT_EQ(data.name, "digits");
    EXPECT_EQ(data.shape, (ImageShape{1, 2, 2}));
    EXPECT_THAT(labels_of(data.test), ElementsAre(3, 7));
    EXPECT_THAT(bytes_of(data.test), ElementsAre(40, 41, 42, 43, 44, 45, 46, 47));
    EXPECT_EQ(data.class_names.size(), 8u);
    if (headed) {
      EXPECT_THAT(data.notes, IsEmpty());
    } else {
      EXPECT_THAT(data.notes, ElementsAre(HasSubstr("the labels are taken from its column 1")));
    }
  }
  const Dataset last =
      read("a,b,c,d,Class\n" + rows(nothing, [](int i) { return "," + std::to_string(i % 2); }));
  EXPECT_THAT(labels_of(last.test), ElementsAre(0, 1));
  EXPECT_THAT(bytes_of(last.test), ElementsAre(40, 41, 42, 43, 44, 45, 46, 47));
}

TEST_F(TableImagesTest, WithoutLabelsAllAreOfOneClass) {
  const Dataset data = read(rows(nothing, nothing));
  EXPECT_THAT(data.class_names, ElementsAre("0"));
  EXPECT_EQ(data.train.count(), 10);
  EXPECT_EQ(data.test.count(), 2);
}

TEST_F(TableImagesTest, ColumnsOfTextAreClassesAndFileNames) {
  const Dataset data =
      read("filename,kind,a,b,c,d\n" +
           rows([](int i) { return fmt::format("{:02}.png,{},", i, i % 2 == 0 ? "dog" : "cat"); },
                nothing));
  EXPECT_THAT(data.class_names, ElementsAre("cat", "dog"));
  EXPECT_THAT(labels_of(data.test), ElementsAre(1, 0));
  EXPECT_THAT(std::vector<std::string>(data.test.names().begin(), data.test.names().end()),
              ElementsAre("10.png", "11.png"));
  EXPECT_THAT(data.notes, ElementsAre(HasSubstr("the labels are taken from its column kind")));
}

TEST_F(TableImagesTest, TheSizeOfTheImagesMustBeGiven) {
  const auto refusal = [&](const std::string& text, std::optional<ImageSize> size) {
    return message_of([&] { read(text, size); });
  };
  for (const std::string& text : {rows(nothing, nothing), rows(label, nothing)}) {
    EXPECT_THAT(refusal(text, std::nullopt),
                HasSubstr("digits.csv has rows of 4 numbers: give `image_size` HxW, as 2x2"));
  }
  EXPECT_THAT(refusal(rows(label, nothing), ImageSize{3, 3}),
              HasSubstr("digits.csv has rows of 5 numbers, but `image_size` 3 x 3 is of 9 pixels"));
}

TEST_F(TableImagesTest, RealPixelsStayRealAndBytesDividedBy255BecomeBytes) {
  const auto scaled = [&](double unit) {
    std::string text;
    for (int i = 0; i < 12; ++i) {
      text += fmt::format("{:.7f},{:.7f},{:.7f},{:.7f}\n", i * unit, 2 * i * unit, 0.0, 1.0);
    }
    return read(text);
  };
  EXPECT_TRUE(scaled(1.0 / 255).train.keeps_bytes());
  const Dataset real = scaled(0.001);
  EXPECT_FALSE(real.train.keeps_bytes());
  std::vector<float> row(4);
  real.test.fill(0, row);
  EXPECT_THAT(row, ElementsAre(0.005F, 0.01F, 0.0F, 1.0F));
}

TEST_F(TableImagesTest, IsOpenedByItsPath) {
  write_file(file, rows(label, nothing));
  OpenOptions options;
  options.image_size = ImageSize{2, 2};
  const Dataset data = open_dataset(file.string(), options);
  EXPECT_EQ(data.sha256, dataset_sha256(read(rows(label, nothing))));
}

}  // namespace
}  // namespace hourglass
