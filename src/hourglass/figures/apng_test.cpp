// Reads the files back by an independent reader: PNG chunks and zlib, no shared code.

#include "hourglass/figures/apng.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include <string>

#include "hourglass/figures/pages_test.h"

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::uint32_t word(const Bytes& bytes, std::size_t at) {
  return (std::uint32_t{bytes[at]} << 24) | (std::uint32_t{bytes[at + 1]} << 16) |
         (std::uint32_t{bytes[at + 2]} << 8) | bytes[at + 3];
}

struct Chunk {
  std::string name;
  Bytes data;
};

std::vector<Chunk> chunks_of(const Bytes& file) {
  std::vector<Chunk> out;
  for (std::size_t at = 8; at + 12 <= file.size();) {
    const std::size_t size = word(file, at);
    const auto begin = file.begin() + static_cast<std::ptrdiff_t>(at + 8);
    out.push_back(
        {std::string(begin - 4, begin), Bytes(begin, begin + static_cast<std::ptrdiff_t>(size))});
    EXPECT_EQ(crc32(0, file.data() + at + 4, static_cast<uInt>(size + 4)),
              word(file, at + 8 + size))
        << out.back().name;
    at += size + 12;
  }
  return out;
}

struct Film {
  int width = 0, depth = 0;
  std::uint32_t frames_said = 0, plays = 0;
  std::vector<Bytes> pages;          // after each frame
  std::vector<std::uint32_t> times;  // milliseconds
  std::vector<std::uint32_t> areas;  // pixels that each frame carries
};

Film played(const Bytes& file) {
  Film film;
  Bytes page;
  std::uint32_t sequence = 0, part[4] = {};
  for (const Chunk& chunk : chunks_of(file)) {
    const Bytes& data = chunk.data;
    if (chunk.name == "IHDR") {
      film.width = static_cast<int>(word(data, 0));
      film.depth = data[8];
      page.resize(std::size_t{word(data, 0)} * word(data, 4));
    } else if (chunk.name == "acTL") {
      film.frames_said = word(data, 0);
      film.plays = word(data, 4);
    } else if (chunk.name == "fcTL") {
      EXPECT_EQ(word(data, 0), sequence++);
      for (std::size_t i = 0; i < 4; ++i) part[i] = word(data, 4 + 4 * i);
      film.times.push_back((data[20] * 256u + data[21]) * 1000u / (data[22] * 256u + data[23]));
      film.areas.push_back(part[0] * part[1]);
    } else if (chunk.name == "IDAT" || chunk.name == "fdAT") {
      const std::size_t skip = chunk.name == "fdAT" ? 4 : 0;
      if (skip > 0) {
        EXPECT_EQ(word(data, 0), sequence++);
      }
      const std::size_t each = 8 / static_cast<std::size_t>(film.depth);
      const std::size_t row_bytes = 1 + (part[0] + each - 1) / each;
      Bytes rows(row_bytes * part[1]);
      uLongf size = rows.size();
      EXPECT_EQ(uncompress(rows.data(), &size, data.data() + skip,
                           static_cast<uLong>(data.size() - skip)),
                Z_OK);
      EXPECT_EQ(size, rows.size());
      for (std::size_t y = 0; y < part[1]; ++y) {
        EXPECT_EQ(rows[y * row_bytes], 0) << "the filter of row " << y;
        for (std::size_t x = 0; x < part[0]; ++x) {
          const unsigned byte = rows[y * row_bytes + 1 + x / each];
          const std::size_t shift = (each - 1 - x % each) * static_cast<std::size_t>(film.depth);
          page[(part[3] + y) * static_cast<std::size_t>(film.width) + part[2] + x] =
              static_cast<std::uint8_t>((byte >> shift) & ((1u << film.depth) - 1));
        }
      }
      film.pages.push_back(page);
    }
  }
  return film;
}

FilmPalette greys(std::uint32_t count) {
  FilmPalette palette;
  for (std::uint32_t i = 0; i < count; ++i) palette.push_back(i * 0x010101);
  return palette;
}

/// Pages of 13 x 7 on which a spot of 3 x 2 moves.
std::vector<Bytes> moving_spot(int pages, std::uint8_t color) {
  std::vector<Bytes> out;
  for (int k = 0; k < pages; ++k) {
    Bytes page(13 * 7, 0);
    for (int y = 2; y < 4; ++y) {
      for (int x = k; x < k + 3; ++x) page[static_cast<std::size_t>(13 * y + x)] = color;
    }
    out.push_back(std::move(page));
  }
  return out;
}

TEST(Apng, GivesBackEveryFramePixelForPixelInBothDepths) {
  for (const std::uint32_t colors : {2u, 16u, 17u, 256u}) {
    const auto pages = moving_spot(9, static_cast<std::uint8_t>(colors - 1));
    Apng apng(13, 7, greys(colors), 3);
    for (std::size_t i = 0; i < pages.size(); ++i) apng.add(pages[i], 40 + static_cast<int>(i));
    const Film film = played(apng.finish());
    EXPECT_EQ(film.depth, colors <= 16 ? 4 : 8);
    EXPECT_EQ(film.frames_said, 9u);
    EXPECT_EQ(film.plays, 3u);
    EXPECT_EQ(film.pages, pages) << colors << " colours";
    EXPECT_EQ(film.times.back(), 48u);
  }
}

TEST(Apng, AFrameCarriesOnlyTheRectangleThatChanged) {
  Apng apng(13, 7, greys(16));
  for (const Bytes& page : moving_spot(3, 9)) apng.add(page, 40);
  EXPECT_THAT(played(apng.finish()).areas, testing::ElementsAre(13u * 7u, 8u, 8u));
}

TEST(Apng, EqualFramesBecomeOneThatLastsLonger) {
  Apng apng(13, 7, greys(16));
  const auto pages = moving_spot(2, 9);
  for (int i = 0; i < 3; ++i) apng.add(pages[0], 40);
  apng.add(pages[1], 40);
  for (int i = 0; i < 2; ++i) apng.add(pages[1], 60000);  // one frame holds 65,535 ms at most
  EXPECT_THAT(played(apng.finish()).times, testing::ElementsAre(120u, 60040u, 60000u));
}

TEST(Apng, ItsFirstFrameIsAStillPictureForOtherReaders) {
  Apng apng(13, 7, {0xFFFFFF, 0x112233, 0xBD1F01});
  for (const Bytes& page : moving_spot(3, 2)) apng.add(page, 40);
  const Raster still = decoded_png(apng.finish());
  EXPECT_EQ(pixel(still, 0, 0), 0xFFFFFFu);
  EXPECT_EQ(pixel(still, 2, 3), 0xBD1F01u);
  EXPECT_EQ(pixel(still, 3, 3), 0xFFFFFFu);
}

TEST(Indexed, TakesTheNearestColorOfThePalette) {
  const Raster picture{3, 1, {0, 0, 10, 250, 250, 250, 200, 30, 0}};
  EXPECT_THAT(indexed(picture, {0xFFFFFF, 0x000000, 0xBD1F01}), testing::ElementsAre(1, 0, 2));
}

}  // namespace
}  // namespace hourglass
