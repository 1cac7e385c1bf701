#include "hourglass/data/samples_test.h"

#include <png.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <string>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/data/catalogue.h"

namespace hourglass {

Bytes idx_bytes(const std::vector<std::uint32_t>& sizes, const Bytes& data, std::uint8_t type) {
  Bytes bytes = {0, 0, type, static_cast<std::uint8_t>(sizes.size())};
  for (const auto size : sizes) {
    for (const int shift : {24, 16, 8, 0}) bytes.push_back((size >> shift) & 0xffu);
  }
  bytes.insert(bytes.end(), data.begin(), data.end());
  return bytes;
}

Bytes random_bytes(std::size_t count, Rng& rng, unsigned below) {
  Bytes bytes(count);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(rng.below(below));
  return bytes;
}

Bytes gzip_bytes(std::span<const std::uint8_t> bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  Bytes out(deflateBound(&stream, bytes.size()) + 32);
  Bytes in(bytes.begin(), bytes.end());
  stream.next_in = in.data();
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

void write_quickly(const std::filesystem::path& path, const Bytes& bytes) {
  std::filesystem::remove(
      path);  // some file systems sync a file that is truncated and written again
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

void write_idx_dataset(const std::filesystem::path& folder, std::uint32_t n_train,
                       std::uint32_t n_test, std::uint32_t side, unsigned classes,
                       bool compressed) {
  make_folder(folder);
  Rng rng(n_train);
  const auto write = [&](std::size_t file, const Bytes& bytes) {
    const std::string name(kIdxFileNames[file]);
    write_quickly(folder / (compressed ? name + ".gz" : name),
                  compressed ? gzip_bytes(bytes) : bytes);
  };
  for (const std::size_t half : {0u, 1u}) {
    const std::uint32_t n = half == 0 ? n_train : n_test;
    write(2 * half, idx_bytes({n, side, side}, random_bytes(n * side * side, rng)));
    write(2 * half + 1, idx_bytes({n}, random_bytes(n, rng, classes)));
  }
}

namespace {

void on_error(png_structp, png_const_charp message) {
  throw std::runtime_error(message);
}

void on_write(png_structp png, png_bytep data, std::size_t count) {
  auto& bytes = *static_cast<Bytes*>(png_get_io_ptr(png));
  bytes.insert(bytes.end(), data, data + count);
}

}  // namespace

Bytes png_bytes(const PngSpec& spec) {
  Bytes bytes;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, on_error, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(png, &bytes, on_write, nullptr);
  png_set_IHDR(png, info, static_cast<png_uint_32>(spec.width),
               static_cast<png_uint_32>(spec.height), spec.bit_depth, spec.colour_type,
               spec.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  std::vector<png_color> palette;
  for (const auto& c : spec.palette) palette.push_back({c[0], c[1], c[2]});
  if (!palette.empty()) png_set_PLTE(png, info, palette.data(), static_cast<int>(palette.size()));
  if (!spec.palette_alpha.empty()) {
    png_set_tRNS(png, info, spec.palette_alpha.data(), static_cast<int>(spec.palette_alpha.size()),
                 nullptr);
  }
  std::vector<Bytes> rows = spec.rows;
  std::vector<png_bytep> pointers;
  for (auto& row : rows) pointers.push_back(row.data());
  png_set_rows(png, info, pointers.data());
  png_write_png(png, info, PNG_TRANSFORM_IDENTITY, nullptr);
  png_destroy_write_struct(&png, &info);
  return bytes;
}

Bytes png_bytes(const ByteImage& image) {
  PngSpec spec;
  spec.height = image.shape.height;
  spec.width = image.shape.width;
  spec.colour_type = image.shape.channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY;
  const auto stride = image.shape.width * image.shape.channels;
  for (std::int64_t y = 0; y < image.shape.height; ++y) {
    const auto begin = image.pixels.begin() + y * stride;
    spec.rows.emplace_back(begin, begin + stride);
  }
  return png_bytes(spec);
}

Bytes tar_member(const std::string& name, const Bytes& content, char type) {
  Bytes header(512, 0);
  const auto put = [&](std::size_t at, const std::string& text) {
    std::copy(text.begin(), text.end(), header.begin() + static_cast<std::ptrdiff_t>(at));
  };
  put(0, name);
  put(100, "0000644");
  put(124, fmt::format("{:011o}", content.size()));
  put(136, "00000000000");
  put(148, "        ");
  header[156] = static_cast<std::uint8_t>(type);
  put(257, "ustar");
  put(263, "00");
  unsigned sum = 0;
  for (const auto byte : header) sum += byte;
  put(148, fmt::format("{:06o}", sum));
  header[154] = 0;
  header.insert(header.end(), content.begin(), content.end());
  header.resize((header.size() + 511) / 512 * 512);
  return header;
}

Bytes tar_bytes(const std::vector<std::pair<std::string, Bytes>>& files) {
  Bytes bytes;
  for (const auto& [name, content] : files) {
    const Bytes member = tar_member(name, content);
    bytes.insert(bytes.end(), member.begin(), member.end());
  }
  bytes.resize(bytes.size() + 1024);
  return bytes;
}

Bytes cifar_bytes(const std::vector<Bytes>& labels) {
  Bytes bytes;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    bytes.insert(bytes.end(), labels[i].begin(), labels[i].end());
    for (const std::size_t plane : {0u, 1u, 2u}) {
      bytes.insert(bytes.end(), 1024, static_cast<std::uint8_t>(i + plane));
    }
  }
  return bytes;
}

Bytes mutated(Bytes bytes, Rng& rng) {
  const auto place = [&] { return static_cast<std::ptrdiff_t>(rng.below(bytes.size())); };
  for (std::uint64_t changes = 1 + rng.below(4); changes > 0 && !bytes.empty(); --changes) {
    const auto at = bytes.begin() + place();
    switch (rng.below(6)) {
      case 0:
        *at ^= static_cast<std::uint8_t>(1u << rng.below(8));
        break;
      case 1:
        *at = static_cast<std::uint8_t>(rng.next());
        break;
      case 2: {
        constexpr std::array<std::uint8_t, 4> kEdges = {0x00, 0xff, 0x7f, 0x80};
        const auto edge = kEdges[rng.below(4)];
        for (auto i = at; i != bytes.end() && i - at < 4; ++i) *i = edge;
        break;
      }
      case 3:
        bytes.erase(at, bytes.end());
        break;
      case 4:
        bytes.insert(at, 1 + rng.below(16), static_cast<std::uint8_t>(rng.next()));
        break;
      default: {
        const Bytes tail(at, bytes.end());
        bytes.insert(bytes.end(), tail.begin(), tail.end());
      }
    }
  }
  return bytes;
}

}  // namespace hourglass
