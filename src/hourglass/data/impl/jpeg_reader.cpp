// JPEG, by libjpeg-turbo: the slow integer method in full size, whose bytes are the same on every
// machine.
#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio>
#include <string>
#include <vector>

#include <jpeglib.h>

#include <jerror.h>

#include "hourglass/base/error.h"
#include "hourglass/data/impl/exif.h"
#include "hourglass/data/impl/image_reader.h"

namespace hourglass {
namespace {

/// A block of 8 x 8 pixels is at least one bit of the file.
constexpr std::uint64_t kMostPixelsInAByte = 512;
/// A progressive file has about ten; thousands of empty ones would keep the program busy for hours.
constexpr int kMostScans = 200;

/// The data of libjpeg's callbacks, and everything that must survive the longjmp after an error.
struct Reader {
  explicit Reader(std::span<const std::uint8_t> file) : bytes(file) {
    jpeg.err = jpeg_std_error(&errors);
    errors.error_exit = on_error;
    errors.emit_message = on_message;
    jpeg.client_data = this;
    monitor.progress_monitor = on_progress;
    source.init_source = [](j_decompress_ptr) {};
    source.fill_input_buffer = on_end;
    source.skip_input_data = on_skip;
    source.resync_to_restart = jpeg_resync_to_restart;
    source.term_source = [](j_decompress_ptr) {};
    source.next_input_byte = file.data();
    source.bytes_in_buffer = file.size();
  }
  ~Reader() { jpeg_destroy_decompress(&jpeg); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  static Reader& of(j_common_ptr jpeg) { return *static_cast<Reader*>(jpeg->client_data); }

  [[noreturn]] static void on_error(j_common_ptr jpeg) {
    Reader& reader = of(jpeg);
    if (reader.message[0] == '\0') {
      std::array<char, JMSG_LENGTH_MAX> text{};
      jpeg->err->format_message(jpeg, text.data());
      std::copy_n(text.begin(), reader.message.size() - 1, reader.message.begin());
    }
    std::longjmp(reader.escape, 1);
  }
  [[noreturn]] static void stop(j_common_ptr jpeg, const char* message) {
    Reader& reader = of(jpeg);
    std::snprintf(reader.message.data(), reader.message.size(), "%s", message);
    std::longjmp(reader.escape, 1);
  }

  /// Warnings: most tell that pixels are damaged, which libjpeg would fill up with grey.
  static void on_message(j_common_ptr jpeg, int level) {
    if (level >= 0) return;
    const int code = jpeg->err->msg_code;
    // Bytes between the parts of the header and behind the image, which some cameras leave.
    const bool harmless = code == JWRN_ADOBE_XFORM || code == JWRN_JFIF_MAJOR ||
                          code == JWRN_BOGUS_ICC ||
                          (code == JWRN_EXTRANEOUS_DATA &&
                           (!of(jpeg).started || jpeg->err->msg_parm.i[1] == JPEG_EOI));
    if (!harmless) on_error(jpeg);
  }
  static void on_progress(j_common_ptr jpeg) {
    if (of(jpeg).jpeg.input_scan_number > kMostScans) stop(jpeg, "it has too many scans");
  }

  /// The file ended. One scan may be whole without the mark of its end; libjpeg then warns if it
  /// is not. Whether all scans of several are there is not known.
  static boolean on_end(j_decompress_ptr jpeg) {
    static constexpr std::array<JOCTET, 2> kEnd{0xff, JPEG_EOI};
    const auto common = reinterpret_cast<j_common_ptr>(jpeg);
    Reader& reader = of(common);
    if (!reader.started || jpeg_has_multiple_scans(jpeg) != FALSE) {
      stop(common, "it is cut short");
    }
    reader.source.next_input_byte = kEnd.data();
    reader.source.bytes_in_buffer = kEnd.size();
    return TRUE;
  }
  static void on_skip(j_decompress_ptr jpeg, long count) {
    Reader& reader = of(reinterpret_cast<j_common_ptr>(jpeg));
    if (count <= 0) return;
    if (static_cast<std::size_t>(count) > reader.source.bytes_in_buffer) {
      stop(reinterpret_cast<j_common_ptr>(jpeg), "it is cut short");
    }
    reader.source.next_input_byte += count;
    reader.source.bytes_in_buffer -= static_cast<std::size_t>(count);
  }

  /// These functions own nothing, because an error leaves them by longjmp, without destructors.
  bool read_header() {
    if (setjmp(escape) != 0) return false;
    jpeg_create_decompress(&jpeg);
    jpeg.src = &source;
    jpeg.progress = &monitor;
    jpeg_save_markers(&jpeg, JPEG_APP0 + 1, 0xffff);
    jpeg_read_header(&jpeg, TRUE);
    switch (jpeg.jpeg_color_space) {
      case JCS_GRAYSCALE:
        jpeg.out_color_space = JCS_GRAYSCALE;
        break;
      case JCS_RGB:
      case JCS_YCbCr:
        jpeg.out_color_space = JCS_RGB;
        break;
      case JCS_CMYK:
      case JCS_YCCK:
        jpeg.out_color_space = JCS_CMYK;
        break;
      default:
        stop(reinterpret_cast<j_common_ptr>(&jpeg), "its colours are of an unknown kind");
    }
    jpeg.dct_method = JDCT_ISLOW;
    jpeg.do_fancy_upsampling = TRUE;
    return true;
  }

  bool start() {
    if (setjmp(escape) != 0) return false;
    started = true;
    jpeg_start_decompress(&jpeg);
    return true;
  }

  bool read_row(JSAMPROW row) {
    if (setjmp(escape) != 0) return false;
    return jpeg_read_scanlines(&jpeg, &row, 1) == 1;
  }

  std::span<const std::uint8_t> bytes;
  std::jmp_buf escape{};
  std::array<char, 128> message{};
  bool started = false;  // reading pixels
  jpeg_error_mgr errors{};
  jpeg_progress_mgr monitor{};
  jpeg_source_mgr source{};
  jpeg_decompress_struct jpeg{};
};

int orientation_of(const jpeg_decompress_struct& jpeg) {
  for (auto marker = jpeg.marker_list; marker != nullptr; marker = marker->next) {
    const std::span<const std::uint8_t> data(marker->data, marker->data_length);
    if (data.size() > 6 && std::equal(data.begin(), data.begin() + 4, "Exif")) {
      return exif_orientation(data);
    }
  }
  return 1;
}

class JpegDecoder final : public ImageDecoder {
 public:
  JpegDecoder(std::span<const std::uint8_t> bytes, std::string_view name)
      : name_(name), reader_(bytes) {
    check(reader_.read_header());
    const auto& jpeg = reader_.jpeg;
    check_sides(name, jpeg.image_height, jpeg.image_width);
    if (std::uint64_t{jpeg.image_height} * jpeg.image_width > bytes.size() * kMostPixelsInAByte) {
      fail_file("data", "{} says it is {} x {} pixels, far more than its {} bytes can hold", name,
                jpeg.image_height, jpeg.image_width, bytes.size());
    }
    header_.size = {static_cast<std::int64_t>(jpeg.image_height),
                    static_cast<std::int64_t>(jpeg.image_width)};
    header_.channels = jpeg.out_color_space == JCS_GRAYSCALE ? 1 : 3;
    header_.cmyk = jpeg.out_color_space == JCS_CMYK;
    header_.orientation = orientation_of(jpeg);
  }

  void next_row(std::span<std::uint8_t> row) override {
    if (!reader_.started) check(reader_.start());
    if (!header_.cmyk) {
      check(reader_.read_row(row.data()));
      return;
    }
    inks_.resize(row.size() / 3 * 4);
    check(reader_.read_row(inks_.data()));
    // As everywhere, inks are stored inverted: 0 is all of it.
    for (std::size_t i = 0; i < row.size(); ++i) {
      const unsigned value = unsigned{inks_[i / 3 * 4 + i % 3]} * inks_[i / 3 * 4 + 3];
      row[i] = static_cast<std::uint8_t>((value + 127) / 255);
    }
  }
  void next_row(std::span<float>) override {}  // never real

 private:
  void check(bool good) const {
    if (!good) fail_file("data", "{} cannot be read as JPEG: {}", name_, reader_.message.data());
  }

  std::string name_;
  Reader reader_;
  std::vector<std::uint8_t> inks_;
};

}  // namespace

ImageReader jpeg_reader() {
  return {"JPEG",
          [](std::span<const std::uint8_t> bytes) {
            return bytes.size() >= 3 && bytes[0] == 0xff && bytes[1] == 0xd8 && bytes[2] == 0xff;
          },
          [](std::span<const std::uint8_t> bytes,
             std::string_view name) -> std::unique_ptr<ImageDecoder> {
            return std::make_unique<JpegDecoder>(bytes, name);
          },
          [] {
            return fmt::format("libjpeg-turbo {}.{}.{}", LIBJPEG_TURBO_VERSION_NUMBER / 1000000,
                               LIBJPEG_TURBO_VERSION_NUMBER / 1000 % 1000,
                               LIBJPEG_TURBO_VERSION_NUMBER % 1000);
          }};
}

}  // namespace hourglass
