// A TIFF in memory, opened by libtiff: its facts and its lines as they are stored. What the samples
// mean: see tiff_reader.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/data/impl/tiff_library.h"

namespace hourglass {

/// Tags of the first page.
struct TiffFacts {
  std::uint32_t width = 0, height = 0;
  std::uint16_t bits = 1, samples = 1, format = SAMPLEFORMAT_UINT;
  std::uint16_t photometric = PHOTOMETRIC_MINISBLACK, compression = COMPRESSION_NONE;
  std::uint16_t planar = PLANARCONFIG_CONTIG, orientation = 1;
  std::uint16_t first_extra = EXTRASAMPLE_UNSPECIFIED;  // what the first sample after colours is
  std::array<const std::uint16_t*, 3> palette{};        // libtiff's; null without
  bool more_pages = false;
};

class TiffFile {
 public:
  /// The bytes must outlive it. Throws Error naming the file if it is no TIFF or damaged.
  TiffFile(std::span<const std::uint8_t> bytes, std::string_view name);
  ~TiffFile();
  TiffFile(const TiffFile&) = delete;
  TiffFile& operator=(const TiffFile&) = delete;

  const TiffFacts& facts() const { return facts_; }
  /// Prepares reading; lines hold `planes` parts, one for each sample or one for all. Throws Error
  /// if the parts of the file do not fit its facts.
  void start();
  std::size_t planes() const { return planes_; }
  /// The packed samples of plane `plane` in the next line, in the machine's byte order; valid up to
  /// the next call. Lines are read in order, all planes of each.
  std::span<const std::uint8_t> line(std::size_t plane);
  /// After all planes of a line.
  void next_line();

  [[noreturn]] void refuse(std::string_view why) const;

 private:
  void read_facts();
  void read_tiles();
  void read_planes();

  /// What libtiff's callbacks read from and write to.
  struct Source {
    std::span<const std::uint8_t> bytes;
    std::uint64_t at = 0;
    std::array<char, 160> message{};
  };
  const TiffApi& api_;
  std::string name_;
  Source source_;
  TIFF* tiff_ = nullptr;
  TiffFacts facts_;
  std::size_t planes_ = 1, line_bytes_ = 0, band_line_ = 0;
  std::uint32_t row_ = 0, tile_height_ = 0, tile_width_ = 0;
  std::vector<std::uint8_t> band_;  // the lines of a row of tiles, or one line, or all planes
};

}  // namespace hourglass
