// Text, names and other arrays beside images.
#include <gmock/gmock.h>

#include "hourglass/data/impl/array_images_test.h"
#include "hourglass/data/open.h"
#include "hourglass/tensor/rows_test.h"

namespace hourglass {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ArrayImagesWithText : public ArrayImages {
 protected:
  TextArray text(std::vector<std::string> values) const {
    const Shape shape{std::ssize(values)};
    return {shape, std::move(values)};
  }
  template <typename... Add>
  Dataset read(const Add&... add) {
    NpzWriter npz(file);
    (add(npz), ...);
    npz.commit();
    return read_array_images(file);
  }
  auto with(const char* name, ArrayView array) {
    return [=](NpzWriter& npz) { npz.add(name, array); };
  }
  auto with(const char* name, TextArray array) {
    return [=](NpzWriter& npz) { npz.add(name, array); };
  }
  TextArray kinds() const {
    std::vector<std::string> values;
    for (const std::int64_t label : labels) values.push_back(label == 0 ? "dog" : "cat");
    return text(values);
  }
};

TEST_F(ArrayImagesWithText, TextLabelsAreClassesInOrder) {
  const Dataset data = read(with("images", images()), with("labels", kinds()));
  EXPECT_THAT(data.class_names, ElementsAre("cat", "dog"));
  EXPECT_THAT(labels_of(data.test), ElementsAre(1, 0));
  EXPECT_THAT(data.notes, testing::IsEmpty());
  const Dataset halves = read(with("x_train", images()), with("y_train", kinds()),
                              with("x_test", images()), with("y_test", kinds()));
  EXPECT_THAT(halves.class_names, ElementsAre("cat", "dog"));
  EXPECT_THAT(message_of([&] {
                read(with("x_train", images()), with("y_train", kinds()), with("x_test", images()));
              }),
              HasSubstr("faces.npz:x_test has no labels of text, as the other images have"));
}

TEST_F(ArrayImagesWithText, NamesOfClassesAndOfImagesAreRead) {
  std::vector<std::string> files;
  for (int i = 0; i < 12; ++i) files.push_back("img" + std::to_string(i) + ".png");
  const Dataset data =
      read(with("images", images()), with("labels", labels_as()),
           with("class_names", text({"cup", "pen", "hat"})), with("filenames", text(files)));
  EXPECT_THAT(data.class_names, ElementsAre("cup", "pen", "hat"));
  EXPECT_THAT(labels_of(data.test), ElementsAre(0, 2));
  EXPECT_THAT(std::vector<std::string>(data.test.names().begin(), data.test.names().end()),
              ElementsAre("img10.png", "img11.png"));
  EXPECT_THAT(message_of([&] {
                read(with("images", images()), with("labels", labels_as()),
                     with("class_names", text({"cup", "pen"})));
              }),
              HasSubstr("have the label 2, but there are 2 names of classes"));
}

TEST_F(ArrayImagesWithText, OtherArraysAreLeftOutAndCounted) {
  const Dataset plain = read(with("images", images()));
  const Dataset data =
      read(with("images", images()), with("notes", text({"a"})), with("y", labels_as()));
  EXPECT_EQ(dataset_sha256(data), dataset_sha256(plain));
  EXPECT_THAT(data.notes,
              ElementsAre(HasSubstr("faces.npz: 2 of its arrays are left out (notes, y)")));
}

TEST_F(ArrayImagesWithText, TheOnlyArrayOfImagesIsTakenAndNamed) {
  const Dataset expected = read(with("images", images()), with("labels", labels_as()));
  const Dataset data = read(with("arr_0", images()), with("arr_1", labels_as()));
  EXPECT_EQ(dataset_sha256(data), dataset_sha256(expected));
  EXPECT_THAT(data.notes, ElementsAre(HasSubstr("the images are taken from its array arr_0, the "
                                                "labels from arr_1")));
  EXPECT_THAT(message_of([&] { read(with("a", images()), with("b", images())); }),
              HasSubstr("has several arrays that may be images (a, b): name one of them images"));
}

TEST_F(ArrayImagesWithText, NumbersThatAreNoClassIndexesAreClassesByValue) {
  for (std::int64_t& label : labels) label = label == 0 ? 1984 : -5;
  const Dataset data = read(with("images", images()), with("labels", labels_as()));
  EXPECT_THAT(data.class_names, ElementsAre("-5", "1984"));
  EXPECT_THAT(labels_of(data.test), ElementsAre(1, 0));
  std::vector<double> reals(12);
  for (std::size_t i = 0; i < 12; ++i) reals[i] = static_cast<double>(i % 2);
  const ArrayView whole{std::span<const double>(reals), Shape{12}};
  EXPECT_THAT(labels_of(read(with("images", images()), with("labels", whole)).test),
              ElementsAre(0, 1));
  reals[3] = 0.5;
  const Dataset measured = read(with("images", images()), with("labels", whole));
  EXPECT_THAT(measured.class_names, ElementsAre("0"));
  EXPECT_THAT(measured.notes, ElementsAre(HasSubstr("faces.npz:labels holds numbers that are not "
                                                    "whole: it is left out")));
}

}  // namespace
}  // namespace hourglass
