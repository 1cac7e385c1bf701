#include <gmock/gmock.h>

#include <limits>

#include "hourglass/base/message_test.h"
#include "hourglass/figures/figures_made_test.h"
#include "hourglass/figures/pages_test.h"
#include "hourglass/figures/sheet.h"

namespace hourglass {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

template <typename Figure>
void expect_good_page(const Figure& figure, const std::string& what) {
  const auto bytes = render_figure(FigureFormat::png, figure);
  EXPECT_THAT(chunk_words(bytes, "IHDR", 1), ElementsAre(1600u)) << what;
  EXPECT_THAT(chunk_words(bytes, "pHYs", 2), ElementsAre(7874u, 7874u)) << what;  // 200 dpi
  // The outermost pixels are white, which they would not be with a clipped text or image.
  const Raster page = decoded_png(bytes);
  for (int y = 0; y < page.height; ++y) {
    for (const int x : {0, 8, 1591, 1599}) {
      ASSERT_EQ(pixel(page, x, y), 0xFFFFFFu) << what << " at " << x << ", " << y;
    }
  }
  for (int x = 0; x < page.width; ++x) {
    ASSERT_EQ(pixel(page, x, 0), 0xFFFFFFu) << what;
    ASSERT_EQ(pixel(page, x, page.height - 1), 0xFFFFFFu) << what;
  }
}

template <typename Figure>
void expect_equal_bytes(const Figure& figure, const std::string& what) {
  for (const auto format : {FigureFormat::png, FigureFormat::svg, FigureFormat::pdf}) {
    EXPECT_EQ(render_figure(format, figure), render_figure(format, figure))
        << what << " as " << extension_of(format);
  }
}

TEST(Figures, HaveTheSameBytesEachTime) {
  expect_equal_bytes(made_recon(10, {3, 28, 28}).figure, "recon");
  expect_equal_bytes(made_corrupted_recon(10, {3, 28, 28}).figure, "recon of corrupted images");
  expect_equal_bytes(made_map(30, 300).figure, "map");
  expect_equal_bytes(made_interp(10, {1, 28, 28}).figure, "interp");
  expect_equal_bytes(made_noise(10, {1, 28, 28}).figure, "noise");
  expect_equal_bytes(made_loss(50, true), "loss");
  const Tensor images = made_up_images(3, {1, 28, 28});
  expect_equal_bytes(SheetFigure{kText, {}, images}, "sheet");
}

TEST(Figures, AreEightInchesAt200DpiWithCleanMargins) {
  for (const std::int64_t n : {0, 1, 2, 10}) {
    expect_good_page(made_recon(n, {1, 28, 28}).figure, fmt::format("recon of {}", n));
    expect_good_page(made_corrupted_recon(n, {1, 28, 28}).figure,
                     fmt::format("recon of {} corrupted", n));
    expect_good_page(made_interp(n, {1, 28, 28}).figure, fmt::format("interp of {}", n));
    expect_good_page(made_noise(n, {1, 28, 28}).figure, fmt::format("noise of {}", n));
    const Tensor images = made_up_images(n, {1, 28, 28});
    expect_good_page(SheetFigure{kText, {}, images}, fmt::format("sheet of {}", n));
  }
  for (const std::int64_t classes : {0, 1, 2, 30}) {
    expect_good_page(made_map(classes, 300).figure, fmt::format("map of {} classes", classes));
  }
  for (const int epochs : {0, 1, 2, 50, 1000}) {
    expect_good_page(made_loss(epochs, false), fmt::format("loss of {} epochs", epochs));
    expect_good_page(made_loss(epochs, true), fmt::format("loss of {} with validation", epochs));
  }
}

TEST(Figures, FitImagesOfAnyShape) {
  // Small, wider than any cell, and tall: on pages as small as possible.
  for (const ImageShape shape :
       {ImageShape{1, 8, 8}, ImageShape{3, 20, 300}, ImageShape{1, 64, 8}}) {
    expect_good_page(made_corrupted_recon(10, shape).figure, "recon " + shape.text());
    expect_good_page(made_interp(10, shape).figure, "interp " + shape.text());
    expect_good_page(made_noise(10, shape).figure, "noise " + shape.text());
    const Tensor images = made_up_images(23, shape);
    expect_good_page(SheetFigure{kText, shape, images}, "sheet " + shape.text());
  }
}

TEST(Figures, TakeTextThatIsNoUtf8AndOfAnyLength) {
  auto made = made_recon(2, {1, 28, 28});
  made.figure.text = {std::string(500, 'W'), "\xFF\xFE bytes\n" + std::string(900, 'x'), "\xC3"};
  made.figure.names = {"\x80\x81", std::string(400, 'M')};
  expect_good_page(made.figure, "recon");
}

TEST(Sheet, ImagesAreUniformBlocksOfAWholeFactor) {
  const ImageShape shape{1, 4, 4};
  const Tensor image = made_up_images(1, shape, 13);
  const Raster page = decoded_png(render_figure(FigureFormat::png, SheetFigure{{}, shape, image}));
  const int factor = 280 / 4;
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 4; ++x) {
      const std::uint32_t grey = byte_of(image[4 * y + x]);
      for (const int dy : {0, factor / 2, factor - 1}) {
        for (const int dx : {0, factor / 2, factor - 1}) {
          EXPECT_EQ(pixel(page, 48 + x * factor + dx, 48 + y * factor + dy), grey * 0x010101)
              << x << ", " << y;
        }
      }
    }
  }
}

TEST(Sheet, TooManyImagesAreRefusedInOneLineBeforeAnyIsRead) {
  const ImageShape shape{1, 64, 64};
  const float none = 0.0f;
  const ConstView images(&none, Shape{1'000'000, shape.pixels()});
  EXPECT_THAT(message_of([&] {
                render_figure(FigureFormat::png, SheetFigure{kText, shape, images});
              }),
              AllOf(HasSubstr("show fewer"), Not(HasSubstr("\n"))));
}

TEST(Recon, EqualImagesHaveAWhiteDifference) {
  auto made = made_recon(1, {1, 2, 2});
  made.figure.originals = made.figure.reconstructions = made.tensors[0];
  made.figure.names.clear();
  const auto red_pixels = [&] {
    const Raster page = decoded_png(render_figure(FigureFormat::png, made.figure));
    std::int64_t count = 0;
    for (int y = 0; y < page.height; ++y) {
      for (int x = 0; x < 470; ++x) {  // left of the scale
        const std::uint32_t color = pixel(page, x, y);
        count += (color >> 16) > (color & 0xFF) + 8 ? 1 : 0;
      }
    }
    return count;
  };
  EXPECT_EQ(red_pixels(), 0);
  made.figure.reconstructions = made.tensors[1];
  EXPECT_GT(red_pixels(), 10000);
}

/// The greys in the middle of the pictures of the first column, from the top, each once in a run.
std::vector<std::uint32_t> greys_down(const ReconFigure& figure, int x) {
  const Raster page = decoded_png(render_figure(FigureFormat::png, figure));
  std::vector<std::uint32_t> greys;
  std::uint32_t before = 0xFFFFFF;
  int run = 0;
  for (int y = 0; y < page.height; ++y) {
    const std::uint32_t color = pixel(page, x, y);
    run = color == before ? run + 1 : 1;
    before = color;
    const bool picture = run == 60 && color != 0xFFFFFF;
    if (picture) greys.push_back(color);
  }
  return greys;
}

TEST(Recon, ACorruptedInputStandsAboveItsReconstructionAndTheOriginal) {
  const ImageShape shape{1, 2, 2};
  const auto uniform = [&](float value) {
    Tensor image(Shape{1, shape.pixels()});
    std::ranges::fill(image.span(), value);
    return image;
  };
  const Tensor original = uniform(0.2f), reconstruction = uniform(0.4f), corrupted = uniform(0.6f);
  ReconFigure figure;
  figure.shape = shape;
  figure.originals = original;
  figure.reconstructions = reconstruction;
  const std::uint32_t difference = 0;  // any color: the last picture
  const auto expect_order = [&](std::vector<float> values) {
    std::vector<std::uint32_t> greys = greys_down(figure, 300);
    ASSERT_EQ(greys.size(), values.size() + 1) << "the images and their difference";
    greys.back() = difference;
    std::vector<std::uint32_t> expected;
    for (const float value : values) expected.push_back(byte_of(value) * 0x010101u);
    expected.push_back(difference);
    EXPECT_EQ(greys, expected);
  };
  expect_order({0.2f, 0.4f});
  figure.corrupted = corrupted;
  expect_order({0.6f, 0.4f, 0.2f});
}

TEST(Map, ShowsTheColorOfEachClassInTheLegend) {
  constexpr std::uint32_t kColors[] = {0xb9ac70, 0xa96b59, 0xe76300, 0x832db6, 0x92dadd,
                                       0xbd1f01, 0x717581, 0x3f90da, 0x94a4a2, 0xffa90e};
  const Raster page = decoded_png(render_figure(FigureFormat::png, made_map(10, 500).figure));
  for (const std::uint32_t color : kColors) {
    EXPECT_GT(count_pixels(page, color), 100) << fmt::format("{:06x}", color);
  }
}

TEST(Map, MoreThanTwentyClassesHaveNoLegendAndTheWholeWidth) {
  const auto ink_at_the_right = [](std::int64_t classes) {
    const Raster page =
        decoded_png(render_figure(FigureFormat::png, made_map(classes, 300).figure));
    std::int64_t rows = 0;
    for (int y = 0; y < page.height; ++y) {
      bool ink = false;
      for (int x = 1549; x < 1554; ++x) ink = ink || pixel(page, x, y) != 0xFFFFFF;
      rows += ink ? 1 : 0;
    }
    return rows;
  };
  EXPECT_LT(ink_at_the_right(20), 600) << "counts at the end of a legend";
  EXPECT_GT(ink_at_the_right(21), 1200) << "the frame of the square";
  expect_good_page(made_map(200, 400).figure, "map of 200 classes");
}

TEST(Map, APointLiesWhereItsCoordinatesSay) {
  auto made = made_map(0, 3);
  const float corners[] = {0.0f, 0.0f, 0.0f, 10.0f, 10.0f, 10.0f};
  std::copy_n(corners, 6, made.tensors[0].data());
  made.figure.x_label.clear();
  made.figure.ticks = false;
  const Raster page = decoded_png(render_figure(FigureFormat::png, made.figure));
  // Columns and rows that hold a bluish pixel of the three points.
  std::vector<int> columns(1600);
  std::vector<int> rows(static_cast<std::size_t>(page.height));
  for (int y = 0; y < page.height; ++y) {
    for (int x = 0; x < 1600; ++x) {
      const std::uint32_t color = pixel(page, x, y);
      if ((color & 0xFF) <= (color >> 16) + 80) continue;
      columns[static_cast<std::size_t>(x)] += 1;
      rows[static_cast<std::size_t>(y)] += 1;
    }
  }
  const auto used = [](int count) { return count > 0; };
  const auto left = std::find_if(columns.begin(), columns.end(), used) - columns.begin();
  const auto right = columns.rend() - std::find_if(columns.rbegin(), columns.rend(), used);
  const auto top = std::find_if(rows.begin(), rows.end(), used) - rows.begin();
  const auto bottom = rows.rend() - std::find_if(rows.rbegin(), rows.rend(), used);
  EXPECT_NEAR(static_cast<double>(right - left), static_cast<double>(bottom - top), 2.0)
      << "one unit for both axes";
  EXPECT_GT(columns[static_cast<std::size_t>(left + 4)],
            columns[static_cast<std::size_t>(right - 5)])
      << "two points at the left, one at the right";
  EXPECT_GT(rows[static_cast<std::size_t>(top + 4)], rows[static_cast<std::size_t>(bottom - 5)])
      << "two points at the top, one at the bottom: y grows upwards";
}

TEST(Map, LeavesOutPointsThatAreNotFinite) {
  auto made = made_map(2, 50);
  made.tensors[0][0] = std::numeric_limits<float>::quiet_NaN();
  made.tensors[0][3] = std::numeric_limits<float>::infinity();
  made.tensors[1][0] = std::numeric_limits<float>::quiet_NaN();
  expect_good_page(made.figure, "map");
}

TEST(Map, TenThousandPointsStayBelow300Kilobytes) {
  EXPECT_LT(render_figure(FigureFormat::png, made_map(10, 10000).figure).size(), 300'000u);
}

TEST(Map, ShadedPointsHaveABarAndScoresALineBelow) {
  auto made = made_map(3, 60);
  const int height = decoded_png(render_figure(FigureFormat::png, made.figure)).height;
  made.figure.bar = {"a value", {{0.0, "1"}, {1.0, "0.5"}}};
  made.figure.shades.assign(60, 1.0f);
  made.figure.scores = "Trustworthiness 0.972";
  expect_good_page(made.figure, "shaded map");
  const Raster page = decoded_png(render_figure(FigureFormat::png, made.figure));
  EXPECT_GT(count_pixels(page, 0x21092b), 1000) << "the darkest shade";
  EXPECT_NE(page.height, height);
}

TEST(MapPanels, StandInRowsOfAsManyAsWanted) {
  const auto made = made_map(3, 60);
  MapPanels figure{kText, {}, 4};
  for (int i = 0; i < 4; ++i) figure.panels.push_back({"15", "a note", made.figure});
  const int one_row = decoded_png(render_figure(FigureFormat::png, figure)).height;
  figure.panels.push_back({std::string(300, 'W'), std::string(300, 'n'), made.figure});
  expect_good_page(figure, "panels");
  EXPECT_GT(decoded_png(render_figure(FigureFormat::png, figure)).height, one_row + 350);
}

TEST(Loss, ValuesThatAreNotPositiveAreLeftOut) {
  auto figure = made_loss(30, true);
  figure.train[3] = 0.0;
  figure.test[0] = std::numeric_limits<double>::quiet_NaN();
  figure.validation[29] = -1.0;
  figure.pca = std::numeric_limits<double>::infinity();
  expect_good_page(figure, "loss");
}

}  // namespace
}  // namespace hourglass
