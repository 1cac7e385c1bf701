#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <limits>

#include "base/error.h"
#include "base/file.h"
#include "figures/interp.h"
#include "figures/loss.h"
#include "figures/map.h"
#include "figures/noise.h"
#include "figures/recon.h"
#include "figures/sheet.h"
#include "figures/testing.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const FigureText kText{"A title", "A caption",
                       "AE, strokes, d = 8, epoch 1, seed 0, test MSE 0.01"};

/// A figure together with the tensors that it borrows.
template <typename Figure>
struct Made {
  std::vector<Tensor> tensors;
  Figure figure;
};

Made<ReconFigure> made_recon(std::int64_t n, const ImageShape& shape) {
  Made<ReconFigure> made;
  made.tensors.push_back(made_up_images(n, shape));
  made.tensors.push_back(made_up_images(n, shape, 11));
  made.figure.text = kText;
  made.figure.shape = shape;
  made.figure.originals = made.tensors[0];
  made.figure.reconstructions = made.tensors[1];
  for (std::int64_t i = 0; i < n; ++i) {
    made.figure.names.push_back(i % 2 == 0 ? "T-shirt/top" : "a class name of thirty letters");
    made.figure.errors.push_back(0.001 * static_cast<double>(i));
  }
  return made;
}

Made<MapFigure> made_map(std::int64_t classes, std::int64_t n) {
  Made<MapFigure> made;
  Tensor points(Shape{n, 2});
  Tensor positions(Shape{classes, 2});
  MapFigure& figure = made.figure;
  figure.text = kText;
  figure.counts.resize(static_cast<std::size_t>(classes));
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t label = classes == 0 ? 0 : i % classes;
    points[2 * i] = static_cast<float>((i * 37) % 101 + 20 * label);
    points[2 * i + 1] = static_cast<float>((i * 53) % 97);
    if (classes == 0) continue;
    figure.labels.push_back(label);
    ++figure.counts[static_cast<std::size_t>(label)];
  }
  for (std::int64_t c = 0; c < classes; ++c) {
    figure.class_names.push_back(fmt::format("class {}", c));
    positions[2 * c] = static_cast<float>(50 + 20 * c);
    positions[2 * c + 1] = 50.0f;
  }
  made.tensors.push_back(std::move(points));
  made.tensors.push_back(std::move(positions));
  figure.points = made.tensors[0];
  figure.label_positions = made.tensors[1];
  figure.x_label = "PC 1 (23.1 % of variance)";
  return made;
}

Made<InterpFigure> made_interp(std::int64_t steps, const ImageShape& shape) {
  Made<InterpFigure> made;
  made.tensors.push_back(made_up_images(2, shape));
  made.tensors.push_back(made_up_images(steps, shape, 3));
  made.tensors.push_back(made_up_images(steps, shape, 5));
  InterpPath path{"from a to b", made.tensors[0], made.tensors[1], made.tensors[2], {}, {}, {}};
  for (std::int64_t i = 0; i < steps; ++i) {
    path.alphas.push_back(static_cast<double>(i) /
                          static_cast<double>(std::max<std::int64_t>(1, steps - 1)));
  }
  path.curve_alphas = {0.0, 0.5, 1.0};
  path.distances = {1.0, std::numeric_limits<double>::quiet_NaN(), 2.0};
  made.figure.text = kText;
  made.figure.shape = shape;
  made.figure.paths = {path, path};
  made.figure.usual_distance = 1.5;
  return made;
}

Made<NoiseFigure> made_noise(std::int64_t n, const ImageShape& shape) {
  Made<NoiseFigure> made;
  made.tensors.reserve(3);
  made.figure.text = kText;
  made.figure.shape = shape;
  for (int row = 0; row < 3; ++row) {
    made.tensors.push_back(made_up_images(n, shape, 3 + row));
    NoiseRow noise{"codes from somewhere", made.tensors.back(), {}};
    for (int i = 0; i < 20 * n; ++i) noise.norms.push_back(3.0 * row + 0.1 * (i % 13));
    made.figure.rows.push_back(std::move(noise));
  }
  made.figure.sentence = "A sentence made from numbers.";
  return made;
}

LossFigure made_loss(int epochs, bool validation) {
  LossFigure figure;
  figure.text = kText;
  for (int e = 1; e <= epochs; ++e) {
    figure.epochs.push_back(e);
    figure.train.push_back(0.01 / e + 0.004);
    figure.test.push_back(0.008 / e + 0.004);
    if (validation) figure.validation.push_back(0.009 / e + 0.004);
  }
  figure.pca = 0.009;
  if (epochs > 0) figure.best = static_cast<std::size_t>(epochs - 1);
  return figure;
}

template <typename Figure>
void expect_good_page(const Figure& figure, const std::string& what) {
  const auto bytes = render_figure(FigureFormat::png, figure);
  EXPECT_THAT(chunk_words(bytes, "IHDR", 1), ElementsAre(1600u)) << what;
  EXPECT_THAT(chunk_words(bytes, "pHYs", 2), ElementsAre(7874u, 7874u)) << what;  // 200 dpi
  // Nothing runs into the outermost pixels, which a clipped text or image would.
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
  for (const ImageShape shape : {ImageShape{3, 64, 64}, ImageShape{1, 8, 8}, ImageShape{3, 32, 64},
                                 ImageShape{1, 64, 8}, ImageShape{1, 200, 256}}) {
    expect_good_page(made_recon(10, shape).figure, "recon " + shape.text());
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
  try {
    render_figure(FigureFormat::png, SheetFigure{kText, shape, images});
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("show fewer"));
    EXPECT_THAT(error.what(), Not(HasSubstr("\n")));
  }
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

TEST(Map, ShowsTheColorOfEachClassInTheLegend) {
  constexpr std::uint32_t kColors[] = {0xb9ac70, 0xa96b59, 0xe76300, 0x832db6, 0x92dadd,
                                       0xbd1f01, 0x717581, 0x3f90da, 0x94a4a2, 0xffa90e};
  const Raster page = decoded_png(render_figure(FigureFormat::png, made_map(10, 500).figure));
  for (const std::uint32_t color : kColors) {
    EXPECT_GT(count_pixels(page, color), 100) << fmt::format("{:06x}", color);
  }
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

TEST(Loss, ValuesThatAreNotPositiveAreLeftOut) {
  auto figure = made_loss(30, true);
  figure.train[3] = 0.0;
  figure.test[0] = std::numeric_limits<double>::quiet_NaN();
  figure.validation[29] = -1.0;
  figure.pca = std::numeric_limits<double>::infinity();
  expect_good_page(figure, "loss");
}

TEST(FigureFormat, ReadsNamesAndExtensionsAndRefusesOthersInOneLine) {
  EXPECT_EQ(parse_figure_format("png"), FigureFormat::png);
  EXPECT_EQ(parse_figure_format(".SVG"), FigureFormat::svg);
  EXPECT_EQ(parse_figure_format("pdf"), FigureFormat::pdf);
  for (const char* const name : {"gif", "", ".", "pn\ng"}) {
    try {
      parse_figure_format(name);
      FAIL() << name;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("is no format for figures: take png, svg or pdf"));
      EXPECT_THAT(error.what(), Not(HasSubstr("\n")));
    }
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
  try {
    save_figure(folder / "file" / "loss.png", made_loss(1, false));
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr((folder / "file").string()));
    EXPECT_THAT(error.what(), Not(HasSubstr("\n")));
  }
}

TEST_F(SavedFigureTest, OfAnUnknownFormatLeavesNothingBehind) {
  EXPECT_THROW(save_figure(folder / "loss.gif", made_loss(1, false)), Error);
  EXPECT_TRUE(fs::is_empty(folder));
}

}  // namespace
}  // namespace hourglass
