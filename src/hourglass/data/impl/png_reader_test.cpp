#include "hourglass/data/image.h"

#include <gmock/gmock.h>
#include <png.h>

#include "hourglass/base/message_test.h"
#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/data/samples_test.h"

namespace hourglass {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Image decoded(const PngSpec& spec) {
  return read_image(png_bytes(spec), "test.png");
}

TEST(Png, ReadsGreyAndColour) {
  Rng rng(1);
  for (const std::int64_t channels : {1, 3}) {
    const ByteImage image{{channels, 5, 4},
                          random_bytes(static_cast<std::size_t>(20 * channels), rng)};
    const Image read = read_image(png_bytes(image), "test.png");
    EXPECT_EQ(read.shape, image.shape);
    EXPECT_EQ(read.bytes, image.pixels);
  }
}

TEST(Png, StretchesFewBitsToTheWholeRange) {
  EXPECT_THAT(decoded({1, 8, PNG_COLOR_TYPE_GRAY, 1, false, {{0b10110000}}, {}, {}}).bytes,
              ElementsAre(255, 0, 255, 255, 0, 0, 0, 0));
  EXPECT_THAT(decoded({1, 4, PNG_COLOR_TYPE_GRAY, 2, false, {{0b00011011}}, {}, {}}).bytes,
              ElementsAre(0, 85, 170, 255));
  EXPECT_THAT(decoded({1, 2, PNG_COLOR_TYPE_GRAY, 4, false, {{0x1f}}, {}, {}}).bytes,
              ElementsAre(17, 255));
}

TEST(Png, KeepsSixteenBitsUnlessAllAreBytes) {
  const PngSpec deep{1,  3, PNG_COLOR_TYPE_GRAY, 16, false, {{0, 0, 0x01, 0xff, 0xff, 0xff}},
                     {}, {}};
  EXPECT_THAT(decoded(deep).reals, ElementsAre(0.0F, 511.0F / 65535.0F, 1.0F));
  EXPECT_TRUE(decoded(deep).bytes.empty());
  const PngSpec bytes{1, 3, PNG_COLOR_TYPE_GRAY, 16, false, {{0, 0, 2, 2, 0xff, 0xff}}, {}, {}};
  EXPECT_THAT(decoded(bytes).bytes, ElementsAre(0, 2, 255));
  EXPECT_TRUE(decoded(bytes).reals.empty());
}

TEST(Png, LaysTransparentPixelsOnBlack) {
  const PngSpec grey{1,  3, PNG_COLOR_TYPE_GRAY_ALPHA, 8, false, {{200, 255, 200, 0, 200, 51}},
                     {}, {}};
  EXPECT_EQ(decoded(grey).shape, (ImageShape{1, 1, 3}));
  EXPECT_THAT(decoded(grey).bytes, ElementsAre(200, 0, 40));
  const PngSpec rgb{1, 1, PNG_COLOR_TYPE_RGB_ALPHA, 8, false, {{255, 100, 50, 51}}, {}, {}};
  EXPECT_THAT(decoded(rgb).bytes, ElementsAre(51, 20, 10));
}

TEST(Png, ReadsPalettesAlsoTransparentOnes) {
  PngSpec spec{1, 3, PNG_COLOR_TYPE_PALETTE, 2, false, {{0b00011000}}, {}, {}};
  spec.palette = {{255, 0, 0}, {0, 255, 0}, {1, 2, 3}};
  EXPECT_THAT(decoded(spec).bytes, ElementsAre(255, 0, 0, 0, 255, 0, 1, 2, 3));
  spec.palette_alpha = {0, 51};
  EXPECT_THAT(decoded(spec).bytes, ElementsAre(0, 0, 0, 0, 51, 0, 1, 2, 3));
}

TEST(Png, ReadsInterlacedFiles) {
  Rng rng(2);
  PngSpec spec{9, 9, PNG_COLOR_TYPE_GRAY, 8, true, {}, {}, {}};
  Bytes all;
  for (int y = 0; y < 9; ++y) {
    spec.rows.push_back(random_bytes(9, rng));
    all.insert(all.end(), spec.rows.back().begin(), spec.rows.back().end());
  }
  EXPECT_EQ(decoded(spec).bytes, all);
}

TEST(Png, RefusesDamagedFiles) {
  const Bytes whole = png_bytes(ByteImage{{1, 2, 2}, {1, 2, 3, 4}});
  for (std::size_t size = 8; size < whole.size(); ++size) {
    EXPECT_THAT(
        message_of([&] { read_image(std::span<const std::uint8_t>(whole).first(size), "a.png"); }),
        HasSubstr("a.png cannot be read as PNG: "))
        << size;
  }
}

/// A PNG whose header is made to claim other sizes, with the right CRC.
Bytes claiming(std::uint32_t width, std::uint32_t height) {
  Bytes bytes = png_bytes(ByteImage{{1, 1, 1}, {7}});
  for (std::size_t i = 0; i < 4; ++i) {
    bytes[16 + i] = (width >> (24 - 8 * i)) & 0xffu;
    bytes[20 + i] = (height >> (24 - 8 * i)) & 0xffu;
  }
  std::uint32_t crc = 0xffffffffu;
  for (std::size_t i = 12; i < 29; ++i) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1u) != 0 ? 0xedb88320u : 0u);
  }
  for (std::size_t i = 0; i < 4; ++i) bytes[29 + i] = (~crc >> (24 - 8 * i)) & 0xffu;
  return bytes;
}

TEST(Png, RefusesSizesBeyondTheLimitOrBeyondWhatTheFileHolds) {
  EXPECT_THAT(message_of([] { read_image(claiming(8193, 1), "a.png"); }), HasSubstr("a.png"));
  EXPECT_THAT(message_of([] { read_image(claiming(0x7fffffff, 0x7fffffff), "a.png"); }),
              HasSubstr("cannot be read as PNG"));
  EXPECT_THAT(message_of([] { read_image(claiming(8192, 8192), "a.png"); }),
              HasSubstr("8192 x 8192 pixels, far more than its 67 bytes can hold"));
  EXPECT_THAT(message_of([] { read_image(claiming(2, 2), "a.png"); }), HasSubstr("cannot be read"));
}

TEST(Png, PassesOverTextsAndProfilesUnread) {
  // A thousand compressed texts that claim to be long: none is unpacked, and their checksums are
  // not tested.
  const ByteImage image{{1, 1, 1}, {7}};
  Bytes bytes = png_bytes(image);
  Bytes texts;
  for (int i = 0; i < 1000; ++i) {
    const Bytes text{0, 0, 0, 9, 'z', 'T', 'X', 't', 'a', 0, 0, 0x78, 0xda, 1, 2, 3, 4, 0, 0, 0, 0};
    texts.insert(texts.end(), text.begin(), text.end());
  }
  constexpr std::ptrdiff_t kBehindHeader = 33;
  bytes.insert(bytes.begin() + kBehindHeader, texts.begin(), texts.end());
  EXPECT_EQ(read_image(bytes, "a.png").bytes, image.pixels);
}

TEST(Png, MutatedFilesAreReadOrRefusedButNeverCrash) {
  Rng rng(99);
  PngSpec palette{2, 3, PNG_COLOR_TYPE_PALETTE, 2, true, {{0b00011000}, {0b01001000}}, {}, {}};
  palette.palette = {{255, 0, 0}, {0, 255, 0}, {1, 2, 3}};
  palette.palette_alpha = {0, 51};
  const PngSpec deep{1, 2, PNG_COLOR_TYPE_RGB_ALPHA, 16, false, {random_bytes(16, rng)}, {}, {}};
  const Bytes starts[] = {png_bytes(ByteImage{{1, 4, 4}, random_bytes(16, rng)}),
                          png_bytes(ByteImage{{3, 3, 3}, random_bytes(27, rng)}),
                          png_bytes(palette), png_bytes(deep)};
  int refused = 0;
  constexpr int kRounds = 20000;
  for (int round = 0; round < kRounds; ++round) {
    try {
      const Image image = read_image(mutated(starts[round % 4], rng), "a.png");
      ASSERT_EQ(image.bytes.size() + image.reals.size(),
                static_cast<std::size_t>(image.shape.pixels()));
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, kRounds / 2);
  EXPECT_LT(refused, kRounds);  // changes in an ancillary chunk or after the end are ignored
}

}  // namespace
}  // namespace hourglass
