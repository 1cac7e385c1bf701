#include "hourglass/data/image.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "hourglass/base/message_test.h"
#include "hourglass/data/image_samples_test.h"
#include "hourglass/data/impl/exif.h"
#include "hourglass/data/impl/image_reader.h"

namespace hourglass {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

ByteImage random_image(const ImageShape& shape, Rng& rng) {
  return {shape, random_bytes(static_cast<std::size_t>(shape.pixels()), rng)};
}

/// Smooth, so that lossy formats come close.
ByteImage gradient(const ImageShape& shape) {
  ByteImage image{shape, {}};
  for (std::int64_t y = 0; y < shape.height; ++y) {
    for (std::int64_t x = 0; x < shape.width; ++x) {
      for (std::int64_t c = 0; c < shape.channels; ++c) {
        image.pixels.push_back(static_cast<std::uint8_t>(20 + 5 * y + 3 * x + 10 * c));
      }
    }
  }
  return image;
}

int largest_difference(const Bytes& a, const Bytes& b) {
  int largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return a.size() == b.size() ? largest : 256;
}

TEST(Images, AreReadByTheirContentWhateverTheNameSays) {
  Rng rng(1);
  const ByteImage image = random_image({3, 5, 4}, rng);
  for (const Bytes& file : {png_bytes(image), webp_bytes(image), tiff_bytes(image)}) {
    const Image read = read_image(file, "a.txt");
    EXPECT_EQ(read.shape, image.shape);
    EXPECT_EQ(read.bytes, image.pixels);
  }
}

TEST(Images, JpegsComeCloseToWhatWasWritten) {
  for (const std::int64_t channels : {1, 3}) {
    const ByteImage image = gradient({channels, 17, 23});
    for (const bool progressive : {false, true}) {
      const Image read = read_image(
          jpeg_bytes(image, {.quality = 98, .progressive = progressive, .full_colour = true}), "a");
      EXPECT_EQ(read.shape, image.shape);
      // Quantised by at most a step or two, and rounded by two colour conversions.
      EXPECT_LE(largest_difference(read.bytes, image.pixels), 4);
    }
  }
}

TEST(Images, CmykJpegsAreConverted) {
  // Inverted inks: 255 is none. Red is no cyan, all magenta and yellow, no black.
  const ByteImage red{{4, 8, 8}, [] {
                        Bytes inks;
                        for (int i = 0; i < 64; ++i) inks.insert(inks.end(), {255, 0, 0, 255});
                        return inks;
                      }()};
  const Image read = read_image(jpeg_bytes(red, {.quality = 100, .cmyk = true}), "a.jpg");
  ASSERT_EQ(read.shape, (ImageShape{3, 8, 8}));
  EXPECT_THAT(Bytes(read.bytes.begin(), read.bytes.begin() + 3), ElementsAre(255, 0, 0));
}

TEST(Images, LossyWebpsComeCloseToWhatWasWritten) {
  const ByteImage image = gradient({3, 16, 16});
  EXPECT_LE(largest_difference(read_image(lossy_webp_bytes(image, 95.0F), "a").bytes, image.pixels),
            8);
}

/// `image` as its EXIF orientation shows it, by the standard's words for the first row and column.
ByteImage shown(const ByteImage& image, int orientation) {
  const auto [channels, height, width] = image.shape;
  const bool transposed = orientation >= 5;
  ByteImage out{{channels, transposed ? width : height, transposed ? height : width},
                Bytes(image.pixels.size())};
  for (std::int64_t row = 0; row < height; ++row) {
    for (std::int64_t column = 0; column < width; ++column) {
      // Where row 0 lies: top, top, bottom, bottom, left, right, right, left; where column 0 lies:
      // left, right, right, left, top, top, bottom, bottom.
      const std::int64_t below = height - 1 - row, behind = width - 1 - column;
      const std::int64_t y[] = {row, row, below, below, column, column, behind, behind};
      const std::int64_t x[] = {column, behind, behind, column, row, below, below, row};
      for (std::int64_t c = 0; c < channels; ++c) {
        const std::int64_t to =
            (y[orientation - 1] * out.shape.width + x[orientation - 1]) * channels;
        out.pixels[static_cast<std::size_t>(to + c)] =
            image.pixels[static_cast<std::size_t>((row * width + column) * channels + c)];
      }
    }
  }
  return out;
}

TEST(Images, AreTurnedAsTheCameraWasHeldInAllFormats) {
  Rng rng(2);
  const ByteImage image = random_image({3, 3, 5}, rng);
  const Bytes plain_jpeg = read_image(jpeg_bytes(image), "a").bytes;
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const ByteImage right = shown(image, orientation);
    TiffSpec tiff{.height = 3, .width = 5, .samples = 3, .photometric = 2};
    tiff.orientation = static_cast<std::uint16_t>(orientation);
    tiff.pixels = image.pixels;
    for (const Bytes& file : {with_exif(png_bytes(image), orientation),
                              webp_bytes(image, orientation), tiff_bytes(tiff)}) {
      const Image read = read_image(file, "a");
      EXPECT_EQ(read.shape, right.shape) << orientation;
      EXPECT_EQ(read.bytes, right.pixels) << orientation;
    }
    const Image read = read_image(jpeg_bytes(image, {.orientation = orientation}), "a");
    EXPECT_EQ(read.bytes, shown({image.shape, plain_jpeg}, orientation).pixels) << orientation;
  }
}

TEST(Images, AreResizedCroppedAndPaddedAfterTheyAreTurned) {
  Rng rng(3);
  for (int round = 0; round < 160; ++round) {
    const auto side = [&] { return static_cast<std::int64_t>(1 + rng.below(13)); };
    const ByteImage image = random_image({3, side(), side()}, rng);
    const int orientation = 1 + round % 8;
    ImageOptions options;
    options.size = ImageSize{side(), side()};
    options.fit = static_cast<ImageFit>(rng.below(3));
    options.background = parse_background("#102030");
    const ByteImage upright = shown(image, orientation);
    const RowSource right = fit_rows(byte_rows(upright.pixels, upright.shape.pixels()),
                                     upright.shape, *options.size, options.fit, options.background);
    Bytes pixels(static_cast<std::size_t>(right.columns()));
    right.fill_bytes(0, pixels);
    ASSERT_EQ(read_image(with_exif(png_bytes(image), orientation), "a", options).bytes, pixels)
        << upright.shape.text() << " to " << options.size->text() << ", orientation " << orientation
        << ", " << fit_name(options.fit);
  }
}

TEST(Images, AreLaidOnTheBackground) {
  const PngSpec grey{1, 3, 4 /* grey and alpha */, 8, false, {{200, 255, 200, 0, 200, 51}}, {}, {}};
  const auto on = [&](const char* background) {
    ImageOptions options;
    options.background = parse_background(background);
    return read_image(png_bytes(grey), "a", options);
  };
  EXPECT_THAT(on("black").bytes, ElementsAre(200, 0, 40));
  EXPECT_THAT(on("white").bytes, ElementsAre(200, 255, 244));
  EXPECT_THAT(on("#0000ff").bytes, ElementsAre(200, 200, 200, 0, 0, 255, 40, 40, 244));
  EXPECT_TRUE(on("black").transparent);
  TiffSpec tiff{.width = 1, .samples = 4, .photometric = 2};
  tiff.alpha = std::uint16_t{1};  // premultiplied
  tiff.pixels = {40, 20, 10, 51};
  ImageOptions white;
  white.background = parse_background("white");
  EXPECT_THAT(read_image(tiff_bytes(tiff), "a", white).bytes, ElementsAre(244, 224, 214));
  tiff.alpha = std::uint16_t{2};
  EXPECT_THAT(read_image(tiff_bytes(tiff), "a", white).bytes, ElementsAre(212, 208, 206));
}

TEST(Images, TiffsOfAllLayoutsHaveTheSamePixels) {
  Rng rng(4);
  TiffSpec spec{.height = 37, .width = 21, .samples = 3, .photometric = 2};
  spec.pixels = random_bytes(37 * 21 * 3, rng);
  for (const std::uint16_t compression : std::vector<std::uint16_t>{1, 5, 8}) {
    for (const std::uint16_t planar : std::vector<std::uint16_t>{1, 2}) {
      for (const std::int64_t tile : {0, 16}) {
        for (const bool big : {false, true}) {
          spec.compression = compression;
          spec.planar = planar;
          spec.tile = tile;
          spec.big_endian = big;
          EXPECT_EQ(read_image(tiff_bytes(spec), "a").bytes, spec.pixels)
              << compression << " " << planar << " " << tile << " " << big;
        }
      }
    }
  }
}

TEST(Images, TiffsOfFewBitsAndPalettesAndInvertedOnes) {
  TiffSpec bits{.width = 8, .bits = 1};
  bits.pixels = {0b10110000};
  EXPECT_THAT(read_image(tiff_bytes(bits), "a").bytes, ElementsAre(255, 0, 255, 255, 0, 0, 0, 0));
  bits.photometric = 0;
  EXPECT_THAT(read_image(tiff_bytes(bits), "a").bytes,
              ElementsAre(0, 255, 0, 0, 255, 255, 255, 255));
  TiffSpec palette{.width = 2, .bits = 4, .photometric = 3};
  palette.palette = {{0xffff, 0, 0}, {0, 0x1234, 0}};
  palette.pixels = {0x01};
  EXPECT_THAT(read_image(tiff_bytes(palette), "a").bytes, ElementsAre(255, 0, 0, 0, 0x12, 0));
}

TEST(Images, TiffsKeepSixteenBitsAndRealValues) {
  const std::uint16_t values[] = {0, 511, 65535};
  for (const bool big : {false, true}) {
    TiffSpec deep{.width = 3, .bits = 16, .big_endian = big};
    deep.pixels.resize(6);
    std::memcpy(deep.pixels.data(), values, 6);
    EXPECT_THAT(read_image(tiff_bytes(deep), "a").reals,
                ElementsAre(0.0F, 511.0F / 65535.0F, 1.0F));
  }
  const float reals[] = {0.0F, 0.125F, 1.0F};
  TiffSpec real{.width = 3, .bits = 32, .format = 3};
  real.pixels.resize(12);
  std::memcpy(real.pixels.data(), reals, 12);
  EXPECT_THAT(read_image(tiff_bytes(real), "a").reals, ElementsAre(0.0F, 0.125F, 1.0F));
  const float bytes[] = {0.0F, 51.0F / 255.0F, 1.0F};
  std::memcpy(real.pixels.data(), bytes, 12);
  EXPECT_THAT(read_image(tiff_bytes(real), "a").bytes, ElementsAre(0, 51, 255));
  const float large[] = {0.0F, 2.5F, std::nanf("")};
  std::memcpy(real.pixels.data(), large, 12);
  EXPECT_EQ(message_of([&] { read_image(tiff_bytes(real), "a.tif"); }),
            "[data] a.tif holds 2.5: real values must be in [0, 1]; scale them, or save 16 bits");
}

TEST(Images, DeepOnesAreResizedInFullPrecision) {
  PngSpec spec{1, 2, 0, 16, false, {{0, 1, 0, 2}}, {}, {}};
  ImageOptions options;
  options.size = ImageSize{1, 1};
  EXPECT_THAT(read_image(png_bytes(spec), "a", options).reals, ElementsAre(1.5F / 65535.0F));
}

TEST(Images, StrangeTiffsAreRefusedByName) {
  TiffSpec cmyk{.width = 1, .samples = 4, .photometric = 5};
  cmyk.pixels = {1, 2, 3, 4};
  EXPECT_THAT(message_of([&] { read_image(tiff_bytes(cmyk), "a.tif"); }),
              HasSubstr("a.tif cannot be read as TIFF: its colours are CMYK: convert it with"));
  TiffSpec whole{.width = 1, .bits = 16, .format = 2};
  whole.pixels = {1, 2};
  EXPECT_THAT(message_of([&] { read_image(tiff_bytes(whole), "a.tif"); }),
              HasSubstr("its pixels are 1 samples of 16 signed bits"));
}

TEST(Images, OtherKindsAreNamedWithAConverter) {
  EXPECT_EQ(message_of([] {
              read_image(Bytes{'G', 'I', 'F', '8', '9', 'a', 0, 0, 0}, "a.png");
            }),
            "[data] a.png is a GIF file, which is not read: convert it with `magick mogrify "
            "-format png`");
  EXPECT_EQ(message_of([] {
              read_image(Bytes{'n', 'o'}, "a.png");
            }),
            "[data] a.png is no image, whatever its name says: read are PNG, JPEG, WebP, TIFF");
  EXPECT_EQ(message_of([] { read_image(Bytes{}, "a.png"); }), "[data] a.png is empty");
  const auto kind = [](std::string_view start) {
    return other_image_kind({reinterpret_cast<const std::uint8_t*>(start.data()), start.size()});
  };
  EXPECT_EQ(kind("BM6"), "BMP");
  EXPECT_EQ(kind("8BPS"), "PSD");
  EXPECT_EQ(kind("P6\n1 1"), "PNM");
  EXPECT_EQ(kind({"\0\0\0\x1c"
                  "ftypheic",
                  12}),
            "HEIC");
  EXPECT_EQ(kind({"\0\0\0\x1c"
                  "ftypavif",
                  12}),
            "AVIF");
  EXPECT_EQ(kind("<?xml version='1.0'?><svg/>"), "SVG");
  EXPECT_EQ(kind({"RIFF....WEBPVP8X....\x02", 21}), "animated WebP");
  EXPECT_EQ(kind("hello"), "");
}

/// Every way to cut each format short.
TEST(Images, CutShortAreRefusedInOneLine) {
  Rng rng(5);
  const ByteImage image = random_image({3, 16, 16}, rng);
  TiffSpec pressed{.height = 16, .width = 16, .samples = 3, .photometric = 2, .compression = 8};
  pressed.pixels = image.pixels;
  const Bytes files[] = {png_bytes(image),
                         jpeg_bytes(image, {.orientation = 6}),
                         jpeg_bytes(image, {.progressive = true}),
                         jpeg_bytes(image, {.restart_rows = 1}),
                         webp_bytes(image),
                         webp_bytes(image, 3),
                         lossy_webp_bytes(image),
                         tiff_bytes(pressed)};
  for (const Bytes& file : files) {
    EXPECT_EQ(message_of([&] { read_image(file, "a"); }), "no error");
    std::size_t whole = 0;
    for (std::size_t size = 1; size < file.size(); ++size) {
      const std::string message =
          message_of([&] { read_image(std::span<const std::uint8_t>(file).first(size), "a"); });
      if (message == "no error") {
        ++whole;
      } else {
        EXPECT_THAT(message, AllOf(HasSubstr("[data] a "), Not(HasSubstr("\n")))) << size;
      }
    }
    // The mark of the end may be missing, and a TIFF's last tags.
    EXPECT_LE(whole, 2U) << file.size();
  }
}

TEST(Images, MutatedFilesAreReadOrRefusedButNeverCrash) {
  Rng rng(6);
  const ByteImage image = random_image({3, 9, 7}, rng);
  TiffSpec tiled{
      .height = 20, .width = 20, .samples = 3, .photometric = 2, .compression = 5, .planar = 2};
  tiled.tile = 16;
  tiled.pixels = random_bytes(1200, rng);
  const Bytes starts[] = {jpeg_bytes(image, {.orientation = 8}),
                          jpeg_bytes(image, {.progressive = true}),
                          webp_bytes(image, 2),
                          lossy_webp_bytes(image),
                          tiff_bytes(image),
                          tiff_bytes(tiled)};
  int refused = 0;
  constexpr int kRounds = 6000;
  for (int round = 0; round < kRounds; ++round) {
    try {
      const Image read = read_image(mutated(starts[round % 6], rng), "a");
      ASSERT_EQ(read.bytes.size() + read.reals.size(),
                static_cast<std::size_t>(read.shape.pixels()));
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, kRounds / 4);
  EXPECT_LT(refused, kRounds);
}

TEST(Images, SizesThatTheFileCannotHoldAreRefused) {
  Bytes jpeg = jpeg_bytes(gradient({1, 8, 8}));
  for (std::size_t i = 0; i + 9 < jpeg.size(); ++i) {
    if (jpeg[i] != 0xff || jpeg[i + 1] != 0xc0) continue;
    jpeg[i + 5] = jpeg[i + 7] = 0x20;  // height and width of 8192
    jpeg[i + 6] = jpeg[i + 8] = 0;
    break;
  }
  EXPECT_THAT(message_of([&] { read_image(jpeg, "a.jpg"); }),
              HasSubstr("a.jpg says it is 8192 x 8192 pixels, far more than its"));
  TiffSpec wide{.width = 9000, .pixels = Bytes(9000)};
  EXPECT_EQ(message_of([&] { read_image(tiff_bytes(wide), "a.tif"); }),
            "[data] a.tif is 1 x 9000 pixels (height x width): each side must be from 1 to 8192");
}

TEST(Exif, OrientationIsReadInBothByteOrdersAndDamageIsPassedOver) {
  for (int orientation = 1; orientation <= 8; ++orientation) {
    EXPECT_EQ(exif_orientation(exif_bytes(orientation, true)), orientation);
    EXPECT_EQ(exif_orientation(exif_bytes(orientation, false)), orientation);
  }
  EXPECT_EQ(exif_orientation(exif_bytes(9)), 1);
  EXPECT_EQ(exif_orientation({}), 1);
  const Bytes whole = exif_bytes(6);
  for (std::size_t size = 0; size + 4 < whole.size(); ++size) {
    const int read = exif_orientation(std::span(whole).first(size));
    EXPECT_TRUE(read == 1 || (read == 6 && size >= 34)) << size;
  }
}

}  // namespace
}  // namespace hourglass
